from __future__ import annotations

import itertools

from abicase.distribution import EDGE, STEP, WIDTH, distribution
from abicase.figures import figures
from conftest import ROOT, SMALL, loaded


def test_every_case_is_drawn_or_named() -> None:
    for root in (SMALL, ROOT / "casestudies"):
        catalogue = loaded(root)
        for pattern in catalogue.patterns:
            cases = catalogue.cases_of(pattern)
            for index in range(6):
                drawing = distribution(catalogue, cases, index)
                there = [dot.case.id for dot in drawing.dots] + [c.id for c in drawing.without]
                assert sorted(there) == sorted(case.id for case in cases)
                for case in drawing.without:
                    assert figures(catalogue, case)[index].value is None
                for dot in drawing.dots:
                    assert EDGE <= dot.x <= WIDTH - EDGE
                    assert 0 < dot.y < drawing.height
                for one, other in itertools.combinations(drawing.dots, 2):
                    assert max(abs(one.x - other.x), abs(one.y - other.y)) >= STEP - 0.11


def test_the_highest_of_all_cases_ends_the_scale() -> None:
    catalogue = loaded(ROOT / "casestudies")
    for index in range(6):
        drawings = [
            distribution(catalogue, catalogue.cases_of(pattern), index)
            for pattern in catalogue.patterns
        ]
        assert max(dot.x for drawing in drawings for dot in drawing.dots) == WIDTH - EDGE
        for drawing in drawings:
            places = [dot.x for dot in drawing.dots]
            assert places == sorted(places)
            if places:
                assert drawing.median is not None
                assert places[0] <= drawing.median <= places[-1]
