from __future__ import annotations

import json

from abicase.problems import CODES, Problem, as_github, as_json, as_text, nearest

PROBLEMS = [
    Problem("b.yml", 2, 1, "bad-id", "id", "50% wrong:\nquite", "did you mean 'a'?"),
    Problem("a.yml", 10, 1, "syntax", "", "no", ""),
    Problem("a.yml", 9, 3, "syntax", "", "no", ""),
]


def test_text_is_sorted_by_place() -> None:
    assert as_text(PROBLEMS).splitlines()[:2] == [
        "a.yml:9:3: error: syntax: no",
        "a.yml:10:1: error: syntax: no",
    ]


def test_json_says_the_same() -> None:
    assert json.loads(as_json(PROBLEMS))[2] == {
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
