from __future__ import annotations

import json

import pytest

from abicase.problems.codes import CODES
from abicase.problems.problem import Problem
from abicase.problems.reporters import as_github, as_json, as_text
from abicase.problems.suggestions import nearest, nearest_reference, with_article

PROBLEMS = [
    Problem("b.yml", 2, 1, "bad-id", "id", "50% wrong:\nquite", "did you mean 'a'?"),
    Problem("a.yml", 10, 1, "syntax", "", "no", ""),
    Problem("a.yml", 9, 3, "syntax", "", "no", ""),
]


def test_text_is_sorted_by_place() -> None:
    assert as_text(sorted(PROBLEMS)).splitlines()[:2] == [
        "a.yml:9:3: error: syntax: no",
        "a.yml:10:1: error: syntax: no",
    ]


def test_json_says_the_same() -> None:
    assert json.loads(as_json(sorted(PROBLEMS)))[2] == {
        "file": "b.yml",
        "line": 2,
        "column": 1,
        "severity": "error",
        "code": "bad-id",
        "where": "id",
        "message": "50% wrong:\nquite",
        "hint": "did you mean 'a'?",
    }


def test_annotations_escape_what_would_end_them() -> None:
    assert as_github(PROBLEMS[:1]) == (
        "::error file=b.yml,line=2,col=1,title=bad-id::id: 50%25 wrong:%0Aquite (did you mean 'a'?)"
    )
    hostile = Problem("a,line=1::x.yml", 1, 1, "syntax", "", "no", "")
    assert as_github([hostile]).startswith("::error file=a%2Cline=1%3A%3Ax.yml,line=1,")


def test_the_nearest_word() -> None:
    assert nearest("claim", ["claims", "lane"]) == "did you mean 'claims'?"
    assert nearest("Iteration", ["iteration"]) == "did you mean 'iteration'?"
    assert nearest("attr", ["attr-size", "outcome"]) == "did you mean 'attr-size'?"
    assert nearest("zebra", ["iteration"]) == ""


def test_every_code_is_explained() -> None:
    for code, meaning in CODES.items():
        assert meaning.meaning.endswith("."), code
        assert meaning.remedy.endswith("."), code


REFERENCES = (
    "case/pour",
    "case/pour#first",
    "case/pour#outcome",
    "case/steep",
    "case/steep#outcome",
    "case/steep#written",
    "claim/faster",
    "lesson/name-the-unit",
)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("case/pour#frist", "case/pour#first"),  # the same case
        ("case/pour#written", "case/steep#written"),  # the same part
        ("case/por#outcome", "case/pour#outcome"),
        ("case/pour#doubt", ""),  # nothing near: no part of it at random
        ("case/kettle#lid", ""),
        ("case/stoop", "case/steep"),
        ("claim/name-the-unit", "lesson/name-the-unit"),
        ("clam/faster", "claim/faster"),
        ("claim/outcome", ""),
        ("faster", "claim/faster"),
        ("name-the-units", "lesson/name-the-unit"),
        ("zebra", ""),
    ],
)
def test_near_references(text: str, meant: str) -> None:
    assert nearest_reference(text, REFERENCES) == (f"did you mean {meant!r}?" if meant else "")


def test_articles() -> None:
    nouns = ("axis", "event", "interface", "case", "stage")
    assert [with_article(noun) for noun in nouns] == [
        "an axis",
        "an event",
        "an interface",
        "a case",
        "a stage",
    ]
