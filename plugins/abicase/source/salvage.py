"""Records with mistakes in them, typed as far as they can be, so that the rest is checked.

What can't be typed has a stand-in, about which no rule says anything by itself: a text stays what
was written, a date may be any day. Which places these are is told by the errors of the validator.
"""

from __future__ import annotations

import datetime
import types
import typing
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Tag, TypeAdapter, ValidationError

from abicase.schema.fields import Day
from abicase.schema.records import SOURCE_KINDS, Part

ANY_DAY = Day("", datetime.date.min, datetime.date.max)
"""The date that stands in for one that can't be read: it is before and after none."""


def salvaged(annotation: Any, value: Any) -> Any:
    """A value as a field of a record holds it, with stand-ins for what the field does not take.

    Args:
        annotation: The type of the field, or the class of a whole record.
        value: What was written, as plain dicts, lists and texts; None for what is missing.

    Returns:
        The value, which no validator has seen as a whole.
    """
    try:
        return TypeAdapter(annotation).validate_python(value)
    except ValidationError:
        return _pieces(annotation, value)


def _pieces(annotation: Any, value: Any) -> Any:
    """The right parts of a value, with stand-ins for the others."""
    held = present(annotation)
    if held is not annotation and not isinstance(value, dict | list):
        return None  # an optional field, left out
    held = _bare(_source(held, value))
    if isinstance(held, type) and issubclass(held, Part):
        return _part(held, value if isinstance(value, dict) else {})
    origin, inside = typing.get_origin(held), typing.get_args(held)
    if origin is tuple:
        items = value if isinstance(value, list) else []
        if inside[-1] is not Ellipsis:  # as many as there are types
            items = [*items, *[None] * len(inside)][: len(inside)]
        return tuple(salvaged(inside[0], item) for item in items)
    if origin in (dict, Mapping):
        values = value if isinstance(value, dict) else {}
        return {key: salvaged(inside[1], item) for key, item in values.items()}
    if origin is Literal:
        return inside[0]
    if held is str:
        return value if isinstance(value, str) else ""
    return ANY_DAY if held is Day else held()


def _part(model: type[Part], values: Mapping[str, Any]) -> Part:
    made = {}
    for name, info in model.model_fields.items():
        key = info.alias or name
        if key in values or info.is_required():
            annotation: Any = info.annotation
            if info.metadata:
                annotation = Annotated[(annotation, *info.metadata)]
            made[key] = salvaged(annotation, values.get(key))
    return model.model_construct(**made)


def _source(annotation: Any, value: Any) -> Any:
    """The class of a source where any is taken: the one that the value names, or the first."""
    if not isinstance(tagged(annotation, f"<{SOURCE_KINDS[0]}>"), type):
        return annotation
    named = [kind for kind in SOURCE_KINDS if isinstance(value, dict) and kind in value]
    return tagged(annotation, f"<{(named or SOURCE_KINDS)[0]}>")


def _bare(annotation: Any) -> Any:
    """A type without what is noted with it."""
    while typing.get_origin(annotation) is Annotated:
        annotation = annotation.__origin__
    return annotation


def present(annotation: Any) -> Any:
    """What an optional field holds when it is there; another type as it is."""
    bare = _bare(annotation)
    if typing.get_origin(bare) in (typing.Union, types.UnionType):
        arguments = [a for a in typing.get_args(bare) if a is not type(None)]
        return arguments[0] if len(arguments) == 1 else annotation
    return annotation


def tagged(annotation: Any, tag: str) -> Any:
    """The member of a tagged union that has a tag; None where there is none."""
    if hasattr(annotation, "__metadata__"):
        if any(isinstance(m, Tag) and m.tag == tag for m in annotation.__metadata__):
            return annotation.__origin__
        annotation = annotation.__origin__
    if typing.get_origin(annotation) not in (typing.Union, types.UnionType):
        return None
    for member in typing.get_args(annotation):
        found = tagged(member, tag)
        if found is not None:
            return found
    return None
