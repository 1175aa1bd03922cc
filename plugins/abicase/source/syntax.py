"""Errors of the YAML parser, explained to authors of records.

The parser says where it got stuck but seldom what was mistyped: a text that needs quotation marks,
a missing space after a colon, an indentation that is off by one. Each function here recognizes one
such mistake by the lines around the place where the parser stopped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import yaml

LOADER: Any = getattr(yaml, "CLoader", yaml.Loader)
"""The YAML loader: libyaml's if PyYAML was built with it."""

_KEY = re.compile(r"(?P<before>[ \t]*(?:- +)*)(?P<key>[A-Za-z_][\w-]*)[ \t]*:(?:[ \t]+|$)")
_NO_BLANK = re.compile(r"(?P<before>[ \t]*(?:- +)*)(?P<key>[A-Za-z_][\w-]*):(?P<value>[^\s/:].*)")
_NO_BLANK_AFTER_DASH = re.compile(r"(?P<before>[ \t]*(?:- +)*)-(?P<rest>[A-Za-z].*)")
_WIDE = "\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_WIDE_BLANK = re.compile(  # between a field and its value, or before a field or a dash
    rf"[ \t]*(?:- *)*(?:[\w-]+:[ \t]*(?P<after>[{_WIDE}])"
    rf"|(?P<before>[{_WIDE}])[ \t{_WIDE}]*(?:-[ \t{_WIDE}]|[A-Za-z_][\w-]*:))"
)

INDICATORS = {
    "*": "an alias",
    "&": "an anchor",
    "!": "a tag",
    "@": "a reserved character",
    "`": "a reserved character",
    "%": "a directive",
    "[": "a list",
    "{": "a mapping",
    "]": "the end of a list",
    "}": "the end of a mapping",
    ",": "the end of an item",
    "-": "a list item",
    "?": "a key",
    ">": "the start of a text on the lines below",
    "|": "the start of a text on the lines below",
    "#": "a comment",
}
"""The characters that a text without quotation marks can't begin with, and their YAML meaning."""


class SyntaxMistake(NamedTuple):
    """A typing mistake with its position; line and column are counted from 1."""

    line: int
    column: int
    message: str
    hint: str = ""


def quoted(text: str) -> str:
    """Return a text in whichever quotation marks need the fewest changes, for a hint."""
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1]
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def missing_comma(text: str) -> str:
    """Return a hint for names between brackets without commas; empty for any other text."""
    names = text.split()
    if len(names) > 1 and all(re.fullmatch(r"[a-z0-9/#-]+", name) for name in names):
        return f"separate the items with commas: {', '.join(names)}"
    return ""


def to_quote(text: str) -> str:
    """Return a hint that a text needs quotation marks, quoting it if it is short.

    Args:
        text: The text without quotation marks, from its first character to the end of its line.
    """
    text = text.rstrip()
    if not text or len(text) > 60:
        return "put the whole text in quotation marks"
    return f"put the whole text in quotation marks: {quoted(text)}"


def slip_in_key(key: str, *, alone: bool = False) -> str:
    """Return a hint for a wrong key: a space is missing, or a comma split a text.

    The key is as YAML reads it; it is ``alone`` if it is between braces without a colon.
    """
    if match := _NO_BLANK.fullmatch(key):
        return f"a space is missing after the colon: {match['key']}: {match['value']}"
    if match := _NO_BLANK_AFTER_DASH.fullmatch(key):
        return f"a dash needs a space after it: - {match['rest']}"
    wide = re.search(f"[{_WIDE}]", key)
    if wide:
        return f"it contains {_name(wide.group())}, which is not a space in YAML; replace it"
    return "a text with a comma between { and } needs quotation marks" * alone


def understood(error: yaml.MarkedYAMLError, text: str) -> SyntaxMistake | None:
    """Find the typing mistake behind an error; None if it is not a known one.

    ``text`` is the contents of the whole file.
    """
    if error.problem_mark is None:
        return None
    stuck = _Stuck.of(error, text)
    return next((found for look in _LOOKS if (found := look(stuck)) is not None), None)


