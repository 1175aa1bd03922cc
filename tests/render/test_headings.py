"""Headings as HTML are the same as the headings that Markdown converts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown import Markdown

from abicase.render.headings import HtmlHeadings, MarkdownHeadings, TocOptions

HEADINGS: list[tuple[int, str, str, tuple[str, ...]]] = [
    (1, 'A *b* `c_d` & "q" <i> 1.', "top", ()),
    (2, "What it shows", "shows", ()),
    (3, "A part: of it's own", "part", ()),
    (4, "Below it", "below", ()),
    (2, "No longer here", "no--longer--here", ("data-search-exclude",)),
    (4, "&amp; is no ampersand", "amp", ()),
]


def both(
    headings: list[tuple[int, str, str, tuple[str, ...]]], options: dict[str, Any]
) -> tuple[tuple[str, Any], tuple[str, Any]]:
    """Return headings converted by Markdown and written here, each with its contents."""
    markdown = Markdown(extensions=["toc", "attr_list"], extension_configs={"toc": options})
    source = "\n\n".join(MarkdownHeadings().write(*heading) for heading in headings)
    made = markdown.convert(source)
    own = HtmlHeadings(TocOptions.of(options))
    html = "\n".join(own.write(*heading) for heading in headings)
    return (_plain(made), markdown.toc_tokens), (_plain(html), own.contents)  # type: ignore[attr-defined]


def _plain(html: str) -> str:
    """Make characters that are written as numbers and those that are not the same."""
    marks = {f"&#{ord(mark)};": mark for mark in "\\`*_{}[]#!|~^=$:"}
    for number, mark in marks.items():
        html = html.replace(number, mark)
    return html.replace("&para;", "¶")


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"permalink": True},
        {"permalink": "#", "toc_depth": 3, "permalink_title": "Address of this section"},
        {"permalink": "¶", "permalink_leading": True, "permalink_class": "a b"},
        {"permalink": "true", "permalink_title": ""},
        {"anchorlink": True, "anchorlink_class": "own"},
        {"anchorlink": True, "permalink": True, "baselevel": 2},
        {"toc_depth": "2-3", "baselevel": 4},
    ],
)
def test_both_forms_come_out_alike(options: dict[str, Any]) -> None:
    theirs, ours = both(HEADINGS, options)
    assert ours[0] == theirs[0]
    assert _plain(repr(ours[1])) == _plain(repr(theirs[1]))


@given(
    st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1).map(
        lambda text: f"a {text} b"
    )
)
def test_any_text_is_shown_as_it_is(text: str) -> None:
    theirs, ours = both([(2, text, "id", ())], {"permalink": "#"})
    assert ours[0] == theirs[0]
    for name in ("name", "html"):
        assert _plain(ours[1][0][name]) == _plain(theirs[1][0][name])
