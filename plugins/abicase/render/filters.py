"""Filters of templates: from a plain text to one that is safe where it is put."""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

from abicase.schema.case import Case, Event
from abicase.text.plaintext import as_ascii, as_markdown, one_line, tidied


def bibtex(text: str) -> str:
    """A plain text as the value of a BibTeX field: nothing in it is TeX, and no brace is open."""
    return "".join(_TEX.get(character, character) for character in text)


_TEX = {character: f"\\{character}" for character in "&%$#_"} | {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def attribute(text: str) -> Markup:
    """A text with lines as the value of an attribute of HTML inside Markdown."""
    return Markup(str(escape(text)).replace("\n", "&#10;"))  # noqa: S704 - escaped


def words(text: str, count: int) -> str:
    """The beginning of a text, at most so many words, with an ellipsis where it was cut."""
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
    """A number as texts have it: in words where it is small."""
    return _NUMBERS[number] if number < len(_NUMBERS) else f"{number:,}"


def chronicle(cases: Iterable[Case]) -> list[tuple[Case, Event]]:
    """The events of some cases, each with its case, in order of time."""
    events = [(case, event) for case in cases for event in case.events]
    return sorted(events, key=lambda pair: pair[1].date.order)


def for_mail(name: str, text: str) -> str:
    """A text of a reply as a mail holds it; a subject is quoted exactly."""
    return one_line(text) if name == "subject" else tidied(text, as_ascii)


def target(link: str) -> str:
    """An address as the target of a link in Markdown: parentheses end it, quotes begin a title."""
    return link.replace("(", "%28").replace(")", "%29").replace("'", "%27")


def for_markdown(name: str, text: str) -> str:
    """A text of a reply as Markdown holds it."""
    return as_markdown(text)


def upper_first(text: str) -> str:
    """A text as a heading or a sentence begins with it."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """A text as it goes on in a sentence; the capitals of an abbreviation stay."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def literals(text: str) -> Markup:
    """A text of the program with what stands in double backquotes as code."""
    return Markup(re.sub(r"``(.+?)``", r"<code>\1</code>", str(escape(text))))  # noqa: S704
