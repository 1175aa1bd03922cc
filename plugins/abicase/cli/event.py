"""``abicase event``."""

from __future__ import annotations

import datetime
import shlex
from pathlib import Path
from typing import get_args

import click

from abicase.cli.citing import (
    commit_option,
    found_in,
    git_option,
    mail_option,
    write_additions,
    write_text_checks,
)
from abicase.cli.completing import (
    complete_cases,
    complete_events,
    complete_kinds_of_event,
    complete_lanes,
)
from abicase.cli.ending import wrong_call
from abicase.cli.options import CommandGroup, records_option, today
from abicase.cli.records import known_entry, known_word, sound_reading


@click.group(cls=CommandGroup)
def event() -> None:
    """Manage the events of a case."""


@event.command()
@click.argument("case", shell_complete=complete_cases)
@commit_option
@git_option
@mail_option
@click.option(
    "--kind",
    default="",
    shell_complete=complete_kinds_of_event,
    help="The kind of event; abicase list kinds shows all of them.  [default: TODO]",
)
@click.option(
    "--lane",
    default="",
    shell_complete=complete_lanes,
    help="The side on which it happened; abicase list lanes shows all of them.  [default: TODO]",
)
@records_option
def add(
    case: str,
    commits: tuple[tuple[str, str], ...],
    clone: str | None,
    mails: tuple[tuple[Path, str], ...],
    kind: str,
    lane: str,
    records: Path | None,
) -> None:
    """Add an event to CASE for each commit or mail, together with its source.

    Date and release come from the source, and the events are inserted by date. NAME is the id
    of the event; that of its source ends in -commit or -mail. Without NAME the id is made from
    the subject and begins with rename-me, because it becomes part of a permanent address. The
    title is the subject, marked TODO, because a subject is seldom a complete statement. The
    kind is TODO, too; for a commit that changes a file listed in interface.paths, change is
    suggested. abicase check lists what is left to write. Commits and mails that an event
    already cites are named and skipped.

    The placeholder event and source of a new case are replaced unless they have been edited. All
    other comments are kept, and the record is written in canonical form. Either all events are
    added, or none.

    Exit status: 3 when CASE or the repository could not be read because of errors in its record.
    """
    from abicase.authoring.events import begin
    from abicase.authoring.sources import NotCited, cite
    from abicase.schema.case import EventKind

    if not (commits or mails):
        wrong_call("name commits or mails with --commit or --mail")
    reading = sound_reading(records)
    entry = known_entry(case, "case", reading)
    assert reading.casebook is not None  # otherwise no case could be read
    casebook = reading.casebook.record
    if kind:
        known_word(kind, "kind of event", get_args(EventKind))
    if lane:
        known_word(lane, "lane", [item.id for item in casebook.lanes])
    found = found_in(reading, entry, commits, clone, mails)
    try:
        cited = cite(entry.record, found, for_events=True)
        begun = begin(entry.record, cited, casebook.default_repository, kind, lane)
    except NotCited as problem:
        raise click.ClickException(str(problem)) from None
    new = [item for item in begun if item.fields]
    file = entry.document.file
    if new:
        write_additions(reading, entry, cited, [item.fields for item in new])
    for item in begun:
        if not item.fields:
            click.echo(f"{file} already has {item.source.found.name}, in the event {item.id!r}.")
    if not new:
        return
    click.echo(f"Written to {file}:")
    width = max(len(item.id) for item in new)
    for item in new:
        click.echo(
            f"  {item.fields['date']}  {item.id:{width}}  {item.source.found.fields['subject']}"
        )
    for remark in dict.fromkeys(
        f"{item.source.id}: {remark}" for item in new for remark in item.source.found.remarks
    ):
        click.echo(remark)
    click.echo("\nReplace each TODO, and choose an id where one begins with rename-me;")
    click.echo(f"abicase check {shlex.quote(file)} lists them.")


@event.command()
@click.argument("case", shell_complete=complete_cases)
@click.argument("events", nargs=-1, required=True, shell_complete=complete_events)
@click.option(
    "--on",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The date of the reading.  [default: today]",
)
@click.option(
    "--against",
    multiple=True,
    metavar="SOURCE",
    help="A source that confirmed the text; repeatable.  [default: all sources of the event except"
    " those not reached]",
)
@click.option(
    "--not-reached",
    multiple=True,
    metavar="SOURCE",
    help="A source that could not be reached; repeatable.",
)
@records_option
def checked(
    case: str,
    events: tuple[str, ...],
    day: datetime.datetime | None,
    against: tuple[str, ...],
    not_reached: tuple[str, ...],
    records: Path | None,
) -> None:
    """Record that EVENTS of CASE were read a second time against their sources.

    First read title, text and reading of each event against each source, looking for errors, and
    fix those you find. Then this command writes text_checked: the date, the sources, and a digest
    of the wording, so that abicase check reports later changes. Either all events are recorded,
    or none. Comments are kept, and the record is written in canonical form.

    Exit status: 3 when CASE could not be read because of errors in its record.
    """
    from abicase.authoring.second_readings import NotCitedByEvent, text_check

    if both := sorted(set(against) & set(not_reached)):
        wrong_call(f"{both[0]!r} was either read or not reached; name it only once")
    reading = sound_reading(records)
    entry = known_entry(case, "case", reading)
    numbers = {event_.id: number for number, event_ in enumerate(entry.record.events)}
    on = (day.date() if day else today()).isoformat()
    checks = {}
    for id_ in events:
        known_word(id_, "event", list(numbers))
        try:
            event_ = entry.record.events[numbers[id_]]
            checks[numbers[id_]] = text_check(event_, on, against, not_reached)
        except NotCitedByEvent as problem:
            wrong_call(str(problem))
    write_text_checks(entry, checks)
    click.echo(f"Written to {entry.document.file}:")
    for number, fields in checks.items():
        read = ", ".join(fields.get("against", ())) or "no source"
        click.echo(f"  {entry.record.events[number].id}: read on {on} against {read}")
