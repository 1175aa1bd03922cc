"""What earlier builds have left: finished pages, and files beside them.

Something is taken from here only if nothing that went into it has changed. For a page two digests
tell: one of what its template read of the records, and one, of the site's making, of all that a
theme adds.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from abicase.cache import Cache, digest, program
from abicase.catalogue import Catalogue
from abicase.outputs import Bundle
from abicase.pages import Page
from abicase.records import Entity
from abicase.tracking import Digests, Told

_PROGRAM = "program.json"
_LISTS = ("pages", "finished", "bundles", "told", "read")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a page without rendering it."""

    own: str
    """A digest of what went into its Markdown besides the records that its template read."""
    shown: str
    """A digest of its Markdown, which is often the same though what went in has changed."""
    front: Mapping[str, Any]
    """Its front matter."""
    reads: Collection[str]
    """What its template read."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What is known of a finished page besides its HTML."""

    key: str
    """A digest of all that went into it."""
    anchors: list[str]
    """Its anchors."""
    entries: str
    """Its entries in the search index: JSON objects, with commas between them."""


@dataclass(frozen=True, slots=True)
class _KnownBundle:
    own: str
    reads: Collection[str]
    files: Mapping[str, str]
    replies: Mapping[str, str]


class Shelf:
    """What earlier builds of one site have left."""

    def __init__(self, cache: Cache) -> None:
        """Open it.

        Args:
            cache: Where everything is kept.
        """
        self._cache = cache
        self._pages: dict[str, Known] = {}
        self._finished: dict[str, Finished] = {}
        self._bundles: dict[str, _KnownBundle] = {}
        self._told: Mapping[str, Told] = {}
        # Of all that pages and bundles read, the digest that it had when they were made.
        self._read: dict[str, str] = {}
        self._contents: dict[int, str] = {}
        self._learned = False
        # Another program may have kept them in another shape.
        same = cache.read_json(_PROGRAM) == program()
        lists: list[Any] = [cache.read_json(f"{name}.json") if same else None for name in _LISTS]
        if all(one is not None for one in lists):
            pages, finished, bundles, self._told, self._read = lists
            self._pages = {file: Known(*one) for file, one in self._opened(pages)}
            self._finished = {file: Finished(*one) for file, one in finished.items()}
            self._bundles = {name: _KnownBundle(*one) for name, one in self._opened(bundles)}

    @property
    def empty(self) -> bool:
        """Whether earlier builds have left nothing that could be right."""
        return not self._pages

    def renew(self, catalogue: Catalogue, common: str) -> None:
        """Begin a build.

        Args:
            catalogue: The records as they are now.
            common: A digest of what goes into everything: program, templates, options.
        """
        self._digests = Digests(catalogue, catalogue.digests, self._told, self._read)
        self._common = common
        self._contents.clear()
        self._changed = {
            name for name, known in self._read.items() if self._digests.of(name) != known
        }

    def settle(self) -> None:
        """Note that everything that had changed has been made anew."""
        if not self._learned:
            return
        every: list[Known | _KnownBundle] = [*self._pages.values(), *self._bundles.values()]
        names = {name for one in every for name in one.reads}
        self._read = {name: self._digests.of(name) for name in names}
        self._told = self._digests.told
        self._changed = set()

    # Pages

    def known(self, page: Page) -> Known | None:
        """What an earlier build knew of a page, if all that went into it is as it was."""
        known = self._pages.get(page.file)
        if known is None or not self._changed.isdisjoint(known.reads):
            return None
        return known if known.own == self._own(page) else None

    def learn(
        self, page: Page, front: Mapping[str, Any], shown: str, reads: Iterable[str]
    ) -> Known:
        """Note what is to be known of a page that has just been rendered."""
        record = {page.record} if page.record else set()
        known = Known(self._own(page), shown, front, _names({*reads, *record}))
        self._pages[page.file] = known
        self._learned = True
        return known

    def _own(self, page: Page) -> str:
        own = [f"{name}={getattr(page, name)!r}" for name in _FIELDS]
        # A record in the context is known by its file; whatever else is there, by its contents.
        for name, value in sorted(page.context.items()):
            if not isinstance(value, Entity):
                own.append(f"{name}={self._content(value)}")
        return digest(self._common, *own)[:32]

    def _content(self, value: object) -> str:
        """A digest of something in the context of pages; the parts of a list share what is long."""
        known = self._contents.get(id(value))
        if known is None:
            known = self._contents[id(value)] = digest(repr(value))
        return known

    def finished(self, file: str, key: str) -> Finished | None:
        """What is known of a page that was finished under a key; None where none was."""
        known = self._finished.get(file)
        return known if known and known.key == key else None

    def html(self, file: str) -> str | None:
        """The HTML of a page of which :meth:`finished` has told; None where it is damaged."""
        content = self._cache.read(_name(file))
        return None if content is None else content.decode()

    def keep(self, file: str, finished: Finished, html: str) -> None:
        """Keep a finished page."""
        self._finished[file] = finished
        self._learned = True
        self._cache.write(_name(file), html.encode())

    # Bundles

    def bundle(self, bundle: Bundle) -> Mapping[str, str] | None:
        """The digests of the files of a bundle, by path, if what it is made of is as it was."""
        known = self._bundles.get(bundle.name)
        if known is None or not self._changed.isdisjoint(known.reads):
            return None
        return known.files if known.own == self._own_of_bundle(bundle) else None

    def replies(self, bundle: Bundle) -> Mapping[str, str]:
        """The replies that a bundle has for others, by the items' references."""
        return self._bundles[bundle.name].replies

    def texts(self, name: str) -> dict[str, str] | None:
        """The texts of a bundle of which :meth:`bundle` has told; None where it is damaged."""
        found = self._cache.read_json(_name(name))
        return None if found is None else dict(found)

    def learn_bundle(
        self,
        bundle: Bundle,
        files: Mapping[str, str],
        reads: Iterable[str],
        replies: Mapping[str, str],
    ) -> None:
        """Note what is to be known of a bundle that has just been made."""
        own, names = self._own_of_bundle(bundle), _names({*reads, *bundle.reads})
        self._bundles[bundle.name] = _KnownBundle(own, names, files, replies)
        self._learned = True

    def keep_texts(self, name: str, texts: str) -> None:
        """Keep the texts of a bundle, as JSON."""
        self._cache.write(_name(name), texts.encode())

    def _own_of_bundle(self, bundle: Bundle) -> str:
        # That it reads something new is enough to make it another: an item more of a list.
        return digest(self._common, *sorted(bundle.reads))[:32]

    def save(self, files: Collection[str], bundles: Collection[str]) -> None:
        """Keep what is known, once it is settled; drop what is gone.

        Args:
            files: The files of all pages.
            bundles: The names of all bundles.
        """
        fewer = not (self._pages.keys() <= set(files) and self._bundles.keys() <= set(bundles))
        if not self._cache.used or not (self._learned or fewer):
            return
        self._pages = {file: one for file, one in self._pages.items() if file in files}
        self._finished = {file: one for file, one in self._finished.items() if file in files}
        self._bundles = {name: one for name, one in self._bundles.items() if name in bundles}
        finished = {
            file: (one.key, one.anchors, one.entries) for file, one in self._finished.items()
        }
        self._cache.write_json(_PROGRAM, program())
        pages, kept = self._closed(self._pages), self._closed(self._bundles)
        for name, value in zip(
            _LISTS, (pages, finished, kept, self._told, self._read), strict=True
        ):
            self._cache.write_json(f"{name}.json", value)
        self._cache.keep_only(map(_name, (*self._finished, *self._bundles)), "made")

    # In the lists, what is read is named by its number: nearly all pages read the same.

    def _closed(self, known: Mapping[str, Known] | Mapping[str, _KnownBundle]) -> dict[str, Any]:
        numbers = {name: number for number, name in enumerate(self._read)}
        return {
            of: [
                [numbers[name] for name in one.reads] if field == "reads" else getattr(one, field)
                for field in one.__match_args__
            ]
            for of, one in known.items()
        }

    def _opened(self, lists: Mapping[str, list[Any]]) -> Iterator[tuple[str, list[Any]]]:
        names = list(map(sys.intern, self._read))
        for of, values in lists.items():
            yield (
                of,
                [
                    tuple(names[number] for number in value) if isinstance(value, list) else value
                    for value in values
                ],
            )


_FIELDS = [field.name for field in dataclasses.fields(Page) if field.name != "context"]


def _names(reads: Iterable[str]) -> tuple[str, ...]:
    """The same names as other pages have, so that each is held in memory once."""
    return tuple(map(sys.intern, sorted(reads)))


def _name(of: str) -> str:
    return f"made/{digest(of)[:32]}"
