"""Placeholders in a record for values that the author still has to write or choose."""

from __future__ import annotations

import re

RENAME = "rename-me-"
"""The beginning of an id that the author still has to choose."""
PLACEHOLDER = re.compile(r"(https://example\.org/)?TODO\b|rename-me\b")
"""The beginning of a text, a name or an address that is still a placeholder."""
_OPEN = re.compile(r"TODO\b")


def is_open(text: object) -> bool:
    """Return whether a value is still to be chosen."""
    return isinstance(text, str) and _OPEN.match(text) is not None


def proposed(text: str) -> str:
    """Return the suggestion after TODO, as in ``TODO change``; may be empty."""
    return _OPEN.sub("", text).strip()
