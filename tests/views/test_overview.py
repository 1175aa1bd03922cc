"""The drawings of all cases: with three cases, with those of the site, and with sixty."""

from __future__ import annotations

import dataclasses
from itertools import combinations, cycle, islice, pairwise

import pytest

from abicase.catalogue.model import Catalogue
from abicase.views.labels import Box
from abicase.views.overview import LOW_ROW, MANY, ROW, WIDTH, overview
from abicase.views.pagination import by_pattern
from abicase.views.reach import BOTTOM, FEW, LEFT, reach
from abicase.views.reach import WIDTH as PLOT
from conftest import real


def with_cases(count: int) -> Catalogue:
    """Return the real casebook with ``count`` cases: the first of them, or copies with other ids."""
    cases = islice(cycle(real().cases.values()), count)
    copies = (case.model_copy(update={"id": f"{case.id}-{n}"}) for n, case in enumerate(cases))
    return dataclasses.replace(real(), cases={case.id: case for case in copies})


@pytest.mark.parametrize("count", [3, 13, 60])
def test_the_picture_of_all_cases_is_clear(count: int) -> None:
    catalogue = with_cases(count)
    (chunk,) = by_pattern(catalogue)
    picture = overview(catalogue, chunk.shown)
    rows = [row for group in picture.groups for row in group.rows]
    assert {row.case.id for row in rows} == set(catalogue.cases)
    assert picture.low == (count > MANY)
    for upper, lower in pairwise(rows):
        assert lower.y - upper.y >= (LOW_ROW if picture.low else ROW)
    assert rows[-1].y < picture.height
    labels = [label.box for row in rows for label in row.labels]
    assert bool(labels) != picture.low
    for one, other in combinations(labels, 2):
        assert not one.meets(other)
    for box in labels:
        assert box.left >= 0
        assert box.right <= WIDTH
        assert box.bottom - box.top >= 24
    for row in rows:
        for x in (*row.changes, *row.others, *row.points, row.end):
            assert 0 < x <= WIDTH
        events = len(row.changes) + len(row.others) + len(row.points)
        total = len(catalogue.cases[row.case.id].events)
        assert events == total or (events < total and row.earlier)


@pytest.mark.parametrize("count", [3, 13, 60])
def test_the_plot_of_all_cases_is_clear(count: int) -> None:
    catalogue = with_cases(count)
    plot = reach(catalogue)
    named = [dot.case.id for dot in plot.dots] + [one.case.id for one in plot.outside]
    assert sorted(named) == sorted(catalogue.cases)
    labels = [dot.label for dot in plot.dots if dot.label is not None]
    marks = [Box(dot.x - 6, dot.y - 6, dot.x + 6, dot.y + 6) for dot in plot.dots]
    assert len(labels) == len(plot.dots) or count > MANY
    for one, other in combinations(labels, 2):
        assert not one.meets(other)
    for box in labels:
        assert not any(box.meets(mark) for mark in marks)
        assert box.left >= 0
        assert box.right <= PLOT
        assert box.bottom <= BOTTOM
    for mark in marks:
        assert mark.left >= LEFT
        assert mark.right <= PLOT


def test_the_quick_and_the_slow_are_counted() -> None:
    plot = reach(real())
    assert plot.halves is not None
    quick, slow = plot.halves
    assert quick.cases >= FEW <= slow.cases
    assert quick.most_days < slow.least_days
    for half in plot.halves:
        after = [d.after for d in plot.dots if half.least_days <= d.days <= half.most_days]
        assert (half.cases, half.least, half.most) == (len(after), min(after), max(after))
    assert reach(with_cases(3)).halves is None
