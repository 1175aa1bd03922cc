"""The nodes of a YAML text, each with its position, and the limits of a text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MAX_BYTES = 1_000_000
"""The maximum file size in bytes; the largest record so far has about a tenth of it."""
MAX_DEPTH = 16
"""The maximum nesting; a record needs six levels."""

# Control characters, line and paragraph separators, surrogates, characters without width, and the
# directional marks of "Trojan Source" (CVE-2021-42574), which make a text look different from what
# is stored.
STRANGE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
"""Characters that a text must not contain."""

Path = tuple[str | int, ...]
"""A path in a record: keys and list indices, from the top."""


@dataclass(frozen=True, slots=True)
class Position:
    """A position in a file; line and column are counted from 1, the column in characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class TextNode:
    """A text value."""

    text: str
    position: Position
    end: Position
    style: str = ""
    """The way it is written: a quotation mark, ``|``, ``>``, or empty if it is bare."""


@dataclass(frozen=True, slots=True)
class ListNode:
    """A list of values."""

    position: Position
    items: list[Node] = field(default_factory=list)
    flow: bool = False
    """True if it is written in brackets."""


@dataclass(frozen=True, slots=True)
class MapNode:
    """Keys and values, in the order they were written."""

    position: Position
    values: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Position] = field(default_factory=dict)
    flow: bool = False
    """True if it is written in braces."""


Node = TextNode | ListNode | MapNode
