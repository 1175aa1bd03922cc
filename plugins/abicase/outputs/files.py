"""The files of the site other than its pages.

To add one, yield it here, and generate its text in a separate module.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from abicase.catalogue.model import Catalogue
from abicase.ledger.ledger import Fate
from abicase.memo import Memo, no_memo
from abicase.outputs.documents import documents
from abicase.outputs.feeds import FEED, feed
from abicase.outputs.links import LINKS_FILE
from abicase.render.renderer import Renderer
from abicase.schema import json_schema as schemas
from abicase.schema.addresses import file_at, reply_file
from abicase.schema.items import SHORT, long_of, short_of
from abicase.views.replies import CITED

ASSETS = Path(__file__).with_name("assets")
"""The folder of the package's style sheet and script."""
STYLE = "assets/abicase.css"
"""The place of the style sheet on the site."""
SCRIPT = "assets/abicase.js"
"""The place of the script on the site."""


MISSING = "404.html"
"""The page that servers show for missing addresses."""


@dataclass(frozen=True, slots=True)
class Output:
    """A file of the site that is not a page."""

    file: str
    """Its path below the root of the site, which is its address."""
    text: str


def outputs(catalogue: Catalogue, renderer: Renderer, memo: Memo = no_memo) -> Iterator[Output]:
    """Yield all files other than the pages, each once.

    Raises:
        TemplateProblem: A template is missing or wrong.
    """
    yield from _package()
    for item in catalogue.items.values():
        if item.kind in CITED:
            yield Output(reply_file(item), renderer.reply(item))
    for path, text in documents(catalogue, renderer.site, renderer.reply, memo):
        yield Output(path, text)
    yield from _gone(catalogue, renderer)
    yield from _shorts(catalogue, renderer)
    yield _missing(renderer)
    if renderer.site.url and catalogue.cases:
        yield Output(FEED, feed(catalogue, renderer.site))


def _package() -> Iterator[Output]:
    """Yield the package's own files."""
    for file in (STYLE, SCRIPT):
        text = (ASSETS / Path(file).name).read_text(encoding="utf-8")
        yield Output(file, compact(text) if file == STYLE else text)
    for kind in schemas.names():
        yield Output(f"{schemas.FOLDER}/{kind}.json", schemas.schema(kind))


def compact(style: str) -> str:
    """Remove comments and insignificant white space from a style sheet of the package."""
    style = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    style = re.sub(r"\s+", " ", style).strip()
    style = re.sub(r" ?([{};,]) ?", r"\1", style)
    style = re.sub(r"(?<![\d.])0\.", ".", style)
    return style.replace(": ", ":").replace(";}", "}")


# Pages without a theme, so that they stay out of every navigation, search index and sitemap.


def _gone(catalogue: Catalogue, renderer: Renderer) -> Iterator[Output]:
    """Yield a page for the old address of each page that was moved, split or withdrawn."""
    for fates in catalogue.ledger.retired.values():
        for fate in fates:
            if not fate.anchor:
                file = file_at(fate.page)
                yield Output(file, renderer.file(file, "gone.html.jinja", {"fate": fate}))


def _shorts(catalogue: Catalogue, renderer: Renderer) -> Iterator[Output]:
    """Yield the short addresses of all items that have or had one, and lists of them."""
    shorts: dict[str, Fate | None] = {
        short: None
        for item in catalogue.items.values()
        if item.kind in SHORT and (short := short_of(item.reference)) is not None
    }
    shorts |= dict(catalogue.ledger.shorts())
    for kind, letter in SHORT.items():
        listed = []
        for short, fate in sorted(shorts.items()):
            if short.startswith(f"{letter}/"):
                reference = long_of(short)
                listed.append((short, reference, fate))
                file = file_at(f"{short}/")
                context = {"reference": reference, "fate": fate, "letter": letter}
                yield Output(file, renderer.file(file, "short.html.jinja", context))
        file = file_at(f"{letter}/")
        text = renderer.file(file, "shorts.html.jinja", {"kind": kind, "shorts": listed})
        yield Output(file, text)


def _missing(renderer: Renderer) -> Output:
    """Return the 404 page; its links are those of the home page, wherever it is shown."""
    context = {"listed": LINKS_FILE, "shorts": tuple(SHORT.items())}
    return Output(MISSING, renderer.file("index.html", "missing.html.jinja", context))
