"""Witnesses: the evidence that events give, and events that describe the same fact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from abicase.lint.records import RecordSet
from abicase.lint.rule import rule
from abicase.problems.problem import Problem
from abicase.schema.argument import Claim
from abicase.schema.case import Event, EvidenceLink
from abicase.source.yamltext import Path
from abicase.text.prose import convert


@rule("needs-because", finished={"needs-because"})
def two_sided_links_have_reasons(records: RecordSet) -> Iterator[Problem]:
    """A fact that is evidence both for and against an item has a reason on both sides."""
    sides: dict[tuple[str, str], set[str]] = defaultdict(set)
    for _, case in records.cases():
        for event in case.events:
            for side, _, link in _links(event):
                sides[case.fact(event), link.item].add(side)
    for entry, case in records.cases():
        for number, event in enumerate(case.events):
            for side, index, link in _links(event):
                if len(sides[case.fact(event), link.item]) == 2 and link.because is None:
                    message = f"the event is both for and against {link.item!r}"
                    hint = f"say why, as in {{item: {link.item}, because: …}}"
                    place: Path = ("events", number, side, index)
                    yield from entry.tell("needs-because", place, message, hint)


@rule("origin-counted")
def origins_are_not_counted(records: RecordSet) -> Iterator[Problem]:
    """An event that a claim's origin names is not evidence for or against that claim."""
    origins: dict[str, set[str]] = defaultdict(set)
    for entry in records.of("claim"):
        claim: Claim = entry.record
        for reference in convert(claim.origin).references:
            item = records.items.get(reference)
            if item is not None and item.kind == "event":
                origins[item.value.same_as or reference].add(f"claim/{claim.id}")
    for entry, case in records.cases():
        for number, event in enumerate(case.events):
            claims = origins.get(case.fact(event), ())
            for side, index, link in _links(event):
                if link.item in claims:
                    message = f"the origin of {link.item!r} names this event"
                    hint = "an origin is not evidence; remove the link"
                    place: Path = ("events", number, side, index)
                    yield from entry.tell("origin-counted", place, message, hint)


@rule("same-as")
def one_event_tells_the_fact(records: RecordSet) -> Iterator[Problem]:
    """``same_as`` names an event of another case, with the same date and no ``same_as`` itself."""
    for entry, case in records.cases():
        for number, event in enumerate(case.events):
            item = records.items.get(event.same_as or "")
            if item is None or item.kind != "event":
                continue  # reported by another rule
            place: Path = ("events", number, "same_as")
            other: Event = item.value
            if item.owner == case.id:
                message = "same_as names an event of the same case"
                yield from entry.tell("same-as", place, message, "merge the two events into one")
            elif other.same_as is not None:
                message = f"{event.same_as!r} is itself the same as {other.same_as!r}"
                yield from entry.tell("same-as", place, message, f"name {other.same_as!r}")
            elif other.date.text != event.date.text and not entry.hides(("events", number, "date")):
                message = f"{event.same_as!r} has the date {other.date}, but this one {event.date}"
                yield from entry.tell("same-as", place, message)


def _links(event: Event) -> Iterator[tuple[str, int, EvidenceLink]]:
    """Yield an event's links to the items it is evidence on, each with its field and index."""
    for side, links in (("for", event.for_), ("against", event.against)):
        for index, link in enumerate(links):
            yield side, index, link
