"""``abicase verify``."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from abicase.cli import settings
from abicase.cli.completing import complete_cases
from abicase.cli.ending import finish, stop, wrong_call
from abicase.cli.options import Command, clone_of, format_option, records_option, today
from abicase.cli.records import known_entry, records_root
from abicase.problems.reporters import Form

if TYPE_CHECKING:
    from abicase.source.reading import Entry


@click.command(cls=Command)
@click.argument("cases", nargs=-1, shell_complete=complete_cases)
@click.option(
    "--git",
    "clones",
    multiple=True,
    metavar="REPOSITORY=PATH",
    help="A clone of a repository; repeatable.  [default: the clones named in the settings]",
)
@records_option
@format_option
@click.option("--record", is_flag=True, help="Set checked: to today for confirmed sources.")
def verify(
    cases: tuple[str, ...], clones: tuple[str, ...], records: Path | None, form: Form, record: bool
) -> None:
    """Check offline, in clones, that commits, files and counts match the records.

    For each commit, its existence, subject, author, date and first release are checked; for each
    file, its existence at that tag; for each count under measured, the number, which git counts
    again. Commands under measurement are never run. CASES are ids of cases; by default all are
    checked.

    Exit status: 0 when everything is confirmed, 1 when something is wrong, 3 when nothing is wrong
    but something could not be checked.
    """
    from abicase.catalogue.loading import load_reading
    from abicase.provenance import verify as verifying
    from abicase.provenance.git import GitError

    named = _named(clones)
    configured = {id_: Path(clone.value) for id_, clone in settings.clones().items()}
    if not (named or configured):
        wrong_call("Missing option '--git'; or name the clones below [clones] in your settings")
    reading, problems = load_reading(records_root(records, ()))
    if any(problem.severity == "error" for problem in problems):
        stop(problems)
    for kind, ids in (("repository", named), ("case", cases)):
        for id_ in ids:
            known_entry(id_, kind, reading)
    # The settings can serve several casebooks, so some of their clones may belong to others.
    known = {entry.record.id for entry in reading.of("repository")}
    paths = {id_: path for id_, path in configured.items() if id_ in known} | named

    def progress(work: list[tuple[Entry, str]]) -> Iterator[tuple[Entry, str]]:
        with click.progressbar(work, label="Sources", file=sys.stderr, show_pos=True) as bar:
            yield from bar

    try:
        verdicts = verifying.verify(reading, paths, cases, progress)
    except GitError as problem:
        wrong_call(str(problem))
    count = Counter(verdict.code for verdict in verdicts)

    def notes() -> Iterator[str]:
        yield (
            f"{count['confirmed']} confirmed, {count['wrong']} wrong,"
            f" {count['unchecked']} not checked."
        )
        if record:  # after the report, which is printed even if a record has been changed
            try:
                changed = verifying.record_days(verdicts, today().isoformat())
            except verifying.Changed as problem:
                raise click.ClickException(str(problem)) from None
            yield f"The date was set in {changed} sources."

    finish(
        form,
        [verdict for verdict in verdicts if verdict.code != "confirmed"],
        verdicts,
        notes(),
        wrong=bool(count["wrong"]),
        unread=bool(count["unchecked"]),
    )


def _named(clones: tuple[str, ...]) -> dict[str, Path]:
    """Return the clones that ``--git`` names, by the id of their repository."""
    paths: dict[str, Path] = {}
    for clone in clones:
        repository, path = clone_of(clone)
        if repository in paths:
            wrong_call(f"--git names two clones of {repository!r}; give only one")
        paths[repository] = path
    return paths
