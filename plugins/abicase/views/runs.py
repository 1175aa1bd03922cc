"""The events of a case in runs: turning points are alone, and the others are folded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from abicase.catalogue.model import Catalogue
from abicase.schema.case import Case, Event, TurningPoint
from abicase.views.timeline import Release, first_release, origin


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive events of a case."""

    events: tuple[Event, ...]
    point: TurningPoint | None = None
    """The turning point, if the run is one; None for a run to fold."""
    days: int = 0
    """For a turning point, the days since the first proposal."""
    released: bool = False
    """True if they happened after the first release."""


@dataclass(frozen=True, slots=True)
class Year:
    """The events of a year."""

    number: int
    runs: tuple[Run, ...]


def strand(catalogue: Catalogue, case: Case) -> tuple[Run | Release, ...]:
    """Return all events of a case in chronological order, with the first release among them.

    Returns:
        Runs; a turning point is a separate run. No run spans the release.
    """
    release = first_release(catalogue, case)
    if release is None:
        return tuple(_runs(case, case.events))
    day = release.day.first
    before = tuple(event for event in case.events if event.date.first < day)
    after = tuple(event for event in case.events if event.date.first >= day)
    return (*_runs(case, before), release, *_runs(case, after, released=True))


def years(case: Case) -> tuple[Year, ...]:
    """Return the events of a case by year.

    Returns:
        The years that have events; a turning point is a separate run.
    """
    by_year = groupby(case.events, key=lambda event: event.date.first.year)
    return tuple(Year(number, tuple(_runs(case, events))) for number, events in by_year)


def _runs(case: Case, events: Iterable[Event], *, released: bool = False) -> Iterator[Run]:
    points = {point.event: point for point in case.turning_points}
    start = origin(case).date.first
    for point, consecutive in groupby(events, key=lambda event: points.get(event.id)):
        run = tuple(consecutive)
        days = (run[0].date.first - start).days if point else 0
        yield Run(run, point, days, released)
