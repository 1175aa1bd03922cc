"""The layout of the events of a case on a timeline; the template draws it."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from abicase.catalogue.model import Catalogue
from abicase.schema.case import Case, Event, Period, Side, TurningPoint
from abicase.schema.casebook import Lane
from abicase.schema.fields import Day
from abicase.views.labels import Anchor, LabelPlace, Leader, hung, text_width
from abicase.views.swarm import BIG, SMALL, Dot, Obstacle, Spot, swarm

_Scale = Callable[[datetime.date], float]

WIDTH = 668
"""The width of the drawing, in CSS pixels: that of a text between two sidebars."""
LEFT = 118
"""The place where time begins; the names of lanes and programs are to the left of it."""
RIGHT = 10
"""The space to the right of the last mark, for half of it."""
ROW = 24
"""The height of a row of labels, which is that of a link target."""
BAND = 16
"""The height of a band."""
EARLIEST = -730
"""The earliest day on the scale, from the first proposal; older events are at the left edge."""
SPACE = 8
"""The space to the left of the first mark."""
_FOOT = 20
"""The height of a line of text below the lanes."""
_YEARS = (1, 2, 5, 10, 15, 20, 30, 40, 50, -1)
_YEAR = 365.25
_NAME, _NUMBER = 92, 30
"""The width of the first event's name on the scale, and of a number of years."""


class Mark(NamedTuple):
    """An event in the drawing."""

    event: Event
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Label:
    """A turning point with its label."""

    point: TurningPoint
    event: Event
    x: float
    y: float
    """The place of the mark, as ``x``."""
    lane: int
    """The number of its lane among all lanes, which gives the shape."""
    width: float
    """The width of the date and the label."""
    place: LabelPlace
    top: float
    """The top of the label's row."""


@dataclass(frozen=True, slots=True)
class LaneRow:
    """A lane and its marks."""

    lane: Lane
    number: int
    """Its number among all lanes, which gives the shape."""
    top: float
    height: float
    marks: tuple[Mark, ...]
    """The events that are not turning points."""
    count: int
    """The number of all its events."""


@dataclass(frozen=True, slots=True)
class Band:
    """A period during which a program lived in one place."""

    side: Side
    period: Period
    x: float
    y: float
    width: float
    room: int
    """The number of characters that fit into it."""


