"""Headings, one by one, are what Markdown makes of them in the whole page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown import Markdown

from abicase.headings import Headings
from abicase.render import heading

PAGE = """\
# A *b* `c_d` &#42; "q" { #top }

<!--abicase 0-->

## What it shows { #shows }

<!--abicase 1-->

### A part { #part .wide }

#### Below it { #below }

<!--abicase 2-->

## No longer here { #no--longer--here data-search-exclude }

<!--abicase 3-->
"""


def squeezed(html: str) -> str:
    return re.sub(r"\n+", "\n", html)


@pytest.mark.parametrize(
    ("extensions", "options"),
    [
        (["toc", "attr_list"], {}),
        (["toc", "attr_list"], {"toc": {"permalink": "#", "toc_depth": 3}}),
        (["toc", "tables", "fenced_code", "attr_list", "md_in_html", "smarty"], {"toc": {"anchorlink": True}}),
        (["markdown.extensions.toc", "attr_list", "footnotes"], {"markdown.extensions.toc": {"baselevel": 2}}),
    ],
)  # fmt: skip
def test_it_is_what_markdown_makes_of_the_page(
    extensions: list[str], options: dict[str, Any]
) -> None:
    whole = Markdown(extensions=extensions, extension_configs=options)
    html = whole.convert(PAGE)
    found = Headings(extensions, options).convert(PAGE)
    assert found is not None
    assert squeezed(found.html) == squeezed(html)
    assert found.contents == whole.toc_tokens  # type: ignore[attr-defined]
    assert found.anchors == {"top", "shows", "part", "below", "no--longer--here"}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["#", "##", "###", "####"]),
            st.one_of(
                st.from_regex(r"[A-Za-z0-9]+(,? \(?[a-zé0-9]+\)?){0,3}", fullmatch=True),
                st.text("ab1 *_`\"'.,:;()[]-–é", min_size=1).filter(lambda t: t.strip() and "{" not in t),
            ),
        ),
        min_size=1,
        max_size=6,
    )
)  # fmt: skip
def test_whatever_the_words_are(lines: list[tuple[str, str]]) -> None:
    page = "".join(
        f"{level} {heading(words.strip())} {{ #id-{n} }}\n\n"
        for n, (level, words) in enumerate(lines)
    )
    extensions, options = ["toc", "attr_list", "tables", "smarty"], {"toc": {"permalink": True}}
    found = Headings(extensions, options).convert(page)
    whole = Markdown(extensions=extensions, extension_configs=options)
    html = whole.convert(page)
    if found is not None:
        assert squeezed(found.html) == squeezed(html)
        assert found.contents == whole.toc_tokens  # type: ignore[attr-defined]


def test_no_page_gets_the_contents_of_another() -> None:
    headings = Headings(["toc", "attr_list"], {})
    for _ in range(2):
        found = headings.convert("# A { #a }\n\n## B { #b }\n")
        assert found is not None
        assert [one["id"] for one in found.contents[0]["children"]] == ["b"]


@pytest.mark.parametrize(
    "page",
    [
        "# A { #a }\n\nSome *text*.\n",
        "# No id of its own\n",
        "# A { #a }\n\n## B { #a }\n",
        "A\n=\n",
    ],
)
def test_what_depends_on_the_page_is_left_to_markdown(page: str) -> None:
    assert Headings(["toc", "attr_list"], {}).convert(page) is None


@pytest.mark.parametrize(
    "extensions", [["attr_list"], ["toc"], ["toc", "attr_list", "pymdownx.snippets"]]
)
def test_an_extension_that_is_not_known_sees_the_whole_page(extensions: list[str]) -> None:
    assert Headings(extensions, {}).convert(PAGE) is None
