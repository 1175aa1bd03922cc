"""Builds of the whole site, one for all tests of a run, and the kinds of pages in it."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import pytest

import warm
from abicase.catalogue.loading import load
from abicase.catalogue.model import Catalogue
from abicase.cli.group import abicase
from abicase.reference import reference
from abicase.render.environment import TEMPLATES
from abicase.schema.items import SHORT
from abicase.views.pages import pages

ROOT = Path(__file__).parent.parent
SMALL = Path(__file__).with_name("small")

BELOW = "/sub/"
"""The path on its host for which the site of the tests is built."""
SITE_URL = f"https://casebook.example{BELOW}"
CONTINUING = ("evidence", "figures", "pairs")
"""The kinds of pages that only exist for long lists; ``test_parts`` covers them."""
BARE = ("404.html", "gone", "shorts")
"""The kinds of pages without a theme."""
FRAME = '{% extends "page.md.jinja" %}'
"""The start of every page template."""


def loaded(root: Path = SMALL, today: date | None = None) -> Catalogue:
    """Load the catalogue of a casebook without errors."""
    catalogue, problems = load(root, today)
    assert catalogue is not None, problems
    return catalogue


def copied(target: Path) -> Path:
    """Copy the files that the site is built from."""
    target.mkdir(parents=True)
    shutil.copy(ROOT / "mkdocs.yml", target)
    for folder in ("docs", "overrides", "casestudies"):
        shutil.copytree(ROOT / folder, target / folder)
    return target


def built(
    project: Path, program: str = "mkdocs", *more: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Build a project strictly, like its publisher."""
    return warm.run(
        program,
        ["build", "--strict", "-f", "mkdocs.yml", *more],
        project,
        {
            **os.environ,
            "SITE_URL": SITE_URL,
            "REPO_URL": "https://github.com/example/casebook",
            "EDIT_URI": "edit/main/docs/",
            **environment,
        },
    )


WITHDRAWN = """\
  lesson/guess-it: {at: lessons/guess-it/, since: 2026-11-24, state: withdrawn, on: 2026-11-25, because: Nobody could.}
  L/guess-it: {at: L/guess-it/, since: 2026-11-24}
"""


def published(factory: pytest.TempPathFactory) -> Path:
    """Build a small site that does not know its address.

    It has a script, a withdrawn lesson, and a source whose id has changed.
    """

    def make(target: Path) -> None:
        shutil.copytree(ROOT / "tests" / "example", target)
        abicase = str(Path(sys.executable).with_name("abicase"))
        subprocess.run([abicase, "links", "publish", "-r", "records"], cwd=target, check=True)
        record = target / "records" / "cases" / "save-call.yml"
        text = record.read_text("utf-8").replace("first-source", "start-source")
        record.write_text(text, encoding="utf-8")
        moved = [f"case/save-call#{id_}-source" for id_ in ("first", "start")]
        retire = [
            abicase,
            "links",
            "retire",
            moved[0],
            "--moved",
            moved[1],
            "--because",
            "It fits.",
        ]
        subprocess.run([*retire, "-r", "records"], cwd=target, check=True)
        subprocess.run([abicase, "links", "publish", "-r", "records"], cwd=target, check=True)
        with (target / "records" / "permalinks.yml").open("a", encoding="utf-8") as ledger:
            ledger.write(WITHDRAWN)
        (target / "docs" / "own.js").write_text("{}", encoding="utf-8")
        with (target / "mkdocs.yml").open("a", encoding="utf-8") as config:
            config.write("extra_javascript: [{path: own.js, defer: true}]\n")
        result = built(target, SITE_URL="")
        assert result.returncode == 0, result.stderr

    return once(factory, "published", make) / "site"


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Make a folder once for all processes of a test run, none of which can change it."""
    shared = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    target = shared / name
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            fresh = factory.mktemp("fresh") / name
            make(fresh)
            fresh.rename(target)
    return target


def kinds() -> list[str]:
    """Return the kinds of pages: one for each template and hand-written page, and those without a theme.

    They are read from the folders, so that a new page is tested automatically. Kinds that continue
    long lists are missing if this site has none that long.
    """
    templates = [
        path.name.removesuffix(".md.jinja")
        for path in TEMPLATES.glob("*.md.jinja")
        if FRAME in path.read_text("utf-8")
        and path.name.removesuffix(".md.jinja") not in CONTINUING
    ]
    docs = ROOT / "docs"
    written = [path.relative_to(docs).as_posix() for path in docs.rglob("*.md")]
    return [*sorted(templates), *sorted(written), *BARE]


@cache
def generated(records: Path) -> dict[str, list[str]]:
    """Return the addresses of the generated pages, by kind."""
    catalogue = loaded(records)
    found: dict[str, list[str]] = {}
    for page in [*pages(catalogue), *reference(catalogue, abicase)]:
        kind = page.template.removesuffix(".md.jinja")
        found.setdefault(kind, []).append(_address(page.file))
    fates = (fate for of_page in catalogue.ledger.retired.values() for fate in of_page)
    gone = [fate.page for fate in fates if not fate.anchor]
    return found | ({"gone": gone} if gone else {})


def _address(file: str) -> str:
    path = file.removesuffix(".md")
    return "" if path == "index" else path.removesuffix("/index") + "/"


def html(project: Path, address: str) -> Path:
    """Return the file at an address."""
    return project / "site" / (address if address.endswith(".html") else f"{address}index.html")


def of_kind(project: Path, kind: str) -> list[str]:
    """Return the addresses of the pages of a kind, largest first."""
    if kind.endswith(".html"):
        return [kind]
    if kind.endswith(".md"):
        return [_address(kind)]
    if kind == "shorts":
        found = [f"{letter}/" for letter in SHORT.values()]
    else:
        found = generated(project / "casestudies")[kind]
    return sorted(found, key=lambda address: html(project, address).stat().st_size, reverse=True)


def examples(project: Path, kind: str) -> list[str]:
    """Return the largest and the smallest page of a kind."""
    found = of_kind(project, kind)
    return found[:1] if len(found) == 1 else [found[0], found[-1]]


def leading_on(project: Path) -> list[Path]:
    """Return the files that only redirect to a page, such as a short address."""
    site = project / "site"
    return [
        path for path in site.rglob("*.html") if 'http-equiv="refresh"' in path.read_text("utf-8")
    ]
