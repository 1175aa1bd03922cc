"""Dates: they must be in order, and fit the commits and releases they belong to."""

from __future__ import annotations

from collections.abc import Iterator

from abicase.lint.chronology import out_of_order
from abicase.lint.records import RecordSet
from abicase.lint.rule import rule
from abicase.problems.problem import Problem
from abicase.schema.case import Case, CommitSource, Event
from abicase.schema.fields import Day
from abicase.source.reading import Entry
from abicase.source.yamltext import Path


@rule(
    "date-after-release",
    "date-order",
    "differs-from-commit",
    "future-date",
    finished={"differs-from-commit"},
)
def dates_are_in_order(records: RecordSet, entry: Entry) -> Iterator[Problem]:
    """No date is in the future or after its release, and events and periods are in order."""
    reported: set[Path] = set()  # a wrong date is reported only once
    for path, day, shape, _ in records.values(entry):
        if shape.kind == "day" and day.first > records.today:
            reported.add(path)
            message = f"{day} is in the future"
            yield from entry.tell("future-date", path, message)
    if entry.kind == "case":
        case: Case = entry.record
        yield from _sources_in_order(records, entry, case, reported)
        yield from _events_in_order(records, entry, case, reported)
        yield from _periods_in_order(entry, case, reported)


def _sources_in_order(
    records: RecordSet, entry: Entry, case: Case, reported: set[Path]
) -> Iterator[Problem]:
    for id_, source in case.sources.items():
        path: Path = ("sources", id_, "date")
        if isinstance(source, CommitSource) and path not in reported:
            release = records.releases.written(source.repository, source.release or "")
            yield from _after_release(records, entry, path, source.date, release, reported)
        day: Day | None = getattr(source, "date", None)
        if day is not None and source.checked.last < day.first and path not in reported:
            message = f"checked on {source.checked}, before its own date, {day}"
            yield from entry.tell("date-order", ("sources", id_, "checked"), message)


def _events_in_order(
    records: RecordSet, entry: Entry, case: Case, reported: set[Path]
) -> Iterator[Problem]:
    for n, event in enumerate(case.events):
        path: Path = ("events", n, "date")
        if event.release is not None and path not in reported:
            yield from _after_release(records, entry, path, event.date, event.release, reported)
    differing = {
        n: commit
        for n, event in enumerate(case.events)
        if (commit := _only_commit(case, event)) is not None
        and ("sources", event.sources[0], "date") not in reported
        and not entry.hides(("events", n, "kind"))
        and _differs(records, event, commit)
    }
    doubtful = {n for n in range(len(case.events)) if ("events", n, "date") in reported}
    doubtful.update(differing)
    for n, other in out_of_order([event.date for event in case.events], doubtful).items():
        path = ("events", n, "date")
        if path not in reported:
            reported.add(path)
            day, there = case.events[n].date, case.events[other]
            order, place = ("before", "above") if other < n else ("after", "below")
            message = f"{day} is {order} {there.date}, the date of {there.id!r} {place} it"
            yield from entry.tell("date-order", path, message, "put events in order")
    for n, commit in differing.items():
        if ("events", n, "date") not in reported:
            yield from _dated_as_its_commit(entry, n, commit, doubtful, reported)
    for n, event in enumerate(case.events):
        only = _only_commit(case, event)
        if only is not None and ("events", n, "date") not in reported:
            yield from _released_as_its_commit(records, entry, n, only)


def _dated_as_its_commit(
    entry: Entry, n: int, commit: CommitSource, doubtful: set[int], reported: set[Path]
) -> Iterator[Problem]:
    events: tuple[Event, ...] = entry.record.events
    event, days = events[n], [event_.date for event_ in events]
    source = event.sources[0]
    path: Path = ("events", n, "date")
    message = f"{event.date} is not the date of its only source, the commit {source!r}"
    hint = f"the commit's date is {commit.date}; write that, or cite a source for the other date"
    days[n] = commit.date
    if n in out_of_order(days, doubtful):  # the commit's date is the wrong one
        path = ("sources", source, "date")
        message = f"{commit.date} is not the date of {event.id!r}, whose only source is this commit"
        hint = f"the event's date is {event.date}, in order with the events around it"
    if path not in reported:
        reported.add(path)
        yield from entry.tell("differs-from-commit", path, message, hint)


