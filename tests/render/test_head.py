"""Tags in the head of finished pages: once, escaped, and only if they are missing."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from abicase.render.head import Head, with_head

PAGE = "<!doctype html>\n<html>\n<head>\n<title>x</title>\n</head>\n<body></head></body></html>"
FULL = Head(
    title="A title",
    description="A statement.",
    site_name="A book",
    url="https://book.example/a/",
    feed="https://book.example/feed.xml",
    robots="noindex",
)


class Reader(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def property(self, name: str) -> list[str | None]:
        return [values["content"] for _, values in self.tags if values.get("property") == name]


def test_what_is_put_in() -> None:
    html = with_head(PAGE, FULL)
    assert html.count("</head>") == 2
    lines = html[: html.index("</head>")].splitlines()[4:]
    assert lines == [
        '<meta property="og:title" content="A title">',
        '<meta property="og:description" content="A statement.">',
        '<meta property="og:type" content="article">',
        '<meta property="og:url" content="https://book.example/a/">',
        '<meta property="og:site_name" content="A book">',
        '<meta name="robots" content="noindex">',
        '<link rel="canonical" href="https://book.example/a/">',
        '<link rel="alternate feed" type="application/atom+xml" title="A book" '
        'href="https://book.example/feed.xml">',
    ]


def test_nothing_is_said_twice() -> None:
    once = with_head(PAGE, FULL)
    assert with_head(once, FULL) == once
    theirs = PAGE.replace("<title>", '<META name="og:title" content="Mine"><title>')
    assert "A title" not in with_head(theirs, FULL)
    assert "A statement." in with_head(theirs, FULL)


def test_a_text_about_tags_is_not_a_tag() -> None:
    theirs = PAGE.replace(
        "<title>", '<meta name="keywords" content="name=og:title rel=canonical"><title>'
    )
    assert with_head(theirs, FULL).count("A title") == 1
    assert 'rel="canonical"' in with_head(theirs, FULL)
    hidden = PAGE.replace("<title>", '<!-- <meta property="og:title" content="x"> --><title>')
    assert with_head(hidden, FULL).count("A title") == 1


def test_what_is_not_known_is_not_said() -> None:
    html = with_head(PAGE, Head("A title", "", "A book", home=True))
    assert Reader(html).property("og:type") == ["website"]
    for word in ("og:url", "og:description", "canonical", "alternate", "robots"):
        assert word not in html
    assert with_head("<p>no head</p>", FULL) == "<p>no head</p>"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ('"><script>alert(1)</script>', '"><script>alert(1)</script>'),
        ("</head><body onload=x>", "</head><body onload=x>"),
        ("&lt;b&gt; &amp;amp; &#34;", '<b> &amp; "'),
        ("a & b &quot; 'c' \\1 \\g<0>", "a & b \" 'c' \\1 \\g<0>"),
        ("' onmouseover='x", "' onmouseover='x"),
    ],
)
def test_a_text_stays_a_text(text: str, meant: str) -> None:
    hostile = replace(FULL, title=text, description=text, site_name=text, url=text, robots=text)
    html = with_head(PAGE, hostile)
    reader = Reader(html)
    assert reader.property("og:title") == [meant]
    assert reader.property("og:description") == [meant]
    assert {tag for tag, _ in reader.tags} == {"html", "head", "title", "meta", "link", "body"}
    names = {name for _, values in reader.tags for name in values}
    assert names == {"property", "name", "content", "rel", "type", "title", "href"}
