"""The one walker over the record format: what each place takes, and what a record holds there.

Whoever has to know the fields of a record without knowing its class asks here: the rules, the
formatter, the stand-ins for broken values, the drafts of new records and the reference page.
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

from abicase.schema.fields import Day, IsCode, IsProse, RefersTo
from abicase.schema.part import Part

Kind = Literal[
    "part", "choice", "list", "mapping", "prose", "text", "code", "word", "day", "number", "flag"
]


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape of a place in a record: what it takes."""

    kind: Kind
    """``choice`` is one of several parts, ``text`` a text in one line, ``word`` one of a few."""
    part: type[Part] | None = None
    """The class of a part."""
    choices: Mapping[str, type[Part]] = field(default_factory=dict, compare=False)
    """The classes of a choice, each by the name of the field that it alone has."""
    of: Shape | None = None
    """What a list or a mapping holds."""
    length: int = 0
    """The number of items of a list that always has as many."""
    refers: str = ""
    """For a text that names something else: what, see :class:`abicase.schema.fields.RefersTo`."""
    words: tuple[str, ...] = ()
    """The words that can be meant."""
    optional: bool = False
    """Whether None stands there for what was left out."""
    metadata: tuple[Any, ...] = ()
    """What the annotation says besides the type."""
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
    """What it holds, from the model, in plain text."""
    required: bool
    least: int = 0
    """The least number of items of a list or a mapping."""


class Placed(NamedTuple):
    """A value of a record, in its place."""

    path: tuple[str | int, ...]
    value: Any
    shape: Shape
    is_key: bool = False
    """Whether it is the key of a mapping rather than what stands there."""


@cache
def shape_of(annotation: Any) -> Shape:
    """Describe what a place of a type takes.

    Args:
        annotation: The type, with all that is noted with it; or the class of a part.

    Returns:
        The description.
    """
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
    if any(isinstance(mark, IsProse) for mark in metadata):
        return "prose"
    return "code" if any(isinstance(mark, IsCode) for mark in metadata) else "text"


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
    """The fields of a part, in the order of the format.

    Args:
        part: The class of the part.

    Returns:
        Its fields.
    """
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
    """The class of the part that stands in a place.

    Args:
        shape: What the place takes.
        keys: The keys that are written there; they say which part of a choice it is.
    """
    if shape.kind == "choice":
        return next((part for key, part in shape.choices.items() if key in keys), None)
    return shape.part


def bare(shape: Shape) -> Shape:
    """The shape of a place that holds a text: of a part, the field that may stand for it."""
    if shape.part is None or not shape.part.alone:
        return shape
    return next(one.shape for one in fields_of(shape.part) if one.name == shape.part.alone)


def inside(shape: Shape, step: str | int, keys: Collection[str]) -> Shape | None:
    """The shape of what stands one step further; None where the format has no such place.

    Args:
        shape: What a place takes.
        step: The name of a field, a key, or the number of an item.
        keys: The keys that are written there.
    """
    if isinstance(step, int) or shape.kind == "mapping":
        return shape.of
    part = part_of(shape, keys)
    fields = fields_of(part) if part is not None else ()
    return next((one.shape for one in fields if one.name == step), None)


def parts_in(shape: Shape) -> tuple[type[Part], ...]:
    """The classes of the parts that a place takes, by itself or in a list or a mapping."""
    while shape.of is not None:
        shape = shape.of
    return tuple(shape.choices.values()) if shape.part is None else (shape.part,)


def parts_below(part: type[Part]) -> Iterator[type[Part]]:
    """A part and all parts that it can hold, each once per place."""
    yield part
    for one in fields_of(part):
        for inner in parts_in(one.shape):
            yield from parts_below(inner)


def walk(record: Part) -> list[Placed]:
    """List all values of a record in their order: parts, lists, mappings and what they hold.

    Args:
        record: A record, whole or with stand-ins.

    Returns:
        The values, each before those inside it; none for a field that was left out.
    """
    found: list[Placed] = []
    _walk(record, shape_of(type(record)), (), found)
    return found


def _walk(value: Any, shape: Shape, path: tuple[str | int, ...], found: list[Placed]) -> None:
    found.append(Placed(path, value, shape))
    if shape.kind in ("part", "choice"):
        part: type[Part] = type(value)
        held = [(one, getattr(value, one.attribute)) for one in fields_of(part)]
        held = [(one, inner) for one, inner in held if inner is not None]
        for one, inner in held:
            alone = one.name == part.alone and len(held) == 1
            _walk(inner, one.shape, path if alone else (*path, one.name), found)
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
