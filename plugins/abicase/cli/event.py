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
    complete_events,
    complete_ids,
    complete_kinds_of_event,
    complete_lanes,
)
from abicase.cli.ending import wrong_call
from abicase.cli.options import Group, records_option, today
from abicase.cli.records import known_id, known_word, sound_reading


@click.group(cls=Group)
def event() -> None:
    """Work on the events of a case."""


@event.command()
@click.argument("case", shell_complete=complete_ids("case"))
@commit_option
@git_option
@mail_option
@click.option(
    "--kind",
    default="",
    shell_complete=complete_kinds_of_event,
    help="What sort of thing happened; abicase list kinds has them.  [default: TODO]",
)
@click.option(
    "--lane",
    default="",
    shell_complete=complete_lanes,
    help="The side on which it happened; abicase list lanes has them.  [default: TODO]",
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

    Date and release come from the source, and the events are kept in order of date. NAME is the id
    of the event; that of its source ends in -commit or -mail. Without it the id is made from the
    subject and begins with rename-me, since it becomes part of an address that is kept forever.
    The title is taken from the subject and marked TODO, since a subject is seldom a statement of
    its own. The kind is TODO, too; for a commit that changes a file listed in interface.paths,
    change is proposed. abicase check lists what is left to write. Commits and mails that an event
    already cites are named and skipped.

    The placeholder event and source of a new case are replaced, unless somebody has edited them.
    All other comments stay, and the record is put into the canonical form. All events are added,
    or none.

    Exit status: 3 when CASE or the repository could not be read for errors in its record.
    """
    from abicase.authoring.events import begin
    from abicase.authoring.sources import NotCited, cite
    from abicase.schema.case import EventKind

    if not (commits or mails):
        wrong_call("name what happened with --commit or --mail")
    reading = sound_reading(records)
    known_id(case, "case", reading)
    entry = reading.entries["case", case]
    assert reading.casebook is not None  # or it could not be read
    casebook = reading.casebook.record
    if kind:
        known_word(kind, "kind of event", get_args(EventKind))
    if lane:
        known_word(lane, "lane", [one.id for one in casebook.lanes])
    found = found_in(reading, entry, commits, clone, mails)
    try:
        cited = cite(entry.record, found, for_events=True)
        begun = begin(entry.record, cited, casebook.default_repository, kind, lane)
    except NotCited as problem:
        raise click.ClickException(str(problem)) from None
    new = [one for one in begun if one.fields]
    file = entry.document.file
    if new:
        write_additions(reading, entry, cited, [one.fields for one in new])
    for one in begun:
        if not one.fields:
            click.echo(f"{file} has {one.source.found.name} already, in the event {one.id!r}.")
    if not new:
        return
    click.echo(f"Written to {file}:")
    width = max(len(one.id) for one in new)
    for one in new:
        click.echo(
            f"  {one.fields['date']}  {one.id:{width}}  {one.source.found.fields['subject']}"
        )
    for remark in dict.fromkeys(
        f"{one.source.id}: {remark}" for one in new for remark in one.source.found.remarks
    ):
        click.echo(remark)
    click.echo("\nWhat is left to write says TODO, and an id to choose begins with rename-me;")
    click.echo(f"abicase check {shlex.quote(file)} lists them.")


@event.command()
@click.argument("case", shell_complete=complete_ids("case"))
@click.argument("events", nargs=-1, required=True, shell_complete=complete_events)
@click.option(
    "--on",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day of the reading.  [default: today]",
)
@click.option(
    "--against",
    multiple=True,
    metavar="SOURCE",
    help="A source by which the text was found right; repeatable.  [default: all sources of the"
    " event but those not reached]",
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
    """Note that EVENTS of CASE were read a second time against their sources.

    Read title, text and reading of an event against each source first, to find them wrong, and fix
    what is. Then this writes text_checked: the day, the sources, and a digest of the wording, so
    that abicase check reports a later change. All events are noted, or none. Comments stay, and
    the record is put into the canonical form.

    Exit status: 3 when CASE could not be read for errors in its record.
    """
    from abicase.authoring.second_readings import NotCitedByEvent, text_check

    if both := sorted(set(against) & set(not_reached)):
        wrong_call(f"{both[0]!r} was either read or not reached; name it once")
    reading = sound_reading(records)
    known_id(case, "case", reading)
    entry = reading.entries["case", case]
    numbers = {one.id: number for number, one in enumerate(entry.record.events)}
    on = (day.date() if day else today()).isoformat()
    checks = {}
    for id_ in events:
        known_word(id_, "event", list(numbers))
        try:
            one = entry.record.events[numbers[id_]]
            checks[numbers[id_]] = text_check(one, on, against, not_reached)
        except NotCitedByEvent as problem:
            wrong_call(str(problem))
    write_text_checks(entry, checks)
    click.echo(f"Written to {entry.document.file}:")
    for number, fields in checks.items():
        read = ", ".join(fields.get("against", ())) or "no source"
        click.echo(f"  {entry.record.events[number].id}: read on {on} against {read}")