@dataclass(frozen=True, slots=True)
class _Stuck:
    """The place where the parser got stuck."""

    text: str
    lines: list[str]
    context: str
    problem: str
    begun: Any
    """The mark at the start of the construct being parsed; may be None."""
    mark: Any
    """The mark where the parser stopped."""

    @classmethod
    def of(cls, error: yaml.MarkedYAMLError, text: str) -> _Stuck:
        lines = [*text.splitlines(), ""]  # the end of the file is also a position
        context, problem = error.context or "", error.problem or ""
        return cls(text, lines, context, problem, error.context_mark, error.problem_mark)

    @property
    def line(self) -> str:
        """Return the line on which the parser stopped."""
        number: int = self.mark.line
        return self.lines[min(number, len(self.lines) - 1)]

    @property
    def at_own_colon(self) -> bool:
        """Return whether the parser stopped at the colon of a field rather than one in a text."""
        key = _KEY.match(self.line)
        rejected = "mapping values are not allowed" in self.problem
        return rejected and key is not None and key.end("key") >= self.mark.column

    @property
    def key_line(self) -> int:
        """Return the number of the line where a key begins, or else where the parser stopped."""
        return int(self.begun.line if "simple key" in self.context else self.mark.line)

    def above(self, number: int) -> int | None:
        """Return the number of the next line above that is neither empty nor a comment."""
        for above in range(number - 1, -1, -1):
            if self.lines[above].strip() and not self.lines[above].lstrip().startswith("#"):
                return above
        return None

    def suspects(self) -> list[int]:
        """Return the numbers of the lines that may contain the mistake.

        The line above is included if this one was read as a continuation of its text.
        """
        above = self.above(self.mark.line) if self.at_own_colon else None
        return [self.key_line, *([] if above is None else [above])]


def _wide_blank(stuck: _Stuck) -> SyntaxMistake | None:
    for number in stuck.suspects():
        match = _WIDE_BLANK.match(stuck.lines[number])
        if match:
            place = match.start("after") if match["after"] else match.start("before")
            name = _name(stuck.lines[number][place])
            message = f"{name} is where YAML accepts only spaces"
            hint = "replace it with a space; such characters come with text copied from web pages"
            return SyntaxMistake(number + 1, place + 1, message, hint)
    return None


def _name(character: str) -> str:
    return f"the character {unicodedata.name(character, hex(ord(character)))}"


def _tab(stuck: _Stuck) -> SyntaxMistake | None:
    for number in stuck.suspects():
        match = re.match(r" *(?:- *)*\t+(?=\S)", stuck.lines[number])
        if match:
            column = stuck.lines[number].index("\t") + 1
            return SyntaxMistake(
                number + 1, column, "a tab indents this line", "indent with spaces"
            )
    return None


def _inside_quotes(stuck: _Stuck) -> SyntaxMistake | None:
    """Recognize a quoted text that does not end, or has a backslash in it."""
    if "quoted scalar" not in stuck.context:
        return None
    if "end of stream" in stuck.problem or "document" in stuck.problem:
        line, column = stuck.begun.line, stuck.begun.column
        message = "the quotation mark that begins this text is never closed"
        hint = "close it where the text ends"
        if stuck.lines[line][column] == "'":
            hint += ", or put a text that begins with an apostrophe in double quotation marks"
        return SyntaxMistake(line + 1, column + 1, message, hint)
    if "escape" in stuck.problem or "hex" in stuck.problem:
        column = stuck.line.rfind("\\", 0, stuck.mark.column + 1)
        message = "this backslash in double quotation marks begins an unknown escape"
        hint = "write two backslashes, or use single quotation marks"
        return SyntaxMistake(stuck.mark.line + 1, max(column, 0) + 1, message, hint)
    return None


