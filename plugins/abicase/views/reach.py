"""The plot of the cases by two figures: the days to the merge, and the changes after it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from abicase.catalogue.figures import figures
from abicase.catalogue.model import Catalogue, NamedCase
from abicase.schema.case import Case
from abicase.views.labels import Anchor, Box, next_to, text_width

WIDTH, HEIGHT = 668, 430
"""The size of the plot, in CSS pixels."""
LEFT, RIGHT, TOP, BOTTOM = 30, 656, 14, 392
"""The edges of the scales."""
FEW = 3
"""The minimum number of cases in a group that is compared with another."""
_HALF = 7
_LINE = 16
_DAYS = (30, 91, 243, 456, 731, 1096, 1461, 2192, 3652)


@dataclass(frozen=True, slots=True)
class ReachDot:
    """A case in the plot."""

    case: NamedCase
    pattern: int
    """The number of its pattern, which gives the shape."""
    days: int
    before: int
    after: int
    events: int
    x: float
    y: float
    label: Box | None
    """The place of its name; None if there is no room."""
    anchor: Anchor
    noted: bool
    """True if there is room for its figures below the name."""


class Outside(NamedTuple):
    """A case that is not on the scales."""

    case: NamedCase
    pattern: int
    unmerged: bool
    """True if it was never merged; if not, no proposal was found."""
    changes: int
    events: int


class Half(NamedTuple):
    """The quicker or the slower cases."""

    cases: int
    least_days: int
    most_days: int
    least: int
    """The smallest number of changes after the merge."""
    most: int


class ReachTick(NamedTuple):
    """A point on a scale."""

    number: int
    at: float


@dataclass(frozen=True, slots=True)
class Reach:
    """The plot."""

    dots: tuple[ReachDot, ...]
    outside: tuple[Outside, ...]
    days: tuple[ReachTick, ...]
    changes: tuple[ReachTick, ...]
    halves: tuple[Half, Half] | None
    """The cases on both sides of the widest gap between the days; None if there are too few."""


class _Counted(NamedTuple):
    case: Case
    days: int
    before: int
    after: int


def reach(catalogue: Catalogue) -> Reach:
    """Lay out all cases."""
    patterns = {pattern: number for number, pattern in enumerate(catalogue.patterns)}
    counted: list[_Counted] = []
    outside = []
    for case in catalogue.cases.values():
        days, before, after, *_ = figures(catalogue, case)
        if days.value is None or after.value is None:
            changes = (before.value or 0) + (after.value or 0)
            pattern = patterns[case.pattern.label]
            named = NamedCase.of(case)
            outside.append(Outside(named, pattern, days.unmerged, changes, len(case.events)))
        else:
            counted.append(_Counted(case, days.value, before.value or 0, after.value))
    most_days = max((one.days for one in counted), default=1) or 1
    most = max((one.after for one in counted), default=1) or 1

    def across(days: int) -> float:
        return round(LEFT + 8 + (RIGHT - LEFT - 16) * math.sqrt(days / most_days), 1)

    def up(changes: int) -> float:
        return round(BOTTOM - (BOTTOM - TOP - 16) * changes / most, 1)

    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 1000) if most / step <= 6)
    return Reach(
        dots=_dots(counted, patterns, [(across(one.days), up(one.after)) for one in counted]),
        outside=tuple(sorted(outside, key=lambda one: not one.unmerged)),
        days=tuple(ReachTick(days, across(days)) for days in _DAYS if days <= most_days),
        changes=tuple(ReachTick(number, up(number)) for number in range(0, most + 1, step)),
        halves=_halves(counted),
    )


def _dots(
    counted: Sequence[_Counted], patterns: dict[str, int], places: Sequence[tuple[float, float]]
) -> tuple[ReachDot, ...]:
    taken = [Box(x - _HALF, y - _HALF, x + _HALF, y + _HALF) for x, y in places]
    dots = []
    within = Box(LEFT, 0, WIDTH, BOTTOM)
    for one, (x, y), mark in zip(counted, places, tuple(taken), strict=True):
        events = len(one.case.events)
        note = f"{one.after} after, {one.before} before · {events} events"
        name_width = text_width("", one.case.name)
        whole = next_to(mark, max(name_width, text_width(note)), 2 * _LINE, taken, within)
        found = whole or next_to(mark, name_width, _LINE, taken, within)
        label, anchor = found or (None, "start")
        if label is not None:
            taken.append(label)
        dots.append(
            ReachDot(
                NamedCase.of(one.case),
                patterns[one.case.pattern.label],
                one.days,
                one.before,
                one.after,
                events,
                x,
                y,
                label,
                anchor,
                noted=whole is not None,
            )
        )
    return tuple(dots)


def _halves(counted: Sequence[_Counted]) -> tuple[Half, Half] | None:
    """Split the cases into quicker and slower ones, at the widest gap between them."""
    ordered = sorted(counted, key=lambda one: one.days)
    gaps = [
        (math.sqrt(ordered[number].days) - math.sqrt(ordered[number - 1].days), number)
        for number in range(FEW, len(ordered) - FEW + 1)
    ]
    if not gaps:
        return None
    _, number = max(gaps)
    return _half(ordered[:number]), _half(ordered[number:])


def _half(cases: Sequence[_Counted]) -> Half:
    after = [one.after for one in cases]
    return Half(len(cases), cases[0].days, cases[-1].days, min(after), max(after))
