"""Patterns of records, looked for in texts within limits.

A pattern can come from a stranger, and be made to take forever. So a process of its own looks for
it, whose time and memory have a limit; what it had not done by then counts as not looked at. That
holds for regular expressions and rules alike, and also for a library that aborts.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from abicase.schema.rule_text import parsed_rule

SECONDS = 10
"""The processor time that all patterns together may take."""
_PATIENCE = 6
"""So many times as long may pass on a busy machine."""

_SCRIPT = Path(__file__).with_name("matcher.py")


class Place(NamedTuple):
    """A place in a text; lines and columns are counted from 0."""

    text: int
    line: int
    column: int
    last: int
    """The line in which it ends."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression for lines, or a rule for code, and the texts in which to look for it."""

    texts: Sequence[int]
    """Their numbers."""
    line: str = ""
    rule: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of looking for a pattern."""

    places: Sequence[Place] = ()
    problem: str = ""
    """Why it is no pattern, or could not be looked for; empty if all went well."""
    missing: bool = False
    """Whether ast-grep is not installed."""


def look(patterns: Sequence[Pattern], texts: Sequence[str]) -> list[Answer]:
    """Look for patterns in texts.

    Args:
        patterns: The patterns.
        texts: The texts.

    Returns:
        An answer for each pattern.
    """
    asked = {
        "seconds": SECONDS,
        "texts": texts,
        "patterns": [_written(pattern) for pattern in patterns],
    }
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-P", str(_SCRIPT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    try:
        said, _ = process.communicate(json.dumps(asked), timeout=SECONDS * _PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        said, _ = process.communicate()
    answers = [
        _read(json.loads(line)) for line in said.splitlines(keepends=True) if line[-1] == "\n"
    ]
    if len(answers) < len(patterns):
        answers.append(Answer(problem=f"the search took longer than {SECONDS} s, or broke off"))
    rest = Answer(problem="it was not looked for, since another search took too long or broke off")
    return answers + [rest] * (len(patterns) - len(answers))


def _written(pattern: Pattern) -> dict[str, Any]:
    if pattern.rule:
        how = {"rule": parsed_rule(pattern.rule), "language": pattern.language}
    else:
        how = {"line": pattern.line}
    return how | {"texts": list(pattern.texts)}


def _read(told: dict[str, Any]) -> Answer:
    places = [Place(*place) for place in told.get("found", ())]
    return Answer(places, told.get("problem", ""), missing=told.get("missing", False))
