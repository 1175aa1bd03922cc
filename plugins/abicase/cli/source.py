"""``abicase source``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from abicase.cli import settings
from abicase.cli.completing import complete_ids
from abicase.cli.ending import wrong_call
from abicase.cli.options import Group, checked_id, clone_of, records_option, today
from abicase.cli.records import known_id, sound_reading

if TYPE_CHECKING:
    from abicase.source.reading import Reading


@click.group(cls=Group)
def source() -> None:
    """Work on the sources of a case."""


@source.command()
@click.argument("case", shell_complete=complete_ids("case"))
@click.option(
    "--commit",
    "commits",
    multiple=True,
    required=True,
    metavar="COMMIT",
    help="Its id, or the beginning of it; repeat it for more commits.",
)
@click.option(
    "--git",
    "clone",
    metavar="REPOSITORY[=PATH]",
    help="The repository that holds it, and a clone of it, which the settings can name instead."
    "  [default: the casebook's default repository]",
)
@click.option("--id", "id_", default="", help="The id of the source.  [default: from the subject]")
@records_option
def add(
    case: str, commits: tuple[str, ...], clone: str | None, id_: str, records: Path | None
) -> None:
    """Add commits to the sources of CASE, with all that a clone says of them.

    Subject, author, date and first release are read from the clone, offline, and the day is noted
    on which they were. Comments in the record stay, and the record is put into the canonical form.
    Of several commits all are added, or none. Other records with errors are named on stderr.

    Exit status: 3 when CASE or the repository could not be read for errors in its record.
    """
    from abicase.authoring import sources as citing
    from abicase.provenance.git import GitError
    from abicase.source.canonical import Unsafe
    from abicase.source.writing import write

    reading = sound_reading(records)
    repository, path = clone_of(clone) if clone else _default_clone(reading)
    known_id(case, "case", reading)
    known_id(repository, "repository", reading)
    if id_:
        checked_id(id_)
        if len(commits) > 1:
            wrong_call("--id is the id of one source; leave it out, or add one commit at a time")
    entry = reading.entries["case", case]
    file = entry.document.file
    try:
        cited, text = citing.cite(
            reading, entry, repository, path, commits, id_, today().isoformat()
        )
    except (citing.NotCited, GitError, Unsafe) as problem:
        raise click.ClickException(str(problem)) from None
    if text:
        try:
            write(entry.path, text)
        except OSError as error:
            wrong_call(f"{file} can't be written: {error.strerror}")
    for one in cited:
        if not one.fields:
            which = "this commit" if len(commits) == 1 else f"the commit {one.commit}"
            click.echo(f"{file} has {which} already, as the source {one.id!r}.")
    new = [one for one in cited if one.fields]
    if not new:
        return
    click.echo(f"Written to {file}:")
    for one in new:
        click.echo(f"\n  {one.id}:")
        for name, value in one.fields.items():
            click.echo(f"    {name}: {value}")
        if one.remarks:
            click.echo("\n" + "\n".join(one.remarks))
    ids = ", ".join(one.id for one in new)
    what = "it where it proves" if len(new) == 1 else "them where they prove"
    click.echo(f"\nCite {what} something: sources: [{ids}]")


def _default_clone(reading: Reading) -> tuple[str, Path]:
    """The clone of the default repository that the settings name, or an end with 2."""
    assert reading.casebook is not None  # or it could not be read
    repository: str | None = reading.casebook.record.default_repository
    if repository is None:
        wrong_call("Missing option '--git': the casebook has no default_repository")
    clone = settings.clones().get(repository)
    if clone is None:
        wrong_call(
            f"Missing option '--git'; or name a clone of {repository!r} below [clones] in your"
            " settings"
        )
    return repository, Path(clone.value)
