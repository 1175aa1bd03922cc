from __future__ import annotations

import pytest

from abicase.source.document import Document, decode, parse
from abicase.source.yamltext import MAX_BYTES, ListNode, MapNode, Position


def parsed(text: str) -> Document:
    document, problems = parse(text, "x.yml")
    assert not problems
    assert document is not None
    return document


def test_scalars_stay_what_was_written() -> None:
    text = "a: no\nb: 1e6\nc: 0123\nd: 3.10\ne: 2009-06-12\nf: 12:30:45\ng: ~\nh: 012345670123\n"
    assert parsed(text).plain() == {
        "a": "no",
        "b": "1e6",
        "c": "0123",
        "d": "3.10",
        "e": "2009-06-12",
        "f": "12:30:45",
        "g": "~",
        "h": "012345670123",
    }


def test_every_node_knows_its_place() -> None:
    document = parsed("a: 1\nlist:\n  - {id: x, b: 2}\n  - {id: y, b: 3}\n")
    assert document.position(("list", 1, "b")) == Position(4, 16)
    assert document.position(("list", 1, "b"), key=True) == Position(4, 13)
    assert document.where(("list", 1, "b")) == "list[y].b"
    assert document.where(("list",)) == "list"


def test_a_path_that_is_not_there_gives_the_nearest_place() -> None:
    document = parsed("a:\n  b: 1\n")
    assert document.position(("a", "missing", "deeper")) == Position(2, 3)


def test_a_fragment_is_found_in_a_folded_text() -> None:
    document = parsed("a: >-\n  one\n  two <b>\nb: <b>\n")
    assert document.find(("a",), "<b>") == Position(3, 7)
    assert document.find(("a",), "not there") == Position(1, 4)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "1:1: error: empty-file: the file is empty"),
        ("# only a remark\n", "1:1: error: empty-file: the file contains no record"),
        ("- a\n", "1:1: error: wrong-type: a record must be a mapping of fields to values, not a list"),
        ("a: 1\nb: 2\na: 3\n", "3:1: error: duplicate-key: the key 'a' is already on line 1"),
        ("a: &x 1\n", "1:4: error: alias: the anchor &x is not allowed (if a text was meant, put the whole text in quotation marks: \"&x 1\")"),
        ("a: *x\n", "1:4: error: alias: the alias *x is not allowed (if a text was meant, put the whole text in quotation marks: \"*x\")"),
        ("a: !!int 1\n", "1:4: error: tag: the tag tag:yaml.org,2002:int is not allowed"),
        ("a: 1\n---\nb: 1\n", "2:1: error: syntax: a second document begins here; a file holds only one"),
        ("? [a]\n: 1\n", "1:3: error: wrong-type: a key must be a string"),
        ('a: "\\u202e"\n', "1:4: error: control-character: a text contains the invisible character U+202E (remove it)"),
        ("a: x\u202ey\n", "1:5: error: control-character: the file contains the invisible character RIGHT-TO-LEFT OVERRIDE (remove it)"),
    ],
)  # fmt: skip
def test_rejections(text: str, expected: str) -> None:
    _, problems = parse(text, "x.yml")
    assert [str(problem) for problem in problems] == [f"x.yml:{expected}"]


def test_a_syntax_error_says_where_and_what_to_do() -> None:
    _, problems = parse("a: one\nb: two: three\n", "x.yml")
    (problem,) = problems
    assert (problem.line, problem.column, problem.code) == (2, 7, "syntax")
    assert "quotation marks" in problem.hint


def test_deep_nesting_is_rejected_without_recursion() -> None:
    for text in ("[" * 100_000, "{a: " * 100_000, "- " * 100_000):
        document, problems = parse(text, "x.yml")
        assert document is None
        assert "too-deep" in {problem.code for problem in problems}


def test_bytes_that_are_no_text() -> None:
    assert [str(p) for p in decode(b"a: 1\nb: \xe9\n", "x.yml")[1]] == [
        "x.yml:2:4: error: encoding: byte 0xe9 is not valid UTF-8 (save the file as UTF-8)"
    ]
    assert decode("a: 1".encode("utf-16"), "x.yml")[1][0].code == "encoding"
    assert decode(b"a" * (MAX_BYTES + 1), "x.yml")[1][0].code == "huge-file"
    assert decode("a: ü\n".encode(), "x.yml") == ("a: ü\n", [])


def test_the_kinds_of_nodes() -> None:
    root = parsed("a: [x]\n").root
    assert isinstance(root, MapNode)
    assert isinstance(root.values["a"], ListNode)
