"""The files, and their places on the site."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from abicase.outputs.api.argument import Axis, Claim, Lesson, Pair, Pattern
from abicase.outputs.api.case import Case
from abicase.outputs.api.parts import Date, Id, Item, Named, Path, Permalink, Published, Url
from abicase.outputs.api.search import Findable, SignedLesson

VERSION: Literal["v1"] = "v1"
"""The version of the format, and the name of its folder."""


class Document(Published):
    """The beginning of every file."""

    schema_: str = Field(alias="$schema")
    """The JSON Schema of the file, relative to it."""
    version: Literal["v1"] = VERSION
    """The version of the form."""
    casebook: str
    """The name of the casebook."""
    site: Url | None = None
    """The address of the site's root, with a slash at the end; left out if it is not known."""


class Repository(Named):
    """A git repository that sources name."""

    home: Url
    """Its address on the web."""


class File(Published):
    """A file of the API."""

    path: Path
    """Its place, from the root of the site."""
    schema_: Path = Field(alias="schema")
    """The place of its JSON Schema."""


class CaseFile(Item):
    """A short description of a case."""

    name: str
    """The short name."""
    pattern: Id
    """The id of its pattern."""
    reviewed: Date
    """The date on which the whole record was last read through."""
    file: Path
    """The place of the file with the whole case."""


class Index(Document):
    """An index of all files, with the words that they use."""

    files: tuple[File, ...]
    """The other files, except those of the cases."""
    cases: tuple[CaseFile, ...]
    """The cases, each with its file."""
    interfaces: tuple[Named, ...]
    """The kinds of interface."""
    lanes: tuple[Named, ...]
    """The sides on which events happen."""
    trees: tuple[Named, ...]
    """The kinds of places where programs live; a new value requires a new version."""
    event_kinds: tuple[str, ...]
    """The kinds of events."""
    repositories: tuple[Repository, ...]
    """The repositories that sources name."""


class CaseDocument(Document):
    """All of one case."""

    case: Case
    """The case."""


class Claims(Document):
    """All claims."""

    claims: tuple[Claim, ...]
    """The claims, in the order in which the site shows them."""


class Lessons(Document):
    """All lessons."""

    lessons: tuple[Lesson, ...]
    """The lessons, in the order in which the site shows them."""


class Axes(Document):
    """All axes."""

    axes: tuple[Axis, ...]
    """The axes, in the order in which the site shows them."""


class Patterns(Document):
    """All patterns."""

    patterns: tuple[Pattern, ...]
    """The patterns, in the order in which the site shows them."""


class Pairs(Document):
    """All pairs."""

    pairs: tuple[Pair, ...]
    """The pairs, in the order in which the site shows them."""


class Links(Document):
    """Everything with an address."""

    links: tuple[Permalink, ...]
    """All items, sorted by reference."""


class Search(Document):
    """Everything a command needs to find and cite items, and to compare patches with lessons."""

    interfaces: tuple[Named, ...]
    """The kinds of interface."""
    items: tuple[Findable, ...]
    """The items, in the order in which equal matches are shown."""
    signed_lessons: tuple[SignedLesson, ...] = ()
    """The lessons with signs."""


DOCUMENTS: dict[str, type[Document]] = {
    "index": Index,
    "case": CaseDocument,
    "claims": Claims,
    "lessons": Lessons,
    "axes": Axes,
    "patterns": Patterns,
    "pairs": Pairs,
    "links": Links,
    "search": Search,
}
"""The files and their classes, by names that their schemas share."""


def file_of(name: str) -> str:
    """Return the place of a file, from the root of the site."""
    return f"api/{VERSION}/{name}.json"


def schema_file(name: str) -> str:
    """Return the place of a file's schema, from the root of the site."""
    return f"api/{VERSION}/schema/{name}.json"
