"""Pairs: each is named after its two cases, and is there once."""

from __future__ import annotations

from collections.abc import Iterator

from abicase.lint.records import RecordSet
from abicase.lint.rule import rule
from abicase.problems.problem import Problem
from abicase.schema.argument import Pair


@rule("bad-value", "repeated-id")
def pairs_are_named_after_their_cases(records: RecordSet) -> Iterator[Problem]:
    """A pair of a and b is named a-vs-b, and is there once."""
    seen: dict[frozenset[str], str] = {}
    for entry in records.of("pair"):
        pair: Pair = entry.record
        if entry.lacks("cases"):
            continue
        first, second = pair.cases
        if first == second:
            message = "a case is not compared with itself"
            yield from entry.tell("bad-value", ("cases",), message)
        elif pair.id != f"{first}-vs-{second}":
            message = f"the pair of {first} and {second} has the id '{first}-vs-{second}'"
            yield from entry.tell("bad-value", ("id",), message)
        both = frozenset(pair.cases)
        if both in seen:
            message = f"these two cases are compared in {seen[both]!r} already"
            yield from entry.tell("repeated-id", ("cases",), message)
        seen[both] = pair.id
