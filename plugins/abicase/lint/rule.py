"""A rule: a check with the codes of the problems that it yields."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Generic, ParamSpec

from abicase.problems.codes import Code
from abicase.problems.problem import Problem

LookedAt = ParamSpec("LookedAt")


@dataclass(frozen=True, slots=True)
class Rule(Generic[LookedAt]):
    """A rule that records keep beyond their shape."""

    check: Callable[LookedAt, Iterator[Problem]]
    """Yields what is wrong; its docstring says what the rule asks for."""
    codes: frozenset[Code]
    """The codes of its problems."""
    finished: frozenset[Code]
    """Those of them that are reported of finished records alone: a draft may still lack it."""


def rule(
    *codes: Code, finished: Collection[Code] = ()
) -> Callable[[Callable[LookedAt, Iterator[Problem]]], Rule[LookedAt]]:
    """Make a rule of a check.

    Args:
        codes: The codes of the problems that the check yields.
        finished: Those of them that are reported of finished records alone.

    Returns:
        A decorator for the check.
    """
    return lambda check: Rule(check, frozenset(codes), frozenset(finished))
