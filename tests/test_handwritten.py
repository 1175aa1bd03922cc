from __future__ import annotations

import pytest

from abicase.catalogue import load
from abicase.handwritten import Expander
from abicase.render import Renderer
from conftest import SMALL


@pytest.fixture(scope="module")
def expander() -> Expander:
    catalogue, _ = load(SMALL)
    assert catalogue is not None
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
    ],
)
def test_links(expander: Expander, text: str, file: str, expected: str | None) -> None:
    assert expand(expander, text, file) == (expected or text, [])


def test_what_is_wrong_is_located_and_left(expander: Expander) -> None:
    text = "# A\n\nSee [a](case/poor) and\n<!-- abicase: matrx -->, <!-- abicase: balance claim/fast -->\n"
    assert expand(expander, text) == (
        text,
        [
            "docs/index.md:3:7: error: unknown-reference: the link leads to 'case/poor', which is not there (did you mean 'case/pour'?)",
            "docs/index.md:4:1: error: directive: there is no part 'matrx' (did you mean 'matrix'?)",
            "docs/index.md:4:26: error: directive: there is no 'claim/fast' (did you mean 'claim/faster'?)",
        ],
    )


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
