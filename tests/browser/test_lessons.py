"""The lessons in a review: found by words, shown by kind, copied into a mail."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from abicase.views.search import SearchIndex, findable
from browser.conftest import Open
from conftest import real
from queries import QUERIES, SITUATIONS

pytestmark = pytest.mark.slow

SHOWN = 8
"""The maximum number of lessons listed."""


def found(page: Page) -> list[str]:
    """Return the ids of the lessons in the search results, in order."""
    ids: list[str] = page.eval_on_selector_all(
        "#ac--found > li", "rows => rows.map(row => row.dataset.acId)"
    )
    return ids


def test_the_site_ranks_as_the_command_does(reader: Open) -> None:
    page = reader().visit("lessons/")
    index = SearchIndex(findable(real()))
    for query, wanted in QUERIES:
        page.fill("#ac--words", query)
        hits = index.find(query.split(), kinds=["lesson"])
        ids = [hit.item.reference.removeprefix("lesson/") for hit in hits]
        assert found(page) == ids[:SHOWN], query
        assert wanted in ids[:3], query
    page.fill("#ac--words", "xyzzy")
    assert page.inner_text("#ac--found") == "Nothing found."


def test_a_reviewer_goes_from_home_to_the_reply(reader: Open) -> None:
    """Type, look at the first three, open one and copy, with no other steps and no scrolling."""
    one = reader(permissions=["clipboard-read", "clipboard-write"])
    for query, wanted in SITUATIONS:
        page = one.visit("")
        page.fill("#ac--words", query)
        page.press("#ac--words", "Enter")
        page.wait_for_url("**/lessons/?words=*")
        assert wanted in found(page)[:3], query
        page.click(f"#ac--found [data-ac-id={wanted}] a")
        page.wait_for_url(f"**/lessons/{wanted}/")
        button = page.locator(".ac-bar button >> nth=0")
        box = button.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < page.viewport_size["height"], wanted  # type: ignore[index]
        button.click()
        page.get_by_role("status").get_by_text("Copied.").wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == page.inner_text(".ac-reply")


def test_a_kind_is_shown_in_place_and_has_a_page(reader: Open) -> None:
    page = reader().visit("lessons/")
    rows = page.locator("ul.ac-rules > li:visible")
    count = rows.count()
    page.click("#netlink")
    assert 0 < rows.count() < count
    assert page.url.endswith("#netlink")
    page.reload()
    assert 0 < rows.count() < count, "the address keeps what is chosen"
    page.click("#all")
    assert rows.count() == count
    without = reader(java_script_enabled=False).visit("lessons/")
    without.click("#netlink")
    assert without.url.endswith("/lessons/for/netlink/")
