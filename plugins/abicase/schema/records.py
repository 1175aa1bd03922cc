"""The record format: one typed class for each kind of record and each part of one.

These classes are the format: the validator and the JSON Schema come from them, and the description
of a field is the text under it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from abicase.schema.argument import Axis, Claim, Lesson, Pair, Pattern
from abicase.schema.case import Case
from abicase.schema.casebook import Casebook
from abicase.schema.fields import DayField, Line, Link, LinkPattern, PermalinkKey, Place, References
from abicase.schema.part import Entity, Part

State = Literal["live", "moved", "split", "withdrawn"]


class Repository(Entity):
    """A git repository that sources name."""

    title: Line
    """Its name."""
    home: Link
    """Where it is published."""
    commit: LinkPattern | None = None
    """The address of a commit, with the placeholder ``{commit}``; for sources that are commits."""
    file: LinkPattern | None = None
    """The address of a file, with the placeholders ``{path}`` and ``{at}``; for sources that are
    files."""
    releases: Mapping[str, DayField] = Field(default_factory=dict)
    """The day of each release, by its tag."""


class Permalink(Part):
    """One published address, and what became of it."""

    at: Place
    """Where it was published; it answers there forever."""
    since: DayField
    """The day of its first publication."""
    wording: Line | None = None
    """For what can be cited, the beginning of a digest of its words, as they were published
    last."""
    reworded: DayField | None = None
    """The day on which those words last changed."""
    state: State = "live"
    """``live``; ``moved``, the same meaning at one new place; ``split``, several new places;
    ``withdrawn``."""
    to: References = ()
    """Where it moved, or what it was split into; not given otherwise."""
    on: DayField | None = None
    """The day on which it moved, was split or withdrawn."""
    because: Line | None = None
    """Why, for the readers of the old address."""


class Permalinks(Part):
    """The ledger: every permalink that was ever published."""

    many_retired_on: tuple[DayField, ...] = ()
    """The days on which more than a handful were moved, split or withdrawn, on purpose."""
    permalinks: Mapping[PermalinkKey, Permalink]
    """The permalinks, by what they are of."""


KINDS: dict[str, tuple[str, type[Part]]] = {
    "case": ("cases", Case),
    "pattern": ("patterns", Pattern),
    "axis": ("axes", Axis),
    "claim": ("claims", Claim),
    "lesson": ("lessons", Lesson),
    "pair": ("pairs", Pair),
    "repository": ("repositories", Repository),
}
"""The kinds of records, each with its folder and its class."""

LEDGER_FILE = "permalinks.yml"
"""The file beside those folders that holds every permalink ever published; optional."""


def model_of(kind: str) -> type[Part]:
    """The class of a kind of record, ``casebook`` included."""
    return Casebook if kind == "casebook" else KINDS[kind][1]
