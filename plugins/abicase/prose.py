"""The Markdown of records: to HTML that can neither run nor escape its page.

Raw HTML, headings and images are refused, links are https or references to items. Each distinct
text is converted once; links to items and terms stay open in it until the whole page is there,
since what becomes of them depends on the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from pydantic import TypeAdapter, ValidationError

from abicase.fields import LOCAL_REFERENCE, REFERENCE, HttpsLink
from abicase.problems import Code
from abicase.yamltext import STRANGE

# What is still open in converted HTML is enclosed in characters that no text holds (see STRANGE).
_ITEM, _TERM, _END = "\x0e", "\x0e\x11", "\x0f"
_OWN = str.maketrans("", "", _ITEM + _END)
# It begins with one and the same character, which is found fast.
_OPEN = re.compile(f"\x0e(?:\x11([^{_END}]*){_END}([^{_END}]*)|([^{_END}]*)){_END}")
# A paragraph in one line, of words, code, emphasis and links to items, and of nothing else that
# Markdown gives a meaning to. Most texts are so, and Markdown takes ten times as long for them.
_WORD = r"[^\W_]|[ ,.;:?()\"'%/+–-]"
_SIMPLE = re.compile(
    r"(?=[^\W\d_]|[`*\[])"  # what else begins a text may begin a list
    rf"(?:{_WORD}|`[\w/(](?:[\w /.,:()=+-]*[\w/)])?`(?!`)"
    rf"|\*[^\W_](?:(?:[^\W_]|[ -])*[^\W_])?\*(?!\*)|\[(?:{_WORD})+\]\([a-z0-9#/-]+\))*"
    r"(?<! )"
)
_SIMPLE_MARKUP = re.compile(r"`([^`]+)`|\*([^*]+)\*|\[([^\]]+)\]\(([^)]+)\)")
_TAG = re.compile("<[^>]*>")
_MOST_BRACKETS = 200  # Markdown looks for the end of each anew, in quadratic time
_MOST_TEXTS = 20_000  # are kept; of more, those that are asked for again are near each other
_HTTPS = TypeAdapter(HttpsLink)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something a text must not hold."""

    code: Code
    message: str
    hint: str
    fragment: str
    """The offending piece as it was written, to find its place in the file."""


@dataclass(frozen=True, slots=True)
class Converted:
    """A text after conversion."""

    html: str
    """HTML in which links to items are still open; see :func:`closed`."""
    references: tuple[str, ...]
    """The references to items in it, ``kind/id#part`` or ``#part``."""
    faults: tuple[Fault, ...]
    """What the text must not hold and does."""

    @property
    def plain(self) -> str:
        """The text without markup, in one line."""
        # As Markup.striptags does, but for comments, which are never in it.
        words = " ".join(_TAG.sub("", self.html).split())
        return unescape(words) if "&" in words else words


_HEADING = re.compile(r"^#{1,6}[ \t]+[^\n]*|\A[^\n]+\n(?:=+|-+)[ ]*$", re.MULTILINE)


class _NoHeading(BlockProcessor):
    """Finds headings, in place of both of Markdown's own heading processors."""

    def __init__(self, parser: BlockParser, found: Callable[[Fault], None]) -> None:
        super().__init__(parser)
        self.found = found

    def test(self, parent: Element, block: str) -> bool:
        match = _HEADING.search(block)
        if match:
            first = match.group().splitlines()[0]
            hint = "make it a paragraph"
            self.found(Fault("heading", "a heading is not allowed in a text", hint, first))
        return False  # it stays a paragraph

    def run(self, parent: Element, blocks: list[str]) -> bool | None:
        return False


class _NoHtml(InlineProcessor):
    """Finds raw HTML, in place of Markdown's own pattern that passes it on."""

    def __init__(self, pattern: str, md: Markdown, found: Callable[[Fault], None]) -> None:
        super().__init__(pattern, md)
        self.found = found

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[None, None, None]:  # type: ignore[override]  # noqa: N802
        text = m.group(0)
        shown = text if len(text) < 40 else text[:37] + "..."
        hint = "write Markdown, or put it in backquotes"
        self.found(Fault("raw-html", f"raw HTML is not allowed: {shown}", hint, text[:20]))
        return None, None, None  # it stays text, and is escaped like all text


class _Links(Treeprocessor):
    """Sorts links into https addresses and references to items; refuses the rest."""

    def __init__(self, md: Markdown, converter: ProseConverter) -> None:
        super().__init__(md)
        self.converter = converter

    def run(self, root: Element) -> None:
        for element in root.iter():
            if element.tag == "img":
                fragment = element.get("src") or ""
                self.converter.found(
                    Fault("image", "an image is not allowed in a text", "link to it", fragment)
                )
                element.attrib.clear()
            elif element.tag == "a":
                element.attrib.pop("title", None)
                element.set("href", self.converter.link(element.get("href") or ""))


