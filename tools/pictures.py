"""Takes the README's pictures from the built site, for ``make pictures``."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from browsing import NoBrowserError, launched, served

ROOT = Path(__file__).parent.parent
HEAVIEST = 250_000
"""The largest size of a picture, in bytes."""


@dataclass(frozen=True)
class Picture:
    """One picture, with its page and the settings of the browser."""

    name: str
    address: str
    """The page, with the anchor at which the picture begins."""
    width: int = 1280
    height: int = 800
    scheme: str = "light"


PICTURES = [
    Picture("compare", "compare/"),
    Picture("pair", "compare/perf-vs-virtio/#timeline"),
    Picture("case-dark", "cases/virtio/", scheme="dark"),
    Picture("phone", "claims/better-abis/", width=360, height=720),
]


def taken(browser: Browser, home: str, picture: Picture) -> bytes:
    """Take one picture."""
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height},
        color_scheme="dark" if picture.scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(home + picture.address, wait_until="networkidle")
    page.add_style_tag(content=".headerlink { display: none } * { scrollbar-width: none }")
    png = page.screenshot(animations="disabled", caret="hide")
    context.close()
    return png


def main() -> None:
    """Take all pictures."""
    with served(ROOT / "site") as home, sync_playwright() as playwright:
        try:
            browser = launched(playwright)
        except NoBrowserError as missing:
            sys.exit(str(missing))
        for picture in PICTURES:
            png = taken(browser, home, picture)
            assert len(png) <= HEAVIEST, f"{picture.name} weighs {len(png)} bytes"
            (ROOT / "docs" / "assets" / f"{picture.name}.png").write_bytes(png)
        browser.close()


if __name__ == "__main__":
    main()
