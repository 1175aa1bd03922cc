"""Measurements: counted numbers, and the events that cite them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from abicase.lint.records import RecordSet
from abicase.lint.rule import rule
from abicase.problems.problem import Problem
from abicase.schema.case import Case, CountSource, Event
from abicase.source.reading import Entry
from abicase.source.yamltext import Path

_WORDS = (
    "no|none|not|nothing|never|neither|without|zero", "one|only|once|single", "two|both|twice",
    "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
"""The words for the numbers from 0."""


@rule("measurement-number", finished={"measurement-number"}, kind="case")
def numbers_are_those_counted(records: RecordSet, entry: Entry) -> Iterator[Problem]:
    """An event cites each counted number, and each event that cites a count gives its number."""
    case: Case = entry.record
    for id_, source in case.sources.items():
        if not isinstance(source, CountSource) or entry.lacks("sources", id_, "measured"):
            continue
        citing = [(n, event) for n, event in enumerate(case.events) if id_ in event.sources]
        silent = [
            (n, event)
            for n, event in citing
            if not any(_says(event, count.result) for count in source.measured)
        ]
        for n, event in silent:
            message = f"title and text lack the number from the source {id_!r}: {source.result}"
            place: Path = ("events", n, "sources", event.sources.index(id_))
            yield from entry.tell("measurement-number", place, message)
        if len(silent) == len(citing):
            continue  # reported above
        for n, count in enumerate(source.measured):
            if not any(_says(event, count.result) for _, event in citing):
                message = f"no event that cites it gives {count.result} in its title or text"
                place = ("sources", id_, "measured", n, "result")
                yield from entry.tell("measurement-number", place, message)


def _says(event: Event, number: int) -> bool:
    """Return whether the title or the text has a number, in digits or in words."""
    text = re.sub(r"\]\([^)]*\)", " ", f"{event.title} {event.text}")
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    words = f"|{_WORDS[number]}" if 0 <= number < len(_WORDS) else ""
    return re.search(rf"(?i)(?<![\w.])(?:{number}{words})(?![\w]|\.\d)", text) is not None
