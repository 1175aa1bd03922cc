"""The Markdown that texts in records can use: CommonMark without headings, HTML, tables and so on.

Unsupported constructs are found in the parser's tokens and reported with their place, so that no
text is silently rendered in another way than its author meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from pydantic import TypeAdapter, ValidationError

from abicase.problems.codes import Code
from abicase.problems.suggestions import nearest
from abicase.schema.fields import LOCAL_REFERENCE, REFERENCE, HttpsLink

LANGUAGES = frozenset(
    {
        *("bash", "c", "console", "cpp", "css", "diff", "go", "html", "ini", "java"),
        *("javascript", "json", "python", "rust", "sh", "sql", "text", "toml", "xml"),
        "yaml",
    }
)
"""The languages that fenced code can name; few, so that no odd lexer runs on a stranger's text."""

_DEEPEST = 9
"""The level of a text in four nested lists; the parser drops anything deeper than twenty."""

_BACKQUOTES = "or put it in backquotes if it is meant literally"
_UNSUPPORTED = {
    "blockquote_open": (
        "a block quote",
        "put the words in quotation marks and name their author; a line that happens to begin "
        "with > needs a backslash before it",
    ),
    "code_block": (
        "indented code",
        "put a line of three backquotes before and after it; text that is not code begins as far "
        "left as the text above it",
    ),
    "hr": (
        "a horizontal rule",
        "leave it out; characters that are meant literally need a backslash before them",
    ),
    "s_open": ("struck-out text", f"leave it out, {_BACKQUOTES}"),
    "table_open": ("a table", "write a list, or draw it in fenced code"),
}
# CommonMark treats the syntax of other dialects as text.
_OTHER_DIALECTS = (
    (re.compile(r"\[\^[\w-]+\]:"), "a footnote", "say it in the text"),
    (
        re.compile(r"\{:?[ ]*[#.][A-Za-z][\w-]*[ ]*\}$"),
        "an attribute list",
        f"leave it out, {_BACKQUOTES}",
    ),
)
_BROKEN_LINK = re.compile(r"\]\((?![\s)])")
_AT_START = (
    (re.compile(r"\[[ xX]\] "), "a checkbox", "leave it out, or say what is done"),
    (re.compile(r"(?:!!!|\?\?\?\+?|:::) ?\w"), "an admonition", "make it a paragraph"),
)
_HTTPS = TypeAdapter(HttpsLink)


@dataclass(frozen=True, slots=True)
class MarkupMistake:
    """Something that is not allowed in a text."""

    code: Code
    message: str
    hint: str
    fragment: str
    """The offending piece as it was written, to find its place in the file."""
    before: int = 0
    """The number of times the fragment occurs earlier in the text."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A text as the tokens of the parser."""

    tokens: Sequence[Token]
    references: tuple[str, ...]
    """The references to items in it, ``kind/id#part`` or ``#part``."""
    mistakes: tuple[MarkupMistake, ...]


class _Parser(MarkdownIt):
    """A parser that leaves links as they were written; :class:`_Reader` checks them."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - as it is called there
        return True

    def normalizeLink(self, url: str) -> str:  # noqa: N802
        return url


# HTML, tables and strikethrough are parsed so that they can be reported. An escaped character stays
# a separate token, so that it is not taken for markup of another dialect.
_PARSER = (
    _Parser("commonmark", {"html": True, "store_labels": True, "xhtmlOut": False})
    .enable(["table", "strikethrough"])
    .disable("text_join")
)
OPTIONS = _PARSER.options
"""The parser's options, which are needed to render its tokens."""


def is_item(href: str) -> bool:
    """Return whether the target of a link is a reference to an item."""
    return bool(REFERENCE.fullmatch(href) or LOCAL_REFERENCE.fullmatch(href))


def read(text: str) -> Parsed:
    """Parse a text in Markdown.

    Every link in its tokens leads to an item or an https address, or nowhere (``#``).
    """
    return _MarkupReader(text).read()


# Two list items, or the start of fenced code. Longer numbers are years at the end of sentences.
_JOINED = re.compile(r"(?:[ \n](?:[-*+]|\d{1,3}[.)]) [^`]*){2}|```|~~~")
_ITEM = re.compile(r"(?:[-*+]|\d+[.)]) ")
_FENCE = re.compile(r"```|~~~")


def may_be_joined(text: str) -> bool:
    """Return whether a text may have held a list or fenced code before YAML joined its lines."""
    return _JOINED.search(text) is not None


def first_joined(text: str, lines: Sequence[str]) -> int | None:
    """Find a list or fenced code whose lines YAML has joined.

    Args:
        text: The text as YAML gives it.
        lines: The lines in the file, without the first and without their indentation.

    Returns:
        The first such line of the file; None if there is none.
    """
    intact = {line.strip() for line in text.split("\n")}
    joined = [number for number, line in enumerate(lines) if line.strip() not in intact]
    items = [number for number in joined if _ITEM.match(lines[number])]
    fences = [number for number in joined if _FENCE.match(lines[number])]
    found = [*(items if len(items) > 1 else []), *fences]
    return min(found, default=None)


