"""Creating a new record: a well-formed draft in which every field is explained.

The explanations are the model's own, and the examples come from the existing records.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError

from abicase.lint.addresses import PATTERN_PLACEHOLDERS
from abicase.problems.suggestions import with_article
from abicase.schema.case import NOT_KNOWN, SOURCES
from abicase.schema.casebook import LISTED
from abicase.schema.part import Part
from abicase.schema.records import KINDS, model_of
from abicase.schema.shapes import Field, Shape, bare, fields_of, part_of, shape_of
from abicase.source.canonical import SCHEMA_LINE, WIDTH, canonical
from abicase.source.document import parse
from abicase.source.placeholders import RENAME
from abicase.source.reading import Reading
from abicase.source.yamltext import ListNode, MapNode, Node, TextNode

_SOURCE_OF_DRAFT = "article"
"""The kind of source in a new case, which can be given without a lookup."""
_FILLED_IN = ("commit", "mail", "article")
"""The kinds of sources that a command fills in."""
_EXAMPLE = 76
"""The maximum length of an example."""
_CUT = " …"
_MOST_WORDS = 20
"""With more names than this, an example is given instead of a list."""


class NothingToName(Exception):
    """A new record must name a record of another kind, but none exists; the message says which."""


def scaffold(
    reading: Reading,
    kind: str,
    given: Mapping[str, Any],
    *,
    schema: str = "",
    bare: bool = False,
) -> str:
    """Return the text of a new record.

    Args:
        reading: The existing records.
        kind: The kind of the new record, or ``casebook``.
        given: Values of some of its fields as YAML; every kind but ``casebook`` needs ``id``.
        schema: The address of its JSON Schema, for editors; may be empty.
        bare: True to leave out the explanations.

    Returns:
        The text, in canonical form.

    Raises:
        NothingToName: The record must name a record of a kind of which none exists.
    """
    model = model_of(kind)
    lines = [f"{SCHEMA_LINE}{schema}"] if schema else []
    if kind in KINDS:
        given = {"draft": "true", **given}
        lines += [] if bare else _comment(_INTRODUCTION, 0)
    book = reading.casebook
    if kind == "case" and book is not None and book.record.default_repository:
        given = {"interface": {"paths": None}, **given}  # which a case must then have
    lines.append("")
    lines += _Scaffold(reading, kind, bare=bare).part(model, given, 0, apart=True)
    document, problems = parse("\n".join(lines) + "\n", kind)
    assert document is not None, problems
    return canonical(document, model)


_INTRODUCTION = (
    "This is a draft: the live preview shows it, and it is never published. Replace each TODO,"
    " rename ids that begin with rename-me, and delete the comments once you have read them. When"
    " abicase check finds no problems, delete the line draft: true."
)


class _Scaffold:
    def __init__(self, reading: Reading, kind: str, *, bare: bool) -> None:
        self._reading = reading
        self._kind = kind
        self._bare = bare
        self._examples: dict[tuple[type[Part], str], str] = {}
        for entry in reading.of(kind):
            if not entry.draft:
                shape = shape_of(model_of(kind))
                for key, example in _examples(entry.document.root, shape):
                    if self._examples.get(key, _CUT).endswith(_CUT):  # a complete one is better
                        self._examples[key] = example

    def part(
        self, part: type[Part], given: Mapping[str, Any], indent: int, *, apart: bool = False
    ) -> list[str]:
        """Return the lines of a part, with each field explained."""
        pad = " " * indent
        lines: list[str] = []
        for field in fields_of(part):
            there = field.required or field.name in given
            if self._bare and not there:
                continue
            if apart and lines and not self._bare:
                lines.append("")
            lines += self._explained(part, field, indent, there=there)
            if there:
                value = given.get(field.name, None)
                lines += self._value(f"{pad}{field.name}:", part, field, value, indent)
            else:
                lines += self._left_out(part, field, indent)
        return lines

    def _left_out(self, part: type[Part], field: Field, indent: int) -> list[str]:
        """Return an optional field as a comment, to be uncommented when needed."""
        pad = " " * indent
        inner = bare(field.shape.of or field.shape)
        if field.shape.kind == "mapping" and inner.kind == "day":
            return [f"{pad}# {field.name}:", f"{pad}#   TODO: TODO"]
        if inner.part is None:
            return [f"{pad}# {field.name}: {self._example(part, field) or 'TODO'}"]
        try:
            lines = self._value(f"{pad}{field.name}:", part, field, None, indent)
        except NothingToName:  # the field can be left out
            return [f"{pad}# {field.name}: TODO"]
        fields = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
        return [f"{pad}# {line[indent:]}" for line in fields]

    def _explained(self, part: type[Part], field: Field, indent: int, *, there: bool) -> list[str]:
        text = field.description if there else f"Optional. {field.description}"
        shown: list[str] = []
        shape = field.shape.of if field.shape.kind == "list" and field.shape.of else field.shape
        words = list(shape.words) or self._names(shape.refers)
        example = self._example(part, field)
        if words and len(words) <= _MOST_WORDS and shape.refers not in ("source", "event"):
            text += f" One of {', '.join(words)}."
        elif example and there and field.name not in ("id", "draft"):
            shown = self._comment(f"For example: {example}", indent)
        return self._comment(text, indent) + shown

    def _example(self, part: type[Part], field: Field) -> str:
        return self._examples.get((part, field.name), "")

    def _comment(self, text: str, indent: int) -> list[str]:
        return [] if self._bare else _comment(text, indent)

    def _names(self, what: str) -> list[str]:
        """Return the names that a field can hold."""
        casebook = self._reading.casebook
        if what in LISTED and casebook is not None:
            return [member.id for member in getattr(casebook.record, LISTED[what])]
        return [record.id for record in self._records(what)]

    def _records(self, kind: str) -> list[Any]:
        """Return the records of a kind that can be named: finished ones, or else the drafts."""
        entries = list(self._reading.of(kind))
        finished = [entry.record for entry in entries if not entry.draft]
        return finished or [entry.record for entry in entries]

    def _none_yet(self, kind: str) -> NothingToName:
        owner, target = with_article(self._kind), with_article(kind)
        begin = f"create one with abicase new {kind} NAME"
        return NothingToName(f"{owner} must name {target}, but there is none yet; {begin}")

    def _value(
        self, prefix: str, part: type[Part], field: Field, value: Any, indent: int
    ) -> list[str]:
        shape = field.shape
        if shape.kind == "part":
            assert shape.part is not None
            return [prefix, *self.part(shape.part, value or {}, indent + 2)]
        if shape.kind == "mapping" and shape.of is not None and shape.of.kind == "choice":
            return [prefix, *self._sources(indent + 2)]
        if shape.kind == "mapping":
            return [prefix, *self._findings(shape, indent + 2)]
        if shape.kind == "list":
            assert shape.of is not None
            return [prefix, *self._items(part, field, shape.of, value, indent + 2)]
        return [f"{prefix} {value if value is not None else self._scalar(part, field, shape)}"]

    def _items(
        self, part: type[Part], field: Field, shape: Shape, value: Any, indent: int
    ) -> Iterator[str]:
        pad = " " * indent
        if value is not None:
            yield from (f"{pad}- {item}" for item in value)
            return
        for number in range(max(field.least, 1)):
            if shape.part is None:
                yield f"{pad}- {self._scalar(part, field, shape)}"
                continue
            yield f"{pad}-"
            number_ = f"-{number + 1}" if number else ""
            given = {"id": f"{RENAME}{shape.part.__name__.lower()}{number_}"}
            lines = self.part(shape.part, given, indent + 2)
            yield from (line for line in lines if not number or not line.lstrip().startswith("#"))

    def _scalar(self, part: type[Part], field: Field, shape: Shape) -> str:
        """Return a placeholder value that the field accepts."""
        if shape.kind in ("day", "flag") or shape.words or shape.refers in ("source", "event"):
            return "TODO"
        if shape.refers:
            if not self._names(shape.refers):
                raise self._none_yet(shape.refers)
            return "TODO"
        placeholders = PATTERN_PLACEHOLDERS.get(field.name, ())
        pattern = "".join(f"/{{{word}}}" for word in sorted(placeholders))
        for text in ("TODO", "rename-me", f"https://example.org/TODO{pattern}"):
            try:
                TypeAdapter(Annotated[str, *shape.metadata]).validate_python(text)
            except ValidationError:
                continue
            return text
        raise TypeError(f"no placeholder fits {part.__name__}.{field.name}")

    def _sources(self, indent: int) -> Iterator[str]:
        pad = " " * indent
        yield f"{pad}{RENAME}source:"
        yield from self.part(SOURCES[_SOURCE_OF_DRAFT], {}, indent + 2)
        for kind, model in SOURCES.items():
            if kind == _SOURCE_OF_DRAFT or self._bare:
                continue
            filled = " The command abicase source add fills it in." if kind in _FILLED_IN else ""
            description = (model.__doc__ or "").replace("``", "")
            yield from _comment(f"Or: {description}{filled}", indent)
            for field in fields_of(model):
                optional = "" if field.required else "Optional. "
                yield from _comment(f"{field.name}: {optional}{field.description}", indent, hang=2)

    def _findings(self, shape: Shape, indent: int) -> Iterator[str]:
        pad = " " * indent
        assert shape.of is not None
        assert shape.of.part is not None
        axes = sorted(self._records("axis"), key=lambda axis: (axis.order, axis.id))
        if not axes:
            raise self._none_yet("axis")
        for number, axis in enumerate(axes):
            ratings = ", ".join(f"{rating.id} ({rating.meaning})" for rating in axis.ratings)
            yield from self._comment(f"{axis.question} {ratings}, {NOT_KNOWN}.", indent)
            yield f"{pad}{axis.id}:"
            lines = self.part(shape.of.part, {"rating": NOT_KNOWN}, indent + 2)
            yield from (line for line in lines if not number or not line.lstrip().startswith("#"))


def _comment(text: str, indent: int, hang: int = 0) -> list[str]:
    first = " " * indent + "# " + " " * hang
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=first + " " * hang,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _examples(node: Node, shape: Shape) -> Iterator[tuple[tuple[type[Part], str], str]]:
    """Yield the values of a record's fields if they are short, or the beginnings of texts."""
    if shape.of is not None:
        inner = node.items if isinstance(node, ListNode) else []
        inner = list(node.values.values()) if isinstance(node, MapNode) else inner
        for item in inner:
            yield from _examples(item, shape.of)
        return
    part = part_of(shape, node.values) if isinstance(node, MapNode) else None
    if part is None or not isinstance(node, MapNode):
        return
    for field in fields_of(part):
        value = node.values.get(field.name)
        if value is None:
            continue
        texts = [value] if isinstance(value, TextNode) else []
        if isinstance(value, ListNode):
            texts = [item for item in value.items if isinstance(item, TextNode)]
        if texts:
            names = field.shape.of is not None and bool(bare(field.shape.of).refers)
            yield (part, field.name), _example([text.text for text in texts], names=names)
        else:
            yield from _examples(value, field.shape)


def _example(texts: list[str], *, names: bool) -> str:
    """Return a text, shortened if it is long; of a list of names as many as fit."""
    if names:
        while len(texts) > 1 and len(", ".join(texts)) > _EXAMPLE:
            texts = texts[:-1]
        return f"[{', '.join(texts)}]"
    text = " ".join(texts[0].split())
    return text if len(text) <= _EXAMPLE else re.sub(r"\s\S*$", "", text[:_EXAMPLE]) + _CUT
