"""Placeholders: the words that a new record begins with are replaced."""

from __future__ import annotations

import re
from collections.abc import Iterator

from abicase.lint.records import RecordSet
from abicase.lint.rule import rule
from abicase.problems.problem import Problem
from abicase.schema.shapes import walk
from abicase.source.reading import Entry

PLACEHOLDER = re.compile(r"(https://example\.org/)?TODO\b|rename-me\b")
"""What a new record holds where its author has something to write."""


@rule("placeholder", finished={"placeholder"})
def nothing_is_left_to_fill_in(records: RecordSet, entry: Entry) -> Iterator[Problem]:
    """No text still holds the words that a new record begins with."""
    written = entry.document.data
    # The words stand in the file as they are, unless an escape stands for a letter of them.
    if not any(word in written for word in (b"TODO", b"rename-me", b"\\")):
        return
    for path, text, _, is_key in walk(entry.record):
        if isinstance(text, str) and PLACEHOLDER.match(text):
            message = f"{text!r} has still to be filled in"
            yield from entry.tell("placeholder", path, message, key=is_key)
