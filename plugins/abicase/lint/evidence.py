"""Evidence: lessons are based on events, and name the evidence against them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from abicase.lint.records import RecordSet
from abicase.lint.rule import rule
from abicase.problems.problem import Problem
from abicase.schema.argument import Lesson


@rule(
    "missing-counter-evidence",
    "missing-evidence",
    finished={"missing-counter-evidence", "missing-evidence"},
)
def lessons_have_evidence(records: RecordSet) -> Iterator[Problem]:
    """A lesson has two events for it, and one against it or a signed "none found".

    A rule stated in the project's own documents needs no event, but with one for it, it needs the
    other side too.
    """
    unread = any(kind == "case" for kind, _ in records.reading.damaged)
    cases = [entry for entry in records.of("case") if not entry.sound]
    # The missing events may be in an unreadable case.
    may_be_for = unread or any(entry.lacks("events", None, "for") for entry in cases)
    may_be_against = unread or any(entry.lacks("events", None, "against") for entry in cases)
    supporting: dict[str, set[str]] = defaultdict(set)
    opposing: dict[str, set[str]] = defaultdict(set)
    for case_entry, case in records.cases():
        if case_entry.draft:
            continue
        for event in case.events:
            fact = case.fact(event)
            for link in event.for_:
                supporting[link.item].add(fact)
            for link in event.against:
                opposing[link.item].add(fact)
    for entry in records.of("lesson"):
        lesson: Lesson = entry.record
        reference = f"lesson/{lesson.id}"
        count = len(supporting[reference])
        documented = bool(lesson.documented_in) or entry.lacks("documented_in")
        if count < 2 and not documented and not may_be_for:
            message = f"{count or 'no'} event is evidence for the lesson; it needs at least two"
            hint = "or name in documented_in one of the project's documents that states it"
            yield from entry.tell("missing-evidence", (), message, hint)
        against = len(opposing[reference])
        signed = lesson.none_found is not None or entry.lacks("none_found")
        wanted = count or not documented
        if wanted and not against and not signed and not may_be_against:
            message = "there is no event against the lesson, and no none_found"
            yield from entry.tell("missing-counter-evidence", (), message)
        if against and lesson.none_found is not None:
            message = f"none_found is given, but the lesson has {against} event(s) against it"
            yield from entry.tell(
                "missing-counter-evidence",
                ("none_found",),
                message,
                "remove none_found",
                key=True,
            )
