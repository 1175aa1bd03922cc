"""The built site with the headers that a server is told to send, and read from a folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.conftest import published_by, watched
from checkout import copied, made, set_up
from crawl import defects
from sites import once, published

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of the project, made as described on the publishing page."""

    def make(copy: Path) -> None:
        set_up(copied(copy))
        result = made(copy, "archive")
        assert result.returncode == 0, result.stderr

    return once(tmp_path_factory, "archived", make) / "archive"


@contextmanager
def opened(browser: Browser, home: str) -> Iterator[tuple[Page, list[str]]]:
    """Open a page, with a list of everything that goes wrong in it."""
    context = browser.new_context()
    tab = context.new_page()
    yield tab, watched(tab, home)
    context.close()


def search(tab: Page, word: str) -> str:
    """Search like a reader, and go to the first result."""
    field = tab.locator("input[name=query]")
    for _ in range(60):  # the theme ignores the key until it has set up the search
        tab.keyboard.press("/")
        if field.evaluate("one => one === document.activeElement"):
            break
        tab.wait_for_timeout(500)
    expect(field).to_be_focused()
    ready = tab.locator(".md-search-result__meta")
    expect(ready).to_have_text("Type to start searching", timeout=120_000)
    tab.keyboard.type(word)
    tab.wait_for_selector(".md-search-result__item", timeout=30_000)
    tab.locator(".md-search-result__item a").first.click()
    tab.wait_for_function(
        "word => document.body?.textContent.toLowerCase().includes(word)", arg=word
    )
    return tab.url


def test_the_search_and_the_palette_work_under_the_policy(home: str, browser: Browser) -> None:
    """Every kind of page is opened under these headers in ``test_pages.py``."""
    with opened(browser, home) as (tab, wrong):
        tab.goto(home)
        scheme = "document.body.getAttribute('data-md-color-scheme')"
        before = tab.evaluate(scheme)
        tab.click("label[for^=__palette]:not([hidden])")
        assert tab.evaluate(scheme) != before
        assert "bitfield" in search(tab, "bitfield")
        assert not wrong
        # The policy is in force: a script from outside the build does not run.
        tab.evaluate("document.body.append(document.createElement('script'))")
        tab.evaluate("document.body.lastChild.textContent = 'window.foreign = 1'")
        assert tab.evaluate("window.foreign") is None


def test_the_page_for_what_is_missing_runs_where_no_address_is_known(
    tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> None:
    with (
        published_by(published(tmp_path_factory)) as address,
        opened(browser, address) as (tab, wrong),
    ):
        tab.goto(f"{address}404.html", wait_until="networkidle")
        assert not wrong


def test_the_archive_is_read_from_a_folder(archive: Path, browser: Browser) -> None:
    assert defects(archive) == []
    with opened(browser, archive.as_uri()) as (tab, wrong):
        tab.goto((archive / "index.html").as_uri(), wait_until="networkidle")
        found = search(tab, "bitfield")
        assert found.startswith(archive.as_uri())
        tab.goto((archive / "index.html").as_uri())
        tab.click("label[for^=__palette]:not([hidden])")
        tab.click(".md-tabs__link >> text=Cases")
        tab.wait_for_url("**/cases/index.html")
        assert not wrong