class Tick(NamedTuple):
    """A point on the scale."""

    number: int
    """A year; on a scale that begins with a case, the years from there, or the days in the drawing
    of all cases."""
    x: float


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """The line of the first release."""

    release: Release
    x: float
    anchor: Anchor
    """The part of its name that is at the line: the start or the end."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """A drawing, with all coordinates in its units from the top left corner."""

    width: float
    height: float
    left: float
    """The place where time begins."""
    labels: tuple[Label, ...]
    top: float
    """The top of the lanes."""
    rows: tuple[LaneRow, ...]
    bottom: float
    """The bottom of the lanes."""
    bands: tuple[Band, ...]
    axis: float
    """The place of the axis, from the top."""
    ticks: tuple[Tick, ...]
    releases: tuple[float, ...]
    """The places of all releases."""
    first_release: ReleaseLine | None
    start: float
    """The place of the first proposal."""
    origin: Event
    """The event at that place."""


def origin(case: Case) -> Event:
    """Return the event from which the age of a case counts: its first proposal, else its merge."""
    return case.first("proposal") or case.first("merge") or case.events[0]


class Release(NamedTuple):
    """A release and its date."""

    tag: str
    day: Day


def first_release(catalogue: Catalogue, case: Case) -> Release | None:
    """Return the release that ends the time before the first release.

    This is the release of the merge, if there is one, because parts of an interface can be older
    than the proposal from which its age counts.

    Returns:
        The release; None if there is none or its day is not known.
    """
    merge = case.first("merge")
    tag = (merge and merge.release) or case.interface.first_release or ""
    return Release(tag, catalogue.releases[tag]) if tag in catalogue.releases else None


def timeline(
    catalogue: Catalogue,
    case: Case,
    partner: Case | None = None,
    *,
    calendar: bool = False,
    width: float = WIDTH,
) -> Timeline:
    """Lay out a case.

    Args:
        catalogue: Has the lanes and the releases.
        case: The case.
        partner: A case that is drawn on the same scale, if any.
        calendar: Whether the scale is the calendar, rather than the time since the :func:`origin`
            of each case. The latter is the square root of time, which leaves room for the first
            months, when the most happens, next to the years that follow.
        width: The width of the drawing.

    Returns:
        The drawing.
    """
    cases = [case] if partner is None else [case, partner]
    scale, ticks = _calendar(cases, width) if calendar else _since(case, cases, width)
    points = _points(catalogue, case, scale)
    placed = _hung(points, width)
    top = float(ROW * (1 + max((place.row for place in placed.values()), default=-1)) + 8)
    rows, spots = _lanes(catalogue, case, scale, points, top, width)
    labels = [
        Label(
            point=one.point,
            event=one.event,
            x=spots[one.event.id].x,
            y=spots[one.event.id].y,
            lane=one.lane,
            width=_width(one.event, one.point.label),
            place=place,
            top=top - 8 - ROW * (place.row + 1),
        )
        for one in points
        for place in [placed[one.event.id]]
    ]
    bottom = round(rows[-1].top + rows[-1].height, 1)
    release = _release_line(catalogue, case, scale, width)
    bands, end = _bands(case, scale, bottom + (_FOOT if release else 6), width)
    return Timeline(
        width=width,
        height=round(end + _FOOT + 4, 1),
        left=LEFT,
        labels=tuple(labels),
        top=top,
        rows=tuple(rows),
        bottom=bottom,
        bands=tuple(bands),
        axis=round(end, 1),
        ticks=tuple(ticks),
        releases=tuple(_releases(catalogue, case, scale, width)),
        first_release=release,
        start=scale(origin(case).date.first),
        origin=origin(case),
    )


# The scales


def _calendar(cases: Sequence[Case], width: float) -> tuple[_Scale, list[Tick]]:
    first = min(event.date.first for case in cases for event in case.events)
    last = max(_last_day(case) for case in cases)
    days = max((last - first).days, 1)

    def place(day: datetime.date) -> float:
        part = (day - first).days / days
        return round(LEFT + SPACE + (width - RIGHT - LEFT - SPACE) * min(max(part, 0), 1), 1)

    years = range(first.year + 1, last.year + 1)
    step = next(step for step in (1, 2, 5, 10, 20, 50, 1000) if len(years) / step <= 10)
    return place, [
        Tick(year, place(datetime.date(year, 1, 1))) for year in years if year % step == 0
    ]


def _since(case: Case, cases: Sequence[Case], width: float) -> tuple[_Scale, list[Tick]]:
    """Return the scale that begins with each case, and its ticks."""
    ages: list[int] = []
    for one in cases:
        start = origin(one).date.first
        ages += ((middle(event) - start).days for event in one.events)
        ages.append((_last_day(one) - start).days)
    least, most = root(max(min(ages), EARLIEST)), root(max(*ages, 1))
    # Anything older is drawn to the left of the scale.
    left = LEFT + (3 * SPACE if min(ages) < EARLIEST else SPACE)

    def place(days: float) -> float:
        if days < EARLIEST:
            return float(LEFT + SPACE)
        part = (root(days) - least) / (most - least)
        return round(left + (width - RIGHT - left) * min(max(part, 0), 1), 1)

    ticks: list[Tick] = [Tick(0, place(0))]
    for years in _YEARS:
        x = place(years * _YEAR)
        inside = root(years * _YEAR) < most and least < root(years * _YEAR)
        # The name of the first event needs more room than a number of years.
        apart = all(abs(x - tick.x) >= (_NAME if not tick.number else _NUMBER) for tick in ticks)
        if inside and apart:
            ticks.append(Tick(years, x))
    start = origin(case).date.first
    return lambda day: place((day - start).days), sorted(ticks, key=lambda tick: tick.x)


def root(days: float) -> float:
    """Return the square root of a number of days; negative for days before."""
    return math.copysign(math.sqrt(abs(days)), days)


def _last_day(case: Case) -> datetime.date:
    """Return the last day of a case."""
    return max(case.reviewed.first, *(middle(event) for event in case.events))


def middle(event: Event) -> datetime.date:
    """Return the middle of an event's date, for dates that are not known to the day."""
    day = event.date
    return day.first if day.first == day.last else day.first + (day.last - day.first) / 2


