"""The canonical form of records: key order, wrapping and quoting. Comments are kept.

Records are written from their nodes rather than by a YAML library: the libraries that keep comments
type scalars, move comments when keys are reordered, and wrap texts in their own way. The output is
parsed again, and returned only if it has the same meaning.
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
from abicase.source.document import Document, parse
from abicase.source.salvage import salvaged
from abicase.source.syntax import LOADER
from abicase.source.writing import line_end

WIDTH = 100
"""The maximum line length, where a line can be broken."""

_TEXT = Shape("text")


class Unsafe(Exception):
    """The canonical form of a record would change its meaning, which is a bug in this module."""


SCHEMA_LINE = "# yaml-language-server: $schema="
"""The comment at the top of a record that tells editors its JSON Schema."""


def canonical(document: Document, model: type[Part], schema: str = "") -> str:
    """Return the text of a record in its canonical form, with its line endings kept.

    Args:
        document: A record without problems of its own; it may still contain TODO.
        model: Its class.
        schema: The address of its JSON Schema, for editors. If it is empty, an existing line that
            names one is kept.

    Raises:
        Unsafe: The form would lose or change something.
    """
    source = _RecordText.of(document.text)
    if schema:
        source = _RecordText.of(_with_schema(document.text, schema))
    text = _form(source, model)
    if text == document.text:  # nothing to prove
        return text
    for _ in range(4):  # a comment can move out of braces, which then fit on one line
        before, text = text, _form(_RecordText.of(text), model)
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
        raise Unsafe(f"the canonical form of {document.file} would change its meaning")
    if sorted(_RecordText.of(text).comments) != sorted(source.comments):
        raise Unsafe(f"the canonical form of {document.file} would lose a comment")
    return text.replace("\n", line_end(document.text))


def is_canonical(document: Document, model: type[Part]) -> bool:
    """Return whether a record without problems of its own is in canonical form."""
    form = _form(_RecordText.of(document.text), model)
    return form.replace("\n", line_end(document.text)).encode() == document.data


def _with_schema(text: str, schema: str) -> str:
    """Return a record with the schema line at the top, wherever it was above the first key."""
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


def _form(source: _RecordText, model: type[Part]) -> str:
    return "\n".join(_Writer(source, model).lines()) + "\n"


def _stripped(value: Any) -> Any:
    """Return a tree of texts without surrounding blanks, which no field keeps."""
    if isinstance(value, dict):
        return {key: _stripped(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_stripped(item) for item in value]
    return value.strip()


# Comments, and the values they belong to


@dataclass(slots=True)
class _Slot:
    """A key with its value, or an item of a list, to which comments can belong."""

    start: int
    """Its start in the text."""
    column: int
    above: _Slot | None
    inside: Any
    """The node of the list or mapping that contains it."""
    leading: list[str] = field(default_factory=list)
    """The comments on the lines before it; an empty one is an empty line."""
    same_line: list[str] = field(default_factory=list)
    """The comment on its own line."""
    trailing: list[str] = field(default_factory=list)
    """The comments on the lines after its end."""

    def chain(self) -> Iterator[_Slot]:
        """Yield the slot, and every slot that contains it."""
        slot: _Slot | None = self
        while slot is not None:
            yield slot
            slot = slot.above


@dataclass(slots=True)
class _RecordText:
    """The text of a record: its nodes and their comments."""

    root: Any
    slots: dict[int, _Slot]
    """The slots by the identity of a key's or an item's node."""
    header: list[str]
    """The comments at the top of the file."""
    comments: list[str]
    """All comments."""

    @classmethod
    def of(cls, text: str) -> _RecordText:
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
            if not comment:  # an empty line belongs to the value below it
                next_mark = marks[number + 1][0] if number + 1 < len(marks) else len(text)
                if following is not None and following.start < next_mark:
                    following.leading.append("")
                continue
            self.comments.append(comment)
            head = text[text.rfind("\n", 0, start) + 1 : start]
            if not re.fullmatch(r"[ \t]*(-[ \t]+)*", head) and before is not None:
                _comments_after(before, start).append(comment)
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
        """Keep at the top the comments separated from the first key, and the schema line."""
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
    """Yield the comments and the empty lines outside scalars, with their positions."""
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


def _comments_after(slot: _Slot, place: int) -> list[str]:
    """Find the slot for an end-of-line comment: after a bracketed list that ended there."""
    while slot.above is not None and slot.inside.flow_style:
        if slot.inside.end_mark.index > place:
            break
        slot = slot.above
    return slot.same_line


# Writing


class _Writer:
    def __init__(self, source: _RecordText, model: type[Part]) -> None:
        self._source = source
        self._model = model

    def lines(self) -> list[str]:
        """Return the lines of the record."""
        out: list[str] = []
        _note(out, self._source.header, "")
        self._mapping(self._source.root, shape_of(self._model), 0, out)
        return out

    def _slot(self, node: Any) -> _Slot:
        return self._source.slots[id(node)]

    def _mapping(
        self, node: Any, shape: Shape, indent: int, out: list[str], dash: str = ""
    ) -> None:
        """Write keys and values; the first follows a dash if one is given."""
        pad = " " * indent
        for number, (key, value, inner) in enumerate(_ordered(node, shape)):
            slot = self._slot(key)
            leading, same_line = _split(slot)
            first = dash if not number else ""
            before = pad[: len(pad) - len(first)]
            _note(out, leading, before)
            named = shape.kind in ("part", "choice")
            prefix = before + first + (key.value if named else _inline(key.value, _TEXT)) + ":"
            self._value(prefix, value, inner, indent, same_line, out)
            _note(out, slot.trailing, pad)

    def _value(
        self, prefix: str, node: Any, shape: Shape, indent: int, same_line: str, out: list[str]
    ) -> None:
        same_line = f"  {same_line}" if same_line else ""
        if isinstance(node, yaml.ScalarNode):
            first, *rest = _scalar(node.value, shape, len(prefix) + 1, indent + 2)
            out.append(f"{prefix} {first}{same_line}")
            out += [" " * (indent + 2) + line if line else "" for line in rest]
            return
        flow = self._flow(node, shape)
        if flow is not None and (len(prefix) + 1 + len(flow) <= WIDTH or not node.value):
            out.append(f"{prefix} {flow}{same_line}")
            return
        out.append(prefix + same_line)
        if isinstance(node, yaml.MappingNode):
            self._mapping(node, shape, indent + 2, out)
            return
        assert shape.of is not None
        for item in node.value:
            self._item(item, shape.of, indent + 2, out)

    def _item(self, item: Any, shape: Shape, indent: int, out: list[str]) -> None:
        pad = " " * indent
        slot = self._slot(item)
        leading, same_line = _split(slot)
        _note(out, leading, pad)
        braces = self._braces(item, shape)
        if braces is not None and indent + 2 + len(braces) <= WIDTH:
            out.append(f"{pad}- {braces}" + (f"  {same_line}" if same_line else ""))
        elif isinstance(item, yaml.MappingNode) and item.value:
            _note(out, [same_line] if same_line else [], pad)
            self._mapping(item, shape, indent + 2, out, dash="- ")
        else:
            self._value(f"{pad}-", item, shape, indent, same_line, out)
        _note(out, slot.trailing, pad)

    def _braces(self, node: Any, shape: Shape) -> str | None:
        """Return a small part in braces; None if it is not written that way."""
        if shape.part is None or not shape.part.one_line or isinstance(node, yaml.ScalarNode):
            return None
        parts = []
        for key, value, inner in _ordered(node, shape):
            slot = self._slot(key)
            if any(slot.leading) or slot.same_line or any(slot.trailing) or inner.kind == "prose":
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
        """Return a list of names or numbers, or optionally texts, in brackets; otherwise None."""
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
        return any(any(s.leading) or s.same_line or any(s.trailing) for s in slots)


def _note(out: list[str], comments: list[str], pad: str) -> None:
    """Write comments, with at most one empty line between two of them."""
    for comment in comments:
        if comment:
            out.append(pad + comment)
        elif out and out[-1]:
            out.append("")


def _split(slot: _Slot) -> tuple[list[str], str]:
    """Return the comments above a slot and the one on its line; further ones move up."""
    same_line = [comment for comment in slot.same_line if comment]
    return [*slot.leading, *same_line[:-1]], "".join(same_line[-1:])


def _ordered(node: Any, shape: Shape) -> list[tuple[Any, Any, Shape]]:
    """Return keys and values in the order of the format, each value with its shape."""
    if shape.kind == "mapping":
        assert shape.of is not None
        return [(key, value, shape.of) for key, value in node.value]
    part = part_of(shape, {key.value for key, _ in node.value})
    assert part is not None
    fields: dict[str, Field] = {field.name: field for field in fields_of(part)}
    order = list(fields)
    pairs = [(key, value, fields[key.value].shape) for key, value in node.value]
    return sorted(pairs, key=lambda pair: order.index(pair[0].value))


# Scalars


def _scalar(text: str, shape: Shape, column: int, indent: int) -> list[str]:
    """Return the lines of a text: the first as written, the others without indentation.

    Args:
        text: The text.
        shape: The shape of its place.
        column: The number of characters before it.
        indent: The indentation of the following lines.
    """
    if shape.kind == "prose":
        text = text.strip()
    elif shape.kind == "code":
        text = "\n".join(line.rstrip() for line in text.strip("\n").split("\n"))
    if shape.kind in ("prose", "code") and "\n" in text:
        block = ["|-", *text.split("\n")]
        if _reads_back("\n  ".join(block), text):
            return block
    can_break = shape.kind in ("prose", "text")
    if not can_break or column + len(text) <= WIDTH:
        inline = _inline(text, shape)
        quoted = inline.startswith(("'", '"'))
        fits = column + len(inline) <= WIDTH and not (shape.kind == "prose" and quoted)
        if fits or not can_break:
            return [inline]
    folded = [">-", *_folded(text, WIDTH - indent)]
    if (" " in text or shape.kind == "prose") and _reads_back("\n  ".join(folded), text):
        return folded
    return [_inline(text, shape)]


def _folded(text: str, width: int) -> list[str]:
    """Return a text as lines, broken only at single blanks between words, which read back.

    No line begins with a dash between words, which would look like a list item.
    """
    lines = [""]
    for word in re.split(r"(?<=[^\s]) (?=[^\s])(?![*-] )", text):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] += (" " if lines[-1] else "") + word
    return lines


_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9 ./_()+-]*(?<! )")
"""Texts that need no further check, unless YAML gives them another type."""
_TYPED = re.compile(
    r"~|null|Null|NULL|true|True|TRUE|false|False|FALSE|[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
    r"|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)
"""Plain words that YAML 1.2, and thus editors, would not read as strings."""


def is_typed(text: str) -> bool:
    """Return whether a YAML parser may read a plain word as something other than a string."""
    if _TYPED.fullmatch(text):
        return True
    resolvers = yaml.SafeLoader.yaml_implicit_resolvers
    return any(pattern.match(text) for _, pattern in resolvers.get(text[:1], ()))


def _inline(text: str, shape: Shape, *, flow: bool = False) -> str:
    """Return a text on one line: plain if that reads back, otherwise in quotes."""
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
