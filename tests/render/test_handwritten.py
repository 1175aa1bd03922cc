from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown import Markdown

from abicase.render.handwritten import Expander
from abicase.render.renderer import Renderer
from conftest import loaded


@pytest.fixture(scope="module")
def expander() -> Expander:
    catalogue = loaded()
    return Expander(catalogue, Renderer(catalogue))


def expand(expander: Expander, text: str, file: str = "index.md") -> tuple[str, list[str]]:
    expanded = expander.expand(text, file, f"docs/{file}")
    return expanded.markdown, [str(problem) for problem in expanded.problems]


@pytest.mark.parametrize(
    ("text", "file", "expected"),
    [
        ("[a](case/pour)", "index.md", "[a](cases/pour.md)"),
        ("[a](case/pour#first)", "about/x.md", "[a](../cases/pour.md#first)"),
        ("[a](stage/try-it)", "index.md", "[a](patterns/index.md#try-it)"),
        ("[a](pair/pour-vs-steep)", "cases/x.md", "[a](../compare/pour-vs-steep.md)"),
        ("[a][b]\n\n[b]: claim/faster\n", "index.md", "[a][b]\n\n[b]: claims/faster.md\n"),
        ("[a](other.md) [b](https://a.example/case/pour)", "index.md", None),
        ("`[a](case/nowhere)`", "index.md", None),
        ("```\n[a](case/nowhere)\n<!-- abicase: nothing -->\n```\n", "index.md", None),
        (
            '[a](<case/pour>) [b]( case/pour "t")',
            "index.md",
            '[a](<cases/pour.md>) [b]( cases/pour.md "t")',
        ),
        ("one ` a\n\n[a](case/pour) b ` c", "index.md", "one ` a\n\n[a](cases/pour.md) b ` c"),
        ("~~~~\n```\n[a](case/nowhere)\n~~~~\n", "index.md", None),
        ("Write:\n\n    [a](case/nowhere)\n\n    <!-- abicase: nothing -->\n", "index.md", None),
        ("1. a\n\n\t```\n\n\t[a](case/nowhere)\n\t```\n", "index.md", None),
        ("<!-- to do: [a](case/nowhere)\n\n`one -->\n", "index.md", None),
        ("<pre>\n[a](case/nowhere)\n\n<!-- abicase: nothing -->\n</pre>\n", "index.md", None),
        ("> a\n>\n>     [a](case/nowhere)\n", "index.md", None),
        ("- a\n\n    [a](case/pour)\n", "index.md", "- a\n\n    [a](cases/pour.md)\n"),
        ("a\n    [a](case/pour)\n", "index.md", "a\n    [a](cases/pour.md)\n"),
    ],
)
def test_links(expander: Expander, text: str, file: str, expected: str | None) -> None:
    assert expand(expander, text, file) == (expected or text, [])


def test_what_is_wrong_is_located_and_left(expander: Expander) -> None:
    text = "# A\n\nSee [a](case/poor) and\n<!-- abicase: matrx -->, <!-- abicase: balance claim/fast -->\n"
    assert expand(expander, text) == (
        text,
        [
            "docs/index.md:3:7: error: unknown-reference: the link leads to 'case/poor', which does not exist (did you mean 'case/pour'?)",
            "docs/index.md:4:1: error: directive: there is no part 'matrx' (did you mean 'matrix'?)",
            "docs/index.md:4:26: error: directive: there is no 'claim/fast' (did you mean 'claim/faster'?)",
        ],
    )


def test_a_number_of_records_in_a_sentence(expander: Expander) -> None:
    text = "All <!-- abicase: count cases --> of them,\n    <!--abicase:count  claims--> more.\n"
    assert expand(expander, text) == ("All two of them,\n    one more.\n", [])
    text = "a <!-- abicase: count case -->, <!-- abicase: count -->"
    assert expand(expander, text) == (
        text,
        [
            "docs/index.md:1:3: error: directive: 'case' can't be counted (did you mean 'cases'?)",
            "docs/index.md:1:33: error: directive: '' can't be counted (there are cases, "
            "patterns, axes, claims, lessons, pairs, repositories, events, sources, evidence)",
        ],
    )


