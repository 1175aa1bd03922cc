"""Second readings: event texts are compared with their sources again."""

from __future__ import annotations

from collections.abc import Iterator

from abicase.lint.records import RecordSet
from abicase.lint.rule import rule
from abicase.problems.problem import Problem
from abicase.source.yamltext import Path


@rule("text-check", finished={"text-check"})
def texts_are_read_twice(records: RecordSet) -> Iterator[Problem]:
    """Each event's text was read against its sources, and has not changed since."""
    wanted = records.casebook is not None and records.casebook.record.second_readings
    for entry, case in records.cases():
        unread = []
        for number, event in enumerate(case.events):
            place: Path = ("events", number, "text_checked")
            check = event.text_checked
            if check is None:
                unread.append(number)
                continue
            if event.changed_since:
                message = f"the text has changed since it was read against its sources, {check.on}"
                hint = f"read it again; then abicase event checked {case.id} {event.id}"
                yield from entry.tell("text-check", (*place, "wording"), message, hint)
            for field, sources in (("against", check.against), ("not_reached", check.not_reached)):
                for index, source in enumerate(sources):
                    if source not in event.sources:
                        message = f"the event does not cite the source {source!r}"
                        yield from entry.tell("text-check", (*place, field, index), message)
            if not (check.against or check.not_reached):
                message = "this names no sources, neither as read nor as not reached"
                yield from entry.tell("text-check", place, message, key=True)
        if wanted and unread:
            count = f"{len(unread)} of {len(case.events)} events have"
            message = f"{count} no second reading of the text; this is the first one"
            first = case.events[unread[0]].id
            hint = f"abicase event checked {case.id} {first} records one"
            yield from entry.tell("text-check", ("events", unread[0]), message, hint)
