"""A rule: a check with the codes of its problems."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Generic, ParamSpec

from abicase.problems.codes import Code
from abicase.problems.problem import Problem

LookedAt = ParamSpec("LookedAt")


@dataclass(frozen=True, slots=True)
class Rule(Generic[LookedAt]):
    """A rule for records beyond their shape."""

    check: Callable[LookedAt, Iterator[Problem]]
    """Yields the problems; its docstring states the rule."""
    codes: frozenset[Code]
    """The codes of its problems."""
    finished: frozenset[Code]
    """Those of the codes that are reported only for finished records, and not for drafts."""
    kind: str = ""
    """The kind of record that it looks at; empty for all kinds, and if it takes all records."""

    def looks_at(self, kind: str) -> bool:
        """Return whether the rule looks at records of a kind."""
        return self.kind in ("", kind)


def rule(
    *codes: Code, finished: Collection[Code] = (), kind: str = ""
) -> Callable[[Callable[LookedAt, Iterator[Problem]]], Rule[LookedAt]]:
    """Return a decorator that turns a check into a rule.

    Args:
        codes: The codes of the problems that the check yields.
        finished: Those of them that are reported only for finished records.
        kind: The kind of record that the check looks at, if it takes one record; all by default.
    """
    return lambda check: Rule(check, frozenset(codes), frozenset(finished), kind)
