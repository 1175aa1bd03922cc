"""``abicase advise``."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from abicase.cli.book import open_book, tell_without_address
from abicase.cli.ending import finish, wrong_call
from abicase.cli.mails import given_mails
from abicase.cli.options import Command, records_option, site_option, site_url_option

if TYPE_CHECKING:
    from abicase.advice.review import Review
    from abicase.authoring.series import Series


@click.command(cls=Command)
@click.argument(
    "patches",
    nargs=-1,
    required=True,
    metavar="PATCH...",
    type=click.Path(exists=True, allow_dash=True, path_type=Path),
)
@click.option(
    "--format",
    "-f",
    "form",
    type=click.Choice(["text", "json", "github", "mail"]),
    default="text",
    show_default=True,
    help="text for people and editors; json for programs; github for annotations on a pull"
    " request; mail for replies with the lines quoted, to edit.",
)
@site_option
@site_url_option
@records_option
def advise(
    patches: tuple[Path, ...],
    form: Literal["text", "json", "github", "mail"],
    site: str | None,
    site_url: str | None,
    records: Path | None,
) -> None:
    """Say which lessons a series of patches may concern, line by line.

    PATCH is a patch, a file of mails, or a Maildir; - is the standard input. All of them are one
    series. Only what they add is compared, with the signs that the lessons have. A sign is a
    pattern and no proof, so each piece of advice is a question. Nothing of a patch is executed, and
    nothing is applied.

    Signs in code need ast-grep: pip install 'mkdocs-abicase[advise]'.

    With --site no records are needed, as for abicase find.

    Exit status: 0 when all signs were looked for, whatever was found; 2 when there is no patch; 3
    when some patches or signs could not be looked at.
    """
    from abicase.advice.letters import letters
    from abicase.advice.review import review
    from abicase.authoring.series import NoPatch, read_series
    from abicase.provenance.git import NoGit

    mails = given_mails(patches)
    book, left_out = open_book(site, records, site_url)
    try:
        with tempfile.TemporaryDirectory(prefix="abicase-") as folder:
            series = read_series(mails, Path(folder).resolve())
    except (NoPatch, NoGit) as problem:
        wrong_call(str(problem))
    except OSError as error:
        wrong_call(f"no temporary folder can be used: {error.strerror}")
    if not series.patches:
        reason = "; ".join(f"{problem.file}: {problem.text}" for problem in series.problems)
        wrong_call(reason or "there is no patch in what was given")
    lessons = list(book.signed_lessons)
    if not any(lesson.signs for lesson in lessons):
        wrong_call("no lesson of this casebook has a sign to look for")
    found = review(lessons, series)
    if found.advice:
        tell_without_address(book)
    if form == "mail":
        click.echo(letters(found.advice, series), nl=False)
    shown = found.advice if form != "mail" else ()
    unread = bool(series.problems or found.missing or found.failed or left_out.files)
    finish(
        "text" if form == "mail" else form,
        shown,
        shown,
        _notes(found, series),
        wrong=False,
        unread=unread,
    )


def _notes(found: Review, series: Series) -> Iterator[str]:
    """The lines for stderr: what was looked at, what was not, and what else does."""
    yield from (f"{problem.file}: {problem.text}" for problem in series.problems)
    yield from series.notes
    count = len(found.advice)
    said = f"{count} question{'s' if count != 1 else ''}" if count else "Nothing found"
    yield (
        f"{said} in {found.looked_at} of {found.files} files; only added lines were looked at,"
        " and a sign is no proof."
    )
    if found.missing:
        yield (
            f"Not looked at without ast-grep: {', '.join(found.missing)}; to install it: pip"
            " install 'mkdocs-abicase[advise]'"
        )
    yield from (f"Not looked at: {reason}" for reason in found.failed)
    for tool, lesson in found.tools:
        yield f"{tool.run} finds {tool.finds} ({lesson.reference})."
