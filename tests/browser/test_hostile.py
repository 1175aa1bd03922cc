"""Records that try to run in a browser: in the pages and in search results."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Dialog, expect

from browsing import served
from sites import BELOW
from test_hostile import Casebooks, built, casebooks

__all__ = ["casebooks"]

pytestmark = pytest.mark.slow

RUNNING = """() => [...document.querySelectorAll("*")]
  .filter(one => [...one.attributes].some(name => name.name.startsWith("on")))
  .map(one => one.outerHTML)"""


def test_nothing_of_a_record_runs(browser: Browser, casebooks: Casebooks) -> None:
    records, _ = casebooks.write(0)
    built(records, "material")
    wrong: list[str] = []
    page = browser.new_page()

    def seen(dialog: Dialog) -> None:
        wrong.append(dialog.message)
        dialog.dismiss()

    with served(records.parent / "material", BELOW) as home:
        page.on("dialog", seen)
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda asked: wrong.append(asked.url) if home not in asked.url else None)
        for address in ("axes/speed/", "cases/pour/", "compare/pour-vs-steep/", "glossary/", ""):
            page.goto(home + address, wait_until="networkidle")
            assert page.evaluate(RUNNING) == []
        page.keyboard.press("/")
        expect(page.locator(".md-search-result__meta")).to_have_text("Type to start searching")
        page.locator("input[name=query]").press_sequentially("onerror")
        results = page.locator(".md-search-result__item")
        expect(results.first).to_be_visible()
        assert "onerror" in results.first.inner_text()
        assert page.evaluate(RUNNING) == []
        page.wait_for_load_state("networkidle")
    page.close()
    assert wrong == []
