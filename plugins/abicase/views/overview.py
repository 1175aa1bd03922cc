"""The layout of all cases in one drawing, a row for each, on one scale."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from abicase.catalogue.figures import Figure, figures
from abicase.catalogue.model import Catalogue, NamedCase
from abicase.schema.case import Case, TurningPoint
from abicase.views.labels import Anchor, Box, is_free, text_width
from abicase.views.pagination import ByPattern
from abicase.views.timeline import Tick, first_release, middle, origin, root

WIDTH = 1100
"""The width of the drawing, in CSS pixels."""
ZERO = 226
"""The place of the first proposals; the names are to the left of it."""
EDGE = 168
"""The leftmost place, for everything that happened earlier."""
ROW, LOW_ROW = 60, 26
"""The height of a row, and of one without labels."""
MANY = 20
"""The largest number of cases whose rows have labels."""
GROUP = 28
"""The height of a group's name."""
_HEAD = 22
_RIGHT = 12
_LABELS = 3
_TICKS = (30, 91, 183, 365, 731, 1826, 3652, 5479, 7305, 10957, 14610)
_DAYS_TO_X = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class NamedPoint:
    """A turning point that is named in the drawing."""

    event: str
    year: int
    text: str
    x: float
    """The place of its mark."""
    at: float
    anchor: Anchor
    box: Box
    """The area of the link."""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case."""

    case: NamedCase
    days: Figure
    """The time from the proposal to the merge, without the events it was counted from."""
    y: float
    """The place of its line."""
    year: int
    """The year at which the row begins."""
    proposed: bool
    """True if it begins with a proposal, rather than with the first known event."""
    end: float
    earlier: bool
    """True if something happened earlier than the drawing shows."""
    merge: float | None
    release: tuple[str, float] | None
    changes: tuple[float, ...]
    """The changes of the interface."""
    others: tuple[float, ...]
    """The other events."""
    points: tuple[float, ...]
    """The turning points."""
    labels: tuple[NamedPoint, ...]


@dataclass(frozen=True, slots=True)
class PatternGroup:
    """The cases of a pattern."""

    pattern: str
    y: float
    rows: tuple[CaseRow, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """The drawing, with all coordinates in its units from the top left corner."""

    height: float
    ticks: tuple[Tick, ...]
    groups: tuple[PatternGroup, ...]
    low: bool
    """True if the rows have no labels."""


def overview(catalogue: Catalogue, shown: ByPattern) -> Overview:
    """Lay out the cases of a page, on the scale of all cases."""
    ages = (age for case in catalogue.cases.values() for age in _ages(case).values())
    most = max(ages, default=1)
    step = (WIDTH - _RIGHT - ZERO) / root(max(most, 1))

    def place(days: float) -> float:
        return round(ZERO + root(days) * step, 1)

    low = sum(len(cases) for _, cases in shown) > MANY
    height = LOW_ROW if low else ROW
    top: float = _HEAD
    groups = []
    for pattern, cases in shown:
        rows = tuple(
            _row(catalogue, catalogue.cases[id_], top + GROUP + (n + 0.5) * height, place, low=low)
            for n, id_ in enumerate(cases)
        )
        groups.append(PatternGroup(pattern, top, rows))
        top += GROUP + len(cases) * height
    ticks = tuple(Tick(days, place(days)) for days in _TICKS if days < most)
    return Overview(top + 4, ticks, tuple(groups), low)


def _ages(case: Case) -> dict[str, int]:
    """Return the days from the first proposal of a case to each of its events."""
    start = origin(case).date.first
    return {event.id: (middle(event) - start).days for event in case.events}


def _row(catalogue: Catalogue, case: Case, y: float, place: _DAYS_TO_X, *, low: bool) -> CaseRow:
    points = {point.event for point in case.turning_points}
    began = origin(case)
    at = {id_: place(days) for id_, days in _ages(case).items()}
    inside = [event for event in case.events if at[event.id] >= EDGE]
    merge = case.first("merge")
    release = first_release(catalogue, case)
    since = release and (release.day.first - began.date.first).days
    drawn = (release.tag, place(since)) if release and since is not None and since >= 0 else None
    return CaseRow(
        case=NamedCase.of(case),
        days=dataclasses.replace(figures(catalogue, case)[0], events=(), periods=()),
        y=y,
        year=began.date.first.year,
        proposed=began.kind == "proposal",
        end=max(at.values()),
        earlier=len(inside) < len(case.events),
        merge=at[merge.id] if merge else None,
        release=drawn,
        changes=tuple(at[e.id] for e in inside if e.kind == "change" and e.id not in points),
        others=tuple(at[e.id] for e in inside if e.kind != "change" and e.id not in points),
        points=tuple(at[e.id] for e in inside if e.id in points),
        labels=() if low else _labels(case, at, y, drawn),
    )


def _labels(
    case: Case, at: dict[str, float], y: float, release: tuple[str, float] | None
) -> tuple[NamedPoint, ...]:
    """Return as many turning points as there is room for, those on the card first."""
    years = {event.id: event.date.first.year for event in case.events}
    taken = [Box(ZERO - 20, y + 6, ZERO + 20, y + ROW / 2)]
    if release:
        half = text_width("", release[0]) / 2 + 4
        taken.append(Box(release[1] - half, y + 6, release[1] + half, y + ROW / 2))
    labels: list[NamedPoint] = []
    for point in sorted(case.turning_points, key=lambda point: point.card is None):
        if len(labels) < _LABELS and at[point.event] >= ZERO - 20:
            label = _label(point, years[point.event], at[point.event], y, taken)
            if label is not None:
                labels.append(label)
                taken.append(label.box)
    return tuple(sorted(labels, key=lambda label: label.x))


def _label(
    point: TurningPoint, year: int, x: float, y: float, taken: Sequence[Box]
) -> NamedPoint | None:
    width = text_width(f" {point.label}", str(year))
    within = Box(EDGE, y - ROW, WIDTH, y + ROW)
    sides: tuple[tuple[float, Anchor, float], ...] = (
        (x - 4, "start", x - 4),
        (x + 4, "end", x + 4 - width),
    )
    for top in (y - ROW / 2, y + 6):
        for at, anchor, left in sides:
            box = Box(round(left - 5, 1), top, round(left + width + 5, 1), top + ROW / 2 - 6)
            if is_free(box, within, taken):
                return NamedPoint(point.event, year, point.label, x, at, anchor, box)
    return None
