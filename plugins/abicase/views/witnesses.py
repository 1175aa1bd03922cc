"""The events on both sides of an item: a few that are shown first, and the rest folded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from abicase.views import pagination

_FIRST = 3


@dataclass(frozen=True, slots=True)
class SideEvent:
    """An event in the list of a side."""

    case: str
    """The id of its case."""
    event: str
    """Its own id."""
    on_both: bool
    """True if the other side lists it too."""
    because: str
    """The reason why it is evidence, if the record gives one."""


@dataclass(frozen=True, slots=True)
class OneSide:
    """The events on one side of an item."""

    first: tuple[SideEvent, ...]
    """The events that are shown at once: from different cases if possible, first those that the
    item's text names, then those with a reason."""
    more: tuple[SideEvent, ...]
    """The others, in the order of the cases."""

    @property
    def cases_of_more(self) -> tuple[str, ...]:
        """The ids of the cases that the others are from."""
        return tuple(dict.fromkeys(one.case for one in self.more))


@dataclass(frozen=True, slots=True)
class BothSides:
    """Both sides of an item."""

    speaking_for: OneSide
    speaking_against: OneSide


def first_witnesses(part: pagination.EvidencePart, strongest: Sequence[str]) -> BothSides:
    """Choose the events that the page of an item shows at once.

    ``strongest`` has the references of the events that go first, in order, each once.

    Returns:
        Both sides, each with the same number of first events.
    """
    sides = _flat(part.speaking_for), _flat(part.speaking_against)
    on_both = {one[:2] for one in sides[0]} & {one[:2] for one in sides[1]}
    return BothSides(
        *(
            _side([SideEvent(*one[:2], one[:2] in on_both, one[2]) for one in side], strongest)
            for side in sides
        )
    )


def _flat(side: pagination.ByCase) -> list[tuple[str, str, str]]:
    """Return the case, the id and the reason of each event."""
    return [(case, one.id, one.because) for case, events in side for one in events]


def _side(events: list[SideEvent], strongest: Sequence[str]) -> OneSide:
    places = {reference: place for place, reference in enumerate(strongest)}

    def rank(one: SideEvent) -> tuple[int, bool]:
        return places.get(f"case/{one.case}#{one.event}", len(strongest)), not one.because

    seen: set[str] = set()
    fresh: list[SideEvent] = []
    again: list[SideEvent] = []
    for one in sorted(events, key=rank):
        (again if one.case in seen else fresh).append(one)
        seen.add(one.case)
    first = {(one.case, one.event) for one in (*fresh, *again)[:_FIRST]}
    return OneSide(
        tuple(one for one in events if (one.case, one.event) in first),
        tuple(one for one in events if (one.case, one.event) not in first),
    )
