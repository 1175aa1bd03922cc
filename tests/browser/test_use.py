"""Actions of readers: switch the palette, search, open a reason, use the keyboard."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import NARROW, WIDE, Open, on_each_host
from browser.test_pages import AT_REST, THINNED, violations
from conftest import real
from sites import of_kind

pytestmark = pytest.mark.slow

IN_VIEW = """one => {
  const box = one.getBoundingClientRect()
  return box.top >= 0 && box.top < innerHeight
}"""


def palette(page: Page) -> object:
    return page.evaluate("document.body.dataset.mdColorScheme")


def test_the_first_screen_says_what_it_is_about(reader: Open) -> None:
    """The first screen has the finding, the search and the boxes; the table fits one screen."""
    page = reader().visit("")
    for what in ("h1", ".ac-finder input", ".ac-box >> nth=0", ".ac-box >> nth=2", ".ac-doors"):
        box = page.locator(f"article {what}").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 800, what
    table = page.locator("article .ac-matrix").bounding_box()
    assert table is not None
    assert table["height"] <= 800


@on_each_host
def test_the_switch_of_the_palette_is_remembered(project: Path, reader: Open) -> None:
    page = reader(color_scheme="light").visit("")
    switch = page.locator("form[data-md-component=palette] label:visible")
    for scheme, action in (("slate", "dark"), ("default", "light"), ("slate", "dark")):
        expect(switch).to_have_attribute("title", re.compile(action))
        switch.click()
        assert palette(page) == scheme
    page.reload()
    assert palette(page) == "slate"
    page.goto(page.url + of_kind(project, "case")[-1])
    assert palette(page) == "slate"
    page.evaluate(AT_REST)
    page.evaluate(THINNED)
    assert violations(page, colours=True) == []


def asked_of_material(page: Page, width: int) -> list[str]:
    """Return the addresses that a search finds for a word."""
    if width == NARROW:
        page.locator("label[for=__search].md-header__button").click()
    # The theme reads the query when the index is loaded and after each key. Waiting for the first
    # and then pressing keys is an order that a text entered at once would not survive.
    expect(page.locator(".md-search-result__meta")).to_have_text("Type to start searching")
    page.locator("input[name=query]").press_sequentially("barrier")
    results = page.locator(".md-search-result__item a[href*='cases/virtio/']")
    expect(results.first).to_be_visible()
    closed = page.locator(".md-search-result__more:not([open]) > summary")
    while closed.count():  # "2 more on this page"
        closed.first.click()
    return [one.get_attribute("href") or "" for one in results.all()]


def asked_of_zensical(page: Page, width: int) -> list[str]:
    """Return the addresses that a search finds for a word."""
    narrow = width == NARROW
    page.locator("label[for=__search]" if narrow else "button.md-search__button").first.click()
    page.get_by_role("combobox", name="Search").press_sequentially("barrier")
    results = page.locator("a[role=option][href*='/cases/virtio/']")
    expect(results.first).to_be_visible()
    return [one.get_attribute("href") or "" for one in results.all()]


ASKED = {"project": asked_of_material, "zensical": asked_of_zensical}


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize(("home", "host"), [(host, host) for host in ASKED], indirect=["home"])
def test_search_finds_an_event_and_leads_to_it(host: str, width: int, reader: Open) -> None:
    someone = reader(searches=True)
    someone.resize(width)
    page = someone.visit("")
    addresses = ASKED[host](page, width)
    events = {event.id for event in real().cases["virtio"].events}
    found = [address for address in addresses if address.partition("#")[2] in events]
    assert found, addresses
    page.locator(f"a[href='{found[0]}']:visible").first.click()
    page.wait_for_url("**/cases/virtio/**")
    event = page.locator(f"[id='{found[0].partition('#')[2]}']")
    expect(event).to_be_visible()
    page.wait_for_function(
        f"document.activeElement && ({IN_VIEW})(document.getElementById(location.hash.slice(1)))"
    )
    assert page.locator("article mark").count(), "the word is marked"


# All cases by all axes


@pytest.mark.parametrize("script", [True, False])
def test_a_cell_shows_its_reason(script: bool, reader: Open) -> None:
    someone = reader(java_script_enabled=script)
    page = someone.visit("compare/")
    cells = page.locator(".ac-matrix td > a")
    assert cells.count() == len(real().cases) * len(real().axes)
    reasons = page.locator(".ac-why")
    assert reasons.count() == cells.count()
    assert page.locator(".ac-why:visible").count() == 0
    for width in (WIDE, NARROW):
        someone.resize(width)
        for number in (0, cells.count() - 1):
            cell = cells.nth(number)
            case, axis = (cell.get_attribute("href") or "").removeprefix("#").split(".")
            cell.click()
            reason = page.locator(".ac-why:visible")
            assert reason.count() == 1
            assert reason.evaluate(IN_VIEW)
            assert real().cases[case].name in reason.inner_text()
            assert real().axes[axis].title in reason.inner_text()
            assert cell.evaluate(IN_VIEW) or width == NARROW
            assert cell.get_attribute("aria-current") == ("true" if script else None)
            reason.get_by_text("Close").click()
            assert page.locator(".ac-why:visible").count() == 0


def test_the_reason_of_the_cell_that_is_pointed_at_or_has_the_focus(reader: Open) -> None:
    page = reader().visit("compare/")
    cells = page.locator(".ac-matrix td > a")
    cells.nth(0).click()
    chosen = page.locator(".ac-why:visible").inner_text()
    cells.nth(7).hover()
    assert page.locator(".ac-why:visible").inner_text() != chosen
    page.mouse.move(5, 5)
    assert page.locator(".ac-why:visible").inner_text() == chosen
    cells.nth(3).focus()
    assert page.locator(".ac-why:visible").inner_text() != chosen
    page.keyboard.press("Enter")
    assert page.url.endswith(cells.nth(3).get_attribute("href") or "?")


# The keyboard

NAME = "one => (one.querySelector('title') ?? one).textContent.trim()"


@pytest.mark.parametrize("kind", ["case", "pair", "cases"])
def test_the_keyboard_goes_through_a_timeline(kind: str, project: Path, reader: Open) -> None:
    page = reader().visit(of_kind(project, kind)[0])
    page.evaluate(AT_REST)
    marks = page.locator("article svg").filter(has=page.locator("a")).first.locator("a")
    count = marks.count()
    assert count >= 4
    marks.first.focus()
    seen = []
    for number in range(count):
        mark = marks.nth(number)
        assert mark.evaluate("one => one === document.activeElement"), number
        assert mark.evaluate(NAME), "a name that says what it is"
        assert mark.evaluate(IN_VIEW), "focus is never out of sight"
        if number == 0:
            focused = mark.screenshot()
        if number == 1:
            assert marks.first.screenshot() != focused, "focus shows"
        seen.append(mark.get_attribute("href"))
        if number < count - 1:
            page.keyboard.press("Tab")
    assert len(set(seen)) == count
    address = seen[-1] or ""
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/*/#*")
    assert page.url.endswith(address.rpartition("/")[2])
    expect(page.locator(":target")).to_be_visible()
    assert page.locator(":target").evaluate(IN_VIEW)


# The texts of a drawing that overlap another, leave the drawing, or are too small to read; and
# link targets that are too low.
UNCLEAR = """svg => {
  const frame = svg.getBoundingClientRect()
  const texts = [...svg.querySelectorAll("a > text")].map(one => [one, one.getBoundingClientRect()])
  const found = []
  texts.forEach(([one, box], number) => {
    if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1)
      found.push("leaves the drawing: " + one.textContent)
    for (const [other, its] of texts.slice(number + 1))
      if (box.left < its.right && its.left < box.right && box.top < its.bottom - 3 && its.top < box.bottom - 3)
        found.push(one.textContent + " overlaps " + other.textContent)
  })
  const scale = frame.width / svg.viewBox.baseVal.width
  for (const one of svg.querySelectorAll("text"))
    if (parseFloat(getComputedStyle(one).fontSize) * scale < 11.99) found.push("small: " + one.textContent)
  for (const one of svg.querySelectorAll("a > rect"))
    if (one.getBoundingClientRect().height < 23.9) found.push("low: " + one.parentNode.textContent)
  return found
}"""
SHOWN = "one => one.checkVisibility() && one.getBoundingClientRect().width > 0"


def test_drawings_are_clear_and_give_way_to_lists(project: Path, reader: Open) -> None:
    someone = reader()
    addresses = [
        *of_kind(project, "case"),
        of_kind(project, "pair")[0],
        of_kind(project, "cases")[0],
    ]
    for address in addresses:
        someone.resize(WIDE)
        page = someone.visit(address)
        drawings = page.locator("article svg.ac-timeline")
        shown = [one for one in drawings.all() if one.evaluate(SHOWN)]
        assert shown, address
        for one in shown:
            assert one.evaluate(UNCLEAR) == [], address
        someone.resize(NARROW)
        assert not any(one.evaluate(SHOWN) for one in drawings.all()), address
        if "/cases/" in f"/{address}" and address != addresses[-1]:
            assert page.locator("article .ac-strand").first.evaluate(SHOWN), address


@pytest.mark.parametrize("script", [True, False])
def test_a_link_opens_what_is_folded(script: bool, project: Path, reader: Open) -> None:
    someone = reader(java_script_enabled=script)
    page = someone.visit(of_kind(project, "case")[0])
    folded = page.locator("article .ac-fold:not([open]) h4[id]")
    ids = [folded.nth(number).get_attribute("id") for number in (0, 5)]
    for id_ in ids:
        heading = page.locator(f"[id='{id_}']")
        assert not heading.evaluate(IN_VIEW)
        page.goto(page.url.partition("#")[0] + f"#{id_}")
        expect(heading).to_be_in_viewport()
    points = page.locator("article h4[id]:not(.ac-fold *)")
    assert 4 <= points.count() <= 6
    assert all(one.is_visible() for one in points.all())


def test_the_first_key_leads_past_the_navigation(reader: Open) -> None:
    page = reader().visit("cases/virtio/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("article :target").evaluate(IN_VIEW)
