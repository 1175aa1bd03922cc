from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abicase.text.highlight import highlighted
from abicase.text.markup import LANGUAGES
from abicase.text.prose import _SIMPLE, _converted, closed, convert, owned
from conftest import ROOT, real


def parts(text: str) -> tuple[str, tuple[str, ...], list[str]]:
    converted = convert(text)
    return converted.html, converted.references, [mistake.code for mistake in converted.mistakes]


def test_markdown_and_references() -> None:
    html, references, mistakes = parts("a *b* `<c>` [d](case/perf#e) [f](#g)\n\n- h")
    assert html == (
        "<p>a <em>b</em> <code>&lt;c&gt;</code> "
        '<a href="\x0ecase/perf#e\x0f">d</a> <a href="\x0e#g\x0f">f</a></p>\n<ul>\n<li>h</li>\n</ul>'
    )
    assert references == ("case/perf#e", "#g")
    assert mistakes == []


def test_open_links_are_closed() -> None:
    html = convert("[d](case/perf#e) [f](#g) [x](https://a.example/item:b)").html
    assert closed(owned(html, "pair/a-b"), lambda reference: f"../{reference}", lambda *_: "") == (
        '<p><a href="../case/perf#e">d</a> <a href="../pair/a-b#g">f</a> '
        '<a href="https://a.example/item:b">x</a></p>'
    )


@pytest.mark.parametrize(
    "text", ['href="item:x"', "- \x0ecase/x\x0f", "\x0ex\x0f", "- &#14;x&#15;"]
)
def test_nothing_written_is_taken_for_an_open_link(text: str) -> None:
    converted = convert(text)
    assert (
        converted.mistakes or closed(converted.html, "[{}]".format, "{}".format) == converted.html
    )


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
        ("<javascript:alert(1)>", "bad-link"),
        ("<a@b.example>", "bad-link"),
        ("[a](https://a.example/b c)", "bad-link"),
        ("- # a", "heading"),
        ("> a", "markdown"),
        ("- > a", "markdown"),
        ("a\n\n    b", "markdown"),
        ("- a\n\n      b", "markdown"),
        ("a\n\n***", "markdown"),
        ("| a | b |\n| - | - |\n| 1 | 2 |", "markdown"),
        ("a ~~b~~", "markdown"),
        ("a[^1]\n\n[^1]: b c", "markdown"),
        ("- [ ] a", "markdown"),
        ("!!! note\n    a", "markdown"),
        ("a {: .b }", "markdown"),
        ("```c\na", "markdown"),
        ("```\na\n~~~", "markdown"),
        ("```strange\na\n```", "markdown"),
        ('```c title="a"\na\n```', "markdown"),
        ("a\n\n[b]: https://a.example/", "markdown"),
        ("[b]\n\n[b]: https://a.example/\n[b]: https://b.example/", "markdown"),
        ("[a](https://a.example/ 'b')", "markdown"),
        ("a [](https://a.example/)", "markdown"),
        ("- - - - - a", "too-deep"),
        ("<ftp://a.example>", "bad-link"),
        ("[a](Case/perf)", "bad-link"),
        ("a &#8238; b", "control-character"),
    ],
)
def test_what_a_text_must_not_hold(text: str, code: str) -> None:
    html, _, mistakes = parts(text)
    assert set(mistakes) == {code}
    # Rejected texts are also harmless, should they ever be shown.
    for needle in ("<script", "<div", "<b>", 'javascript:alert(1)"', "<!--", "src=", "mailto:"):
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
        "it includes <stdio.h>",
        "2 > 1",
        "a_b_c and 2 * 3 * 4",
        "\\> a",
        "1986\\. a",
        "an array\\[0\\](x)",
        "(a)[1] or [^a-z]",
        "{ .size = 1 }",
        "- - - - a",
    ],
)
def test_what_only_looks_like_markup(text: str) -> None:
    html, _, mistakes = parts(text)
    assert mistakes == []
    assert "<img" not in html


# Markdown as people write it elsewhere


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Two things:\n- one\n- two", "<p>Two things:</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("- a\n  - b\n- c", "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n<li>c</li>\n</ul>"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("1) a\n\n   b", "<ol>\n<li>\n<p>a</p>\n<p>b</p>\n</li>\n</ol>"),
        ("In\n1986. a", "<p>In\n1986. a</p>"),
        ("a  \nb\\\nc\nd", "<p>a<br>\nb<br>\nc\nd</p>"),
        ("__a__ *b*c snake_case_name", "<p><strong>a</strong> <em>b</em>c snake_case_name</p>"),
        ("`` a ` b ``", "<p><code>a ` b</code></p>"),
        ("&copy; &lt;b&gt; \\*a\\* \\<b>", "<p>© &lt;b&gt; *a* &lt;b&gt;</p>"),
        ("<https://a.example/b?c&d>", '<p><a href="https://a.example/b?c&amp;d">https://a.example/b?c&amp;d</a></p>'),
        ("[a] [b][a]\n\n[a]: case/x", '<p><a href="\x0ecase/x\x0f">a</a> <a href="\x0ecase/x\x0f">b</a></p>'),
        ("- a\n\n  ```\n  b\n  ```", "<ul>\n<li>\n<p>a</p>\n<pre><code>b\n</code></pre>\n</li>\n</ul>"),
        ("a\n```c\nint x;\nint y;\n```\nb", '<p>a</p>\n<pre><code class="language-c">int x;\nint y;\n</code></pre>\n<p>b</p>'),
        ("~~~~\n~~~ <b>\n~~~~", "<pre><code>~~~ &lt;b&gt;\n</code></pre>"),
    ],
)  # fmt: skip
def test_markdown_comes_out_as_elsewhere(text: str, html: str) -> None:
    assert parts(text)[::2] == (html, [])


