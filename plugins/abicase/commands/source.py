"""``abicase source``."""

from __future__ import annotations

from pathlib import Path

import click

from abicase.commands.common import (
    checked_id,
    complete_ids,
    known_id,
    records_option,
    sound_reading,
    today,
    wrong_call,
)


@click.group()
def source() -> None:
    """Work on the sources of a case."""


@source.command()
@click.argument("case", shell_complete=complete_ids("case"))
@click.option("--commit", required=True, metavar="COMMIT", help="Its id, or the beginning of it.")
@click.option(
    "--git",
    "clone",
    required=True,
    metavar="REPOSITORY=PATH",
    help="The repository that holds it, and a clone of it.",
)
@click.option("--id", "id_", default="", help="The id of the source.  [default: from the subject]")
@records_option
def add(case: str, commit: str, clone: str, id_: str, records: Path | None) -> None:
    """Add a commit to the sources of CASE, with all that a clone says of it.

    Subject, author, date and first release are read from the clone, offline, and the day is noted
    on which they were. Comments in the record stay, and the record is put into the canonical form.
    """
    from abicase import citing
    from abicase.verify import NoRepository
    from abicase.writing import write

    repository, equals, path = clone.partition("=")
    if not equals:
        wrong_call(f"{clone!r} is not of the form REPOSITORY=PATH")
    reading = sound_reading(records)
    known_id(case, "case", reading)
    known_id(repository, "repository", reading)
    if id_:
        checked_id(id_)
    entry = reading.entries["case", case]
    try:
        cited = citing.cite(
            reading, entry, repository, Path(path), commit, id_, today().isoformat()
        )
    except (citing.NotCited, NoRepository) as problem:
        raise click.ClickException(str(problem)) from None
    if not cited.text:
        click.echo(f"{entry.document.file} has this commit already, as the source {cited.id!r}.")
        return
    try:
        write(entry.path, cited.text)
    except OSError as error:
        wrong_call(f"{entry.document.file} can't be written: {error.strerror}")
    click.echo(f"Written to {entry.document.file}:\n\n  {cited.id}:")
    for name, value in cited.fields.items():
        click.echo(f"    {name}: {value}")
    if cited.remark:
        click.echo(f"\nThe release is left out: {cited.remark}.")
    click.echo(f"\nCite it where it proves something: sources: [{cited.id}]")
