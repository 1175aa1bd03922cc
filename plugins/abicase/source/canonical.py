"""The one form in which records are written: order of keys, wrapping, quotes; comments stay.

Records are written from their nodes, and not by a library for YAML: those that keep comments
type the scalars, move comments when keys are put in order, and wrap texts each in a way of its own.
Whatever comes out is read again, and is given out only if it says the same.
"""

from __future__ import annotations

import io
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.emitter import Emitter

from abicase.schema.part import Part
from abicase.schema.shapes import Field, Shape, bare, fields_of, part_of, shape_of
from abicase.source.salvage import salvaged
from abicase.source.syntax import LOADER
from abicase.source.writing import line_end
from abicase.source.yamltext import Document, parse

WIDTH = 100
"""How many characters a line has at most, where it can be broken."""

_TEXT = Shape("text")


class Unsafe(Exception):
    """The canonical form of a record would not say the same; a defect of this module."""


SCHEMA_LINE = "# yaml-language-server: $schema="
"""The comment at the top of a record that tells editors its JSON Schema."""


def canonical(document: Document, model: type[Part], schema: str = "") -> str:
    """A record in its canonical form; its lines end as they did.

    Args:
        document: A record that has no problem in itself; it may still say TODO.
        model: Its class.
        schema: The address of its JSON Schema, for editors; where it is empty, a line that names
            one stays as it is.

    Returns:
        The text of the file.

    Raises:
        Unsafe: The form would lose or change something.
    """
    source = _Source.of(document.text)
    if schema:
        source = _Source.of(_with_schema(document.text, schema))
    text = _form(source, model)
    for _ in range(4):  # a comment can move out of braces, which are then written in one line
        before, text = text, _form(_Source.of(text), model)
        if text == before:
            break
    else:
        raise Unsafe(f"{document.file} has no stable canonical form")
    again, problems = parse(text, document.file)
    if again is None or problems:
        raise Unsafe(f"{document.file} can't be written in its canonical form")
    same = _stripped(again.plain()) == _stripped(document.plain())
    shape = shape_of(model)
    if not same or salvaged(shape, again.plain()) != salvaged(shape, document.plain()):
        raise Unsafe(f"the canonical form of {document.file} would change what it says")
    if sorted(_Source.of(text).comments) != sorted(source.comments):
        raise Unsafe(f"the canonical form of {document.file} would lose a comment")
    return text.replace("\n", line_end(document.text))


def _with_schema(text: str, schema: str) -> str:
    """A record with the line for editors at its top, wherever that stood above the first key."""
    if text.startswith(SCHEMA_LINE):
        return f"{SCHEMA_LINE}{schema}{text[len(text.splitlines()[0]) :]}"
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if line.startswith(SCHEMA_LINE):
            del lines[number]
            break
        if line.strip() and not line.startswith("#"):
            break
    return f"{SCHEMA_LINE}{schema}\n" + "".join(lines).lstrip("\r\n")


def _form(source: _Source, model: type[Part]) -> str:
    return "\n".join(_Writer(source, model).lines()) + "\n"


