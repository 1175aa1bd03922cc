"""The layout of the cases along one figure; the template draws it."""

from __future__ import annotations

import dataclasses
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from abicase.catalogue.figures import Figure, FigureId, figures
from abicase.catalogue.model import Catalogue, NamedCase
from abicase.views.pagination import CASES

WIDTH = 200
"""The width of a drawing, in its own units."""
EDGE = 8
"""The space to the left and right of the scale, for half a mark."""
STEP = 11
"""The distance between marks that would hide each other, and the width of a bar."""
ENDS = 5
"""The number of cases named at either end of the scale if bars are drawn."""


@dataclass(frozen=True, slots=True)
class DistributionDot:
    """A case in the drawing."""

    case: NamedCase
    figure: Figure
    """The figure, without the events it was counted from."""
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Bar:
    """Cases that are too close for a dot each."""

    count: int
    lowest: Figure
    highest: Figure
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Distribution:
    """One figure of some cases, on a scale from zero to the highest value of all cases."""

    width: float
    height: float
    dots: tuple[DistributionDot, ...]
    """The dots from lowest to highest; if there are bars, only those at the ends."""
    median: float | None
    """The place of the median; None without cases."""
    without: tuple[tuple[NamedCase, Figure], ...]
    """The cases without a value, each with its figure, if they are few enough to name."""
    without_count: int
    bars: tuple[Bar, ...] = ()
    """Bars instead of dots, if there are too many cases."""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure of all cases."""

    id: FigureId
    drawings: tuple[Distribution, ...]
    """One for each pattern that has cases."""


def distributions(catalogue: Catalogue, patterns: Sequence[str]) -> tuple[FigureRow, ...]:
    """Lay out all figures of all cases, with the given patterns side by side.

    Returns:
        A row for each of the :func:`~abicase.catalogue.figures.figures`; none without cases.
    """
    by_pattern: dict[str, list[tuple[NamedCase, tuple[Figure, ...]]]] = {
        pattern: [] for pattern in patterns
    }
    for case in catalogue.cases.values():
        bare = (dataclasses.replace(one, events=(), periods=()) for one in figures(catalogue, case))
        by_pattern[case.pattern.label].append((NamedCase.of(case), tuple(bare)))
    figures_by_case = [figures for of_pattern in by_pattern.values() for _, figures in of_pattern]
    rows = []
    for index, figure in enumerate(figures_by_case[0] if figures_by_case else ()):
        sizes = (_size(figures[index]) for figures in figures_by_case)
        most = max((size for size in sizes if size is not None), default=0) or 1
        drawings = (
            _distribution([(case, figures[index]) for case, figures in of_pattern], most)
            for of_pattern in by_pattern.values()
        )
        rows.append(FigureRow(figure.id, tuple(drawings)))
    return tuple(rows)


def _distribution(cases: Sequence[tuple[NamedCase, Figure]], most: float) -> Distribution:
    def x(size: float) -> float:
        return round(EDGE + (WIDTH - 2 * EDGE) * size / most, 1)

    sized = [(_size(figure), case, figure) for case, figure in cases]
    found = [(size, case, figure) for size, case, figure in sized if size is not None]
    found.sort(key=lambda one: (one[0], one[1].id))
    without = tuple((case, figure) for size, case, figure in sized if size is None)
    named = without if len(without) <= CASES else ()
    median = x(statistics.median(size for size, _, _ in found)) if found else None
    if len(found) > CASES:
        ends = (*found[:ENDS], *found[-ENDS:])
        dots = tuple(DistributionDot(case, figure, x(size), 0) for size, case, figure in ends)
        bars = _bars([(x(size), figure) for size, _, figure in found])
        return Distribution(WIDTH, _TALLEST + 6, dots, median, named, len(without), bars)
    ends_of_levels: list[float] = []  # the end of the last mark on each level
    levels = []
    for size, _, _ in found:
        level = next((n for n, end in enumerate(ends_of_levels) if end <= x(size)), None)
        level = len(ends_of_levels) if level is None else level
        ends_of_levels[level : level + 1] = [x(size) + STEP]
        levels.append(level)
    height = max(len(ends_of_levels), 1) * STEP + 6
    dots = tuple(
        DistributionDot(case, figure, x(size), height - 3 - STEP / 2 - level * STEP)
        for (size, case, figure), level in zip(found, levels, strict=True)
    )
    return Distribution(WIDTH, height, dots, median, named, len(without))


_TALLEST = 6 * STEP


def _bars(places: Sequence[tuple[float, Figure]]) -> tuple[Bar, ...]:
    """Return adjacent bars whose height is their number of cases."""
    bins: dict[int, list[Figure]] = {}
    for x, figure in places:
        bins.setdefault(int((x - EDGE) // STEP), []).append(figure)
    tallest = max(map(len, bins.values()))
    bars = []
    for number, in_bin in bins.items():
        height = round(_TALLEST * len(in_bin) / tallest, 1)
        left, top = EDGE + number * STEP, round(_TALLEST + 4 - height, 1)
        bars.append(Bar(len(in_bin), in_bin[0], in_bin[-1], left, top, STEP - 1, height))
    return tuple(bars)


def _size(figure: Figure) -> float | None:
    """Return a figure as one number: for a share the percentage, for a range the upper end."""
    if figure.value is None:
        return None
    if figure.of is not None:
        return 100 * figure.value / figure.of
    return figure.value if figure.upto is None else figure.upto
