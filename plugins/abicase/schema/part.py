"""The base classes of records and their parts, and the types of references between records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict

from abicase.schema.fields import Flag, Id, RefersTo

AxisId = Annotated[Id, RefersTo("axis")]
PatternId = Annotated[Id, RefersTo("pattern")]
CaseId = Annotated[Id, RefersTo("case")]
RepositoryId = Annotated[Id, RefersTo("repository")]
InterfaceId = Annotated[Id, RefersTo("interface")]
LaneId = Annotated[Id, RefersTo("lane")]
TreeId = Annotated[Id, RefersTo("tree")]
SourceId = Annotated[Id, RefersTo("source")]
LessonId = Annotated[Id, RefersTo("lesson")]
GroupId = Annotated[Id, RefersTo("group")]
EventId = Annotated[Id, RefersTo("event")]


class Part(BaseModel):
    """A part of a record: immutable, and without unknown fields."""

    one_line: ClassVar[bool] = False
    """True if it is small enough to be written on one line, in braces, where it fits."""
    alone: ClassVar[str] = ""
    """The field whose bare value may be written instead of the whole part, if no other is set."""
    inherited_last: ClassVar[bool] = False
    """True if its own fields come before inherited ones."""

    model_config = ConfigDict(
        defer_build=True,
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        validate_by_alias=True,
        validate_by_name=False,
    )


class Entity(Part):
    """A record in a file of its own."""

    id: Id
    """The name of the file, and part of its page address if it has a page."""
    draft: Flag = False
    """True for a draft, which is shown in the live preview and never published."""


def tag_by_field(parts: Mapping[str, type[Part]]) -> Callable[[Any], str | None]:
    """Return a discriminator of parts that differ in one field.

    Args:
        parts: The classes, each by the field that only it has.

    Returns:
        A function that returns the tag of a value: the name of that field in angle brackets, which
        distinguish it from field names in error locations, or None if the value has none of
        them.
    """
    tags = {field: f"<{field}>" for field in parts}

    def tag(value: Any) -> str | None:
        if isinstance(value, dict):
            return next((tags[field] for field in parts if field in value), None)
        return next((tags[f] for f, part in parts.items() if isinstance(value, part)), None)

    return tag
