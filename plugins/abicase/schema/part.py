"""The base classes of what a record is made of, and the names by which records refer to others."""

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
    """A part of a record: immutable, and without fields that the format does not have."""

    one_line: ClassVar[bool] = False
    """Whether it is so small that it is written in one line, in braces, where it fits."""
    alone: ClassVar[str] = ""
    """The field whose value may be written in place of the whole part, where no other is given."""
    inherited_last: ClassVar[bool] = False
    """Whether its own fields stand before those that it inherits."""

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
    """The name of the file, and part of the address of its page where it has one."""
    draft: Flag = False
    """Whether it is unfinished: a draft is shown in the live preview, and never published."""


def tag_by_field(parts: Mapping[str, type[Part]]) -> Callable[[Any], str | None]:
    """Make a discriminator of parts that differ in a field.

    Args:
        parts: The classes, each by the field that it alone has.

    Returns:
        Tells the tag of a value: the name of that field in angle brackets, which keep it apart
        from fields in the places of errors; None where the value has none of them.
    """
    tags = {field: f"<{field}>" for field in parts}

    def tag(value: Any) -> str | None:
        if isinstance(value, dict):
            return next((tags[field] for field in parts if field in value), None)
        return next((tags[f] for f, part in parts.items() if isinstance(value, part)), None)

    return tag
