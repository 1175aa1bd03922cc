from __future__ import annotations

from pathlib import Path

import pytest

from abicase.catalogue.figures import Figure, boundaries, figures
from abicase.catalogue.model import Catalogue
from conftest import loaded


def of(catalogue: Catalogue, case: str) -> dict[str, Figure]:
    return {figure.id: figure for figure in figures(catalogue, catalogue.cases[case])}


def test_figures_say_what_they_were_counted_from() -> None:
    found = of(loaded(), "pour")
    days = found["days-to-merge"]
    assert (days.value, days.exact) == (22, False)  # the merge is only known to the month
    assert [event.id for event in days.events] == ["first", "merged"]
    assert found["changes-before-merge"].value == 1
    assert [event.id for event in found["changes-before-merge"].events] == ["unit-named"]
    assert found["changes-after-merge"].value == 0
    assert (found["changes-on-both-sides"].value, found["changes-on-both-sides"].of) == (1, 1)
    assert (found["boundaries"].value, found["boundaries"].upto) == (0, 2)
    assert (found["span"].value, found["span"].exact) == (173, True)


def test_a_case_without_merge_or_changes() -> None:
    found = of(loaded(), "steep")
    assert found["days-to-merge"].value is None
    assert all(found[name].unmerged for name in found if name.endswith("-merge"))
    assert not any(figure.unmerged for figure in of(loaded(), "pour").values())
    assert found["changes-before-merge"].value == 0
    assert found["changes-after-merge"].value is None
    assert found["changes-on-both-sides"].value is None
    assert found["span"].exact is False


def test_changes_after_the_merge(book: Path) -> None:
    path = book / "cases" / "pour.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("kind: comment", "kind: change"), encoding="utf-8")
    found = of(loaded(book), "pour")
    assert found["changes-after-merge"].value == 1
    assert (found["changes-on-both-sides"].value, found["changes-on-both-sides"].of) == (1, 2)


@pytest.mark.parametrize(("index", "count"), [(0, 0), (1, 2)])
def test_boundaries(index: int, count: int) -> None:
    catalogue = loaded()
    assert boundaries(catalogue, catalogue.cases["pour"].sides[0].periods[index]) == count
