"""Records with problems, typed as far as possible so that the rest can be checked.

Values that can't be typed get stand-ins, which by themselves satisfy every rule: a text stays as
written, a date may be any day. The validator's errors say which values these are.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from abicase.schema.fields import Day
from abicase.schema.part import Part
from abicase.schema.shapes import Kind, Shape, fields_of, part_of

ANY_DAY = Day("", datetime.date.min, datetime.date.max)
"""The stand-in for an unreadable date, which is neither before nor after any other."""
_STAND_INS: dict[Kind, Any] = {"day": ANY_DAY, "number": 0, "flag": False}


def salvaged(shape: Shape, value: Any) -> Any:
    """Return a value for a place in a record, with stand-ins for parts that it does not accept.

    The value is plain dicts, lists and strings, or None if it is missing; the result has not been
    validated as a whole.
    """
    try:
        return _validator(shape.annotation).validate_python(value)
    except ValidationError:
        return _pieces(shape, value)


@cache
def _validator(annotation: Any) -> TypeAdapter[Any]:
    """Return the validator of a type; making one takes longer than reading a small record."""
    return TypeAdapter(annotation)


def _pieces(shape: Shape, value: Any) -> Any:
    """Return the valid parts of a value, with stand-ins for the others."""
    if shape.optional and not isinstance(value, dict | list):
        return None  # left out
    values = value if isinstance(value, dict) else {}
    if isinstance(value, str) and shape.part is not None and shape.part.alone:
        values = {shape.part.alone: value}
    if shape.kind in ("part", "choice"):
        return _part(part_of(shape, values) or next(iter(shape.choices.values())), values)
    if shape.kind == "list":
        assert shape.of is not None
        items = value if isinstance(value, list) else []
        if shape.length:
            items = [*items, *[None] * shape.length][: shape.length]
        return tuple(salvaged(shape.of, item) for item in items)
    if shape.kind == "mapping":
        assert shape.of is not None
        return {key: salvaged(shape.of, item) for key, item in values.items()}
    if shape.words:
        return shape.words[0]
    return _STAND_INS.get(shape.kind, value if isinstance(value, str) else "")


def _part(part: type[Part], values: Mapping[str, Any]) -> Part:
    made = {
        one.name: salvaged(one.shape, values.get(one.name))
        for one in fields_of(part)
        if one.name in values or one.required
    }
    return part.model_construct(**made)
