"""Long lists in parts: a page that would grow with the cases becomes the first of several.

The first part has the address of the page and all anchors that the page ever had. The others are
below it, by number. A part lists its contents as plain values, so that a template asks the
catalogue only for these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Generic, TypeVar

from abicase.catalogue.model import Catalogue, Evidence, NamedCase, Witness
from abicase.schema.case import Case

# Limits that keep pages below 250 KB and short enough to skim.
CASES = 60
"""The number of cases on a part, each with a row, a card or a finding."""
PAIRS = 120
"""The number of pairs of cases on a part."""
EVENTS = 150
"""The number of events on a part of the evidence; those of one case stay together."""
STAGES = 400
"""The largest number of events that the page of all stages shows completely."""
FIRST = 12
"""The number of events of each stage shown there if there are more; other parts have the rest."""

Shown = TypeVar("Shown")
One = TypeVar("One")


@dataclass(frozen=True, slots=True)
class PartPlace:
    """The place of a part, for links to it."""

    number: int
    """The number of the part, from 1."""
    file: str
    """The Markdown file of the part."""
    first: str
    """The name of the first entry; empty if there is none."""
    last: str
    groups: tuple[str, ...] = ()
    """The patterns of its cases."""


@dataclass(frozen=True, slots=True)
class ListPart(Generic[Shown]):
    """A part of a long list, or all of a short one."""

    number: int
    """The number of the part, from 1."""
    all: tuple[PartPlace, ...]
    """All parts in order, including this one."""
    shown: Shown
    """The contents of the part."""

    @property
    def here(self) -> PartPlace:
        """This part."""
        return self.all[self.number - 1]

    @property
    def before(self) -> PartPlace | None:
        """The part before it; None for the first."""
        return self.all[self.number - 2] if self.number > 1 else None

    @property
    def after(self) -> PartPlace | None:
        """The part after it; None for the last."""
        return self.all[self.number] if self.number < len(self.all) else None

    @property
    def begins(self) -> dict[str, PartPlace]:
        """The part on which each group begins."""
        found: dict[str, PartPlace] = {}
        for place in self.all:
            for group in place.groups:
                found.setdefault(group, place)
        return found


@dataclass(frozen=True, slots=True)
class Chunk(Generic[Shown]):
    """The content of a part."""

    shown: Shown
    first: str = ""
    last: str = ""
    groups: tuple[str, ...] = ()


def list_parts(file: str, below: str, chunks: Iterable[Chunk[Shown]]) -> list[ListPart[Shown]]:
    """Give a part to each piece of a list, in order.

    Args:
        file: The Markdown file of the page that has the list, and keeps the first piece.
        below: The folder of the other parts, which are numbered there. No id can lead into it.
        chunks: The pieces, at least one.
    """
    listed = list(chunks)
    places = tuple(
        PartPlace(n, f"{below}/{n}.md" if n > 1 else file, one.first, one.last, one.groups)
        for n, one in enumerate(listed, 1)
    )
    return [ListPart(n, places, one.shown) for n, one in enumerate(listed, 1)]


def cut(entries: Sequence[One], most: int) -> Iterator[Sequence[One]]:
    """Cut a list into pieces; a list without entries is one piece."""
    for start in range(0, max(len(entries), 1), most):
        yield entries[start : start + most]


# Cases by pattern

ByPattern = tuple[tuple[str, tuple[str, ...]], ...]
"""The ids of some cases, by the id of their pattern."""


def by_pattern(catalogue: Catalogue) -> list[Chunk[ByPattern]]:
    """Split the cases by pattern: one piece if there are few, else pieces of each pattern.

    Returns:
        The pieces, at least one. The axes and the lists have the same pieces, so that a case is on
        the part with the same number everywhere.
    """
    groups = catalogue.cases_by_pattern().values()
    cases = [case for group in groups for case in group]
    if len(cases) <= CASES:
        return [_of_cases(cases)]
    return [_of_cases(piece) for group in groups for piece in cut(group, CASES)]


def _of_cases(cases: Sequence[Case]) -> Chunk[ByPattern]:
    shown = tuple(
        (pattern, tuple(case.id for case in of_pattern))
        for pattern, of_pattern in groupby(cases, key=lambda case: case.pattern.label)
    )
    ends = (cases[0].name, cases[-1].name) if cases else ("", "")
    return Chunk(shown, *ends, groups=tuple(pattern for pattern, _ in shown))


@dataclass(frozen=True, slots=True)
class RatedCase:
    """A case with its rating on an axis, and the place of its finding."""

    case: NamedCase
    rating: str
    file: str
    """The Markdown file of the part."""


def answers(
    catalogue: Catalogue, axis: str, where: Iterable[ListPart[ByPattern]]
) -> list[RatedCase]:
    """Collect the answers of all cases, in their order, to the question of an axis.

    The axis is given by its id, and ``where`` has the parts of its page.
    """
    file = {id_: part.here.file for part in where for _, ids in part.shown for id_ in ids}
    return [
        RatedCase(NamedCase.of(case), case.findings[axis].rating, file[case.id])
        for case in catalogue.cases.values()
    ]


# Evidence


@dataclass(frozen=True, slots=True)
class ShownEvent:
    """An event in a list of evidence."""

    id: str
    because: str = ""
    """The reason why it is evidence, if the record gives one."""


ByCase = tuple[tuple[str, tuple[ShownEvent, ...]], ...]
"""Some events, by the id of their case."""


@dataclass(frozen=True, slots=True)
class EvidencePart:
    """Some evidence on an item."""

    speaking_for: ByCase
    speaking_against: ByCase


def evidence(
    catalogue: Catalogue, reference: str, first: int | None = None
) -> list[Chunk[EvidencePart]]:
    """Split the evidence on an item by case: one piece if there is little, else several.

    ``first`` is the number of events in the first piece; by default the same as in the others.

    Returns:
        The pieces, at least one. All events of a case are on one piece, for and against.
    """
    found: Evidence = catalogue.evidence[reference]
    sides = (dict(listed(found.speaking_for)), dict(listed(found.speaking_against)))
    pieces: list[list[str]] = [[]]
    room = EVENTS if first is None else first
    for case in sorted({*sides[0], *sides[1]}):
        if room <= 0:
            pieces.append([])
            room = EVENTS
        pieces[-1].append(case)
        room -= sum(len(side.get(case, ())) for side in sides)
    return [_of_evidence(catalogue, cases, sides) for cases in pieces]


def _of_evidence(
    catalogue: Catalogue, cases: Sequence[str], sides: Sequence[dict[str, tuple[ShownEvent, ...]]]
) -> Chunk[EvidencePart]:
    shown = (tuple((case, side[case]) for case in cases if case in side) for side in sides)
    ends = (catalogue.cases[case].name for case in (cases[0], cases[-1])) if cases else ()
    return Chunk(EvidencePart(*shown), *ends)


def listed(witnesses: Iterable[Witness]) -> ByCase:
    """List events by case."""
    found: dict[str, list[ShownEvent]] = {}
    for witness in witnesses:
        shown = ShownEvent(witness.event.id, witness.because)
        found.setdefault(witness.case.id, []).append(shown)
    return tuple((case, tuple(events)) for case, events in found.items())
