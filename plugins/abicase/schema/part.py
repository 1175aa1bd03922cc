"""The base class of all that a record is made of."""

from __future__ import annotations

from typing import ClassVar

from pydantic import BaseModel, ConfigDict


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
