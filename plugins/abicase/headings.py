"""The headings of generated pages through Markdown, each distinct one once.

What is left of a generated page when its finished HTML has been taken out are headings and
comments. To set up Markdown and to run it over each of these small documents takes longer than
all templates; but a heading that brings its id is the same HTML wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from markdown import Markdown
from markdown.extensions.toc import nest_toc_tokens

from abicase.finished import HELD

_LINE = re.compile(r"#{1,6} [^\n]*\{[^{}\n]*#([\w-]+)[^{}\n]*\}[ ]*")
# A heading of words, in which nothing has a meaning for Markdown or for one of these extensions.
_PLAIN = re.compile(
    r"(#{1,6} )([^\W_]+(?:,? \(?[^\W_]+\)?)*)( \{ #)([a-z0-9]+(?:-[a-z0-9]+)*)( \})"
)
_WORD, _ID = "Zqtitlezq", "zqidzq"
"""Stand in for the words and the id of such a heading."""
_NEEDED = frozenset({"markdown.extensions.attr_list", "markdown.extensions.toc"})
# Extensions that make the same of a heading wherever it stands: what they look for in a whole
# document (definitions, footnotes, a first heading) generated pages do not have.
_ALONE = frozenset(
    f"markdown.extensions.{name}"
    for name in (
        *("abbr", "admonition", "attr_list", "codehilite", "def_list", "fenced_code", "footnotes"),
        *("legacy_attrs", "legacy_em", "md_in_html", "nl2br", "sane_lists", "smarty", "tables"),
        *("toc", "wikilinks"),
    )
)


_MOST_KEPT = 2_000  # those that are asked for again are on many pages

_Heading = tuple[str, str, list[Any]]
"""The HTML of a heading, its id, and its token, if it is in the table of contents."""


@dataclass(frozen=True, slots=True)
class Converted:
    """A page after conversion."""

    html: str
    """Its HTML; the comments are where they were."""
    contents: list[Any]
    """The tokens of its table of contents, nested."""
    anchors: set[str]
    """The ids of its headings."""


class Headings:
    """Converts headings as a site's own Markdown does."""

    def __init__(self, extensions: Sequence[Any], options: Mapping[str, Any]) -> None:
        """Set Markdown up.

        Args:
            extensions: The extensions of the site.
            options: Their options, by name.
        """
        self._markdown: Markdown | None = None
        self._of = lru_cache(_MOST_KEPT)(self._heading)
        if all(isinstance(one, str) for one in extensions):
            names = {one if "." in one else f"markdown.extensions.{one}" for one in extensions}
            if _NEEDED <= names <= _ALONE:
                self._markdown = Markdown(extensions=extensions, extension_configs=dict(options))

    def convert(self, markdown: str) -> Converted | None:
        """Convert a page of headings and comments.

        Args:
            markdown: The page, after :func:`abicase.finished.hold`.

        Returns:
            What Markdown makes of it; None where that can only be told from the whole page.
        """
        if self._markdown is None:
            return None
        html: list[str] = []
        tokens: list[Any] = []
        ids: list[str] = []
        for line in filter(None, markdown.split("\n")):
            if HELD.fullmatch(line):
                html.append(line)
                continue
            found = self._of(line)
            if found is None:
                return None
            html.append(found[0])
            ids.append(found[1])
            tokens += map(dict, found[2])  # they are nested below each other
        anchors = set(ids)
        if len(anchors) < len(ids):  # Markdown would number them
            return None
        return Converted("\n".join(html), nest_toc_tokens(tokens), anchors)

    def _heading(self, line: str) -> _Heading | None:
        """The heading that a line is; None where it is none that brings its id."""
        match = _LINE.fullmatch(line)
        if match is None:
            return None
        plain = _PLAIN.fullmatch(line)
        if plain and line != (form := f"{plain[1]}{_WORD}{plain[3]}{_ID}{plain[5]}"):
            like = self._of(form)
            assert like is not None
            words = {_WORD: plain[2], _ID: match[1]}
            tokens = [_filled_token(token, words) for token in like[2]]
            return _filled(like[0], words), match[1], tokens
        assert self._markdown is not None
        html = self._markdown.reset().convert(line)
        return html, match[1], self._markdown.toc_tokens  # type: ignore[attr-defined]


def _filled(text: str, words: Mapping[str, str]) -> str:
    for stand_in, word in words.items():
        text = text.replace(stand_in, word)
    return text


def _filled_token(token: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, Any]:
    return {k: _filled(v, words) if isinstance(v, str) else v for k, v in token.items()}
