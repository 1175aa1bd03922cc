"""The 404 page: from any depth it links into the site, wherever that is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Request, expect

from browser.conftest import Open
from browsing import served
from sites import BELOW, published

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("below", ["/", BELOW])
def test_it_finds_a_site_that_does_not_know_its_address(
    below: str, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(f"{request.method} {request.url}")

    with served(published(tmp_path_factory), below) as home:
        for address in ("nothing", "L/try-it-frst/", "//127.0.0.2/a/%20/b", "a/b/c/d/e/f/g/h/"):
            page = browser.new_page()
            page.on("request", note)
            page.goto(home + address)
            link = page.get_by_role("link", name="Everything from A to Z")
            expect(link).to_have_attribute("href", f"{home}index/")
            assert not page.get_by_text("The home page is at the part").is_visible()
            page.close()
        page = browser.new_page()
        page.on("request", note)
        page.goto(f"{home}L/try-it-frst/")
        field = page.get_by_role("searchbox")
        expect(field).to_have_value("L try it frst")
        page.locator("article li a").filter(has_text="before you release it").first.click()
        page.wait_for_url(f"{home}lessons/try-it-first/")
        page.go_back()
        page.get_by_role("link", name="L/").click()
        page.wait_for_url(f"{home}L/")
        page.get_by_role("link", name="L/try-it-first").click()
        page.wait_for_url(f"{home}lessons/try-it-first/")
        page.close()
    assert all(one.split()[1].startswith(home.removesuffix(below)) for one in asked)


def test_it_says_without_script_what_it_knows(
    browser: Browser, reader: Open, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with served(published(tmp_path_factory), BELOW) as home:
        page = browser.new_page(java_script_enabled=False)
        page.goto(f"{home}no/such/page")
        assert page.get_by_text("The home page is at the part").is_visible()
        assert page.locator("a[href]").count() == 0, "a link that may lead nowhere is none"
        page.close()
    page = reader(java_script_enabled=False).visit("404.html")
    page.get_by_role("link", name="Everything from A to Z").click()
    page.wait_for_url("**/sub/index/")
