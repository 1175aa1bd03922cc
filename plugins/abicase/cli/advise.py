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
    help="text for people and editors, json for other tools, github for annotations on a pull"
    " request, or mail for replies that quote the lines, to be edited.",
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
    """List the lessons that may apply to a patch series, line by line.

    PATCH is a patch, a file of mails, or a Maildir; - is standard input. Together they form one
    series. Only added lines are checked, for the signs of each lesson. A sign is a pattern and
    proves nothing, so each piece of advice is a question. Nothing in a patch is executed or
    applied.

    Signs in code need ast-grep: pip install 'mkdocs-abicase[advise]'.

    With --site no records are needed, as with abicase find.

    Exit status: 0 when every sign was looked for, even if none was found; 2 when there is no
    patch; 3 when some patches or signs could not be checked.
    """
    from abicase.advice.letters import letters
    from abicase.advice.review import review
    from abicase.authoring.series import NoPatch, read_series
    from abicase.provenance.git import GitError

    mails = given_mails(patches)
    book, left_out = open_book(site, records, site_url)
    try:
        with tempfile.TemporaryDirectory(prefix="abicase-") as folder:
            series = read_series(mails, Path(folder).resolve())
    except (NoPatch, GitError) as problem:
        wrong_call(str(problem))
    except OSError as error:
        wrong_call(f"can't use a temporary folder: {error.strerror}")
    if not series.patches:
        reason = "; ".join(f"{problem.file}: {problem.text}" for problem in series.problems)
        wrong_call(reason or "the input contains no patch")
    lessons = list(book.signed_lessons)
    if not any(lesson.signs for lesson in lessons):
        wrong_call("no lesson in this casebook has a sign to look for")
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
    """Yield the lines for stderr: what was and was not checked, and which tools help."""
    yield from (f"{problem.file}: {problem.text}" for problem in series.problems)
    yield from series.notes
    count = len(found.advice)
    said = f"{count} question{'s' if count != 1 else ''}" if count else "Nothing found"
    yield (
        f"{said} in {found.looked_at} of {found.files} files. Only added lines were checked, and a"
        " sign proves nothing."
    )
    if found.missing:
        yield (
            f"Not checked without ast-grep: {', '.join(found.missing)}; to install it: pip"
            " install 'mkdocs-abicase[advise]'"
        )
    yield from (f"Not checked: {reason}" for reason in found.failed)
    for tool, lesson in found.tools:
        yield f"{tool.run} finds {tool.finds} ({lesson.reference})."
