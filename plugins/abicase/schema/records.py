"""The record format: a typed class for each kind of record and each of its parts.

These classes are the format: the validator and the JSON Schemas are derived from them, and the
docstring of a field is its published description.
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
    """A git repository that sources refer to."""

    title: Line
    """Its name."""
    home: Link
    """The address at which it is published."""
    commit: LinkPattern | None = None
    """The address of a commit, with the placeholder ``{commit}``; for commit sources."""
    file: LinkPattern | None = None
    """The address of a file, with the placeholders ``{path}`` and ``{at}``; for file sources."""
    releases: Mapping[str, DayField] = Field(default_factory=dict)
    """The date of each release, by its tag."""


class Permalink(Part):
    """One published address, and its present state."""

    at: Place
    """The address at which it was published, which resolves forever."""
    since: DayField
    """The date on which it was first published."""
    wording: Line | None = None
    """The beginning of a digest of the last published wording; only for items that can be cited."""
    reworded: DayField | None = None
    """The date on which that wording last changed."""
    state: State = "live"
    """``live``; ``moved``, to a single new place with the same meaning; ``split``, into several new
    places; or ``withdrawn``."""
    to: References = ()
    """The place it moved to, or those it was split into; otherwise left out."""
    on: DayField | None = None
    """The date on which it was moved, split or withdrawn."""
    because: Line | None = None
    """The reason, for readers of the old address."""


class Permalinks(Part):
    """The ledger of every permalink that was ever published."""

    many_retired_on: tuple[DayField, ...] = ()
    """The days on which unusually many permalinks were moved, split or withdrawn on purpose."""
    permalinks: Mapping[PermalinkKey, Permalink]
    """The permalinks, by what they lead to."""


KINDS: dict[str, tuple[str, type[Part]]] = {
    "case": ("cases", Case),
    "pattern": ("patterns", Pattern),
    "axis": ("axes", Axis),
    "claim": ("claims", Claim),
    "lesson": ("lessons", Lesson),
    "pair": ("pairs", Pair),
    "repository": ("repositories", Repository),
}
"""The kinds of records, each with its folder and class."""

LEDGER_FILE = "permalinks.yml"
"""The optional file next to those folders that holds every permalink ever published."""

_SINGLE: dict[str, type[Part]] = {"casebook": Casebook, "ledger": Permalinks}


def model_of(kind: str) -> type[Part]:
    """Return the class of a kind of record, ``casebook`` and ``ledger`` included."""
    return _SINGLE[kind] if kind in _SINGLE else KINDS[kind][1]
