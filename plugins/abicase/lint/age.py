"""Age: cases must be reviewed, and sources checked, from time to time."""

from __future__ import annotations

from collections.abc import Iterator

from abicase.lint.records import RecordSet
from abicase.lint.rule import rule
from abicase.problems.problem import Problem


@rule("stale", finished={"stale"})
def nothing_is_stale(records: RecordSet) -> Iterator[Problem]:
    """No case was reviewed, and no source of one checked, longer ago than the casebook allows."""
    casebook = records.casebook
    if casebook is None or casebook.record.stale_after_days is None:
        return
    limit = casebook.record.stale_after_days
    for entry, case in records.cases():
        age = (records.today - case.reviewed.last).days
        if age > limit:
            message = f"the record was reviewed {age} days ago; the limit is {limit}"
            yield from entry.tell("stale", ("reviewed",), message)
        if not case.sources:
            continue
        oldest = min(case.sources, key=lambda id_: case.sources[id_].checked.last)
        age = (records.today - case.sources[oldest].checked.last).days
        if age > limit:
            message = f"the source was checked {age} days ago; the limit is {limit}"
            yield from entry.tell("stale", ("sources", oldest, "checked"), message)
