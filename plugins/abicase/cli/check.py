"""``abicase check``."""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING

import click

from abicase.cli.ending import finish, summary, wrong_call
from abicase.cli.mails import given_mails
from abicase.cli.options import Command, format_option, no_cache_option, records_option, today
from abicase.cli.records import chosen, opened, records_root
from abicase.incremental.cache import program, tree
from abicase.memo import digest
from abicase.problems.problem import Problem
from abicase.problems.reporters import Form

if TYPE_CHECKING:
    from abicase.incremental.store import Store


@click.command(cls=Command)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--mbox",
    multiple=True,
    type=click.Path(exists=True, allow_dash=True, path_type=Path),
    help="Check the records as the patches in this file of mails, or Maildir, would change them;"
    " - for input. May be given several times.",
)
@records_option
@format_option
@no_cache_option
def check(
    paths: tuple[Path, ...],
    mbox: tuple[Path, ...],
    records: Path | None,
    form: Form,
    no_cache: bool,
) -> None:
    """Check records, and print every problem as FILE:LINE:COLUMN.

    With PATHS, only the problems of those files and folders are printed; the other records are
    read all the same, since references lead to them.

    With --mbox, the patches of mails are applied to a copy of the records, and the problems of the
    changed files are printed, and those that they bring to others. Whatever git am takes is taken,
    also compressed with gzip, and patches without a mail. The records themselves are not touched,
    and nothing in a patch is executed.
    """
    if mbox and paths:
        wrong_call("--mbox checks what the patches change; it takes no PATHS")
    root = records_root(records, paths)
    wanted = chosen(paths, root)
    store = opened(root, no_cache=no_cache)
    found = _of_patches(mbox, root, store) if mbox else _of_records(root, store)
    problems = sorted(p for p in found if mbox or wanted(Path(p.file)))
    notes = [summary(problems), "abicase explain CODE tells what a problem means."]
    finish(
        form,
        problems,
        problems,
        notes if problems and form == "text" else [],
        otherwise=summary([]),
        wrong=any(problem.severity == "error" for problem in problems),
    )


def _of_records(root: Path, store: Store) -> list[Problem]:
    """All problems of a folder of records; those of the last run, if nothing has changed."""
    from abicase.incremental.stored import StoredMemo

    day = today()
    memo = StoredMemo(store, program())

    def found() -> list[tuple[object, ...]]:
        from abicase.advice.trials import sign_problems
        from abicase.catalogue.loading import load_reading  # takes longer than --help should

        reading, problems = load_reading(root, day, memo=memo)
        return [astuple(one) for one in (*problems, *sign_problems(reading))]

    key = digest(str(day), str(Path.cwd()), str(root), tree(root))
    problems = [Problem(*problem) for problem in memo("check", key, found)]
    # Whether the ledger is committed changes no file, and so not the key.
    if not any(problem.code == "lost-permalink" for problem in problems):
        store.save()
    return problems


def _of_patches(mbox: tuple[Path, ...], root: Path, store: Store) -> list[Problem]:
    from abicase.advice.trials import sign_problems
    from abicase.authoring.patches import patched
    from abicase.authoring.series import NoPatch
    from abicase.catalogue.loading import load_reading
    from abicase.provenance.git import NoGit
    from abicase.source.reading import shown_path

    try:
        with patched(given_mails(mbox), root) as made:
            for note in made.notes:
                click.echo(f"Note: {note}", err=True)
            if made.problems:
                return made.problems
            reading, problems = load_reading(made.root, shown=shown_path(root))
            problems += sign_problems(reading)
            touched = made.touched
    except (NoPatch, NoGit) as problem:
        wrong_call(str(problem))
    # What was wrong already in files that the patches leave alone is not theirs to fix.
    before = {(p.file, p.code, p.where, p.message) for p in _of_records(root, store)}
    return [
        p
        for p in problems
        if p.file in touched or (p.file, p.code, p.where, p.message) not in before
    ]
