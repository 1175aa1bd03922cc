"""Interfaces: their location in the source tree."""

from __future__ import annotations

from collections.abc import Iterator

from abicase.lint.records import RecordSet
from abicase.lint.rule import rule
from abicase.problems.problem import Problem
from abicase.source.reading import Entry


@rule("missing-field", finished={"missing-field"}, kind="case")
def interfaces_have_a_place(records: RecordSet, entry: Entry) -> Iterator[Problem]:
    """A case names its interface's paths if the casebook has a default repository."""
    book = records.casebook
    if book is None or not book.record.default_repository:
        return
    if not (entry.record.interface.paths or entry.lacks("interface", "paths")):
        message = "the field 'paths' is missing: its location in the default repository"
        yield from entry.tell("missing-field", ("interface",), message, key=True)
