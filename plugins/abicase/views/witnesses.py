"""The first events on both sides of a lesson: a few that are shown, and the rest to unfold."""

from __future__ import annotations

from dataclasses import dataclass

from abicase.catalogue.model import Catalogue, Witness

_FIRST = 3


@dataclass(frozen=True, slots=True)
class ShownEvent:
    """An event as a side lists it."""

    case: str
    """The id of its case."""
    event: str
    """Its own id."""
    on_both: bool
    """Whether the other side lists it as well."""


@dataclass(frozen=True, slots=True)
class Side:
    """The events on one side of an item."""

    first: tuple[ShownEvent, ...]
    """Those that are shown at once, from different cases as far as there are any."""
    more: tuple[ShownEvent, ...]
    """The others, in the order of the cases."""

    @property
    def cases_of_more(self) -> tuple[str, ...]:
        """The ids of the cases that the others are from."""
        return tuple(dict.fromkeys(one.case for one in self.more))


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides of an item."""

    speaking_for: Side
    speaking_against: Side


def first_witnesses(catalogue: Catalogue, reference: str) -> Sides:
    """Choose the events that the page of an item shows at once.

    Args:
        catalogue: The records.
        reference: The item.

    Returns:
        Both sides, each with as many.
    """
    evidence = catalogue.evidence[reference]
    sides = evidence.speaking_for, evidence.speaking_against
    for_, against = ({one.reference for one in side} for side in sides)
    return Sides(*(_side(side, for_ & against) for side in sides))


def _side(side: tuple[Witness, ...], on_both: set[str]) -> Side:
    seen: set[str] = set()
    fresh = []
    for one in side:
        if one.case.id not in seen:
            seen.add(one.case.id)
            fresh.append(one)
    again = [one for one in side if one not in fresh]
    first = {one.reference for one in (*fresh, *again)[:_FIRST]}
    events = [
        (one, ShownEvent(one.case.id, one.event.id, one.reference in on_both)) for one in side
    ]
    return Side(
        tuple(shown for one, shown in events if one.reference in first),
        tuple(shown for one, shown in events if one.reference not in first),
    )
