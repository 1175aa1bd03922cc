"""The files of the site beside its pages.

To add one: yield it here, and make its text in a module of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from abicase.addresses import reply_file
from abicase.catalogue import Catalogue
from abicase.cite import CITED
from abicase.render import Renderer

ASSETS = Path(__file__).with_name("assets")
"""The style sheet and the script that the package brings."""
STYLE = "assets/abicase.css"
"""The place of the style sheet on the site."""
SCRIPT = "assets/abicase.js"
"""The place of the script on the site."""


@dataclass(frozen=True, slots=True)
class Output:
    """A file of the site that is no page."""

    file: str
    """Its path below the root of the site, which is its address."""
    text: str


def outputs(catalogue: Catalogue, renderer: Renderer) -> Iterator[Output]:
    """All files beside the pages.

    Args:
        catalogue: The records.
        renderer: Renders what has a template.

    Yields:
        Each file once.

    Raises:
        TemplateProblem: A template is missing or wrong.
    """
    for file in (STYLE, SCRIPT):
        yield Output(file, (ASSETS / Path(file).name).read_text(encoding="utf-8"))
    for item in catalogue.items.values():
        if item.kind in CITED:
            yield Output(reply_file(item), renderer.reply(item))
