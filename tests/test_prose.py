from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abicase.prose import _SIMPLE, Converted, ProseConverter, closed, owned
from conftest import ROOT, loaded


def convert(text: str) -> tuple[str, tuple[str, ...], list[str]]:
    converted = ProseConverter().convert(text)
    return converted.html, converted.references, [fault.code for fault in converted.faults]


def test_markdown_and_references() -> None:
    html, references, faults = convert("a *b* `<c>` [d](case/perf#e) [f](#g)\n\n- h")
    assert html == (
        "<p>a <em>b</em> <code>&lt;c&gt;</code> "
        '<a href="\x0ecase/perf#e\x0f">d</a> <a href="\x0e#g\x0f">f</a></p>\n<ul>\n<li>h</li>\n</ul>'
    )
    assert references == ("case/perf#e", "#g")
    assert faults == []


def test_open_links_are_closed() -> None:
    html = ProseConverter().convert("[d](case/perf#e) [f](#g) [x](https://a.example/item:b)").html
    assert closed(owned(html, "pair/a-b"), lambda reference: f"../{reference}", lambda *_: "") == (
        '<p><a href="../case/perf#e">d</a> <a href="../pair/a-b#g">f</a> '
        '<a href="https://a.example/item:b">x</a></p>'
    )


@pytest.mark.parametrize(
    "text", ['href="item:x"', "- \x0ecase/x\x0f", "\x0ex\x0f", "- &#14;x&#15;"]
)
def test_nothing_written_is_taken_for_an_open_link(text: str) -> None:
    converted = ProseConverter().convert(text)
    assert converted.faults or closed(converted.html, "[{}]".format, "{}".format) == converted.html


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a <b>c</b>", "raw-html"),
        ("<script>\nalert(1)\n</script>", "raw-html"),
        ("<!-- x -->", "raw-html"),
        ("<div\nonclick='x'>", "raw-html"),
        ("# a", "heading"),
        ("a\n## b", "heading"),
        ("a\n===", "heading"),
        ("a\n---\n", "heading"),
        ("![a](https://a.example/b.png)", "image"),
        ("[a](javascript:alert(1))", "bad-link"),
        ("[a](JAVASCRIPT:alert(1))", "bad-link"),
        ("[a](http://a.example)", "bad-link"),
        ("[a](../../etc/passwd)", "bad-link"),
        ("[a](item:x)", "bad-link"),
        ("[a][b]\n\n[b]: data:text/html,x", "bad-link"),
        ("<javascript:alert(1)>", "raw-html"),
        ("<ftp://a.example>", "bad-link"),
        ("[a](Case/perf)", "bad-link"),
        ("a &#8238; b", "control-character"),
    ],
)
def test_what_a_text_must_not_hold(text: str, code: str) -> None:
    html, _, faults = convert(text)
    assert set(faults) == {code}
    # What is refused is harmless as well, should it ever be shown.
    for needle in ("<script", "<div", "<b>", 'javascript:alert(1)"', "<!--", "src="):
        assert needle not in html.lower().replace("&lt;", "")


@pytest.mark.parametrize(
    "text",
    [
        "1 < 2 > 0",
        "a & b &amp; c",
        "<img src=x onerror=alert(1)",
        "a@b.example",
        "C#",
        "#include x",
    ],
)
def test_what_only_looks_like_markup(text: str) -> None:
    html, _, faults = convert(text)
    assert faults == []
    assert "<img" not in html


@pytest.mark.parametrize(
    "text", ["> " * 4000, "[" * 8000, "* " * 4000, "`" * 7999, "*_" * 4000, "- \n " * 2000]
)
def test_nothing_makes_it_fail(text: str) -> None:
    convert(text)


def test_each_text_is_converted_once() -> None:
    converter = ProseConverter()
    assert converter.convert("a *b*") is converter.convert("a *b*")


# Most texts take a short way, on which Markdown is not asked. It has to lead to the same.


def by_markdown(text: str) -> Converted:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("abicase.prose._SIMPLE", re.compile(r"(?!)"))
        return ProseConverter().convert(text)


@given(
    st.lists(
        st.one_of(
            st.text("abcDEZé019 ,.;:?()\"'%/+–-", min_size=1, max_size=12),
            st.sampled_from(
                [
                    *("`code`", "`a_b(1)`", "*em*", "*two words*", "[link](#part)", "[a b](claim/x)"),
                    *("`", "*", "_", "[", "](", "**b**", "\n", "1. ", "- ", "&amp;", "https://a.example/"),
                    " ",
                ]
            ),
        ),
        max_size=8,
    ).map("".join)
)  # fmt: skip
def test_the_short_way_is_markdowns(text: str) -> None:
    assert ProseConverter().convert(text) == by_markdown(text)


def test_the_short_way_is_markdowns_on_all_records() -> None:
    catalogue = loaded(ROOT / "casestudies")
    texts = [
        text
        for case in catalogue.cases.values()
        for text in (case.summary, *(e.text for e in case.events), *(f.text for f in case.findings.values()))
    ]  # fmt: skip
    assert len(texts) > 600
    simple = sum(_SIMPLE.fullmatch(text) is not None for text in texts)
    assert simple
    for text in texts:
        assert ProseConverter().convert(text) == by_markdown(text)
