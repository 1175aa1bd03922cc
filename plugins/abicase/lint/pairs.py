"""Pairs: each is named after its two cases and occurs only once."""

from __future__ import annotations

from collections.abc import Iterator

from abicase.lint.records import RecordSet
from abicase.lint.rule import rule
from abicase.problems.problem import Problem
from abicase.schema.argument import Pair


@rule("bad-value", "repeated-id")
def pairs_are_named_after_their_cases(records: RecordSet) -> Iterator[Problem]:
    """A pair of a and b has the id a-vs-b and occurs only once."""
    seen: dict[frozenset[str], str] = {}
    for entry in records.of("pair"):
        pair: Pair = entry.record
        if entry.lacks("cases"):
            continue
        first, second = pair.cases
        if first == second:
            message = "a case can't be compared with itself"
            yield from entry.tell("bad-value", ("cases",), message)
        elif pair.id != f"{first}-vs-{second}":
            message = f"the pair of {first} and {second} must have the id '{first}-vs-{second}'"
            yield from entry.tell("bad-value", ("id",), message)
        both = frozenset(pair.cases)
        if both in seen:
            message = f"these two cases are already compared in {seen[both]!r}"
            yield from entry.tell("repeated-id", ("cases",), message)
        seen[both] = pair.id
