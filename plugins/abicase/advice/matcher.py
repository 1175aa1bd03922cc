"""Look for patterns in texts, as a script that runs in a separate process.

The patterns come from strangers. One can take forever, and a native library can abort. The script
imports nothing from this package, so that the process starts fast. It reads one JSON object and
prints one for each pattern, in order, as soon as it has the answer.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from typing import Any

MAX_MEMORY = 2_000_000_000
MAX_FOUND = 1_000
"""The maximum number of places reported for one pattern."""
MAX_LINE = 2_000
"""The maximum number of characters searched in a line."""


def main() -> None:
    """Answer the questions on standard input."""
    asked = json.load(sys.stdin)
    with suppress(ImportError):  # there is no such module on Windows
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (asked["seconds"], asked["seconds"]))
    texts: Sequence[str] = asked["texts"]
    tree = cache(lambda language, number: _tree(texts[number], language))
    for pattern in asked["patterns"]:
        print(json.dumps(_answer(pattern, texts, tree)), flush=True)  # noqa: T201 - the answer


def _answer(pattern: Mapping[str, Any], texts: Sequence[str], tree: Any) -> dict[str, Any]:
    try:
        if "line" in pattern:
            places = _lines(re.compile(pattern["line"]), pattern["texts"], texts)
        else:
            places = _nodes(pattern["rule"], pattern["language"], pattern["texts"], tree)
        return {"found": [place for place, _ in zip(places, range(MAX_FOUND), strict=False)]}
    except ImportError:
        return {"missing": True}
    except BaseException as error:  # noqa: BLE001 - a panic of the library is no Exception
        return {"problem": _reason(error)}


def _reason(error: BaseException) -> str:
    """Return the reason in one line; the library puts the most exact one last."""
    if unknown := re.search(r'LanguageNotSupported\("(.*)"\)', str(error)):
        return f"ast-grep knows no language {unknown[1]!r}"
    lines = str(error).partition("\n\nStack backtrace")[0].split("\n\nCaused by:")[-1].splitlines()
    reasons = [re.sub(r"^\s*(\d+: )?", "", line).rstrip() for line in lines if line.strip()]
    return (reasons[-1] if reasons else type(error).__name__)[:300]


def _lines(
    pattern: re.Pattern[str], numbers: Sequence[int], texts: Sequence[str]
) -> Iterator[tuple[int, int, int, int]]:
    for number in numbers:
        for line, text in enumerate(texts[number].split("\n")):
            if match := pattern.search(text[:MAX_LINE]):
                yield number, line, match.start(), line


def _tree(text: str, language: str) -> Any:
    from ast_grep_py import SgRoot

    return SgRoot(text, language).root()


def _nodes(
    rule: Any, language: str, numbers: Sequence[int], tree: Any
) -> Iterator[tuple[int, int, int, int]]:
    _tree("", language).find_all({"rule": rule})  # a mistake in a rule shows without a text
    for number in numbers:
        for node in tree(language, number).find_all({"rule": rule}):
            place = node.range()
            yield number, place.start.line, place.start.column, place.end.line


if __name__ == "__main__":
    main()
