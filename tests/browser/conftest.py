"""A browser, the served site, and a reader who notes everything that goes wrong."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from browsing import NoBrowserError, launched, served, without_search
from sites import BELOW

WIDE = 1280
NARROW = 360
WIDTHS = (1920, WIDE, 768, NARROW)
PATIENCE = 20_000
"""The maximum wait in milliseconds, generous for slow machines."""
PALETTES: dict[Literal["light", "dark"], str] = {"light": "default", "dark": "slate"}
"""The preference of a reader's system, and its palette."""

Open = Callable[..., "Reader"]


@dataclass
class Reader:
    """One reader with one page open."""

    page: Page
    home: str
    defects: list[str]
    """Errors of scripts and requests to other hosts, of all pages visited."""

    def visit(self, address: str) -> Page:
        """Go to an address of the site."""
        self.page.goto(self.home + address)
        return self.page

    def resize(self, width: int) -> None:
        """Change the width of the window."""
        self.page.set_viewport_size({"width": width, "height": 800})


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests of a process."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        try:
            browser = launched(playwright)
        except NoBrowserError as missing:
            if os.environ.get("CI"):
                pytest.fail(str(missing))
            pytest.skip(str(missing))
        yield browser
        browser.close()


@contextmanager
def published_by(site: Path, host: str = "project") -> Iterator[str]:
    """Serve a site with the headers that the command prints for its server."""
    command = [str(Path(sys.executable).with_name("abicase")), "headers", str(site)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if host == "zensical":  # see docs/when-material-ends.md
        printed = re.sub("style-src [^;]+", "style-src 'self' 'unsafe-inline'", printed)
    sent = [line.partition(": ")[::2] for line in printed.splitlines()]
    with served(site, BELOW, sent) as address:
        yield address


@pytest.fixture(scope="session")
def homes(request: pytest.FixtureRequest) -> Iterator[Callable[[str], str]]:
    """Return a function that serves the site of a host, and returns its address.

    Each site is served once, because to start it takes seconds. A parameter of a session's fixture
    does not do that: pytest ends such a fixture before the next parameter set.
    """
    with ExitStack() as servers:

        @cache
        def home(host: str) -> str:
            project: Path = request.getfixturevalue(host)
            return servers.enter_context(published_by(project / "site", host))

        yield home


@pytest.fixture
def home(request: pytest.FixtureRequest, homes: Callable[[str], str]) -> str:
    """The address of the site, served at the path it was built for, with the headers it should have.

    MkDocs builds the site; tests marked ``on_each_host`` also run on the one that Zensical builds.
    """
    return homes(getattr(request, "param", "project"))


on_each_host = pytest.mark.parametrize("home", ["project", "zensical"], indirect=True)


def watched(page: Page, home: str) -> list[str]:
    """Return a list that receives the errors of a page, and its requests to other places."""
    defects: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            defects.append(f"{page.url}: console: {message.text}")

    def see(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and not request.url.startswith(home):
            defects.append(f"{page.url}: asks for {request.url}")

    page.on("console", hear)
    page.on("pageerror", lambda error: defects.append(f"{page.url}: {error}"))
    page.context.on("request", see)
    return defects


@pytest.fixture
def reader(browser: Browser, home: str) -> Iterator[Open]:
    """Open a page for a reader; at the end, fail if anything went wrong in it."""
    readers = []

    def open_(*, searches: bool = False, **options: Any) -> Reader:
        options.setdefault("viewport", {"width": WIDE, "height": 800})
        context = browser.new_context(**options)
        if not searches:
            without_search(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        one = Reader(page, home, watched(page, home))
        readers.append(one)
        return one

    yield open_
    for one in readers:
        one.page.context.close()
    assert [defect for one in readers for defect in one.defects] == []
