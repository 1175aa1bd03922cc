"""The files of the site beside its pages.

To add one: yield it here, and make its text in a module of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from abicase import schemas
from abicase.addresses import file_at, reply_file
from abicase.catalogue import Catalogue
from abicase.cite import CITED
from abicase.feeds import FEED, feed
from abicase.items import SHORT, items_of, long_of, short_of
from abicase.ledger import Fate
from abicase.render import Renderer
from abicase.resolve import LISTED, documents
from abicase.tracking import EVERYTHING

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
    reply_to: str = ""
    """The reference of the item to which it is the reply, if other files show that, too."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Files that are made together, since they are made of the same."""

    name: str
    """What tells it from the others."""
    about: str
    """The record that it shows, or its name; what shows the same is best made together."""
    make: Callable[[], Iterable[Output]]
    """Makes the files; raises ``TemplateProblem`` where a template is missing or wrong."""
    reads: frozenset[str] = frozenset()
    """What it is made of, by the names of ``tracking``, besides what is noted while it is made."""


def outputs(catalogue: Catalogue, renderer: Renderer) -> Iterator[Output]:
    """All files beside the pages.

    Args:
        catalogue: The records.
        renderer: Renders what has a template, and knows where the pages are published.

    Yields:
        Each file once.

    Raises:
        TemplateProblem: A template is missing or wrong.
    """
    for bundle in bundles(catalogue, renderer):
        yield from bundle.make()


def bundles(catalogue: Catalogue, renderer: Renderer) -> Iterator[Bundle]:
    """The same files, in bundles of which each can be kept as long as what it reads is as it was.

    Args:
        catalogue: The records.
        renderer: Notes what is read of them.

    Yields:
        Each bundle once.
    """
    yield Bundle("program", "program", _program)
    for kind in ("pattern", "claim", "lesson"):
        for record in getattr(catalogue, f"{kind}s").values():
            yield _replies([(kind, record)], renderer)
    for case in catalogue.cases.values():
        # With the pairs in which it is the first; a bundle for each of them would be small.
        pairs = (pair for pair in catalogue.pairs_of(case.id) if pair.cases[0] == case.id)
        yield _replies([("case", case), *(("pair", pair) for pair in pairs)], renderer)
    for document in documents(catalogue, renderer):
        make = partial(_written, document.path, document.make)
        yield Bundle(document.path, document.about, make, document.reads)
    everything = frozenset({EVERYTHING})
    yield Bundle("gone", "gone", partial(_gone, catalogue, renderer), everything)
    yield Bundle("shorts", "shorts", partial(_shorts, catalogue, renderer), everything)
    if renderer.site.url and catalogue.cases:
        make = partial(_written, FEED, partial(feed, catalogue, renderer.site))
        yield Bundle(FEED, FEED, make, everything)


def _written(file: str, make: Callable[[], str]) -> Iterator[Output]:
    yield Output(file, make())


def _program() -> Iterator[Output]:
    """What the package brings."""
    for file in (STYLE, SCRIPT):
        yield Output(file, (ASSETS / Path(file).name).read_text(encoding="utf-8"))
    for kind in schemas.names():
        yield Output(f"{schemas.FOLDER}/{kind}.json", schemas.schema(kind))


def _replies(records: list[tuple[str, Any]], renderer: Renderer) -> Bundle:
    """The replies of some records, by their kinds, and of their parts."""

    def make() -> Iterator[Output]:
        for kind, record in records:
            for item in items_of(kind, record):
                if item.kind in CITED:
                    shown = item.reference if item.kind in LISTED else ""
                    yield Output(reply_file(item), renderer.reply(item), shown)

    names = [f"{kind}/{record.id}" for kind, record in records]
    return Bundle(f"replies of {names[0]}", names[0], make, frozenset(names))


# Pages without a theme, so that they stay out of every navigation, search index and sitemap.


def _gone(catalogue: Catalogue, renderer: Renderer) -> Iterator[Output]:
    """At the old address of each page that moved, was split or withdrawn: what became of it."""
    for fates in catalogue.ledger.retired.values():
        for fate in fates:
            if not fate.anchor:
                file = file_at(fate.page)
                yield Output(file, renderer.file(file, "gone.html.jinja", {"fate": fate}))


def _shorts(catalogue: Catalogue, renderer: Renderer) -> Iterator[Output]:
    """The short addresses: of all items that have one, and of all that had one."""
    shorts: dict[str, Fate | None] = {
        short: None
        for item in catalogue.items.values()
        if item.kind in SHORT and (short := short_of(item.reference)) is not None
    }
    shorts |= dict(catalogue.ledger.shorts())
    for short, fate in sorted(shorts.items()):
        file = file_at(f"{short}/")
        context = {"reference": long_of(short), "fate": fate}
        yield Output(file, renderer.file(file, "short.html.jinja", context))
