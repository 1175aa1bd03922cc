"""Findings: a case has one on every axis; the main finding must hold."""

from __future__ import annotations

from collections.abc import Iterator

from abicase.contrasts import contrast
from abicase.lint.records import RecordSet, by_title
from abicase.lint.rule import rule
from abicase.problems.problem import Problem
from abicase.schema.case import NOT_KNOWN, Case
from abicase.source.mismatches import KEY
from abicase.source.reading import Entry
from abicase.source.yamltext import Path


@rule(
    "missing-evidence",
    "missing-finding",
    "unknown-reference",
    "unknown-word",
    finished={"missing-evidence", "missing-finding"},
    kind="case",
)
def findings_are_complete(records: RecordSet, entry: Entry) -> Iterator[Problem]:
    """A case has a finding on every axis, with one of the axis's ratings, based on events."""
    case: Case = entry.record
    axes = records.axes
    if not axes and case.findings and not records.reading.damaged:
        first = next(iter(case.findings))
        yield from entry.tell(
            "unknown-reference", ("findings", first), *records.none_yet("axis", first), key=True
        )
        return
    complete = not entry.lacks("findings", None, KEY)
    for axis in axes:
        if complete and axis not in case.findings and not records.is_draft("axis", axis):
            message = f"there is no finding on the axis {axis!r}"
            yield from entry.tell("missing-finding", ("findings",), message, key=True)
    for id_, finding in case.findings.items():
        path: Path = ("findings", id_)
        if id_ not in axes:
            if not records.unread("axis", id_):
                yield from entry.tell(
                    "unknown-reference",
                    path,
                    f"there is no axis {id_!r}",
                    records.nearest(id_, axes),
                    key=True,
                )
            continue
        axis_entry = records.entry("axis", id_)
        if axis_entry is None or axis_entry.lacks("ratings", None, "id"):
            continue
        words = list(dict.fromkeys([*(rating.id for rating in axes[id_].ratings), NOT_KNOWN]))
        if finding.rating not in words:
            message = f"{finding.rating!r} is not one of {', '.join(words)}"
            titles = [(rating.title, rating.id) for rating in axes[id_].ratings]
            hint = records.nearest(finding.rating, words) or by_title(finding.rating, titles)
            yield from entry.tell("unknown-word", (*path, "rating"), message, hint)
        elif (
            finding.rating != NOT_KNOWN
            and not finding.events
            and not entry.lacks("findings", id_, "events")
        ):
            message = "the finding names no events"
            hint = f"name the events it is based on, or rate it {NOT_KNOWN}"
            yield from entry.tell("missing-evidence", path, message, hint, key=True)


@rule("refuted", finished={"refuted"})
def the_main_finding_holds(records: RecordSet) -> Iterator[Problem]:
    """The patterns are alike on the axis of the casebook's main finding."""
    casebook = records.casebook
    if casebook is None or casebook.record.finding is None:
        return
    axis = records.axes.get(casebook.record.finding.axis)
    if axis is None or not axis.ratings:  # reported by another rule
        return
    groups: dict[str, list[str]] = {}
    for entry, case in records.cases():
        if not entry.draft and axis.id in case.findings:
            groups.setdefault(case.pattern.label, []).append(case.findings[axis.id].rating)
    found = contrast(axis, groups)
    if found.differs:
        counts = ", ".join(f"{count} of {of} {pattern}" for pattern, count, of in found.counts)
        message = f"the patterns now differ on {axis.id!r}: {found.rating!r} is {counts}"
        hint = "write what the records show now"
        yield from casebook.tell("refuted", ("finding", "text"), message, hint)
