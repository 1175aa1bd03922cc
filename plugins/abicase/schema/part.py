"""The base classes of what a record is made of, and the names by which records refer to others."""

from __future__ import annotations

from typing import Annotated, ClassVar

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
