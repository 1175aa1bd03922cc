from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from abicase.catalogue.loading import load
from abicase.catalogue.model import Catalogue
from conftest import SMALL, real


def loaded(root: Path) -> Catalogue:
    catalogue, problems = load(root)
    assert not problems
    assert catalogue is not None
    return catalogue


def test_references_resolve_in_both_directions() -> None:
    catalogue = loaded(SMALL)
    event = catalogue.cases["pour"].events[0]
    assert [link.item for link in event.for_] == ["stage/try-it", "claim/faster"]
    evidence = catalogue.evidence["claim/faster"]
    assert [w.reference for w in evidence.speaking_for] == ["case/pour#first"]
    assert [w.reference for w in evidence.speaking_against] == ["case/pour#doubt"]
    assert catalogue.items["case/pour#first"].value is event
    assert catalogue.items["case/pour#speed"].kind == "finding"


def test_the_catalogue_is_sealed() -> None:
    catalogue = loaded(SMALL)
    with pytest.raises(TypeError):
        catalogue.cases["other"] = catalogue.cases["pour"]  # type: ignore[index]
    with pytest.raises(ValueError, match="frozen"):
        setattr(catalogue.cases["pour"], "id", "x")  # noqa: B010
    with pytest.raises(AttributeError):
        catalogue.cases = {}  # type: ignore[misc]


def test_order_is_what_the_records_say() -> None:
    catalogue = loaded(SMALL)
    assert list(catalogue.patterns) == ["together", "apart"]
    assert list(catalogue.axes) == ["speed", "outcome"]
    assert list(catalogue.cases) == ["pour", "steep"]


def test_errors_leave_no_catalogue() -> None:
    catalogue, problems = load(SMALL, today=datetime.date(2024, 5, 1))
    assert catalogue is None
    assert {problem.code for problem in problems} == {"future-date"}


def test_files_of_records() -> None:
    assert loaded(SMALL).files["claim/faster"] == SMALL / "claims" / "faster.yml"


def test_the_real_records_are_without_problems() -> None:
    catalogue = real()
    assert len(catalogue.cases) >= 13
    assert len(catalogue.lessons) >= 20
    assert len(catalogue.pairs) >= 10
    assert [len(catalogue.patterns[id_].stages) for id_ in ("out-of-tree", "in-tree")] == [5, 4]
