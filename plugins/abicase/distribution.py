"""Where the cases stand in a drawing of one figure; the template draws it."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from abicase.catalogue import Catalogue
from abicase.figures import Figure, figures
from abicase.records import Case

WIDTH = 200
"""Width of a drawing, in its own units."""
EDGE = 8
"""Space to the left and right of the scale, for the halves of the marks there."""
STEP = 11
"""Distance between marks that would hide each other."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A case in the drawing."""

    case: Case
    figure: Figure
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Distribution:
    """One figure of some cases, on a scale from nothing to the highest of all cases."""

    width: float
    height: float
    dots: tuple[Dot, ...]
    """From the lowest to the highest."""
    median: float | None
    """Where the middle of the cases stands; None where there are none."""
    without: tuple[Case, ...]
    """The cases that have no such figure."""


def distribution(catalogue: Catalogue, cases: Sequence[Case], index: int) -> Distribution:
    """Lay out one figure of some cases.

    Args:
        catalogue: Has all cases, which make the scale.
        cases: The cases to draw.
        index: Which of the :func:`abicase.figures.figures`.

    Returns:
        The drawing.
    """
    every = [figures(catalogue, case)[index] for case in catalogue.cases.values()]
    most = max((size for one in every if (size := _size(one)) is not None), default=0) or 1

    def x(size: float) -> float:
        return round(EDGE + (WIDTH - 2 * EDGE) * size / most, 1)

    found, without = [], []
    for case in cases:
        figure = figures(catalogue, case)[index]
        size = _size(figure)
        if size is None:
            without.append(case)
        else:
            found.append((size, case, figure))
    found.sort(key=lambda one: (one[0], one[1].id))
    ends: list[float] = []  # for each level, where its last mark ends
    levels = []
    for size, _, _ in found:
        level = next((n for n, end in enumerate(ends) if end <= x(size)), len(ends))
        ends[level : level + 1] = [x(size) + STEP]
        levels.append(level)
    height = max(len(ends), 1) * STEP + 6
    dots = tuple(
        Dot(case, figure, x(size), height - 3 - STEP / 2 - level * STEP)
        for (size, case, figure), level in zip(found, levels, strict=True)
    )
    median = x(statistics.median(size for size, _, _ in found)) if found else None
    return Distribution(WIDTH, height, dots, median, tuple(without))


def _size(figure: Figure) -> float | None:
    """A figure as one number: of a share the percentage, of a range the upper end."""
    if figure.value is None:
        return None
    if figure.of is not None:
        return 100 * figure.value / figure.of
    return figure.value if figure.upto is None else figure.upto