def _after_quotes(stuck: _Stuck) -> SyntaxMistake | None:
    """Recognize text after a closing quotation mark."""
    token = _last_scalar(stuck)
    if token is None or token.style not in ("'", '"'):
        return None
    start, end = token.start_mark, token.end_mark
    between = stuck.text[end.index : stuck.mark.index]
    if "\n" in between or between.strip():
        return None
    if start.line != end.line:
        message = f"the quotation mark that begins this text is closed only on line {end.line + 1}"
        return SyntaxMistake(
            start.line + 1, start.column + 1, message, "close it where the text ends"
        )
    rest = stuck.lines[start.line][start.column :]
    inside = stuck.text[end.index - 2 : end.index - 1].isalnum() and not between
    if token.style == "'" and inside and stuck.text[end.index : end.index + 1].isalnum():
        message = "the apostrophe ends a text in single quotation marks"
        double = rest.rstrip().removeprefix("'").removesuffix("'")
        hint = f'use double quotation marks: "{double}"' if '"' not in double else "write it twice"
        return SyntaxMistake(end.line + 1, end.column, message, hint)
    if "flow" in stuck.context:
        rest = re.split(r"[],}]", rest)[0]
    message = "text follows a closing quotation mark"
    return SyntaxMistake(stuck.mark.line + 1, stuck.mark.column + 1, message, to_quote(rest))


def _last_scalar(stuck: _Stuck) -> Any:
    """Return the last text that was read before the parser stopped."""
    last = None
    try:
        for token in yaml.scan(stuck.text, Loader=LOADER):
            if token.start_mark.index >= stuck.mark.index:
                break
            if isinstance(token, yaml.ScalarToken):
                last = token
    except yaml.YAMLError:
        pass
    return last


def _open_bracket(stuck: _Stuck) -> SyntaxMistake | None:
    if "flow" not in stuck.context:
        return None
    if stuck.begun.line == stuck.mark.line:
        hint = "between { } and [ ] a text with a comma, a bracket or a colon needs quotation marks"
        message = "a comma or the closing bracket was expected here"
        if stuck.line[stuck.mark.column : stuck.mark.column + 1] == ":":
            message = "a text with a colon and a space in it needs quotation marks"
        return SyntaxMistake(stuck.mark.line + 1, stuck.mark.column + 1, message, hint)
    line = stuck.lines[stuck.begun.line]
    opening = line[stuck.begun.column]
    if match := re.search(r"\s#", line[stuck.begun.column :]):
        message = f"a comment begins here, before the {opening} is closed"
        hint = "put a text with a space and # in it in quotation marks"
        return SyntaxMistake(stuck.begun.line + 1, stuck.begun.column + match.end(), message, hint)
    message = f"this {opening} is not closed on its line"
    hint = f"close it, or put a text that begins with {opening} in quotation marks"
    return SyntaxMistake(stuck.begun.line + 1, stuck.begun.column + 1, message, hint)


def _indicator(stuck: _Stuck) -> SyntaxMistake | None:
    """Recognize a text that begins with a character that has a meaning in YAML."""
    marks = [stuck.mark]
    if re.search(r"alias|anchor|tag|block scalar|directive|block node", stuck.context):
        marks.insert(0, stuck.begun)
    for mark in marks:
        line = stuck.lines[min(mark.line, len(stuck.lines) - 1)]
        key = _KEY.match(line) or re.match(r"[ \t]*(?:- +)*", line)
        assert key is not None, "the second pattern matches anything"
        value = line[key.end() :]
        if value[:1] not in INDICATORS or mark.column < key.end():
            continue
        if value[0] in "-?" and not value[1:2].isspace():
            continue
        # Some are valid by themselves, and the text after them is not.
        until = line[key.end() : mark.column]
        whole = value[0] in "*&!|>" or (value[0] in "{[" and until and _closed(until))
        if whole or mark.column == key.end():
            message = f"a text that begins with {value[0]} needs quotation marks"
            hint = f"{to_quote(value)}; YAML reads a leading {value[0]} as {INDICATORS[value[0]]}"
            return SyntaxMistake(mark.line + 1, key.end() + 1, message, hint)
    return None


def _closed(text: str) -> bool:
    """Return whether as many brackets are closed as opened."""
    return sum(map(text.count, "[{")) == sum(map(text.count, "]}"))


