"""The first events on both sides of a lesson: a few that are shown, and the rest to unfold."""

from __future__ import annotations

from dataclasses import dataclass

from abicase.catalogue.model import Catalogue, Witness

_FIRST = 3


@dataclass(frozen=True, slots=True)
class SideEvent:
    """An event as a side lists it."""

    case: str
    """The id of its case."""
    event: str
    """Its own id."""
    on_both: bool
    """Whether the other side lists it as well."""
    because: str
    """Why it is evidence, where the record says so."""


@dataclass(frozen=True, slots=True)
class Side:
    """The events on one side of an item."""

    first: tuple[SideEvent, ...]
    """Those that are shown at once: with a reason, and from different cases, if there are any."""
    more: tuple[SideEvent, ...]
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
    fresh: list[Witness] = []
    again: list[Witness] = []
    for one in sorted(side, key=lambda witness: not witness.because):
        (again if one.case.id in seen else fresh).append(one)
        seen.add(one.case.id)
    first = {one.reference for one in (*fresh, *again)[:_FIRST]}
    return Side(
        tuple(_shown(one, on_both) for one in side if one.reference in first),
        tuple(_shown(one, on_both) for one in side if one.reference not in first),
    )


def _shown(one: Witness, on_both: set[str]) -> SideEvent:
    return SideEvent(one.case.id, one.event.id, one.reference in on_both, one.because)
