"""Pages and other files are made here: by several processes, where there are processors for them.

What is made lies in a spool until it is written.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from abicase.addresses import Address
from abicase.cache import digest
from abicase.finished import anchors, hold, put_back
from abicase.headings import Headings
from abicase.outputs import Bundle
from abicase.pages import Page
from abicase.render import Rendered, Renderer
from abicase.searched import as_json, entries
from abicase.spool import Place, Spool
from abicase.workers import parts, side_by_side

_LEAST = 60
"""For fewer records and lists than these, with all that shows them, no process is forked."""


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of a page besides its HTML."""

    contents: list[Any]
    """The tokens of its table of contents."""
    anchors: list[str]
    entries: str
    """Its entries in the search index, see :func:`abicase.searched.as_json`."""


@dataclass(frozen=True, slots=True)
class Assembled:
    """A page whose HTML is done, but for the theme's part: where it lies."""

    html: Place
    details: Place
    """Its :class:`Details`, as JSON."""


@dataclass(frozen=True, slots=True)
class MadePage:
    """A page that was made in this build."""

    front: dict[str, Any]
    shown: str
    """A digest of its Markdown."""
    reads: tuple[str, ...]
    """What its template read."""
    body: Place
    """Its Markdown, where the site's own has to convert it."""
    assembled: Assembled | None
    """What has been made of it; None where the site has to do that."""


@dataclass(frozen=True, slots=True)
class MadeBundle:
    """A bundle that was made in this build."""

    files: dict[str, str]
    """The digest of each file."""
    reads: tuple[str, ...]
    replies: dict[str, str]
    """The replies that others need, by the items' references."""
    texts: Place
    """The texts of the files, by path, as JSON."""


Job = Page | Bundle


class Workshop:
    """Makes what has changed."""

    def __init__(self, renderer: Renderer, headings: Headings | None, spool: Spool) -> None:
        """Set it up.

        Args:
            renderer: Renders the templates.
            headings: Converts headings as the site does; None where the pages are to be left as
                Markdown.
            spool: Where everything lies until it is written.
        """
        self._renderer = renderer
        self._headings = headings
        self._spool = spool

    def make(self, pages: Iterable[Page], bundles: Iterable[Bundle]) -> tuple[
        dict[str, MadePage], dict[str, MadeBundle]
    ]:  # fmt: skip
        """Make pages and bundles.

        Args:
            pages: The pages.
            bundles: The bundles.

        Returns:
            The pages by their file, and the bundles by their name.

        Raises:
            TemplateProblem: A template is missing or wrong.
        """
        pages, bundles = list(pages), list(bundles)
        some = _shares(pages, bundles)
        branches = [self._spool] + [self._spool.branch() for _ in some[1:]]
        tasks = [
            partial(self._work, share, spool) for share, spool in zip(some, branches, strict=True)
        ]
        done = side_by_side(tasks)
        made_pages = {file: made for share in done for file, made in share[0].items()}
        made_bundles = {name: made for share in done for name, made in share[1].items()}
        return made_pages, made_bundles

    def recall(self, replies: Mapping[str, str]) -> None:
        """Give replies of an earlier build to what shows those of many items."""
        self._renderer.recalled.update(replies)

    def _work(
        self, share: Sequence[Job], spool: Spool
    ) -> tuple[dict[str, MadePage], dict[str, MadeBundle]]:
        made_pages, made_bundles = {}, {}
        for job in share:
            if isinstance(job, Page):
                made_pages[job.file] = self._page(self._renderer.page(job), spool)
            else:
                made_bundles[job.name] = self._bundle(job, spool)
        return made_pages, made_bundles

    def _page(self, rendered: Rendered, spool: Spool) -> MadePage:
        assembled = self._assembled(rendered, spool)
        return MadePage(
            front=dict(rendered.front),
            shown=digest(repr(rendered.front), rendered.body),
            # The same names for all, so that they are sent from one process to another once.
            reads=tuple(map(sys.intern, rendered.reads)),
            body=spool.put(rendered.body if assembled is None else ""),
            assembled=assembled,
        )

    def _assembled(self, rendered: Rendered, spool: Spool) -> Assembled | None:
        if self._headings is None:
            return None
        markdown, held = hold(rendered.body)
        converted = self._headings.convert(markdown) if held else None
        if converted is None:
            return None
        url = Address(rendered.page.file).url(directories=self._renderer.site.directories)
        found = entries(url, markdown, held) if rendered.page.searched else []
        there = sorted(converted.anchors | anchors(held))
        details = _json([converted.contents, there, as_json(found)])
        return Assembled(spool.put(put_back(converted.html, held)), spool.put(details))

    def _bundle(self, bundle: Bundle, spool: Spool) -> MadeBundle:
        with self._renderer.noting() as reads:
            made = list(bundle.make())
        texts = {output.file: output.text for output in made}
        return MadeBundle(
            files={file: digest(text)[:32] for file, text in texts.items()},
            reads=tuple(map(sys.intern, reads)),
            replies={output.reply_to: output.text for output in made if output.reply_to},
            texts=spool.put(_json(texts)),
        )

    def details(self, assembled: Assembled) -> Details:
        """What is known of a page besides its HTML."""
        contents, anchors, entries = json.loads(self._spool.get(assembled.details))
        # Most anchors are those of other pages, too; so each is held in memory once.
        return Details(contents, list(map(sys.intern, anchors)), entries)

    def texts(self, made: MadeBundle) -> dict[str, str]:
        """The texts of the files of a bundle."""
        return dict(json.loads(self._spool.get(made.texts)))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _shares(pages: Sequence[Page], bundles: Sequence[Bundle]) -> list[list[Job]]:
    """The work for each process.

    What shows the same case first stays together, so that what both show is made once.
    """
    groups: defaultdict[str, list[Job]] = defaultdict(list)
    for page in pages:
        pair = page.context.get("pair")
        groups[f"case/{pair.cases[0]}" if pair else page.record or page.file].append(page)
    for bundle in bundles:
        groups[bundle.about].append(bundle)
    shares = parts(list(groups.values()), _LEAST)
    return [[job for group in share for job in group] for share in shares]
