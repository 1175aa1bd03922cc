"""``abicase source``."""

from __future__ import annotations

from pathlib import Path

import click

from abicase.cli.citing import commit_option, found_in, git_option, mail_option, write_additions
from abicase.cli.completing import complete_ids
from abicase.cli.ending import wrong_call
from abicase.cli.options import Group, checked_id, records_option
from abicase.cli.records import known_id, sound_reading


@click.group(cls=Group)
def source() -> None:
    """Work on the sources of a case."""


@source.command()
@click.argument("case", shell_complete=complete_ids("case"))
@commit_option
@git_option
@mail_option
@click.option(
    "--message-id",
    "message_ids",
    multiple=True,
    metavar="ID",
    help="The id of a mail of which you have no file; what it leaves open is TODO.",
)
@click.option("--id", "id_", default="", help="The id of the source.  [default: from the subject]")
@records_option
def add(
    case: str,
    commits: tuple[str, ...],
    clone: str | None,
    mails: tuple[Path, ...],
    message_ids: tuple[str, ...],
    id_: str,
    records: Path | None,
) -> None:
    """Add commits and mails to the sources of CASE, with all that is known of them.

    Subject, author, date and first release of a commit are read from the clone, offline; subject,
    author and date of a mail from its headers. The day is noted on which they were. Comments in the
    record stay, and the record is put into the canonical form. All are added, or none. Other
    records with errors are named on stderr.

    Exit status: 3 when CASE or the repository could not be read for errors in its record.
    """
    from abicase.authoring.mails import known_by_id
    from abicase.authoring.sources import NotCited, cite

    if not (commits or mails or message_ids):
        wrong_call("name what to add with --commit, --mail or --message-id")
    reading = sound_reading(records)
    known_id(case, "case", reading)
    entry = reading.entries["case", case]
    file = entry.document.file
    if id_:
        checked_id(id_)
    found = found_in(reading, entry, commits, clone, mails)
    try:
        found += [known_by_id(text) for text in message_ids]
        if id_ and len(found) > 1:
            wrong_call("--id is the id of one source; leave it out, or add one at a time")
        cited = cite(entry.record, found, id_)
    except NotCited as problem:
        raise click.ClickException(str(problem)) from None
    new = [one for one in cited if one.new]
    if new:
        write_additions(reading, entry, new)
    for one in cited:
        if not one.new:
            click.echo(f"{file} has {one.found.name} already, as the source {one.id!r}.")
    if not new:
        return
    click.echo(f"Written to {file}:")
    for one in new:
        click.echo(f"\n  {one.id}:")
        for name, value in one.found.fields.items():
            click.echo(f"    {name}: {value}")
        if one.found.remarks:
            click.echo("\n" + "\n".join(one.found.remarks))
    ids = ", ".join(one.id for one in new)
    what = "it where it proves" if len(new) == 1 else "them where they prove"
    click.echo(f"\nCite {what} something: sources: [{ids}]")
