"""Where the events of a case stand in a drawing of time; the template draws it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from abicase.catalogue import Catalogue
from abicase.fields import Day
from abicase.records import Case, Event, Lane, Period, Side

_Scale = Callable[[datetime.date], float]

WIDTH = 1000
"""Width of the drawing, in its own units."""
LEFT = 120
"""Where time begins; the names of the lanes stand to the left of it."""
STEP = 14
"""Distance between marks that would hide each other."""
BAND = 18
"""Height of a band."""


@dataclass(frozen=True, slots=True)
class Mark:
    """An event in the drawing."""

    event: Event
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Row:
    """A lane and its marks."""

    lane: Lane
    top: float
    height: float
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """A time in which a program lived in one place."""

    side: Side
    period: Period
    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A point on the scale."""

    label: str
    x: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """A drawing: everything in its units, from the top left corner."""

    height: float
    rows: tuple[Row, ...]
    bands: tuple[Band, ...]
    years: tuple[Tick, ...]
    releases: tuple[Tick, ...]


def span(cases: Iterable[Case]) -> tuple[datetime.date, datetime.date]:
    """The first and the last day of anything that happens in some cases."""
    days: list[Day] = []
    for case in cases:
        days += [event.date for event in case.events]
        for side in case.sides:
            days += [period.from_ for period in side.periods]
            days += [period.to for period in side.periods if period.to is not None]
    return min(day.first for day in days), max(day.last for day in days)


def timeline(catalogue: Catalogue, case: Case, beside: Case | None = None) -> Timeline:
    """Lay out a case.

    Args:
        catalogue: Has the lanes and the releases.
        case: The case.
        beside: A case that is drawn on the same scale, if any.

    Returns:
        The drawing.
    """
    first, last = span([case] if beside is None else [case, beside])
    days = max((last - first).days, 1)

    def x(day: datetime.date) -> float:
        return round(LEFT + (WIDTH - LEFT - STEP) * (day - first).days / days, 1)

    top = 24.0
    rows = []
    for lane in catalogue.casebook.lanes:
        marks = _marks([e for e in case.events if e.lane == lane.id], x)
        depth = max((level for _, _, level in marks), default=0) + 1
        height = depth * STEP + 8
        placed = tuple(
            Mark(event, place, top + height - 4 - STEP / 2 - level * STEP)
            for event, place, level in marks
        )
        rows.append(Row(lane, top, height, placed))
        top += height
    top += 10
    bands = []
    for side in case.sides:
        for period in side.periods:
            begin = x(period.from_.first)
            end = x(period.to.last) if period.to is not None else WIDTH
            bands.append(Band(side, period, begin, top, max(end - begin, 2)))
        top += BAND + 4
    repository = catalogue.repositories[catalogue.casebook.default_repository]
    releases = [
        Tick(tag, x(day.first))
        for tag, day in repository.releases.items()
        if first <= day.first <= last
    ]
    return Timeline(top, tuple(rows), tuple(bands), tuple(_years(first, last, x)), tuple(releases))


def _marks(events: list[Event], x: _Scale) -> list[tuple[Event, float, int]]:
    """Each event with its place and, where marks would hide each other, its level."""
    ends: list[float] = []  # for each level, where its last mark ends
    found = []
    for event in sorted(events, key=_middle):
        place = x(_middle(event))
        level = next((n for n, end in enumerate(ends) if end <= place), len(ends))
        ends[level : level + 1] = [place + STEP]
        found.append((event, place, level))
    return found


def _middle(event: Event) -> datetime.date:
    """The middle of the time in which an event lies, for dates that are not known to the day."""
    return event.date.first + (event.date.last - event.date.first) / 2


def _years(first: datetime.date, last: datetime.date, x: _Scale) -> list[Tick]:
    years = last.year - first.year
    step = next(step for step in (1, 2, 5, 10, 20, 50, 1000) if years / step <= 12)
    return [
        Tick(str(year), x(datetime.date(year, 1, 1)))
        for year in range(first.year + 1, last.year + 1)
        if year % step == 0
    ]