CODE = "struct x {\n\n\tint *a_b[2]; /* `c` \\ {{ d }} <e> & f */\n   \n\n\n};\n"


def test_code_survives_whatever_is_around_it() -> None:
    html = convert(f"```c\n{CODE}```").html
    assert not re.search(r"\n[ \t]*\n", html), "an empty line would end it in a Markdown file"
    assert not re.search(r"[*_`\[\]{}\\]", html)
    for made in (html, highlighted(html)):
        words = re.sub("<[^>]*>", "", made)
        assert unescape(words) == CODE
    assert '<div class="highlight"><pre><code class="language-c"><span class="k">' in highlighted(
        html
    )


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_is_known(language: str) -> None:
    html = convert(f"```{language}\na: b = 1\n```")
    assert html.mistakes == ()
    assert unescape(re.sub("<[^>]*>", "", highlighted(html.html))) == "a: b = 1\n"


def test_long_code_has_no_colours() -> None:
    html = convert("```c\n" + "int x;\n" * 1000 + "```").html
    assert highlighted(html) == f'<div class="highlight">{html}</div>'


def test_the_guide_lists_the_languages() -> None:
    guide = (ROOT / "docs" / "contributing.md").read_text("utf-8")
    listed = re.search(r"The languages are ([^.]*)\.", guide)
    assert listed
    assert set(re.split(r",? and |,\s", listed[1])) == LANGUAGES


def test_a_mistake_has_its_position() -> None:
    mistakes = convert("`# a`\n\n```sh\n# a\n```\n\n# a\n\n- b\n- # a").mistakes
    assert [(mistake.fragment, mistake.before) for mistake in mistakes] == [
        ("# a", 2),
        ("- # a", 0),
    ]


def test_lines_of_a_text() -> None:
    text = (
        "It is:\n- a\n- b *c*\n  d\n  1. e\n\n     ```\n     f\n\n       g\n     ```\n\n  h\n\nEnd."
    )
    converted = convert(text)
    assert (
        converted.lines == "It is:\n- a\n- b c d\n  1. e\n     \tf\n     \t\n     \t  g\n  h\nEnd."
    )
    assert converted.plain == "It is: a b c d e f g h End."
    assert convert("a\n\nb `c`").lines == "a b c"


@pytest.mark.parametrize(
    "text",
    [
        "> " * 4000,
        "&" * 8000,
        "\\" * 8000,
        "~~a" * 2600,
        "|a" * 2000 + "\n" + "|-" * 2000,
        "[" * 8000,
        "* " * 4000,
        "`" * 7999,
        "*_" * 4000,
        "- \n " * 2000,
    ],
)
def test_nothing_makes_it_fail(text: str) -> None:
    parts(text)


def test_each_text_is_converted_once() -> None:
    assert convert("a *b*") is convert("a *b*")


# Most texts take a fast path without a Markdown parser, which has to give the same result.


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
    assert convert(text) == _converted(text)


def test_the_short_way_is_markdowns_on_all_records() -> None:
    catalogue = real()
    texts = [
        text
        for case in catalogue.cases.values()
        for text in (case.summary, *(e.text for e in case.events), *(f.text for f in case.findings.values()))
    ]  # fmt: skip
    assert len(texts) > 600
    simple = sum(_SIMPLE.fullmatch(text) is not None for text in texts)
    assert simple
    for text in texts:
        assert convert(text) == _converted(text)


class Tags(HTMLParser):
    """All tags of a text, and those left open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[tuple[str, str | None, str | None]] = set()
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {(tag, name, value) for name, value in attrs or [("", "")]}
        if tag not in ("br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)


PIECES = [
    *("<img src=x onerror=a>", "<script>", "</p>", "<!--", "-->", "<![CDATA[", "<?x", "&lt;b&gt;"),
    *(
        "&#60;i&#62;",
        "](javascript:a)",
        "](https://a.example/",
        "[",
        "]",
        "(",
        ")",
        "![",
        "<https://",
    ),
    *(
        "\n",
        "\n\n",
        "    ",
        "\t",
        "- ",
        "1. ",
        "> ",
        "# ",
        "```c",
        "```",
        "~~~",
        "`",
        "*",
        "_",
        "~~",
    ),
    *(
        "|",
        "|-|",
        "[a]: data:x",
        "[a]: case/x",
        "\\",
        '"',
        "'",
        "--",
        "===",
        "a",
        "b c",
        "\x0e",
        "\x0f",
    ),
    *(
        "{{ x }}",
        "{: onclick=a }",
        "](#a",
        "](case/a",
        "\x0ecase/a\x0f",
        "&#14;",
        "&Tab;",
        "&colon;",
    ),
]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@settings(max_examples=500, deadline=None)
def test_nothing_written_becomes_more_than_a_text(text: str) -> None:
    converted = convert(text)
    html = highlighted(closed(converted.html, lambda one: f"?{one}", lambda *_: ""))
    tags = Tags(html)
    assert tags.open == []
    for tag, name, value in tags.found:
        if tag == "a":
            assert name == "href"
            assert re.match(r"https://|\?case/|\?#|#$", value or "")
        elif name:
            assert (name, value) in {
                ("class", "language-c"),
                ("class", "highlight"),
                ("start", value),
            } or tag == "span"
        if not converted.mistakes:
            assert tag in {
                "p",
                "a",
                "em",
                "strong",
                "code",
                "pre",
                "ul",
                "ol",
                "li",
                "br",
                "div",
                "span",
            }
