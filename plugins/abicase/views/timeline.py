"""The places of the events of a case in a drawing of time; the template draws it."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from abicase.catalogue.model import Catalogue
from abicase.schema.case import Case, Event, Period, Side
from abicase.schema.casebook import Lane
from abicase.schema.fields import Day

_Scale = Callable[[datetime.date], float]

WIDTH = 1000
"""Width of the drawing, in its own units."""
LEFT = 150
"""Where time begins; the names of the lanes stand to the left of it."""
STEP = 14
"""Distance between marks that would hide each other."""
BAND = 18
"""Height of a band."""
_SPACE = WIDTH - LEFT - STEP
_MONTH = 365.25 / 12
_MONTHS = (-240, -120, -60, -24, -6, 0, 1, 3, 6, 12, 24, 48, 84, 120, 180, 240, 360, 480, 600)


class Mark(NamedTuple):
    """An event in the drawing."""

    event: Event
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class LaneRow:
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


class Tick(NamedTuple):
    """A point on the scale."""

    label: str
    """A year or a release; on a scale that begins with a case, how many months from there."""
    x: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """A drawing: everything in its units, from the top left corner."""

    width: float
    height: float
    rows: tuple[LaneRow, ...]
    bands: tuple[Band, ...]
    band_height: float
    ticks: tuple[Tick, ...]
    releases: tuple[Tick, ...]
    """The releases; on a scale that begins with a case, its first release only."""
    first_release: Tick | None
    """The first release of the case, where it is one of those."""

    def strokes(self, ticks: Iterable[Tick], top: float, bottom: float) -> str:
        """Strokes at some points of the scale, as the path that SVG draws."""
        return "".join(f"M{tick.x} {top}V{bottom}" for tick in ticks)


def span(cases: Iterable[Case]) -> tuple[datetime.date, datetime.date]:
    """The first and the last day of anything that happens in some cases."""
    days: list[Day] = []
    for case in cases:
        days += [event.date for event in case.events]
        for side in case.sides:
            days += [period.from_ for period in side.periods]
            days += [period.to for period in side.periods if period.to is not None]
    return min(day.first for day in days), max(day.last for day in days)


def origin(case: Case) -> Event:
    """The event from which the age of a case counts: its first proposal, else its first event."""
    return next((event for event in case.events if event.kind == "proposal"), case.events[0])


def timeline(
    catalogue: Catalogue, case: Case, beside: Case | None = None, *, aligned: bool = False
) -> Timeline:
    """Lay out a case.

    Args:
        catalogue: Has the lanes and the releases.
        case: The case.
        beside: A case that is drawn on the same scale, if any.
        aligned: Whether the scale is the time since the :func:`origin` of each case, rather than
            the calendar. It is a square root of time, so that the first months, in which the most
            happens, have room beside the years that follow.

    Returns:
        The drawing.
    """
    cases = [case] if beside is None else [case, beside]
    default = catalogue.casebook.default_repository
    released = catalogue.repositories[default].releases if default else {}
    first_release = case.interface.first_release or ""
    if aligned:
        x, ticks = _aligned(case, cases)
        day = released.get(first_release)
        releases = [Tick(first_release, x(day.first))] if day else []
    else:
        first, last = span(cases)
        x = _linear(first, last)
        ticks = _years(first, last, x)
        releases = [
            Tick(tag, x(day.first)) for tag, day in released.items() if first <= day.first <= last
        ]
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
        rows.append(LaneRow(lane, top, height, placed))
        top += height
    top += 10
    bands = []
    for side in case.sides:
        for period in side.periods:
            begin = x(period.from_.first)
            end = x(period.to.last) if period.to is not None else WIDTH
            bands.append(Band(side, period, begin, top, round(max(end - begin, 2), 1)))
        top += BAND + 4
    return Timeline(
        width=WIDTH,
        height=top,
        rows=tuple(rows),
        bands=tuple(bands),
        band_height=BAND,
        ticks=tuple(ticks),
        releases=tuple(releases),
        first_release=next((r for r in releases if r.label == first_release), None),
    )


def _linear(first: datetime.date, last: datetime.date) -> _Scale:
    days = max((last - first).days, 1)
    return lambda day: round(LEFT + _SPACE * (day - first).days / days, 1)


def _aligned(case: Case, cases: list[Case]) -> tuple[_Scale, list[Tick]]:
    """The scale that begins with a case, and its ticks; what lies outside is drawn at its end."""
    ages: list[int] = []
    for one in cases:
        start = origin(one).date.first
        for event in one.events:
            ages += ((event.date.first - start).days, (event.date.last - start).days)
    youngest, oldest = min(ages), max(ages)
    least, most = _root(youngest), _root(max(oldest, 1))

    def place(days: float) -> float:
        part = (_root(days) - least) / (most - least)
        return round(LEFT + _SPACE * min(max(part, 0), 1), 1)

    ticks = [
        Tick(str(months), place(months * _MONTH))
        for months in _MONTHS
        if youngest <= months * _MONTH <= oldest
    ]
    start = origin(case).date.first
    return lambda day: place((day - start).days), ticks


def _root(days: float) -> float:
    return math.copysign(math.sqrt(abs(days)), days)


def _marks(events: list[Event], x: _Scale) -> list[tuple[Event, float, int]]:
    """Each event with its place and, where marks would hide each other, its level."""
    ends: list[float] = []  # for each level, where its last mark ends
    found = []
    middles = [(_middle(event), event) for event in events]
    for middle, event in sorted(middles, key=itemgetter(0)):
        place = x(middle)
        level = next((n for n, end in enumerate(ends) if end <= place), len(ends))
        ends[level : level + 1] = [place + STEP]
        found.append((event, place, level))
    return found


def _middle(event: Event) -> datetime.date:
    """The middle of the time in which an event lies, for dates that are not known to the day."""
    day = event.date
    return day.first if day.first == day.last else day.first + (day.last - day.first) / 2


def _years(first: datetime.date, last: datetime.date, x: _Scale) -> list[Tick]:
    years = last.year - first.year
    step = next(step for step in (1, 2, 5, 10, 20, 50, 1000) if years / step <= 12)
    return [
        Tick(str(year), x(datetime.date(year, 1, 1)))
        for year in range(first.year + 1, last.year + 1)
        if year % step == 0
    ]
