"""``abicase source``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from abicase.cli.citing import commit_option, found_in, git_option, mail_option, write_additions
from abicase.cli.completing import complete_cases
from abicase.cli.ending import wrong_call
from abicase.cli.options import CommandGroup, checked_id, records_option, today
from abicase.cli.records import known_entry, sound_reading
from abicase.problems.suggestions import with_article

if TYPE_CHECKING:
    from collections.abc import Sequence

    from abicase.authoring.sources import Cited, Found


@click.group(cls=CommandGroup)
def source() -> None:
    """Manage the sources of a case."""


@source.command()
@click.argument("case", shell_complete=complete_cases)
@commit_option
@git_option
@mail_option
@click.option(
    "--message-id",
    "message_ids",
    multiple=True,
    metavar="ID",
    help="The message id of a mail of which you have no file; repeatable.",
)
@click.option(
    "--article",
    "articles",
    multiple=True,
    metavar="URL",
    help="The address of an article; repeatable.",
)
@click.option("--subject", default="", help="The subject of the mail.")
@click.option("--title", default="", help="The title of the article.")
@click.option("--publisher", default="", help="The publisher of the article.")
@click.option("--author", default="", help="The author of the mail or article.")
@click.option(
    "--date",
    default="",
    help="The date of the mail, as in its header, or of the article.",
)
@click.option(
    "--how",
    default="",
    help='How you checked them today, as in "page read".  [default: how commits and mails were'
    " read; otherwise TODO]",
)
@click.option(
    "--id", "id_", default="", help="The id of a single source.  [default: from the subject]"
)
@records_option
def add(
    case: str,
    commits: tuple[tuple[str, str], ...],
    clone: str | None,
    mails: tuple[tuple[Path, str], ...],
    message_ids: tuple[str, ...],
    articles: tuple[str, ...],
    id_: str,
    records: Path | None,
    how: str,
    **given: str,
) -> None:
    """Add commits, mails and articles to the sources of CASE, with all available data.

    Subject, author, date and first release of a commit are read from the clone, offline; subject,
    author and date of a mail from its headers. The date of the check is recorded. NAME is the id
    of the source. For a single article, or a mail without a file, options give the fields that
    you know; the others are TODO. Comments are kept, and the record is written in canonical form.
    Either all are added, or none. Other records with errors are named on stderr.

    Exit status: 3 when CASE or the repository could not be read because of errors in its record.
    """
    from abicase.authoring.sources import NotCited, cite

    if not (commits or mails or message_ids or articles):
        wrong_call("name what to add with --commit, --mail, --message-id or --article")
    reading = sound_reading(records)
    entry = known_entry(case, "case", reading)
    file = entry.document.file
    if id_:
        checked_id(id_)
    found = found_in(reading, entry, commits, clone, mails)
    try:
        found += _told(message_ids, articles, {name: text for name, text in given.items() if text})
        if how:
            found = [item.checked(how, today().isoformat()) for item in found]
        if id_ and len(found) > 1:
            wrong_call("--id is for a single source; with several, write --commit COMMIT=NAME")
        cited = cite(entry.record, [replace(item, id=id_ or item.id) for item in found])
    except NotCited as problem:
        raise click.ClickException(str(problem)) from None
    if any(item.new for item in cited):
        write_additions(reading, entry, cited)
    _tell(file, cited)


def _told(message_ids: Sequence[str], articles: Sequence[str], said: dict[str, str]) -> list[Found]:
    """Create sources of mails and articles from the options, or exit with an error."""
    from abicase.authoring.mails import message_id
    from abicase.authoring.sources import told

    if said and len(message_ids) + len(articles) != 1:
        wrong_call(
            f"--{min(said)} is for a single mail or article named by --message-id or --article"
        )
    what, others = ("mail", ("title", "publisher")) if message_ids else ("article", ("subject",))
    for name in said.keys() & others:
        wrong_call(f"--{name} does not apply to {with_article(what)}")
    mails = [told("mail", {"mail": message_id(text), **said}) for text in message_ids]
    return mails + [told("article", {"article": text, **said}) for text in articles]


def _tell(file: str, cited: Sequence[Cited]) -> None:
    """Print what was added, and what the case already had."""
    for item in cited:
        if not item.new:
            click.echo(f"{file} already has {item.found.name}, as the source {item.id!r}.")
    new = [item for item in cited if item.new]
    if not new:
        return
    click.echo(f"Written to {file}:")
    for item in new:
        click.echo(f"\n  {item.id}:")
        for name, value in item.found.fields.items():
            click.echo(f"    {name}: {value}")
        if item.found.remarks:
            click.echo("\n" + "\n".join(item.found.remarks))
    ids = ", ".join(item.id for item in new)
    what = "it where it proves" if len(new) == 1 else "them where they prove"
    click.echo(f"\nCite {what} something: sources: [{ids}]")