class _MarkupReader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.split("\n")
        self.line = 0  # the line that is being read
        self.references: list[str] = []
        self.labels: set[str] = set()
        self.mistakes: dict[MarkupMistake, None] = {}

    def read(self) -> Parsed:
        known: dict[str, Any] = {}
        tokens = _PARSER.parse(self.text, known)
        for token in tokens:
            if token.map:
                self.line = token.map[0]
            self._block(token)
        self._definitions(known)
        return Parsed(tokens, tuple(self.references), tuple(self.mistakes))

    def found(self, code: Code, message: str, hint: str, fragment: str = "") -> None:
        """Note a mistake in a fragment; by default, in the line that is being read."""
        fragment = (fragment or self.lines[self.line].strip()).split("\n")[0]
        before = "\n".join([*self.lines[: self.line], ""]).count(fragment)
        self.mistakes[MarkupMistake(code, message, hint, fragment, before)] = None

    def unsupported(self, name: str, hint: str, fragment: str = "") -> None:
        """Note an unsupported Markdown construct, by its name with an article."""
        self.found("markdown", f"{name} is not allowed in a text", hint, fragment)

    def _block(self, token: Token) -> None:
        if token.level > _DEEPEST:
            self.found("too-deep", "the text nests too deeply", "flatten it")
        if token.type in _UNSUPPORTED:
            self.unsupported(*_UNSUPPORTED[token.type])
        elif token.type == "heading_open":
            self.found("heading", "a heading is not allowed in a text", "make it a paragraph")
        elif token.type == "html_block":
            self._html(token)
        elif token.type == "fence":
            self._fence(token)
        elif token.type == "inline":
            self._inline(token.children or [])

    def _fence(self, token: Token) -> None:
        assert token.map is not None
        start, end = token.map
        last = self.lines[end - 1].strip()
        if end - start < 2 or set(last) != {token.markup[0]} or len(last) < len(token.markup):
            hint = f"add a line of {token.markup} where the code ends"
            self.found("markdown", "the fenced code has no end", hint)
        language = token.info.strip()
        if language and language not in LANGUAGES:
            meant = nearest(language, LANGUAGES)
            hint = meant or f"write one of {', '.join(sorted(LANGUAGES))}, or nothing"
            self.found("markdown", f"there is no language {language!r} for code", hint)
            token.info = ""

    def _inline(self, children: Sequence[Token]) -> None:
        if children and children[0].type == "text":
            for pattern, name, hint in _AT_START:
                if match := pattern.match(children[0].content):
                    self.unsupported(name, hint, match.group())
        for number, token in enumerate(children):
            if token.type in ("softbreak", "hardbreak"):
                self.line += 1
            elif token.type == "text":
                self._text(token.content)
            elif token.type == "link_open":
                self._link(token, empty=children[number + 1].type == "link_close")
            elif token.type == "image":
                source = str(token.attrs["src"])
                self.found("image", "an image is not allowed in a text", "link to it", source)
            elif token.type == "html_inline":
                self._html(token)
            elif token.type in _UNSUPPORTED:
                self.unsupported(*_UNSUPPORTED[token.type], token.markup)

    def _text(self, text: str) -> None:
        for pattern, name, hint in _OTHER_DIALECTS:
            if match := pattern.search(text):
                self.unsupported(name, hint, match.group())
        if _BROKEN_LINK.search(text):
            hint = (
                "write [words](https://…), with %20 for blanks in the address; "
                "a bracket that is not a link needs a backslash before it"
            )
            self.found("bad-link", "the link is incomplete", hint, "](")

    def _html(self, token: Token) -> None:
        text = token.content.strip().split("\n")[0]
        shown = text if len(text) < 40 else text[:37] + "..."
        hint = "write Markdown, or put it in backquotes"
        self.found("raw-html", f"raw HTML is not allowed: {shown}", hint, text[:20])

    def _link(self, token: Token, *, empty: bool) -> None:
        href = str(token.attrs["href"])
        written = href.removeprefix("mailto:") if token.markup == "autolink" else href
        self.labels.add(str(token.meta.get("label", "")))
        if empty:
            self.found("markdown", "the link has no text", "write [words](address)", href)
        if token.attrs.pop("title", None):
            message = "the title of the link is never shown"
            self.found("markdown", message, "say it in the text", href)
        if is_item(href):
            self.references.append(href)
            return
        try:
            token.attrs["href"] = str(_HTTPS.validate_python(href))
        except ValidationError as error:
            meant = error.errors()[0].get("ctx", {}).get("hint")
            hint = meant or "link to https://…, or to an item as in claim/some-claim"
            if token.markup == "autolink":
                hint = meant or "put it in backquotes if it is not a link"
            message = f"the link {written!r} is neither an https address nor an item"
            self.found("bad-link", message, hint, written)
            token.attrs["href"] = "#"

    def _definitions(self, known: dict[str, Any]) -> None:
        """Find link definitions that are not used; they would not be shown at all."""
        targets = known.get("references", {})
        unused = [one for label, one in targets.items() if label not in self.labels]
        for one in (*unused, *known.get("duplicate_refs", ())):
            self.line = one["map"][0]
            self.found("markdown", "no link leads to this target", "remove it, or link to it")
