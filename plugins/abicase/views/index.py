"""The index: everything with an address, by its first letter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import escape

from abicase.catalogue.model import Catalogue
from abicase.schema.items import Item
from abicase.views.pagination import Chunk, ListPart, cut, list_parts

NAMES = 1200
"""The maximum number of entries on one page; a larger index has a page for each letter."""

_SIGNS = re.compile(r"[^\w ]")
_NO_LETTER = "0–9"


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """An item in the index, or a path of an interface."""

    reference: str
    """The item; for a path, its case."""
    kind: str
    """The kind of item, or ``path``."""
    names: tuple[str, ...]
    """One name, or two for a finding, a case or a pair."""
    of: str = ""
    """For an event, a program and a path the name of its case."""
    draft: bool = False
    """For a path, whether its case is a draft."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter of the index, or the paths, which follow the last letter."""

    name: str
    """The letter; empty for the paths."""
    id: str
    """Its anchor, such as ``letter--a``; no item can have it."""
    count: int
    """The number of its entries."""
    file: str
    """The Markdown file of its own page; empty if its entries are on the index page."""
    entries: tuple[IndexEntry, ...]
    """Its entries, if they are on the index page."""


@dataclass(frozen=True, slots=True)
class ItemIndex:
    """The index: one page, or one that links to a page for each letter."""

    letters: tuple[Letter, ...]
    pages: tuple[tuple[Letter, ListPart[tuple[IndexEntry, ...]]], ...]
    """The parts of each letter that has a page of its own."""


def index(catalogue: Catalogue) -> ItemIndex:
    """Put everything with an address in order."""
    found = _by_letter(catalogue)
    if sum(map(len, found.values())) <= NAMES:
        letters = [
            Letter(letter, _id(letter), len(entries), "", tuple(entries))
            for letter, entries in found.items()
        ]
        return ItemIndex(tuple(letters), ())
    letters, pages = [], []
    for letter, entries in found.items():
        folder = f"index/{_file_name(letter)}"
        chunks = [Chunk(tuple(piece), *_ends(piece)) for piece in cut(entries, NAMES)]
        parts = list_parts(f"{folder}.md", folder, chunks)
        letters.append(Letter(letter, _id(letter), len(entries), f"{folder}.md", ()))
        pages += [(letters[-1], part) for part in parts]
    return ItemIndex(tuple(letters), tuple(pages))


def _by_letter(catalogue: Catalogue) -> dict[str, list[IndexEntry]]:
    """Return the entries by the first letter of their names: paths first, symbols last."""
    keyed = [
        (_key(entry), entry)
        for item in catalogue.items.values()
        if item.kind != "source"
        for entry in [_entry(catalogue, item)]
    ]
    letters: dict[str, list[IndexEntry]] = {}
    for (plain, *_), entry in sorted(keyed, key=lambda one: one[0]):
        letter = plain[:1].upper()
        letters.setdefault(letter if letter.isalpha() else _NO_LETTER, []).append(entry)
    rest = {_NO_LETTER: letters.pop(_NO_LETTER)} if _NO_LETTER in letters else {}
    return {"": list(_paths(catalogue)), **letters, **rest}


def _key(entry: IndexEntry) -> tuple[str, str, str]:
    # A pair is sorted by its name as written, next to the other entries of its first case.
    between = " and " if entry.kind == "pair" else ": "
    name = str(escape(between.join(entry.names)))
    folded = name if name.isascii() else unicodedata.normalize("NFKD", name)
    plain = _SIGNS.sub("", folded).casefold()
    return plain, name, entry.reference


def _entry(catalogue: Catalogue, item: Item) -> IndexEntry:
    names: tuple[str, ...] = (item.title,)
    of = ""
    if item.kind == "pair":
        names = tuple(catalogue.cases[id_].name for id_ in item.value.cases)
    elif item.kind == "finding":
        names = (catalogue.cases[item.owner].name, catalogue.axes[item.id].title)
    elif item.kind == "case" and not item.title.startswith(item.value.name):
        names = (item.value.name, item.title)
    elif item.kind in ("event", "side"):
        of = catalogue.cases[item.owner].name
    return IndexEntry(item.reference, item.kind, names, of)


def _paths(catalogue: Catalogue) -> Iterator[IndexEntry]:
    for case in catalogue.cases.values():
        for path in case.interface.paths:
            yield IndexEntry(f"case/{case.id}", "path", (path,), case.name, case.draft)


def _ends(entries: Sequence[IndexEntry]) -> tuple[str, str]:
    return (entries[0].names[0], entries[-1].names[0]) if entries else ("", "")


def _id(letter: str) -> str:
    if not letter:
        return "paths"
    return "letter--" + ("0" if letter == _NO_LETTER else letter.lower())


def _file_name(letter: str) -> str:
    """Return a file name for a letter that every host accepts."""
    if letter.isascii() or letter == _NO_LETTER:
        return _id(letter).removeprefix("letter--")
    return "u" + "-".join(f"{ord(character):04x}" for character in letter)