def _missing_blank(stuck: _Stuck) -> SyntaxMistake | None:
    for number in stuck.suspects():
        line = stuck.lines[number]
        if match := _NO_BLANK.fullmatch(line):
            hint = f"write {match['key']}: {match['value'].rstrip()}"
            message = "a space is missing after the colon"
            return SyntaxMistake(number + 1, match.end("key") + 1, message, hint)
        if match := _NO_BLANK_AFTER_DASH.fullmatch(line):
            column = match.start("rest")
            hint = f"write - {match['rest'].rstrip()}"
            return SyntaxMistake(number + 1, column, "a space is missing after the dash", hint)
    return None


def _cut_by_comment(stuck: _Stuck) -> SyntaxMistake | None:
    """Recognize the lines of a text that was cut at a comment sign."""
    token = _last_scalar(stuck)
    if token is None or token.style in ("'", '"', "|", ">"):
        return None
    end = token.end_mark
    between = stuck.text[end.index : stuck.mark.index]
    match = re.match(r"\s+(?=#)", between)
    if not match or not re.fullmatch(r"(?:\s|#.*)*", between) or _KEY.match(stuck.line):
        return None
    gap = match.group()
    line = end.line + gap.count("\n")
    column = len(gap.rpartition("\n")[2]) + (0 if "\n" in gap else end.column)
    message = "the text above ends at this #, which begins a comment, but continues below"
    hint = "put the text in quotation marks, or below its field, indented, after >-"
    return SyntaxMistake(line + 1, column + 1, message, hint)


def _colon(stuck: _Stuck) -> SyntaxMistake | None:
    """Recognize a colon in a text, or a field indented so far that it continues the text above."""
    if "mapping values are not allowed" not in stuck.problem:
        return None
    number, column = stuck.mark.line, stuck.mark.column
    key = _KEY.match(stuck.line)
    above = stuck.above(number)
    if key is not None and stuck.at_own_colon and above is not None:
        over = _KEY.match(stuck.lines[above])
        indent = len(key["before"].expandtabs())
        if over is not None and len(over["before"]) < indent:
            message = "this line is indented further than the field above, so it continues its text"
            hint = (
                f"indent it by {_blanks(len(over['before']))}, like that one; "
                "if it belongs to the text, put the text in quotation marks"
            )
            return SyntaxMistake(number + 1, len(key["before"]) + 1, message, hint)
    value = stuck.line[key.end() :] if key is not None and not stuck.at_own_colon else ""
    message = "a text with a colon and a space in it needs quotation marks"
    hint = f"{to_quote(value)}, or below its field after >-"
    return SyntaxMistake(number + 1, column + 1, message, hint)


def _blanks(number: int) -> str:
    return "1 space" if number == 1 else f"{number or 'no'} spaces"


def _no_field(stuck: _Stuck) -> SyntaxMistake | None:
    """Recognize a line that is not a field, and is not indented like its text."""
    if "simple key" not in stuck.context:
        return None
    message = "this line is neither a field with a value nor part of the text above"
    hint = "a field ends with a colon and a space; the lines of a text are indented further"
    return SyntaxMistake(stuck.begun.line + 1, stuck.begun.column + 1, message, hint)


def _indentation(stuck: _Stuck) -> SyntaxMistake | None:
    if not re.search(r"block (mapping|collection|sequence)", stuck.context):
        return None
    indent = len(stuck.line) - len(stuck.line.lstrip())
    if stuck.mark.column != indent:
        return None
    above = stuck.above(stuck.mark.line)
    match = _KEY.match(stuck.lines[above]) if above is not None else None
    begun = len(match["before"]) if match is not None else stuck.begun.column
    message = f"this line is indented by {_blanks(indent)}, unlike any open field or list above it"
    if indent == stuck.begun.column:  # where a dash was expected
        message = "a list item was expected here, which begins with a dash"
    hint = f"the field above is indented by {_blanks(begun)}"
    return SyntaxMistake(stuck.mark.line + 1, indent + 1, message, hint)


_LOOKS: tuple[Callable[[_Stuck], SyntaxMistake | None], ...] = (
    _wide_blank,
    _tab,
    _inside_quotes,
    _after_quotes,
    _open_bracket,
    _indicator,
    _missing_blank,
    _cut_by_comment,
    _colon,
    _no_field,
    _indentation,
)
"""The checks for mistakes, the most certain first."""
