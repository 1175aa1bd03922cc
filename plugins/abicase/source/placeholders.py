"""Placeholders: what a record holds where its author still has something to write or to choose."""

from __future__ import annotations

import re

RENAME = "rename-me-"
"""What an id begins with that its author has still to choose."""
PLACEHOLDER = re.compile(r"(https://example\.org/)?TODO\b|rename-me\b")
"""What a text, a name or an address begins with as long as it is one."""
_OPEN = re.compile(r"TODO\b")


def is_open(text: object) -> bool:
    """Return whether a value says that it is still to be chosen."""
    return isinstance(text, str) and _OPEN.match(text) is not None


def proposed(text: str) -> str:
    """Return the value that is proposed after the TODO, as in ``TODO change``; may be empty."""
    return _OPEN.sub("", text).strip()
