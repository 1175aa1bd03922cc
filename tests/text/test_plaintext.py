from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown import Markdown

from abicase.text.plaintext import WIDTH, as_ascii, as_markdown, fill, one_line, sentences, tidied

WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), min_size=1)
TEXTS = st.lists(
    st.one_of(
        WORDS,
        st.sampled_from(
            ["Link:", "Reviewed-by:", "From", ">", "--", "diff", "@@", "https://evil.example/"]
        ),
    ),
    min_size=1,
).map(" ".join)


@given(TEXTS, st.sampled_from(["", "- ", "  "]))
def test_a_paragraph_keeps_its_words_and_its_width(text: str, first: str) -> None:
    made = fill(text, first)
    lines = made.removesuffix("\n").split("\n")
    assert made.endswith("\n")
    assert " ".join(made.split()) == " ".join((first + text).split())
    assert lines[0].startswith(first)
    for line in lines[1:]:
        assert line.startswith(" " * len(first))
    # Only text that must stay together makes a line longer.
    meant = re.compile(r"[\w-]+:(?!//)|>|From$|-{2}|diff$|\+{3}|@@")
    for line in lines:
        words = line.strip().split(" ")
        if len(line) > WIDTH + 1:
            assert all(meant.match(word) for word in words[2 if first == "- " else 1 :])


@given(TEXTS)
def test_no_line_is_forged(text: str) -> None:
    lines = fill(text).split("\n") + fill(text, "- ").split("\n")
    for line in lines:
        assert not re.match(r"(?:[\w-]+:(?!//)|>|From |--|diff |@@)", line)
        assert not re.match(r"  [\w-]+:(?!//)", line), "nor one that looks like a citation of ours"


def test_filled() -> None:
    assert fill("") == ""
    assert fill("a " * 40) == ("a " * 36).strip() + "\n" + ("a " * 4).strip() + "\n"
    address = "https://example.org/" + "x" * 80
    assert fill(f"see {address} there", "- ") == f"- see\n  {address}\n  there\n"
    assert fill("one\n\nReviewed-by: Nobody <n@example.org>") == (
        "one Reviewed-by: Nobody <n@example.org>\n"
    )
    assert fill("Acked-by: Nobody <n@example.org>").startswith(" Acked-by:")


@given(st.text())
def test_ascii_keeps_letters_and_drops_no_sign(text: str) -> None:
    made = as_ascii(text)
    assert as_ascii(made) == made
    if text.isascii():
        assert made == text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a – b — c", "a - b -- c"),
        ("“it’s” … → ≥ 2 × ½", '"it\'s" ... -> >= 2 x 1/2'),
        ("Arve Hjønnevåg, наб", "Arve Hjønnevåg, наб"),
        ("a\u00a0b\u202fc", "a b c"),
        ("✓", "✓"),
    ],
)
def test_typography(text: str, plain: str) -> None:
    assert as_ascii(text) == plain


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("One. Two.", "One."),
        ("One, e.g. Two. Three", "One, e.g. Two."),
        ("Is it? It is.", "Is it?"),
        ("In v2.6.31 it was. Then not.", "In v2.6.31 it was."),
        ("No end", "No end"),
        ("It was the first of 15. perf then grew.", "It was the first of 15."),
        ("`x` is. `y` too.", "`x` is."),
    ],
)
def test_first_sentence(text: str, first: str) -> None:
    assert sentences(text) == first
    assert sentences(text, 9) == text


HOSTILE = [
    "**b** _i_ `c` [l](https://evil.example) ![p](x)",
    "<b>x</b> &lt; </pre><script>",
    "# head",
    "1. one",
    "- list",
    "+ list",
    "=====",
    "> quote",
    "| a | b |",
    "~~~",
    "https://evil.example",
    "<https://evil.example>",
    "[x]: https://evil.example",
    "{: .x }",
    "a\\*b",
    '"), Link: evil',
    "one\n\n# two",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_in_markdown_is_a_text(text: str) -> None:
    html = Markdown(extensions=["attr_list", "tables", "fenced_code"]).convert(as_markdown(text))
    inner = html.removeprefix("<p>").removesuffix("</p>")
    assert "<" not in inner
    from html import unescape

    assert unescape(inner) == one_line(text)


# Texts with lists and code, in lines

LINES = "It is:\n\tint  x;\n\t\n\tFrom: `y`\nTwo “things”:\n- One, e.g. a.\n  - > b\n  Link: c\n2. d\nAll of it. Done."


def test_lists_and_code_in_a_mail() -> None:
    assert fill(tidied(LINES, as_ascii), "", "") == (
        "It is:\n\n    int  x;\n    \n    From: `y`\n\n"
        'Two "things":\n\n- One, e.g. a.\n  - > b\n   Link: c\n2. d\n\nAll of it. Done.\n'
    )
    long = fill("- " + "word " * 30 + "\n  1. " + "word " * 30)
    assert all(re.match(r"(- |  )word|  1\. word|     word", line) for line in long.splitlines())
    assert all(len(line) <= WIDTH for line in long.splitlines())


def test_lists_and_code_in_markdown() -> None:
    html = Markdown(extensions=["fenced_code", "sane_lists"]).convert(as_markdown("T. " + LINES))
    assert "<pre><code>int  x;\n\nFrom: `y`\n</code></pre>" in html
    assert "<li>One, e.g. a." in html
    assert "<blockquote" not in html
    made = as_markdown("Of:\n\t```\n\t# `````")
    assert made == "Of:\n\n``````\n```\n# `````\n``````\n\n"
    assert as_markdown("\tx").strip() == "```\nx\n```"


@pytest.mark.parametrize("form", [fill, as_markdown, lambda text: tidied(text, str)])
@given(st.lists(st.sampled_from(["", "a b.", "\tc  d", "- e", "  - f", "  g", "3. h", "     \ti"])))
def test_every_line_of_code_is_kept(form: Callable[[str], str], lines: list[str]) -> None:
    made = form("\n".join(lines))
    for code in ("c  d", "i"):
        assert len(re.findall(rf"(?m)^\s*{code}$", made)) == sum(
            line.endswith(f"\t{code}") for line in lines
        )


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("It is:\n\tx\nIt was. Then", "It is:\n\tx\n"),
        ("It was.\n\tx\nThen", "It was."),
        ("Two:\n- a.\n- b.\nThen", "Two:\n- a.\n\n- b.\n"),
        ("\tx\nThen", "\n\tx\n"),
        ("One\ntwo. Three.\n- a", "One two."),
    ],
)
def test_a_sentence_takes_what_it_leads_to(text: str, first: str) -> None:
    assert sentences(text) == first