class ProseConverter:
    """Converts texts, each distinct one once."""

    def __init__(self) -> None:
        self._memory: dict[str, Converted] = {}
        self._faults: list[Fault] = []
        self._references: list[str] = []
        md = Markdown(output_format="html")
        # What a record may not hold is taken out of the parser, not filtered from its result.
        md.preprocessors.deregister("html_block")
        md.parser.blockprocessors.deregister("quote")  # nests without end
        md.parser.blockprocessors.deregister("hashheader")
        md.parser.blockprocessors.deregister("setextheader")
        md.parser.blockprocessors.register(_NoHeading(md.parser, self.found), "no_heading", 75)
        pattern = md.inlinePatterns["html"].pattern
        md.inlinePatterns.deregister("html")
        md.inlinePatterns.register(_NoHtml(pattern, md, self.found), "no_html", 90)
        md.inlinePatterns.deregister("automail")  # would make a mailto: link of <a@b>
        md.treeprocessors.register(_Links(md, self), "item_links", 5)
        self._markdown = md

    def found(self, fault: Fault) -> None:
        """Note a fault of the text under conversion."""
        if fault not in self._faults:
            self._faults.append(fault)

    def link(self, href: str) -> str:
        """The address to write for a link, or ``#`` where it is refused."""
        if REFERENCE.fullmatch(href) or LOCAL_REFERENCE.fullmatch(href):
            self._references.append(href)
            return _ITEM + href + _END
        try:
            return _HTTPS.validate_python(href)
        except ValidationError as error:
            meant = error.errors()[0].get("ctx", {}).get("hint")
            hint = meant or "link to https://…, or to an item as in claim/some-claim"
            message = f"the link {href!r} is neither an https address nor an item"
            self.found(Fault("bad-link", message, hint, href))
            return "#"

    def _simple(self, match: re.Match[str]) -> str:
        code, emphasis, words, href = match.groups()
        if code is not None:
            return f"<code>{code}</code>"
        if emphasis is not None:
            return f"<em>{emphasis}</em>"
        return f'<a href="{self.link(href)}">{words}</a>'

    def convert(self, text: str) -> Converted:
        """Convert a text.

        Args:
            text: Markdown.

        Returns:
            The HTML, the references in it and what it must not hold.
        """
        known = self._memory.get(text)
        if known is None:
            self._faults, self._references = [], []
            html = ""
            simple = _SIMPLE.fullmatch(text)
            if simple:
                html = f"<p>{_SIMPLE_MARKUP.sub(self._simple, text)}</p>"
            elif text.count("[") > _MOST_BRACKETS:
                message = f"the text has more than {_MOST_BRACKETS} opening brackets"
                self.found(Fault("too-deep", message, "", "["))
            else:
                try:
                    html = self._markdown.reset().convert(text)
                except RecursionError:
                    self.found(Fault("too-deep", "the text nests too deeply", "flatten it", ""))
            strange = None
            if not simple:
                strange = STRANGE.search(text) or STRANGE.search(unescape(html.translate(_OWN)))
            if strange:  # written as an entity, such as &#8238;
                message = f"a text holds the invisible character U+{ord(strange.group()):04X}"
                self.found(Fault("control-character", message, "remove it", "&#"))
            known = Converted(html, tuple(self._references), tuple(self._faults))
            if len(self._memory) > _MOST_TEXTS:
                self._memory.clear()
            self._memory[text] = known
        return known


def owned(html: str, owner: str) -> str:
    """Converted HTML in which the links to parts of its own record (``#part``) name the record.

    Args:
        html: Converted HTML.
        owner: The reference of the record.
    """
    return html.replace(f"{_ITEM}#", f"{_ITEM}{owner}#")


def open_term(id_: str, word: str) -> str:
    """A word that is a term, as it stands in HTML until :func:`closed`.

    Args:
        id_: The id of the term.
        word: The word, as HTML.
    """
    return f"{_TERM}{id_}{_END}{word}{_END}"


def closed(html: str, address: Callable[[str], str], first: Callable[[str, str], str]) -> str:
    """Fill in all that was left open, when a page is whole.

    Args:
        html: HTML with links to items and terms that are open.
        address: Takes a reference and gives the address to write, relative to the page.
        first: Takes the id of a term and the word where it is used first, and gives HTML for it.

    Returns:
        HTML in which nothing is open.
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
