"""Sources: every statement cites one, and every source is cited."""

from __future__ import annotations

from collections.abc import Iterator

from abicase.lint.records import RecordSet
from abicase.lint.rule import rule
from abicase.problems.problem import Problem
from abicase.schema.case import Case
from abicase.source.reading import Entry
from abicase.source.yamltext import Path


@rule("missing-source", "unused-source", finished={"unused-source"}, kind="case")
def statements_have_sources(records: RecordSet, entry: Entry) -> Iterator[Problem]:
    """Each event and period cites a source, and each source is cited."""
    case: Case = entry.record
    cited: set[str] = set()
    statements: list[tuple[str, tuple[str, ...], Path]] = []
    for n, event in enumerate(case.events):
        statements.append(("event", event.sources, ("events", n, "sources")))
    for n, side in enumerate(case.sides):
        for m, period in enumerate(side.periods):
            path: Path = ("sides", n, "periods", m, "sources")
            statements.append(("period", period.sources, path))
    for what, sources, path in statements:
        cited.update(sources)
        if not sources:
            yield from entry.tell("missing-source", path, f"the {what} has no source")
    if entry.lacks("events", None, "sources") or entry.lacks(
        "sides", None, "periods", None, "sources"
    ):
        return  # the source may be cited in an unreadable part
    for id_ in case.sources:
        if id_ not in cited:
            message = f"no event or period cites the source {id_!r}"
            yield from entry.tell("unused-source", ("sources", id_), message, key=True)
