"""Finished pages of earlier builds: HTML that needs neither templates nor a theme any more.

A page is taken from here only if nothing that went into it has changed. Two digests tell: one of
what its template read of the records, and one, of the site's making, of all that a theme adds.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from abicase.cache import Cache, digest
from abicase.pages import Page
from abicase.records import Entity
from abicase.render import Rendered
from abicase.searched import Entry
from abicase.tracking import Digests

_LIST = "pages.json"


@dataclass(frozen=True, slots=True)
class Made:
    """What is known of a page without rendering it."""

    key: str
    """A digest of all that went into its Markdown."""
    shown: str
    """A digest of its Markdown, which is often the same though what went in has changed."""
    front: Mapping[str, Any]
    """Its front matter."""
    reads: tuple[str, ...]
    """What its template read."""


@dataclass(frozen=True, slots=True)
class Extra:
    """What a finished page brings besides its HTML."""

    entries: list[Entry]
    """Its entries in the search index."""
    anchors: list[str]
    """Its anchors."""


class Shelf:
    """The finished pages of one site."""

    def __init__(self, cache: Cache, digests: Digests, common: str) -> None:
        """Open it.

        Args:
            cache: Where the pages are kept.
            digests: The records as they are now.
            common: A digest of what goes into every page's Markdown: program, templates, options.
        """
        self._cache = cache
        self._digests = digests
        self._common = common
        self._known: dict[str, Made] = {}
        self._pages: set[str] = set()
        for file, (key, shown, front, reads) in (cache.read_json(_LIST) or {}).items():
            self._known[file] = Made(key, shown, front, tuple(reads))

    def made(self, page: Page) -> Made | None:
        """What an earlier build knew of a page, if all that went into it is as it was."""
        known = self._known.get(page.file)
        if known is None or known.key != self._key(page, known.reads):
            return None
        return known

    def now(self, rendered: Rendered) -> Made:
        """What is to be known of a page that has just been rendered."""
        reads = tuple(sorted(rendered.reads))
        shown = digest(repr(rendered.front), rendered.body)
        made = Made(self._key(rendered.page, reads), shown, rendered.front, reads)
        self._known[rendered.page.file] = made
        return made

    def _key(self, page: Page, reads: Iterable[str]) -> str:
        record = {page.record} if page.record else set()
        own = [
            f"{field.name}={getattr(page, field.name)!r}"
            for field in dataclasses.fields(page)
            if field.name != "context"
        ]
        # A record in the context is known by its file; whatever else is there, by its contents.
        for name, value in sorted(page.context.items()):
            if not isinstance(value, Entity):
                own.append(f"{name}={value!r}")
        together = self._digests.together({*reads, *record})
        return digest(self._common, *own, together)

    def finished(self, file: str, key: str) -> Extra | None:
        """What a finished page brings, if it is here under that key."""
        found = self._parts(file)
        if found is None or found[0]["key"] != key:
            return None
        return Extra(found[0]["entries"], found[0]["anchors"])

    def html(self, file: str) -> str:
        """The HTML of a page of which :meth:`finished` has told."""
        found = self._parts(file)
        assert found is not None, "it was there a moment ago"
        return found[1].decode()

    def keep(self, file: str, key: str, extra: Extra, html: str) -> None:
        """Keep a finished page."""
        head = json.dumps({"key": key, "entries": extra.entries, "anchors": extra.anchors})
        self._cache.write(_name(file), f"{head}\n{html}".encode())

    def save(self, files: Iterable[str]) -> None:
        """Keep what is known of pages; drop those that are gone."""
        there = {file: self._known[file] for file in files if file in self._known}
        self._cache.write_json(
            _LIST,
            {file: (made.key, made.shown, made.front, made.reads) for file, made in there.items()},
        )
        self._cache.keep_only(map(_name, there), "pages")

    def _parts(self, file: str) -> tuple[dict[str, Any], bytes] | None:
        content = self._cache.read(_name(file))
        if content is None:
            return None
        head, _, html = content.partition(b"\n")
        return json.loads(head), html


def _name(file: str) -> str:
    return f"pages/{digest(file)[:32]}"
