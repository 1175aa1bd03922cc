"""Turning points: by date, each event once, and at most three on the card."""

from __future__ import annotations

from collections.abc import Iterator

from abicase.lint.records import RecordSet
from abicase.lint.rule import rule
from abicase.problems.problem import Problem
from abicase.schema.case import Case
from abicase.source.reading import Entry

ON_CARD = 3
"""The maximum number of turning points at the top of a case."""


@rule("bad-value", "date-order", "named-twice", kind="case")
def turning_points_are_in_order(records: RecordSet, entry: Entry) -> Iterator[Problem]:
    """Turning points are in the order of the events, each named once, with three on the card."""
    case: Case = entry.record
    places = {event.id: place for place, event in enumerate(case.events)}
    seen: list[str] = []
    cards = 0
    for number, point in enumerate(case.turning_points):
        path = ("turning_points", number, "event")
        if point.event in seen:
            message = f"{point.event!r} is named twice"
            yield from entry.tell("named-twice", path, message)
        elif point.event in places:  # missing events are reported by names_resolve
            known = [id_ for id_ in seen if id_ in places]
            if known and places[point.event] < places[known[-1]]:
                message = f"{point.event!r} is before {known[-1]!r} in the list of events"
                hint = "list the turning points by date"
                yield from entry.tell("date-order", path, message, hint)
        seen.append(point.event)
        cards += point.card is not None
        if point.card is not None and cards > ON_CARD:
            message = f"at most {ON_CARD} turning points can have a card"
            yield from entry.tell("bad-value", ("turning_points", number, "card"), message)
