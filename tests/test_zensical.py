"""The site as Zensical builds it: whatever was published answers, and says the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crawl import defects, read_site
from sites import BELOW, SITE_URL

pytestmark = pytest.mark.slow


def test_it_is_the_same_site(project: Path, zensical: Path) -> None:
    """``make zensical`` has found no problem, and every permalink."""
    site, other = project / "site", zensical / "site"
    assert defects(other) == []
    files, others = (
        {path.relative_to(one).as_posix(): path for path in one.rglob("*") if path.is_file()}
        for one in (site, other)
    )
    of_theme = re.compile(r"assets/(images|javascripts|stylesheets)/|search[./]|sitemap\.xml\.gz")
    assert {name for name in files.keys() - others.keys() if not of_theme.match(name)} == set()
    for name, path in files.items():
        if path.suffix in (".json", ".txt", ".js") and not of_theme.match(name):
            assert others[name].read_bytes() == path.read_bytes(), name
    addresses = [
        set(re.findall("<loc>(.*?)</loc>", (one / "sitemap.xml").read_text("utf-8")))
        for one in (site, other)
    ]
    assert addresses[0] == addresses[1]

    pages, theirs = read_site(site), read_site(other)
    for name, page in pages.items():
        there = theirs[name]
        assert there.canonical == page.canonical, name
        assert set(page.ids) - set(there.ids) <= OF_THEME, name
    missing = (other / "404.html").read_text("utf-8")
    assert f'data-root="{BELOW}"' in missing
    home = (other / "index.html").read_text("utf-8")
    for once in ('"og:title"', f'href="{SITE_URL}feed.xml"'):
        assert home.count(once) == 1


OF_THEME = {"__search"}