def _differs(records: RecordSet, event: Event, commit: CommitSource) -> bool:
    """Return whether an event did not happen when its commit was written, or later merged."""
    if event.kind == "merge" and event.date.first > commit.date.last:  # usually merged later
        return commit.release is not None and records.releases.is_late(
            event.date, commit.repository, commit.release
        )
    return not event.date.meets(commit.date)


def _only_commit(case: Case, event: Event) -> CommitSource | None:
    """Return the commit that is an event's only source, if there is one."""
    source = case.sources.get(event.sources[0]) if len(event.sources) == 1 else None
    return source if isinstance(source, CommitSource) else None


def _released_as_its_commit(
    records: RecordSet, entry: Entry, n: int, commit: CommitSource
) -> Iterator[Problem]:
    event: Event = entry.record.events[n]
    if event.release is None or commit.release is None:
        return
    commit_release = records.releases.written(commit.repository, commit.release)
    listed = _is_listed(records, event.release) and _is_listed(records, commit_release)
    if listed and records.releases.split(event.release) != records.releases.split(commit_release):
        source = event.sources[0]
        message = f"{event.release} is not the release of its only source, the commit {source!r}"
        hint = f"the commit's release is {commit_release}"
        yield from entry.tell("differs-from-commit", ("events", n, "release"), message, hint)


def _is_listed(records: RecordSet, release: str) -> bool:
    """Return whether a release is known, or its repository is and does not list any."""
    repository, tag = records.releases.split(release)
    tags = records.releases.of(repository)
    return tag in tags if tags else repository in records.known("repository")


def _periods_in_order(entry: Entry, case: Case, reported: set[Path]) -> Iterator[Problem]:
    for n, side in enumerate(case.sides):
        begins: list[Path] = [("sides", n, "periods", m, "from") for m in range(len(side.periods))]
        doubtful = {m for m, path in enumerate(begins) if path in reported}
        blamed = out_of_order([period.from_ for period in side.periods], doubtful)
        for m, period in enumerate(side.periods):
            if begins[m] in reported:
                continue
            if m in blamed:
                other = side.periods[blamed[m]].from_
                order = "before the one above it" if blamed[m] < m else "after the one below it"
                message = f"this period begins on {period.from_}, {order} ({other})"
                yield from entry.tell("date-order", begins[m], message)
            elif period.to is not None and period.to.last < period.from_.first:
                message = f"the period ends on {period.to}, before it begins on {period.from_}"
                yield from entry.tell("date-order", (*begins[m][:-1], "to"), message)


def _after_release(
    records: RecordSet, entry: Entry, path: Path, day: Day, release: str, reported: set[Path]
) -> Iterator[Problem]:
    if records.releases.is_late(day, *records.releases.split(release)):
        reported.add(path)
        message = f"{day} is after {release}, which was released on {records.releases.day(release)}"
        yield from entry.tell("date-after-release", path, message)


@rule("date-after-release")
def releases_are_dated(records: RecordSet) -> Iterator[Problem]:
    """The release days fit the dates of the changes that the releases contain."""
    for (repository, tag), late in sorted(records.releases.misdated.items()):
        entry = records.entry("repository", repository)
        assert entry is not None
        reference, day = late[0]
        message = (
            f"{entry.record.releases[tag]} is before {day}, the date of {reference}, which {tag}"
            f" carried"
        )
        hint = f"{len(late)} dates contradict it, and fewer confirm it"
        yield from entry.tell("date-after-release", ("releases", tag), message, hint)
