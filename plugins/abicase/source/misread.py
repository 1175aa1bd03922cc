"""Valid YAML that probably means something other than its author intended.

Nothing here is certain: a comment may be intended, and a text may be the word "null". The place
and the shape are the evidence, so every finding is a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from abicase.problems.problem import Problem
from abicase.schema.fields import Holds, shown
from abicase.schema.part import Part
from abicase.schema.shapes import Shape, bare, fields_of, inside, part_of, shape_of
from abicase.source.document import Document
from abicase.source.placeholders import is_open
from abicase.source.syntax import to_quote
from abicase.source.yamltext import ListNode, MapNode, Node, Path, Position, TextNode

NULL = ("null", "Null", "NULL", "~")
"""The words that YAML reads as no value."""

# Nearly all records have none of this, and looking at their nodes takes time.
_WORTH_A_LOOK = re.compile(
    r"""[ \t]\#[^\s!]                                    # a comment that looks like #34
    | [^\s\#][ ]\#[ ]                                    # a comment that looks like a sentence
    | [:,\[{-][ ]+(?:null|Null|NULL|~)[ \t]*(?:[\n,\]}\#]|\Z)
    | \[[^\[\]]{0,500}?(?:\(|\w[ ]?")[^()\[\]]{0,200},     # a comma inside an item
    | [:-][ ]+(?:"[^"\n]*|'[^'\n]*)\n                    # a quotation mark that is not closed
    | ^(?P<to>[ ]*)[^\s>|\#][^\n]*[^:>|\s]\n(?P=to)[ ]+-[ ]         # a dash below a text
    | >[-+\d]*[ ]*\n(?=(?P<by>[ ]+))(?:(?P=by)[ ]*[^\s][^\n]*\n|[ ]*\n){0,100}?
      (?P=by)[*-][ ][^\n]*\n(?P=by)[*-][ ]              # a list in a folded text
    | ^[ ]+```
    """,
    re.VERBOSE | re.MULTILINE,
)


def misread(document: Document, model: type[Part]) -> Iterator[Problem]:
    """Yield a warning for each text that YAML reads differently from what was probably meant."""
    if _WORTH_A_LOOK.search(document.text):
        place = _Place((), shape_of(model), 0, flow=False)
        yield from _Look(document).at(document.root, place)


def takes_words(shape: Shape | None) -> bool:
    """Return whether a place holds prose rather than a name or a date."""
    return shape is not None and (shape.kind == "prose" or Holds.LINE in shape.metadata)


def shape_at(document: Document, model: type[Part], path: Path) -> Shape | None:
    """Return the shape of a place in a record; None if the format has no such place."""
    shape: Shape | None = shape_of(model)
    for depth, step in enumerate(path):
        if shape is not None:
            node, _ = document.node(path[:depth])
            shape = inside(shape, step, node.values if isinstance(node, MapNode) else ())
    holds_text = isinstance(document.node(path)[0], TextNode)
    return bare(shape) if shape is not None and holds_text else shape


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in a record."""

    path: Path
    shape: Shape
    column: int
    """The column of the field or the dash that the value belongs to, counted from 1."""
    flow: bool
    """True inside brackets or braces."""
    fields: frozenset[str] = frozenset()
    """The names of the surrounding fields."""


class _Look:
    def __init__(self, document: Document) -> None:
        self._document = document

    def at(self, node: Node, place: _Place) -> Iterator[Problem]:
        """Look at a value and everything in it; the depth is bounded by yamltext.MAX_DEPTH."""
        if isinstance(node, TextNode):
            yield from self._text(node, place)
        elif isinstance(node, ListNode) and place.shape.of is not None:
            if node.flow:
                yield from self._split(node, place)
            for number, item in enumerate(node.items):
                column = item.position.column - 2
                inner = _Place(
                    (*place.path, number), place.shape.of, column, node.flow, place.fields
                )
                yield from self.at(item, inner)
        elif isinstance(node, MapNode):
            yield from self._mapping(node, place)

    def _mapping(self, node: MapNode, place: _Place) -> Iterator[Problem]:
        part = part_of(place.shape, node.values)
        shapes = {field.name: field.shape for field in fields_of(part)} if part is not None else {}
        names = frozenset(shapes)
        for key, value in node.values.items():
            shape = place.shape.of if place.shape.kind == "mapping" else shapes.get(key)
            if shape is not None:
                column = node.keys[key].column
                inner = _Place((*place.path, key), shape, column, node.flow, names)
                yield from self.at(value, inner)

    def _text(self, node: TextNode, place: _Place) -> Iterator[Problem]:
        if not node.style and node.text in NULL and node.text not in place.shape.words:
            message = f"{node.text} means no value in YAML, but here it is the text {node.text!r}"
            hint = f"leave the field out, or put the word in quotation marks: '{node.text}'"
            yield self._problem(node.position, place, message, hint)
        elif takes_words(place.shape):
            if node.text and not node.style:
                yield from self._comment(node, place)
            yield from self._lines(node, place)

    def _problem(self, position: Position, place: _Place, message: str, hint: str) -> Problem:
        return self._document.problem_at(position, "unquoted", place.path, message, hint)

    def _comment(self, node: TextNode, place: _Place) -> Iterator[Problem]:
        """Find a comment that looks like part of the text: "See bug #34", "It says # that"."""
        line, start = node.end.line, node.end.column - 1
        if _BLANK.match(self._line(line), start) and not place.flow:  # the text may be below it
            line, start = line + 1, 0
            below = self._line(line)
            if len(below) - len(below.lstrip()) < place.column:
                return
        match = _COMMENT.match(self._line(line), start)
        otherwise = ""
        if match is None and not is_open(node.text):
            match = _SENTENCE.match(self._line(line), start)
            otherwise = ", or two spaces before a comment"
        if match:
            message = f"the text ends before {shown(match[1], 40)}, which YAML reads as a comment"
            head = self._line(node.position.line)[node.position.column - 1 :]
            hint = to_quote(head if line == node.position.line and not place.flow else "")
            hint += otherwise
            yield self._problem(Position(line, match.start(1) + 1), place, message, hint)

    def _split(self, node: ListNode, place: _Place) -> Iterator[Problem]:
        """Find an item in brackets that a comma has split: "[void pour(int a, int b)]"."""
        shape = place.shape.of
        if shape is None or not takes_words(shape):
            return
        after = 0  # the first item that is not part of the last text that was put together
        for number, item in enumerate(node.items):
            if number < after or not isinstance(item, TextNode):
                continue
            if not item.style and not _balanced(item.text):
                whole, pieces = _rejoined(node.items[number : number + _MOST_PIECES])
                if not pieces:
                    return  # it never ends, so the intended text is unknown
                after = number + pieces
                message = f"a comma in the middle of a text ends this item, {shown(item.text, 40)}"
                at = _Place((*place.path, number), shape, 0, flow=True)
                yield self._problem(item.position, at, message, to_quote(whole))

    def _lines(self, node: TextNode, place: _Place) -> Iterator[Problem]:
        """Find lines of a text that were meant to be separate."""
        if node.end.line == node.position.line:
            return
        last = node.end.line - 1 if node.style in ("|", ">") else node.end.line
        lines = [(number, self._line(number)) for number in range(node.position.line + 1, last + 1)]
        if node.style != "|" and place.shape.kind != "prose":  # text.markup checks prose
            joined = _joined(lines) if node.style == ">" else lines
            # A single dash at the beginning of a folded line may be a dash between words.
            dashes = [(n, line) for n, line in joined if _DASH.match(line)]
            if sum(bool(_DASH.match(line)) for _, line in lines) > (node.style != ""):
                message = "this line begins like a list item, but continues the text above it"
                yield from self._one(place, dashes, message, "indent it like the other items")
        if node.style in ("'", '"'):
            yield from self._one(
                place,
                _fields(lines, place),
                "this line looks like a field, but is inside a text in quotation marks",
                f"close the quotation mark that begins on line {node.position.line}",
            )

    def _one(
        self, place: _Place, lines: Sequence[tuple[int, str]], message: str, hint: str
    ) -> Iterator[Problem]:
        """Report the first of some lines, if there are any."""
        for number, line in lines[:1]:
            column = len(line) - len(line.lstrip()) + 1
            yield self._problem(Position(number, column), place, message, hint)

    def _line(self, number: int) -> str:
        lines = self._document.lines
        return lines[number - 1] if number <= len(lines) else ""


_BLANK = re.compile(r"\s*$")
_COMMENT = re.compile(r"\s+(#[^\s!].*)")
_SENTENCE = re.compile(r"(?<=\S) (# .*)")
"""A comment after one space; a real one has two before it, as abicase fmt writes it."""
_DASH = re.compile(r"\s*[*-]\s")


def _joined(lines: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return the folded lines of a text: those that are not indented further."""
    written = [line for _, line in lines if line.strip()]
    indent = len(written[0]) - len(written[0].lstrip()) if written else 0
    found = []
    above = ""
    for number, line in lines:
        if line[indent : indent + 1].strip() and above.strip():
            found.append((number, line))
        above = line
    return found


def _fields(lines: Sequence[tuple[int, str]], place: _Place) -> list[tuple[int, str]]:
    """Return the lines that begin with a field name in the column of the surrounding fields."""
    found = []
    for number, line in lines:
        match = re.match(r"\s*(\w+):(?:\s|$)", line)
        if match and match.start(1) + 1 == place.column and match[1] in place.fields:
            found.append((number, line))
    return found


def _balanced(text: str) -> bool:
    return text.count("(") == text.count(")") and not text.count('"') % 2


_MOST_PIECES = 20
"""The maximum number of pieces into which a text on one line is assumed to be split."""


def _rejoined(items: Sequence[Node]) -> tuple[str, int]:
    """Return the text that commas have split, and its number of items; 0 if it has no end."""
    whole = ""
    for pieces, item in enumerate(items, start=1):
        if not isinstance(item, TextNode) or item.style:
            break
        whole += (", " if whole else "") + item.text
        if _balanced(whole):
            return whole, pieces
    return "", 0
