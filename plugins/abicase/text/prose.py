"""Conversion of the texts in records to HTML that can neither run nor escape its page.

Texts use the part of CommonMark that :mod:`abicase.text.markup` accepts. Each distinct text is
converted once. Links to items and terms stay open in it until the whole page is rendered, because
their HTML depends on the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape
from typing import Any

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from abicase.source.yamltext import STRANGE
from abicase.text.markup import OPTIONS, MarkupMistake, is_item, read

# Open links in converted HTML are enclosed in characters that no text contains (see STRANGE).
_ITEM, _TERM, _END = "\x0e", "\x0e\x11", "\x0f"
_OWN = str.maketrans("", "", _ITEM + _END)
# Each begins with the same character, which is found fast.
_OPEN = re.compile(f"\x0e(?:\x11([^{_END}]*){_END}([^{_END}]*)|([^{_END}]*)){_END}")
# A paragraph on one line, with words, code, emphasis and links to items, and nothing else that
# has a meaning in Markdown. Most texts are like that, and the parser would take ten times as long.
_WORD = r"[^\W_]|[ ,.;:?()\"'%/+–-]"
_SIMPLE = re.compile(
    r"(?=[^\W\d_]|[`*\[])"  # any other start may begin a list
    rf"(?:{_WORD}|`[\w/(](?:[\w /.,:()=+-]*[\w/)])?`(?!`)"
    rf"|\*[^\W_](?:(?:[^\W_]|[ -])*[^\W_])?\*(?!\*)|\[(?:{_WORD})+\]\([a-z0-9#/-]+\))*"
    r"(?<! )"
)
_SIMPLE_MARKUP = re.compile(r"`([^`]+)`|\*([^*]+)\*|\[([^\]]+)\]\(([^)]+)\)")
_TAG = re.compile("<[^>]*>")
_MOST_TEXTS = 20_000  # are kept; if there are more, repeated requests are near each other

# A Markdown processor that gets the page finds no markup in code, and no empty line.
_INERT = str.maketrans({sign: f"&#{ord(sign)};" for sign in "\\`*_[]{}"})
_EMPTY_LINE = re.compile(r"(?<=\n)([ \t]*)\n")


@dataclass(frozen=True, slots=True)
class Converted:
    """A text after conversion."""

    html: str
    """HTML in which links to items are still open (see :func:`closed`)."""
    references: tuple[str, ...]
    """The references to items in it, ``kind/id#part`` or ``#part``."""
    mistakes: tuple[MarkupMistake, ...]
    """Constructs in the text that are not allowed."""
    laid_out: str = ""
    """The same as :attr:`lines`, if that differs from :attr:`plain`."""

    @property
    def plain(self) -> str:
        """The text without markup, on one line."""
        # Like Markup.striptags, but without comments, which never occur here.
        words = _TAG.sub("", self.html)
        return " ".join((unescape(words) if "&" in words else words).split())

    @property
    def lines(self) -> str:
        """The text without markup, in lines, if there are lists or code in it.

        A line is a paragraph, a list item after a dash or a number, or a line of code after a tab.
        The content of an item is indented as far as the item.
        """
        return self.laid_out or self.plain


def inert(code: str) -> str:
    """Escape HTML of code in ``<pre>`` so that a Markdown processor leaves it alone."""
    return _EMPTY_LINE.sub(r"\1&#10;", code.translate(_INERT))


def _escaped(text: str) -> str:
    return escape(text.translate(_OWN), quote=False)


