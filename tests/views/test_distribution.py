from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from abicase.catalogue.figures import figures
from abicase.catalogue.model import Catalogue
from abicase.schema.case import Case
from abicase.views.distribution import EDGE, ENDS, STEP, WIDTH, Distribution, distributions
from conftest import ROOT, SMALL, loaded, real


def drawn(catalogue: Catalogue) -> Iterator[tuple[int, list[Case], Distribution]]:
    """Yield each drawing, with the number of its figure and its cases."""
    patterns = list(catalogue.patterns)
    for index, row in enumerate(distributions(catalogue, patterns)):
        for pattern, drawing in zip(patterns, row.drawings, strict=True):
            yield index, catalogue.cases_of(pattern), drawing


@pytest.mark.slow
def test_every_case_is_drawn_or_named() -> None:
    for root in (SMALL, ROOT / "casestudies"):
        catalogue = loaded(root)
        for index, cases, drawing in drawn(catalogue):
            there = [dot.case.id for dot in drawing.dots] + [case.id for case, _ in drawing.without]
            assert sorted(there) == sorted(case.id for case in cases)
            assert drawing.without_count == len(drawing.without)
            for case, _ in drawing.without:
                assert figures(catalogue, catalogue.cases[case.id])[index].value is None
            for dot in drawing.dots:
                assert EDGE <= dot.x <= WIDTH - EDGE
                assert 0 < dot.y < drawing.height
            for one, other in itertools.combinations(drawing.dots, 2):
                assert max(abs(one.x - other.x), abs(one.y - other.y)) >= STEP - 0.11


def test_the_highest_of_all_cases_ends_the_scale() -> None:
    catalogue = real()
    for row in distributions(catalogue, list(catalogue.patterns)):
        assert max(dot.x for drawing in row.drawings for dot in drawing.dots) == WIDTH - EDGE
        for drawing in row.drawings:
            places = [dot.x for dot in drawing.dots]
            assert places == sorted(places)
            if places:
                assert drawing.median is not None
                assert places[0] <= drawing.median <= places[-1]


def test_many_cases_are_drawn_as_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = real()
    few = [drawing for _, _, drawing in drawn(catalogue)]
    monkeypatch.setattr("abicase.views.distribution.CASES", 1)
    for dots, (_, cases, drawing) in zip(few, drawn(catalogue), strict=True):
        assert drawing.without_count == len(dots.without)
        assert drawing.median == dots.median
        if len(dots.dots) <= 1:
            assert not drawing.bars
            continue
        assert sum(bar.count for bar in drawing.bars) == len(cases) - drawing.without_count
        assert max(bar.height for bar in drawing.bars) == 6 * STEP
        lefts = [bar.x for bar in drawing.bars]
        assert lefts == sorted(set(lefts))
        for bar in drawing.bars:
            assert bar.height > 0
            assert bar.y >= 0
            assert bar.y + bar.height <= drawing.height
        named = [dot.case.id for dot in drawing.dots]
        every = [dot.case.id for dot in dots.dots]
        assert named == every[:ENDS] + every[-ENDS:]
