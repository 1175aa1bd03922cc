"""The site as Zensical builds it: whatever was published answers, and says the same."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from crawl import defects, read_site
from sites import BELOW, ROOT, SITE_URL

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
    sitemaps = [(one / "sitemap.xml").read_text("utf-8").strip() for one in (site, other)]
    assert sitemaps[0] == sitemaps[1]

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


def test_the_three_commands_of_the_guide(tmp_path: Path) -> None:
    """On a small site without a theme of its own, as written."""
    pytest.importorskip("zensical")
    guide = (ROOT / "docs" / "when-material-ends.md").read_text("utf-8")
    install, render, build = guide.partition("```sh\n")[2].partition("```")[0].splitlines()
    assert install == "pip install zensical"
    project = shutil.copytree(ROOT / "tests" / "example", tmp_path / "project")
    commands = f"set -e\nabicase links publish -r records\n{render}\n{build}\n{render}\n{build}"
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    result = subprocess.run(
        ["sh", "-c", commands],
        cwd=project,
        env=os.environ | {"PATH": path, "SITE_URL": "https://charts.example/"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert result.stderr.count("No issues found") + result.stdout.count("No issues found") == 2
    assert defects(project / "zensical" / "site") == []
    missing = (project / "zensical" / "site" / "404.html").read_text("utf-8")
    assert "<h1>Page not found</h1>" in missing