def _stripped(value: Any) -> Any:
    """A tree of texts without the blanks around them, which no field keeps."""
    if isinstance(value, dict):
        return {key: _stripped(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_stripped(item) for item in value]
    return value.strip()


# Comments, and what they stand beside


@dataclass(slots=True)
class _Slot:
    """A key with its value, or an item of a list: what a comment can stand beside."""

    start: int
    """Where it begins in the text."""
    column: int
    above: _Slot | None
    inside: Any
    """The node of the list or mapping that holds it."""
    leading: list[str] = field(default_factory=list)
    """Comments in the lines before it; an empty one is an empty line."""
    beside: list[str] = field(default_factory=list)
    """A comment on its own line."""
    trailing: list[str] = field(default_factory=list)
    """Comments in the lines after all of it."""

    def chain(self) -> Iterator[_Slot]:
        """It, and all that it stands in."""
        slot: _Slot | None = self
        while slot is not None:
            yield slot
            slot = slot.above


@dataclass(slots=True)
class _Source:
    """A record's text: its nodes, and the comments beside them."""

    root: Any
    slots: dict[int, _Slot]
    """By the identity of the node of a key, or of an item."""
    header: list[str]
    """Comments at the top of the file."""
    comments: list[str]
    """All comments."""

    @classmethod
    def of(cls, text: str) -> _Source:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        root = yaml.compose(text, Loader=LOADER)
        slots: dict[int, _Slot] = {}
        scalars: list[Any] = []
        _collect(root, None, text, slots, scalars)
        source = cls(root, slots, [], [])
        source._attach(text, scalars)
        return source

    def _attach(self, text: str, scalars: list[Any]) -> None:
        ordered = sorted(self.slots.values(), key=lambda slot: slot.start)  # outer ones first
        starts = [slot.start for slot in ordered]
        marks = list(_marks(text, scalars))
        for number, (start, comment) in enumerate(marks):
            place = bisect_right(starts, start)
            before = ordered[place - 1] if place else None
            following = ordered[place] if place < len(ordered) else None
            if not comment:  # an empty line belongs to what comes below it
                next_mark = marks[number + 1][0] if number + 1 < len(marks) else len(text)
                if following is not None and following.start < next_mark:
                    following.leading.append("")
                continue
            self.comments.append(comment)
            head = text[text.rfind("\n", 0, start) + 1 : start]
            if not re.fullmatch(r"[ \t]*(-[ \t]+)*", head) and before is not None:
                _beside(before, start).append(comment)
                continue
            into = self._own_line(len(head), before, following)
            if (
                number
                and not marks[number - 1][1]
                and (not place or marks[number - 1][0] >= starts[place - 1])
            ):
                into.append("")
            into.append(comment)
        self._split_header(ordered)

    def _own_line(self, column: int, before: _Slot | None, following: _Slot | None) -> list[str]:
        if before is None:
            return self.header
        if following is not None and column <= following.column:
            return following.leading
        around = {id(slot) for slot in following.chain()} if following is not None else set()
        fitting = [s for s in before.chain() if s.column <= column and id(s) not in around]
        if fitting:
            return max(fitting, key=lambda slot: slot.column).trailing
        return following.leading if following is not None else before.trailing

    def _split_header(self, ordered: list[_Slot]) -> None:
        """Leave at the top what stands apart from the first key, and the line for editors."""
        cut = 0
        for number, comment in enumerate(self.header):
            if not comment or comment.startswith(SCHEMA_LINE):
                cut = number + 1
        ordered[0].leading[:0] = self.header[cut:]
        self.header = self.header[:cut]


def _collect(
    node: Any, above: _Slot | None, text: str, slots: dict[int, _Slot], scalars: list[Any]
) -> None:
    # Recursion is bounded by yamltext.MAX_DEPTH.
    if isinstance(node, yaml.ScalarNode):
        scalars.append(node)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            start, column = item.start_mark.index, item.start_mark.column
            if not node.flow_style:
                dash = text.rindex("-", 0, start) if start else 0
                column -= start - dash if "\n" not in text[dash:start] else 0
            slots[id(item)] = slot = _Slot(start, column, above, node)
            _collect(item, slot, text, slots, scalars)
    else:
        for key, value in node.value:
            start, column = key.start_mark.index, key.start_mark.column
            slots[id(key)] = slot = _Slot(start, column, above, node)
            scalars.append(key)
            _collect(value, slot, text, slots, scalars)


def _marks(text: str, scalars: list[Any]) -> Iterator[tuple[int, str]]:
    """The comments of a text and its empty lines outside scalars, with their places."""
    gaps: list[tuple[int, int]] = []
    last = 0
    for scalar in sorted(scalars, key=lambda node: node.start_mark.index):
        start, end = scalar.start_mark.index, scalar.end_mark.index
        gaps.append((last, start))
        if scalar.style in ("|", ">"):
            head = text.find("\n", start, end)
            gaps.append((start + 1, head if head >= 0 else end))
            end = start + len(text[start:end].rstrip())
        last = end
    gaps.append((last, len(text)))
    for first, end in gaps:
        start = first
        for line in text[first:end].split("\n"):
            whole = (not start or text[start - 1] == "\n") and start + len(line) < len(text)
            if "#" in line:
                yield start + line.index("#"), line[line.index("#") :].rstrip()
            elif whole and not line.strip() and text[start + len(line)] == "\n":
                yield start, ""
            start += len(line) + 1


def _beside(slot: _Slot, place: int) -> list[str]:
    """Find where a comment at the end of a line goes: past a list in brackets that ended there."""
    while slot.above is not None and slot.inside.flow_style:
        if slot.inside.end_mark.index > place:
            break
        slot = slot.above
    return slot.beside


# Writing


class _Writer:
    def __init__(self, source: _Source, model: type[Part]) -> None:
        self._source = source
        self._model = model

    def lines(self) -> list[str]:
        """The record, line by line."""
        out: list[str] = []
        _note(out, self._source.header, "")
        self._mapping(self._source.root, shape_of(self._model), 0, out)
        return out

    def _slot(self, node: Any) -> _Slot:
        return self._source.slots[id(node)]

    def _mapping(
        self, node: Any, shape: Shape, indent: int, out: list[str], dash: str = ""
    ) -> None:
        """Write keys and values; the first follows a dash, if one is given."""
        pad = " " * indent
        for number, (key, value, inner) in enumerate(_ordered(node, shape)):
            slot = self._slot(key)
            leading, beside = _split(slot)
            first = dash if not number else ""
            before = pad[: len(pad) - len(first)]
            _note(out, leading, before)
            named = shape.kind in ("part", "choice")
            prefix = before + first + (key.value if named else _inline(key.value, _TEXT)) + ":"
            self._value(prefix, value, inner, indent, beside, out)
            _note(out, slot.trailing, pad)

    def _value(
        self, prefix: str, node: Any, shape: Shape, indent: int, beside: str, out: list[str]
    ) -> None:
        beside = f"  {beside}" if beside else ""
        if isinstance(node, yaml.ScalarNode):
            first, *rest = _scalar(node.value, shape, len(prefix) + 1, indent + 2)
            out.append(f"{prefix} {first}{beside}")
            out += [" " * (indent + 2) + line if line else "" for line in rest]
            return
        flow = self._flow(node, shape)
        if flow is not None and (len(prefix) + 1 + len(flow) <= WIDTH or not node.value):
            out.append(f"{prefix} {flow}{beside}")
            return
        out.append(prefix + beside)
        if isinstance(node, yaml.MappingNode):
            self._mapping(node, shape, indent + 2, out)
            return
        assert shape.of is not None
        for item in node.value:
            self._item(item, shape.of, indent + 2, out)

    def _item(self, item: Any, shape: Shape, indent: int, out: list[str]) -> None:
        pad = " " * indent
        slot = self._slot(item)
        leading, beside = _split(slot)
        _note(out, leading, pad)
        braces = self._braces(item, shape)
        if braces is not None and indent + 2 + len(braces) <= WIDTH:
            out.append(f"{pad}- {braces}" + (f"  {beside}" if beside else ""))
        elif isinstance(item, yaml.MappingNode) and item.value:
            _note(out, [beside] if beside else [], pad)
            self._mapping(item, shape, indent + 2, out, dash="- ")
        else:
            self._value(f"{pad}-", item, shape, indent, beside, out)
        _note(out, slot.trailing, pad)

    def _braces(self, node: Any, shape: Shape) -> str | None:
        """A small part in braces; None where it is not written so."""
        if shape.part is None or not shape.part.one_line or isinstance(node, yaml.ScalarNode):
            return None
        parts = []
        for key, value, inner in _ordered(node, shape):
            slot = self._slot(key)
            if any(slot.leading) or slot.beside or any(slot.trailing) or inner.kind == "prose":
                return None
            if isinstance(value, yaml.ScalarNode):
                text: str | None = _inline(value.value, inner, flow=True)
            else:
                text = self._flow(value, inner, texts=True)
            if text is None:
                return None
            parts.append(f"{key.value}: {text}")
        return "{" + ", ".join(parts) + "}"

    def _flow(self, node: Any, shape: Shape, *, texts: bool = False) -> str | None:
        """A list of names or numbers, or of texts as well, in brackets; else None."""
        if not node.value:
            return "[]" if isinstance(node, yaml.SequenceNode) else "{}"
        inner = bare(shape.of) if shape.of is not None else None
        if inner is None or not (
            inner.refers or inner.kind == "number" or (texts and inner.kind == "text")
        ):
            return None
        if not all(isinstance(item, yaml.ScalarNode) for item in node.value):
            return None
        if self._has_comments(node):
            return None
        return "[" + ", ".join(_inline(i.value, inner, flow=True) for i in node.value) + "]"

    def _has_comments(self, node: Any) -> bool:
        slots = [self._slot(item) for item in node.value]
        return any(any(s.leading) or s.beside or any(s.trailing) for s in slots)


def _note(out: list[str], comments: list[str], pad: str) -> None:
    """Write comments, and one empty line at most between two things."""
    for comment in comments:
        if comment:
            out.append(pad + comment)
        elif out and out[-1]:
            out.append("")


def _split(slot: _Slot) -> tuple[list[str], str]:
    """The comments before a slot, and the one beside it; of several beside it all but one."""
    beside = [comment for comment in slot.beside if comment]
    return [*slot.leading, *beside[:-1]], "".join(beside[-1:])


def _ordered(node: Any, shape: Shape) -> list[tuple[Any, Any, Shape]]:
    """Keys and values in the order of the format, each value with its shape."""
    if shape.kind == "mapping":
        assert shape.of is not None
        return [(key, value, shape.of) for key, value in node.value]
    part = part_of(shape, {key.value for key, _ in node.value})
    assert part is not None
    fields: dict[str, Field] = {one.name: one for one in fields_of(part)}
    order = list(fields)
    pairs = [(key, value, fields[key.value].shape) for key, value in node.value]
    return sorted(pairs, key=lambda pair: order.index(pair[0].value))


# Scalars


def _scalar(text: str, shape: Shape, column: int, indent: int) -> list[str]:
    """A text as it is written: its first line, and those below it without their indentation.

    Args:
        text: The text.
        shape: What its place takes.
        column: How many characters stand before it.
        indent: How far the lines below it are indented.
    """
    if shape.kind == "prose":
        text = text.strip()
    elif shape.kind == "code":
        text = "\n".join(line.rstrip() for line in text.strip("\n").split("\n"))
    inline = _inline(text, shape)
    quoted = inline.startswith(("'", '"'))
    if shape.kind in ("prose", "code") and "\n" in text:
        block = ["|-", *text.split("\n")]
        if _reads_back("\n  ".join(block), text):
            return block
    fits = column + len(inline) <= WIDTH and not (shape.kind == "prose" and quoted)
    if fits or shape.kind not in ("prose", "text"):
        return [inline]
    folded = [">-", *_folded(text, WIDTH - indent)]
    if (" " in text or shape.kind == "prose") and _reads_back("\n  ".join(folded), text):
        return folded
    return [inline]


def _folded(text: str, width: int) -> list[str]:
    """A text in lines; only single blanks between words are broken, which read back as such.

    No line begins with a dash that stands for itself, which would look like a list.
    """
    lines = [""]
    for word in re.split(r"(?<=[^\s]) (?=[^\s])(?![*-] )", text):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] += (" " if lines[-1] else "") + word
    return lines


