"""The files of the site beside its pages.

To add one: yield it here, and make its text in a module of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

STYLE = Path(__file__).with_name("assets") / "abicase.css"
"""The style sheet of the generated parts."""
STYLE_FILE = "assets/abicase.css"
"""Its place on the site."""


@dataclass(frozen=True, slots=True)
class Output:
    """A file of the site that is no page."""

    file: str
    """Its path below the root of the site, which is its address."""
    text: str


def outputs() -> Iterator[Output]:
    """All files beside the pages.

    Yields:
        Each file once.
    """
    yield Output(STYLE_FILE, STYLE.read_text(encoding="utf-8"))