# The parts of the drawing


class _Point(NamedTuple):
    """A turning point before its label has a place."""

    point: TurningPoint
    event: Event
    lane: int
    x: float


def _points(catalogue: Catalogue, case: Case, scale: _Scale) -> list[_Point]:
    """Return the turning points of a case, from left to right."""
    lanes = {lane.id: number for number, lane in enumerate(catalogue.casebook.lanes)}
    events = {event.id: event for event in case.events}
    found = [
        _Point(point, event, lanes[event.lane], scale(middle(event)))
        for point in case.turning_points
        for event in [events[point.event]]
    ]
    return sorted(found, key=lambda one: one.x)


def _hung(points: Sequence[_Point], width: float) -> dict[str, LabelPlace]:
    """Return the place of each label, by event."""
    leaders = [Leader(one.x, _width(one.event, one.point.label)) for one in points]
    places = hung(leaders, width)
    return {one.event.id: place for one, place in zip(points, places, strict=True)}


def _width(event: Event, text: str) -> float:
    """Return the width of a label with its date: a month and a year, or a year alone."""
    return text_width("2000 " if len(event.date.text) == len("2000") else "Sep 2000 ", text)


def _lanes(
    catalogue: Catalogue,
    case: Case,
    scale: _Scale,
    points: Sequence[_Point],
    top: float,
    width: float,
) -> tuple[list[LaneRow], dict[str, Spot]]:
    """Return the lanes that have events, from top to bottom, and the places of turning points."""
    rows: list[LaneRow] = []
    of_points: dict[str, Spot] = {}
    stand_out = {one.event.id for one in points}
    for number, lane in enumerate(catalogue.casebook.lanes):
        events = [event for event in case.events if event.lane == lane.id]
        if not events:
            continue
        dots = [Dot(e.id, scale(middle(e)), e.id in stand_out) for e in events]
        lines = [
            Obstacle(one.x, one.event.id if one.lane == number else "")
            for one in points
            if one.lane >= number
        ]
        spots = swarm(dots, lines, LEFT, width - 2)
        half = max(11.0, *(abs(spots[dot.id].y) + (BIG if dot.big else SMALL) for dot in dots)) + 4
        whole = {id_: Spot(x, round(top + half + y, 1)) for id_, (x, y) in spots.items()}
        of_points |= {id_: spot for id_, spot in whole.items() if id_ in stand_out}
        marks = tuple(Mark(e, *whole[e.id]) for e in events if e.id not in stand_out)
        rows.append(LaneRow(lane, number, round(top, 1), 2 * half, marks, len(events)))
        top += 2 * half
    return rows, of_points


def _release_line(
    catalogue: Catalogue, case: Case, scale: _Scale, width: float
) -> ReleaseLine | None:
    release = first_release(catalogue, case)
    if release is None:
        return None
    x = scale(release.day.first)
    leaves = x + text_width(" first release, 20 Sep 2000 ", release.tag) > width
    return ReleaseLine(release, x, "end" if leaves else "start")


def _releases(catalogue: Catalogue, case: Case, scale: _Scale, width: float) -> Iterator[float]:
    """Yield the places of all releases within the drawing."""
    first, last = min(event.date.first for event in case.events), _last_day(case)
    for day in catalogue.releases.values():
        if first <= day.first <= last:
            yield scale(day.first)


def _bands(case: Case, scale: _Scale, top: float, width: float) -> tuple[list[Band], float]:
    """Return the bands of the places where each program lived, and their bottom."""
    bands = []
    for side in case.sides:
        for period in side.periods:
            left = scale(period.from_.first)
            right = scale(period.to.last) if period.to is not None else width
            room = max(int((right - left - 12) / text_width("x")), 0)
            bands.append(
                Band(side, period, left, round(top, 1), round(max(right - left, 2), 1), room)
            )
        top += BAND + 4
    return bands, top
