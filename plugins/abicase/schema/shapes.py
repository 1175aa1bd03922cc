"""What the record format says of each place in a record: for programs that write records."""

from __future__ import annotations

import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from abicase.schema.fields import Day, IsProse, RefersTo
from abicase.schema.records import SOURCES, Part, Source

Kind = Literal["part", "source", "list", "mapping", "prose", "text", "word", "day", "other"]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a place in a record takes."""

    kind: Kind
    """``text`` is a text in one line, ``word`` one of a few, ``other`` a number or a flag."""
    part: type[Part] | None = None
    """The class of a part."""
    of: Shape | None = None
    """What a list or a mapping holds."""
    refers: str = ""
    """For a text that names something else: what, see :class:`abicase.schema.fields.RefersTo`."""
    words: tuple[str, ...] = ()
    """The words that can be meant."""
    metadata: tuple[Any, ...] = ()
    """What the annotation says besides the type."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a part."""

    name: str
    """Its name in a record."""
    shape: Shape
    description: str
    """What it holds, from the model, in plain text."""
    required: bool
    least: int = 0
    """The least number of items of a list or a mapping."""
    info: FieldInfo | None = field(default=None, compare=False)


@cache
def fields_of(part: type[Part]) -> tuple[Field, ...]:
    """The fields of a part, in the order of the format.

    Args:
        part: The class of the part.

    Returns:
        Its fields.
    """
    found = []
    fields: Iterable[tuple[str, FieldInfo]] = part.model_fields.items()
    if part in SOURCES.values():  # what a source is comes before how it was checked
        fields = sorted(fields, key=lambda item: item[0] in ("checked", "how"))
    for name, info in fields:
        least = max((getattr(m, "min_length", 0) or 0 for m in info.metadata), default=0)
        shape = _shape(info.annotation, tuple(info.metadata))
        if typing.get_origin(info.annotation) is tuple and shape.kind == "list":
            arguments = typing.get_args(info.annotation)
            least = least if Ellipsis in arguments else len(arguments)
        description = " ".join((info.description or "").replace("``", "").split())
        required = info.default is PydanticUndefined and info.default_factory is None
        found.append(Field(info.alias or name, shape, description, required, least, info))
    return tuple(found)


def part_of(shape: Shape, keys: typing.Collection[str]) -> type[Part] | None:
    """The class of the part that stands in a place.

    Args:
        shape: What the place takes.
        keys: The keys that are written there; they say which kind of source it is.
    """
    if shape.kind == "source":
        return next((model for key, model in SOURCES.items() if key in keys), None)
    return shape.part


def _shape(annotation: Any, metadata: tuple[Any, ...] = ()) -> Shape:
    if annotation == Source:
        return Shape("source")
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _shape(arguments[0], (*arguments[1:], *metadata))
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return Shape("part", part=annotation)
    if origin is tuple:
        return Shape("list", of=_shape(arguments[0]))
    if origin in (dict, Mapping):
        return Shape("mapping", of=_shape(arguments[1]))
    if origin is Literal:
        return Shape("word", words=arguments)
    if type(None) in arguments:
        return _shape(next(a for a in arguments if a is not type(None)), metadata)
    if arguments:  # a union of parts, each marked: the sources
        return Shape("source")
    if annotation is Day:
        return Shape("day", metadata=metadata)
    if annotation is not str:
        return Shape("other", metadata=metadata)
    if any(isinstance(mark, IsProse) for mark in metadata):
        return Shape("prose", metadata=metadata)
    refers = next((mark.what for mark in metadata if isinstance(mark, RefersTo)), "")
    return Shape("text", refers=refers, metadata=metadata)


def parts_below(part: type[Part]) -> Iterator[type[Part]]:
    """A part and all parts that it can hold, each once per place."""
    yield part
    for one in fields_of(part):
        shape: Shape | None = one.shape
        while shape is not None and shape.of is not None:
            shape = shape.of
        if shape is not None and shape.part is not None:
            yield from parts_below(shape.part)
        if shape is not None and shape.kind == "source":
            yield from SOURCES.values()