class _Html(RendererHTML):
    """A writer of HTML for parsed texts; unsupported constructs become text."""

    def text(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        return _escaped(tokens[idx].content)

    text_special = html_inline = image = text  # type: ignore[assignment]

    def code_inline(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        return f"<code>{_escaped(tokens[idx].content)}</code>"

    def html_block(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        return f"<p>{_escaped(tokens[idx].content)}</p>\n"

    def fence(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        token = tokens[idx]
        language = f' class="language-{token.info.strip()}"' if token.info.strip() else ""
        return f"<pre><code{language}>{inert(_escaped(token.content))}</code></pre>\n"

    code_block = fence  # type: ignore[assignment]

    def link_open(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        href = str(tokens[idx].attrs["href"])
        return f'<a href="{_ITEM + href + _END if is_item(href) else escape(href)}">'


_HTML = _Html()


@lru_cache(_MOST_TEXTS)
def convert(text: str) -> Converted:
    """Convert a text in Markdown."""
    return _simply(text) or _converted(text)


def _simply(text: str) -> Converted | None:
    """Convert a text that :data:`_SIMPLE` matches and that links only to items, or return None."""
    if not _SIMPLE.fullmatch(text):
        return None
    references: list[str] = []

    def marked(match: re.Match[str]) -> str:
        code, emphasis, words, href = match.groups()
        if code is not None:
            return f"<code>{code}</code>"
        if emphasis is not None:
            return f"<em>{emphasis}</em>"
        references.append(href)
        return f'<a href="{_ITEM + href + _END}">{words}</a>'

    html = f"<p>{_SIMPLE_MARKUP.sub(marked, text)}</p>"
    return Converted(html, tuple(references), ()) if all(map(is_item, references)) else None


def _converted(text: str) -> Converted:
    parsed = read(text)
    html = _HTML.render(parsed.tokens, OPTIONS, {}).strip()
    mistakes = parsed.mistakes
    # Written as a character, or as an entity such as &#8238;
    strange = STRANGE.search(text) or STRANGE.search(html.translate(_OWN))
    if strange:
        message = f"a text contains the invisible character U+{ord(strange.group()):04X}"
        mistakes = (*mistakes, MarkupMistake("control-character", message, "remove it", "&#"))
    return Converted(html, parsed.references, mistakes, _laid_out(parsed.tokens))


def _laid_out(tokens: Sequence[Token]) -> str:
    """Lay out a text with lists or code in lines (see :attr:`Converted.lines`)."""
    if all(
        token.type not in ("bullet_list_open", "ordered_list_open", "fence") for token in tokens
    ):
        return ""
    lines: list[str] = []
    leads: list[str] = []  # of the open items; blanks once they are written
    numbers: list[int | None] = []  # of the next items
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            ordered = token.type == "ordered_list_open"
            numbers.append(int(token.attrs.get("start", 1)) if ordered else None)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            numbers.pop()
        elif token.type == "list_item_open":
            number = numbers[-1]
            leads.append("- " if number is None else f"{number}. ")
            numbers[-1] = None if number is None else number + 1
        elif token.type == "list_item_close":
            leads.pop()
        elif token.type in ("inline", "fence"):
            lead = "".join(leads)
            leads = [" " * len(one) for one in leads]
            if token.type == "fence":
                if lead.strip():
                    lines.append(lead.rstrip())
                code = token.content.removesuffix("\n").split("\n")
                lines += [f"{' ' * len(lead)}\t{line}" for line in code]
            else:
                lines.append(lead + _words(token.children or ()))
    return "\n".join(lines)


def _words(tokens: Sequence[Token]) -> str:
    """Return the words of a paragraph, on one line."""
    breaks = ("softbreak", "hardbreak")
    words = "".join(" " if one.type in breaks else one.content for one in tokens)
    return " ".join(words.split())


def owned(html: str, owner: str) -> str:
    """Add a record's reference, ``owner``, to links to its parts (``#part``) in converted HTML."""
    return html.replace(f"{_ITEM}#", f"{_ITEM}{owner}#")


def open_term(id_: str, word: str) -> str:
    """Return the HTML of a word that is a term in the form that it has until :func:`closed`."""
    return f"{_TERM}{id_}{_END}{word}{_END}"


def closed(html: str, address: Callable[[str], str], first: Callable[[str, str], str]) -> str:
    """Fill in everything that was left open, once a page is complete.

    Args:
        html: HTML with links to items and terms that are open.
        address: Takes a reference and returns its address, relative to the page.
        first: Takes the id of a term and the word at its first use, and returns HTML for it.
    """
    seen = set()

    def filled(match: re.Match[str]) -> str:
        term, word, reference = match.groups()
        if reference is not None:
            return address(reference)
        if term in seen:
            return str(word)
        seen.add(term)
        return first(term, word)

    return _OPEN.sub(filled, html)
