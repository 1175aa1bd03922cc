"""Template filters, which make a plain text safe for the place where it is used."""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

from abicase.schema.case import Case, Event
from abicase.text.plaintext import as_ascii, as_markdown, one_line, tidied


def bibtex(text: str) -> str:
    """Escape a plain text for a BibTeX field: nothing in it is TeX, and no brace is open."""
    return "".join(_TEX.get(character, character) for character in text)


_TEX = {character: f"\\{character}" for character in "&%$#_"} | {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def attribute(text: str) -> Markup:
    """Escape a text with lines for an HTML attribute inside Markdown."""
    return Markup(str(escape(text)).replace("\n", "&#10;"))  # noqa: S704 - escaped


def words(text: str, count: int) -> str:
    """Cut a text after ``count`` words, with an ellipsis if it was longer."""
    parts = text.split()
    if len(parts) <= count:
        return " ".join(parts)
    return " ".join(parts[:count]).rstrip(".,;:") + "…"


_NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    "twenty",
)  # fmt: skip


def spelled(number: int) -> str:
    """Return a number for a text, in words if it is small."""
    return _NUMBERS[number] if number < len(_NUMBERS) else f"{number:,}"


def chronicle(cases: Iterable[Case]) -> list[tuple[Case, Event]]:
    """Return the events of some cases, each with its case, in chronological order."""
    events = [(case, event) for case in cases for event in case.events]
    return sorted(events, key=lambda pair: pair[1].date.order)


def for_mail(name: str, text: str) -> str:
    """Prepare a text of a reply for a mail; a subject is quoted exactly."""
    return one_line(text) if name == "subject" else tidied(text, as_ascii)


def target(link: str) -> str:
    """Escape an address for a Markdown link: parentheses would end it, quotes begin a title."""
    return link.replace("(", "%28").replace(")", "%29").replace("'", "%27")


def for_markdown(name: str, text: str) -> str:
    """Prepare a text of a reply for Markdown."""
    return as_markdown(text)


def upper_first(text: str) -> str:
    """Capitalize a text for the start of a heading or a sentence."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """Start a text in lower case, for the middle of a sentence, unless with an abbreviation."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def literals(text: str) -> Markup:
    """Convert double backquotes in a docstring to code."""
    return Markup(re.sub(r"``(.+?)``", r"<code>\1</code>", str(escape(text))))  # noqa: S704