@pytest.mark.parametrize(
    ("argument", "number"),
    [
        ("events", "six"),
        ("events case=pour", "four"),
        ("events case=pour kind=change", "one"),
        ("events date<2020-02", "two"),
        ("events told=here", "six"),
        ("sources kind=measurement repository=teapot at=v1.0", "one"),
        ("sources at<v1.1", "one"),
        ("evidence on=stage of=together", "two"),
        ("evidence on=lesson pattern=apart", "one"),
        ("evidence on=claim side=against", "one"),
        ("evidence on=claim case=steep", "no"),
    ],
)
def test_numbers_under_conditions(expander: Expander, argument: str, number: str) -> None:
    assert expand(expander, f"<!-- abicase: count {argument} -->") == (number, [])


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        (
            "events kind",
            "'kind' is not a condition (write field=value, as in kind=merge, or date<2011-04)",
        ),
        ("events kid=merge", "events have no 'kid' (did you mean 'kind'?)"),
        ("events case=poor", "no events have case 'poor' (did you mean 'pour'?)"),
    ],
)
def test_a_misspelt_condition_is_no_zero(expander: Expander, argument: str, said: str) -> None:
    _, problems = expand(expander, f"<!-- abicase: count {argument} -->")
    assert problems == [f"docs/index.md:1:1: error: directive: {said}"]


def test_a_part_without_its_item(expander: Expander) -> None:
    _, problems = expand(expander, "<!-- abicase: balance -->")
    assert len(problems) == 1
    assert "'claim' is undefined (does it need an item" in problems[0]


def test_a_part_that_takes_no_item(expander: Expander) -> None:
    _, problems = expand(expander, "<!-- abicase: matrix case/pour -->")
    assert problems == ["docs/index.md:1:1: error: directive: the part 'matrix' takes no case"]


def test_a_part_stays_where_it_is_indented(expander: Expander) -> None:
    text, _ = expand(expander, "!!! note\n\n    <!-- abicase: balance claim/faster -->\n")
    assert "\n    <p" in text


def test_parts_are_placed_with_links_that_fit_the_page(expander: Expander) -> None:
    text, problems = expand(expander, "a\n<!-- abicase: balance claim/faster -->\nb", "about/x.md")
    assert problems == []
    assert text.startswith("a\n\n\n<p")
    assert 'href="../../claims/faster/"' in text
    assert text.endswith("\n\n\n\nb")


L = "[a](case/pour)"
BLOCKS = [
    *(f"para {L}", L, f"para\n    {L}", f"    {L}", f"\t{L}\n\n\t{L}", f"        {L}", f"  {L}"),
    *(f"- a {L}", f"1. a {L}\n2. b", f"- a\n    - b {L}\n    - c", f"- a\n\n    b {L}", "* a\n* b"),
    *(f"- a\n\n        {L}", f"- a\n\n\t```\n\n\t{L}\n\t```", f"text\n- no list {L}"),
    *(f"!!! note\n    {L}", f"!!! note\n\n        {L}", f"!!! note\n    - a\n\n            {L}"),
    *(f"```\n{L}\n\n    {L}\n```", f"~~~~ c\n~~~\n{L}\n~~~~", f"    ```\n    {L}\n    ```"),
    *(f"<!-- {L}\n\n{L} -->", f"<pre>\n{L}\n\n{L}\n</pre>", f"<script>\n{L}\n</script>"),
    *(f"> {L}", f">     {L}", f"> - a\n>\n>     {L}", f"`{L}` ``` {L} ```", f"[^1]: a\n\n    {L}"),
    *(f"a\n:   b {L}\n\n        {L}", "# Heading", f"| a |\n| - |\n| {L} |"),
]
EXTENSIONS = [
    *("admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables"),
    "pymdownx.superfences",
]


@given(st.lists(st.sampled_from(BLOCKS), min_size=1, max_size=6, unique=True).map("\n\n".join))
@settings(max_examples=400, deadline=None)
def test_code_is_what_markdown_takes_for_it(expander: Expander, text: str) -> None:
    numbers = itertools.count()
    text = re.sub(r"\[a\]", lambda _: f"[a{next(numbers)}]", text)
    if "[^1]" in text:  # a footnote without a reference is not shown
        text += "\n\n# Heading\n\n[^1]"
    expanded, problems = expand(expander, text)
    assert problems == []
    html = Markdown(extensions=EXTENSIONS).convert(expanded)
    links = re.findall(r"<a [^>]*>(a\d+)</a>", html)
    assert sorted(links) == sorted(re.findall(r"\[(a\d+)\]\(cases/pour\.md\)", expanded))
