"""The comparison of patterns with two, thirteen and sixty cases."""

from __future__ import annotations

import dataclasses
from types import MappingProxyType

from abicase.catalogue.model import Catalogue
from abicase.contrasts import contrast
from abicase.schema.argument import Axis
from abicase.views.comparison import comparison
from abicase.views.layouts import LABEL, WIDTH, layouts
from conftest import SMALL, loaded, real

AXIS = Axis.model_validate(
    {
        "id": "speed",
        "title": "Speed",
        "question": "How fast?",
        "why": "So.",
        "ratings": [
            {"id": "quick", "title": "Quick", "level": "high", "meaning": "Days."},
            {"id": "even", "title": "Even", "level": "middle", "meaning": "Weeks."},
            {"id": "slow", "title": "Slow", "level": "low", "meaning": "Years."},
        ],
    }
)


def rated(quick: int, even: int = 0, slow: int = 0) -> list[str]:
    return ["quick"] * quick + ["even"] * even + ["slow"] * slow


def test_groups_differ_in_a_rating_at_an_end() -> None:
    found = contrast(AXIS, {"out": rated(0, 2, 3), "in": rated(0, 4)})
    assert (found.differs, found.rating) == (True, "slow")
    assert found.counts == (("out", 3, 5), ("in", 0, 4))
    assert found.unused == ("quick",)
    assert (found.count, found.of) == (3, 9)


def test_the_rating_in_the_middle_makes_no_difference() -> None:
    found = contrast(AXIS, {"out": rated(0, 5), "in": rated(2, 0, 2)})
    assert not found.differs
    assert found.rating == "quick"


def test_a_rating_that_three_quarters_have_is_named() -> None:
    found = contrast(AXIS, {"out": rated(1, 4), "in": rated(0, 2, 1)})
    assert (found.differs, found.common, found.rating, found.count) == (False, True, "even", 6)


def test_few_cases_are_not_compared() -> None:
    assert not contrast(AXIS, {"out": rated(2, 1), "in": rated(0, 5)}).differs, "two have it"
    assert not contrast(AXIS, {"out": rated(2), "in": rated(0, 2, 3)}).differs, "a group of two"
    assert contrast(AXIS, {"out": rated(3), "in": rated(0, 2, 3)}).differs


def test_not_known_is_no_rating() -> None:
    found = contrast(AXIS, {"out": ["not-known"] * 4, "in": rated(1, 2)})
    assert (found.differs, found.rating) == (False, "quick")


def test_with_two_cases_nothing_is_compared() -> None:
    catalogue = loaded(SMALL)
    compared = comparison(catalogue)
    assert not compared.comparable
    assert compared.differing == ()
    assert compared.overlaps == ()
    assert [column.axis for column in compared.columns] == list(catalogue.axes)


def test_with_our_cases_all_adds_up() -> None:
    catalogue = real()
    compared = comparison(catalogue)
    assert compared.comparable
    assert {column.axis for column in compared.columns} == set(catalogue.axes)
    assert [*compared.differing, *compared.alike] == [*compared.columns]
    assert sum(size for _, size in compared.groups) == compared.cases == len(catalogue.cases)
    for column in compared.columns:
        assert column.contrast.of == compared.cases
        assert sum(count for _, some in column.levels for _, count in some) == compared.cases
        for pattern, count, size in column.contrast.counts:
            words = [case.findings[column.axis].rating for case in catalogue.cases_of(pattern)]
            assert (count, size) == (words.count(column.contrast.rating), len(words))
    for one in compared.overlaps:
        first = holders(catalogue, one.axis, one.rating)
        second = holders(catalogue, one.other_axis, one.other_rating)
        own = {case.id for case in catalogue.cases_of(one.pattern)}
        assert own | second <= first
        assert (len(own), len(second)) == (one.cases, one.other_cases)
        assert len(own & second) == one.both > 0


def holders(catalogue: Catalogue, axis: str, rating: str) -> set[str]:
    cases = catalogue.cases.values()
    return {case.id for case in cases if case.findings[axis].rating == rating}


def test_with_sixty_cases_rows_are_patterns_and_reasons_short() -> None:
    catalogue = real()
    few = comparison(catalogue)
    many = MappingProxyType(
        {
            f"{id_}-{number}": case.model_copy(update={"id": f"{id_}-{number}"})
            for id_, case in catalogue.cases.items()
            for number in range(-(-60 // len(catalogue.cases)))
        }
    )
    compared = comparison(dataclasses.replace(catalogue, cases=many))
    assert compared.cases >= 60
    assert few.at_a_glance
    assert not compared.at_a_glance
    assert few.reasoned
    assert not compared.reasoned
    assert {column.axis for column in few.differing} <= {one.axis for one in compared.differing}


def test_structures_are_drawn_to_one_scale() -> None:
    mistake = real().casebook.mistake
    assert mistake is not None
    drawing = layouts(mistake.layouts)
    assert max(row.end for row in drawing.rows) == LABEL + WIDTH
    assert len({round((row.end - LABEL) / row.bytes, 2) for row in drawing.rows}) == 1
    for row, layout in zip(drawing.rows, mistake.layouts, strict=True):
        assert row.bytes == sum(member.bytes for member in layout.members)
        for one, following in zip(row.boxes, row.boxes[1:], strict=False):
            assert abs(one.x + one.width - following.x) < 0.2
