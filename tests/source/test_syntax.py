"""Common typing mistakes in YAML: each is named at its position, with advice."""

from __future__ import annotations

import pytest

from abicase.source.document import parse

# The line to be tried is the fourth; a quotation mark left open there meets one on the seventh.
AROUND = """\
events:
  - id: a
    title: It goes in
{}
    sources: [x]
findings: []
subject: "[ANN] x"
"""


def found(written: str) -> list[str]:
    _, problems = parse(AROUND.format(written), "x.yml")
    return [str(problem) for problem in problems]


@pytest.mark.parametrize(
    ("written", "place", "message", "hint"),
    [
        ('    text: "It" was so.', "4:16", "text follows a closing", """'"It" was so.'"""),
        ('    text: "a "b" c"', "4:15", "text follows a closing", "'a \"b\" c'"),
        ("    kinds: [b, 'd' e]", "4:20", "text follows a closing", "\"'d' e\""),
        ("    text: 'It's in'", "4:14", "the apostrophe ends", '"It\'s in"'),
        ('    text: "It goes in', "4:11", "is closed only on line 7", "close it"),
        ("    text: 'tis done", "4:11", "is never closed", "double quotation marks"),
        ('    text: "C:\\path"', "4:14", "unknown escape", "two backslashes"),
        ('    text: "\\x"', "4:12", "unknown escape", "single quotation marks"),
        ("    text: {it} was so.", "4:11", "begins with {", '"{it} was so."'),
        ("    text: [PATCH v2] a: b", "4:11", "begins with [", '"[PATCH v2] a: b"'),
        ("    list:\n      - [a] b", "5:9", "begins with [", '"[a] b"'),
        ("    text: *It* was so.", "4:11", "begins with *", '"*It* was so."'),
        ("    text: *it was so", "4:11", "begins with *", '"*it was so"'),
        ("    text: &it* was", "4:11", "begins with &", '"&it* was"'),
        ("    text: @it", "4:11", "begins with @", '"@it"'),
        ("    text: `it`", "4:11", "begins with `", '"`it`"'),
        ("    text: %it", "4:11", "begins with %", '"%it"'),
        ("    text: > 5 things", "4:11", "begins with >", '"> 5 things"'),
        ("    text: | a", "4:11", "begins with |", '"| a"'),
        ("    text: - a", "4:11", "begins with -", '"- a"'),
        ("    text: ? a", "4:11", "begins with ?", '"? a"'),
        ("    text: ] a", "4:11", "begins with ]", '"] a"'),
        ("    text: , a", "4:11", "begins with ,", '", a"'),
        ("    text: [a, b", "4:11", "this [ is not closed", "close it"),
        ("    text: {a: b", "4:11", "this { is not closed", "close it"),
        ("    text: {a: see #1}", "4:19", "a comment begins here", "quotation marks"),
        ("    text:it", "4:9", "a space is missing after the colon", "write text: it"),
        ("  - id:b\n    date: c", "4:7", "a space is missing after the colon", "write id: b"),
        ("  -id: b", "4:3", "a space is missing after the dash", "write - id: b"),
        ("     text: it", "4:6", "indented further", "indent it by 4 spaces"),
        ("  - id: b\n     date: c", "5:6", "indented further", "indent it by 4 spaces"),
        ("   text: it", "4:4", "indented by 3 spaces", "by 4 spaces"),
        ("  text: it", "4:3", "a list item was expected", "by 4 spaces"),
        ("    text: |\n       a\n      b", "6:7", "indented by 6 spaces", "by 4 spaces"),
        ("    text: >-\n    it was", "5:5", "neither a field", "indented further"),
        ("    text", "4:5", "neither a field", "a colon and a space"),
        ("    text = it", "4:5", "neither a field", "a colon and a space"),
        ("\ttext: it", "4:1", "a tab indents this line", "indent with spaces"),
        ("    \ttext: it", "4:5", "a tab indents this line", "indent with spaces"),
        ("\xa0\xa0\xa0\xa0text: it", "4:1", "NO-BREAK SPACE", "replace it with a space"),
        ("    text:\xa0it", "4:10", "NO-BREAK SPACE", "replace it with a space"),
        ("    text:\u3000it", "4:10", "IDEOGRAPHIC SPACE", "replace it with a space"),
        ("  - {id: x, title: a: b}", "4:21", "a colon and a space", "quotation marks"),
        ("    code: |-\n      int x;\n      \tint y;\n      foo:bar\n    text: a: b", "8:12", "a colon and a space", '"a: b"'),
        ("    code: |-\n      \u3000it: is\n    text: a: b", "6:12", "a colon and a space", '"a: b"'),
        ("    text: a: b", "4:12", "a colon and a space", '"a: b"'),
        ("    text: a:", "4:12", "a colon and a space", '"a:"'),
        ("    text: a # b\n      c", "4:13", "begins a comment", "quotation marks"),
        ("    text: a\n      #34 b\n      c", "5:7", "begins a comment", "quotation marks"),
    ],
)  # fmt: skip
def test_syntax_errors(written: str, place: str, message: str, hint: str) -> None:
    (problem,) = found(written)
    assert problem.startswith(f"x.yml:{place}: error: syntax: ")
    said, _, meant = problem.partition(" (")
    assert message in said
    assert hint in meant


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("    text: *it", 'alias: the alias *it is not allowed (if a text was meant, put the whole text in quotation marks: "*it")'),
        ("    text: &it was", 'alias: the anchor &it is not allowed (if a text was meant, put the whole text in quotation marks: "&it was")'),
        ("    text: !it was", 'tag: the tag !it is not allowed (if a text was meant, put the whole text in quotation marks: "!it was")'),
        ("    text: !!str it", "tag: the tag tag:yaml.org,2002:str is not allowed"),
    ],
)  # fmt: skip
def test_what_yaml_takes_for_something_else(written: str, expected: str) -> None:
    assert found(written) == [f"x.yml:4:11: error: {expected}"]


def test_any_line_anywhere_is_no_traceback() -> None:
    """Wherever the parser stops, there is a message."""
    starts = ["", " ", "  - ", "    ", "    text: ", "      "]
    texts = [
        *"\"'[]{}*&!@`%>|?-,#:~\\\t\xa0",
        *("a: b: c", "a:b", "'a' b", '"a', "- ", "? a", "%", "a #b"),
    ]
    for start in starts:
        for text in texts:
            for end in ("", "\n", " x", "\n   x"):
                for whole in (start + text + end, AROUND.format(start + text + end)):
                    document, problems = parse(whole, "x.yml")
                    lines = len(whole.splitlines()) + 1
                    assert document is not None or problems
                    assert all(0 < one.line <= lines and one.column > 0 for one in problems), whole
