"""A search for the patterns of records in texts, with limits.

A pattern can come from a stranger who made it to run forever. So a separate process searches for
it, with a limit on time and memory, and anything it does not finish counts as not searched.
This covers regular expressions and rules alike, and also a library that aborts.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from abicase.schema.argument import RuleSign, Sign, Unless
from abicase.schema.rule_text import parsed_rule

SECONDS = 10
"""The processor time that all patterns together may take."""
_PATIENCE = 6
"""The factor by which the search may take longer on a busy machine."""

_SCRIPT = Path(__file__).with_name("matcher.py")


class Match(NamedTuple):
    """A match in a text; lines and columns are counted from 0."""

    text: int
    line: int
    column: int
    last: int
    """The line on which it ends."""


@dataclass(frozen=True, slots=True)
class SearchPattern:
    """A regular expression for lines, or a rule for code, and the texts to search."""

    texts: Sequence[int]
    """Their numbers."""
    line: str = ""
    rule: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The outcome of the search for a pattern."""

    matches: Sequence[Match] = ()
    problem: str = ""
    """The reason why it is not a pattern, or could not be searched for; empty if all went well."""
    missing: bool = False
    """True if ast-grep is not installed."""


def patterns_of(
    sign: Sign, texts: Sequence[int], added: Sequence[int] = (), said: Sequence[int] = ()
) -> list[SearchPattern]:
    """Return the patterns of a sign: its own, then those that answer it.

    Args:
        sign: The sign.
        texts: The numbers of the texts to search for it.
        added: The numbers of the texts whose lines can answer it by ``unless.added``.
        said: The numbers of the texts whose lines can answer it by ``unless.said``.
    """
    if isinstance(sign, RuleSign):
        own = SearchPattern(texts, rule=sign.rule, language=sign.language)
    else:
        own = SearchPattern(texts, line=sign.line)
    unless = sign.unless or Unless()
    answers = ((unless.added, added), (unless.said, said))
    return [own, *(SearchPattern(numbers, line=line) for line, numbers in answers if line)]


def look(patterns: Sequence[SearchPattern], texts: Sequence[str]) -> list[SearchResult]:
    """Search texts for patterns; return the result for each pattern."""
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
    results = [
        _read(json.loads(line)) for line in said.splitlines(keepends=True) if line[-1] == "\n"
    ]
    if len(results) < len(patterns):
        results.append(SearchResult(problem=f"the search took longer than {SECONDS} s or stopped"))
    rest = SearchResult(
        problem="it was not looked for because another search took too long or stopped"
    )
    return results + [rest] * (len(patterns) - len(results))


def _written(pattern: SearchPattern) -> dict[str, Any]:
    if pattern.rule:
        how = {"rule": parsed_rule(pattern.rule), "language": pattern.language}
    else:
        how = {"line": pattern.line}
    return how | {"texts": list(pattern.texts)}


def _read(result: dict[str, Any]) -> SearchResult:
    matches = [Match(*place) for place in result.get("found", ())]
    return SearchResult(matches, result.get("problem", ""), missing=result.get("missing", False))