_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9 ./_()+-]*(?<! )")
"""Texts that need no closer look, save those that are taken for something else."""
_TYPED = re.compile(
    r"~|null|Null|NULL|true|True|TRUE|false|False|FALSE|[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
    r"|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)
"""What YAML 1.2 takes for something else than a text; editors read records so."""


def is_typed(text: str) -> bool:
    """Return whether a YAML parser may read a plain word as something other than a text."""
    if _TYPED.fullmatch(text):
        return True
    resolvers = yaml.SafeLoader.yaml_implicit_resolvers
    return any(pattern.match(text) for _, pattern in resolvers.get(text[:1], ()))


def _inline(text: str, shape: Shape, *, flow: bool = False) -> str:
    """A text in one line: plain where that reads back, else in quotes."""
    if shape.kind in ("day", "number", "flag", "word") and " " not in text:
        return text
    if not is_typed(text):
        if _PLAIN.fullmatch(text):
            return text
        analysis = _ANALYST.analyze_scalar(text)
        plain = analysis.allow_flow_plain if flow else analysis.allow_block_plain
        if plain and not analysis.multiline and _reads_back(f"[{text}]" if flow else text, text):
            return text
    if ('"' in text or "\\" in text) and re.fullmatch(r"[^\x00-\x1f\x7f]*", text):
        return "'" + text.replace("'", "''") + "'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    escaped = escaped.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return f'"{escaped}"'


_ANALYST: Any = Emitter(io.StringIO(), allow_unicode=True)


def _reads_back(written: str, text: str) -> bool:
    document, problems = parse(f"k: {written}\n", "")
    return document is not None and not problems and document.plain()["k"] in (text, [text])
