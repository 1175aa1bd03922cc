"""A walker over the record format: the shape of each place, and the values in a record.

Code that handles fields without knowing the record's class uses it: the rules, the formatter,
the stand-ins for broken values, the drafts of new records and the reference page.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Tag
from pydantic.fields import FieldInfo

from abicase.schema.fields import Day, Holds, RefersTo
from abicase.schema.part import Part

Kind = Literal[
    "part", "choice", "list", "mapping", "prose", "text", "code", "word", "day", "number", "flag"
]


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape of a place in a record: the values that it accepts."""

    kind: Kind
    """``choice`` is one of several parts, ``text`` a text on one line, ``word`` one of a few."""
    part: type[Part] | None = None
    """The class of a part."""
    choices: Mapping[str, type[Part]] = field(default_factory=dict, compare=False)
    """The classes of a choice, each by the name of the field that only it has."""
    of: Shape | None = None
    """The shape of the values in a list or a mapping."""
    length: int = 0
    """The number of items of a list with a fixed length."""
    refers: str = ""
    """The kind of name that a text holds, see :class:`abicase.schema.fields.RefersTo`."""
    words: tuple[str, ...] = ()
    """The accepted words."""
    optional: bool = False
    """True if None represents a value that was left out."""
    metadata: tuple[Any, ...] = ()
    """The metadata of the annotation."""
    annotation: Any = field(default=None, compare=False)
    """The whole annotation, for a validator."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a part."""

    name: str
    """Its name in a record."""
    attribute: str
    """Its name in the class."""
    shape: Shape
    description: str
    """Its description, from the model, in plain text."""
    required: bool
    least: int = 0
    """The minimum number of items of a list or a mapping."""


class Placed(NamedTuple):
    """A value of a record, with its path."""

    path: tuple[str | int, ...]
    value: Any
    shape: Shape
    is_key: bool = False
    """True if it is a key of a mapping rather than its value."""


@cache
def shape_of(annotation: Any) -> Shape:
    """Return the shape of a type, with its metadata, or of the class of a part."""
    bare, optional = annotation, False
    metadata: tuple[Any, ...] = ()
    while typing.get_origin(bare) is Annotated or type(None) in typing.get_args(bare):
        arguments = typing.get_args(bare)
        if typing.get_origin(bare) is Annotated:
            bare, metadata = arguments[0], (*arguments[1:], *metadata)
        else:
            (bare,) = (argument for argument in arguments if argument is not type(None))
            optional = True
    shape = partial(Shape, annotation=annotation, metadata=metadata, optional=optional)
    origin, arguments = typing.get_origin(bare), typing.get_args(bare)
    if isinstance(bare, type) and issubclass(bare, Part):
        return shape("part", part=bare)
    if origin is tuple:
        length = 0 if Ellipsis in arguments else len(arguments)
        return shape("list", of=shape_of(arguments[0]), length=length)
    if origin in (dict, Mapping):
        return shape("mapping", of=shape_of(arguments[1]))
    if origin is Literal:
        return shape("word", words=arguments)
    if origin in (typing.Union, types.UnionType):
        return shape("choice", choices=_choices(arguments))
    if bare is str:
        refers = next((mark.what for mark in metadata if isinstance(mark, RefersTo)), "")
        return shape(_kind_of_text(metadata), refers=refers)
    return shape(_SINGLE[bare])


def _kind_of_text(metadata: tuple[Any, ...]) -> Kind:
    if Holds.PROSE in metadata:
        return "prose"
    return "code" if Holds.CODE in metadata else "text"


_SINGLE: dict[Any, Kind] = {Day: "day", int: "number", bool: "flag"}


def _choices(members: Iterable[Any]) -> dict[str, type[Part]]:
    return {
        mark.tag.strip("<>"): member.__origin__
        for member in members
        for mark in member.__metadata__
        if isinstance(mark, Tag)
    }


@cache
def fields_of(part: type[Part]) -> tuple[Field, ...]:
    """Return the fields of a part, in the order of the format."""
    fields = list(part.model_fields.items())
    if part.inherited_last:
        fields.sort(key=lambda item: item[0] not in part.__annotations__)
    return tuple(_field(name, info) for name, info in fields)


def _field(attribute: str, info: FieldInfo) -> Field:
    annotation: Any = info.annotation
    shape = shape_of(Annotated[(annotation, *info.metadata)] if info.metadata else annotation)
    least = max((getattr(mark, "min_length", 0) or 0 for mark in info.metadata), default=0)
    description = " ".join((info.description or "").replace("``", "").split())
    return Field(
        info.alias or attribute,
        attribute,
        shape,
        description,
        info.is_required(),
        shape.length or least,
    )


def part_of(shape: Shape, keys: Collection[str]) -> type[Part] | None:
    """Return the class of the part in a place.

    The keys that are written there determine the part of a choice.
    """
    if shape.kind == "choice":
        return next((part for key, part in shape.choices.items() if key in keys), None)
    return shape.part


def bare(shape: Shape) -> Shape:
    """Return the shape of a bare value: of a part, that of the field it may be written as."""
    if shape.part is None or not shape.part.alone:
        return shape
    return next(field_.shape for field_ in fields_of(shape.part) if field_.name == shape.part.alone)


def inside(shape: Shape, step: str | int, keys: Collection[str]) -> Shape | None:
    """Return the shape of a place one step further; None if the format has no such place.

    ``keys`` are those that are written in the place, and ``step`` is the name of a field, a key, or
    the number of an item.
    """
    if isinstance(step, int) or shape.kind == "mapping":
        return shape.of
    part = part_of(shape, keys)
    fields = fields_of(part) if part is not None else ()
    return next((field_.shape for field_ in fields if field_.name == step), None)


def parts_in(shape: Shape) -> tuple[type[Part], ...]:
    """Return the classes of the parts that a place accepts, directly or in a list or mapping."""
    while shape.of is not None:
        shape = shape.of
    return tuple(shape.choices.values()) if shape.part is None else (shape.part,)


def parts_below(part: type[Part]) -> Iterator[type[Part]]:
    """Yield a part and all parts that it can hold, each once per place."""
    yield part
    for field_ in fields_of(part):
        for inner in parts_in(field_.shape):
            yield from parts_below(inner)


def walk(record: Part) -> list[Placed]:
    """Return all values of a record in order: parts, lists, mappings and their contents.

    Each value comes before those inside it; fields that were left out are skipped. The record may
    contain stand-ins.
    """
    found: list[Placed] = []
    _walk(record, shape_of(type(record)), (), found)
    return found


def _walk(value: Any, shape: Shape, path: tuple[str | int, ...], found: list[Placed]) -> None:
    found.append(Placed(path, value, shape))
    if shape.kind in ("part", "choice"):
        part: type[Part] = type(value)
        held = [(field_, getattr(value, field_.attribute)) for field_ in fields_of(part)]
        held = [(field_, inner) for field_, inner in held if inner is not None]
        for field_, inner in held:
            alone = field_.name == part.alone and len(held) == 1
            _walk(inner, field_.shape, path if alone else (*path, field_.name), found)
    elif shape.of is None:
        return
    elif shape.kind == "list":
        for index, item in enumerate(value):
            _walk(item, shape.of, (*path, index), found)
    else:
        for key, item in value.items():
            found.append(Placed((*path, key), key, _KEY, is_key=True))
            _walk(item, shape.of, (*path, key), found)


_KEY = Shape("text")
