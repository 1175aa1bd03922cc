"""The coverage of a casebook by second readings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from abicase.catalogue.model import Catalogue
from abicase.schema.case import Event


@dataclass(frozen=True, slots=True)
class Coverage:
    """The number of events by how often their texts were checked against their sources."""

    events: int
    """The number of all events."""
    twice: int
    """The number of those that were read a second time and have not changed since."""
    not_reached: int
    """The number of those with no source that could be reached again."""

    @property
    def once(self) -> int:
        """The number of those that were read once, or have changed since."""
        return self.events - self.twice - self.not_reached


def readings(catalogue: Catalogue) -> Iterator[tuple[str, Coverage]]:
    """Count the second readings.

    Yields:
        The id of each case with its coverage; at the end, with an empty id, that of all cases.
    """
    for case in catalogue.cases.values():
        yield case.id, _coverage(case.events)
    yield "", _coverage(event for case in catalogue.cases.values() for event in case.events)


def _coverage(events: Iterable[Event]) -> Coverage:
    every = list(events)
    current = [
        event.text_checked for event in every if event.text_checked and not event.changed_since
    ]
    twice = sum(bool(check.against) for check in current)
    return Coverage(len(every), twice, len(current) - twice)
