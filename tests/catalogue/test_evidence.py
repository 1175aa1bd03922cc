"""Evidence: the events that count, and those that count once."""

from __future__ import annotations

from pathlib import Path

from abicase.catalogue.loading import load
from abicase.catalogue.model import Catalogue, Count
from conftest import Run, loaded


def edit(book: Path, file: str, old: str, new: str) -> None:
    path = book / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def recorded_twice(book: Path) -> Catalogue:
    """Let steep() also record the merge of pour(), with both as evidence on the same items."""
    edit(
        book,
        "cases/pour.yml",
        "    text: It was merged.\n",
        "    text: It was merged.\n    for: [stage/try-it]\n",
    )
    edit(
        book,
        "cases/steep.yml",
        "  - id: guessed\n    date: 2021-04\n",
        "  - id: guessed\n    date: 2020-02\n    same_as: case/pour#merged\n",
    )
    edit(
        book,
        "cases/steep.yml",
        "for: [lesson/name-the-unit]",
        "for: [lesson/name-the-unit, stage/try-it, {item: stage/change-it, because: The caller changed.}]",
    )
    return loaded(book)


def test_one_fact_counts_once(book: Path) -> None:
    catalogue = recorded_twice(book)
    evidence = catalogue.evidence["stage/try-it"]
    assert [w.reference for w in evidence.speaking_for] == ["case/pour#first", "case/pour#merged"]
    assert catalogue.counts["stage/try-it"].speaking_for == Count(2, 1)
    # If only one of the two is linked, that is the evidence.
    assert "case/steep#guessed" in [
        w.reference for w in catalogue.evidence["stage/change-it"].speaking_for
    ]


def test_a_stage_counts_the_cases_of_its_pattern_apart(book: Path) -> None:
    counts = recorded_twice(book).counts["stage/change-it"]
    assert counts.speaking_for == Count(2, 2)
    assert counts.own is not None
    assert counts.own.speaking_for == Count(1, 1)
    assert counts.speaking_for - counts.own.speaking_for == Count(1, 1)


def test_reasons_and_same_facts_are_shown(book: Path, tmp_path: Path, run: Run) -> None:
    recorded_twice(book)
    pages = tmp_path / "pages"
    assert run("abicase", "render", pages, "--records", book).returncode == 0
    case = (pages / "cases/steep.md").read_text(encoding="utf-8")
    assert "(The caller changed.)" in case
    assert 'The same event as <a href="../pour/#merged">It goes in</a>, described in pour()' in case
    patterns = (pages / "patterns/index.md").read_text(encoding="utf-8")
    assert "(The caller changed.)" in patterns
    assert "cases of this pattern: 1 event in 1 case; others: 1 event in 1 case" in patterns
    assert patterns.count("Cases of this pattern</p>") == 2
    assert patterns.count("Other cases</p>") == 1


def test_a_fact_on_both_sides_needs_a_reason_in_each_case(book: Path) -> None:
    recorded_twice(book)
    edit(
        book,
        "cases/pour.yml",
        "    for: [stage/try-it]\n",
        "    for: [stage/try-it]\n    against: [{item: stage/change-it, because: Only the library changed.}]\n",
    )
    loaded(book)  # both sides have a reason
    edit(
        book,
        "cases/pour.yml",
        "{item: stage/change-it, because: Only the library changed.}",
        "stage/change-it",
    )
    _, problems = load(book)
    assert [(p.code, Path(p.file).name, p.where) for p in problems] == [
        ("needs-because", "pour.yml", "events[merged].against[0]")
    ]


def test_the_origin_of_a_claim_is_shown_with_it(book: Path) -> None:
    catalogue = loaded(book)
    claim = catalogue.claims["faster"]
    assert [one.reference for one in catalogue.origin(claim)] == ["case/pour#merged"]
    evidence = catalogue.evidence["claim/faster"]
    assert "case/pour#merged" not in [
        one.reference for one in evidence.speaking_for + evidence.speaking_against
    ]
