"""The base class of all that a record is made of."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

_NOT_NOTED: set[str] = set()


class Part(BaseModel):
    """A part of a record: immutable, and without fields that the format does not have."""

    one_line: ClassVar[bool] = False
    """Whether it is so small that it is written in one line, in braces, where it fits."""
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

    def model_post_init(self, context: Any, /) -> None:
        """Let go of pydantic's note of which fields were given, a fifth of the memory of all."""
        object.__setattr__(self, "__pydantic_fields_set__", _NOT_NOTED)
