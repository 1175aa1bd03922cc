"""``abicase check``."""

from __future__ import annotations

from dataclasses import astuple
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from abicase.cli.ending import finish, summary, wrong_call
from abicase.cli.mails import given_mails
from abicase.cli.options import Command, format_option, no_cache_option, records_option, today
from abicase.cli.records import chosen, opened, records_root
from abicase.incremental.cache import program, tree
from abicase.memo import Memo, digest
from abicase.problems.problem import Problem
from abicase.problems.reporters import Form

if TYPE_CHECKING:
    from collections.abc import Iterable

    from abicase.incremental.store import Store
    from abicase.source.reading import Entry, Reading


@click.command(cls=Command)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--mbox",
    multiple=True,
    type=click.Path(exists=True, allow_dash=True, path_type=Path),
    help="Check the records as changed by the patches in this file of mails or Maildir; - for"
    " standard input. Repeatable.",
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

    With PATHS, only the problems in those files and folders are printed; the other records are
    still read, because references lead to them.

    With --mbox, the patches in mails are applied to a copy of the records, and the problems in
    the changed files, or caused by them in others, are printed. It accepts whatever git am
    accepts, including gzip compression, and bare patches. The records themselves are not
    changed, and nothing in a patch is executed.
    """
    if mbox and paths:
        wrong_call("--mbox checks the files that the patches change, so it takes no PATHS")
    root = records_root(records, paths)
    wanted = chosen(paths, root)
    store = opened(str(root.resolve()), no_cache=no_cache)
    found, unformed = (_of_patches(mbox, root, store), []) if mbox else _of_records(root, store)
    problems = sorted(p for p in found if mbox or wanted(Path(p.file)))
    notes = [summary(problems), "abicase explain CODE explains a problem."]
    notes = notes if problems else []
    if not any(problem.severity == "error" for problem in problems):
        notes += _about_form([file for file in unformed if wanted(Path(file))])
    finish(
        form,
        problems,
        problems,
        notes if form == "text" else [],
        otherwise=summary([]),
        wrong=any(problem.severity == "error" for problem in problems),
    )


def _of_records(root: Path, store: Store) -> tuple[list[Problem], list[str]]:
    """Return the problems in a folder of records, and its files that are not in canonical form.

    They come from the cache if nothing has changed.
    """
    from abicase.incremental.stored import StoredMemo

    day = today()
    memo = StoredMemo(store, program())

    def found() -> tuple[list[tuple[object, ...]], list[str]]:
        from abicase.advice.trials import sign_problems
        from abicase.catalogue.loading import load_reading  # too slow for --help

        reading, problems = load_reading(root, day, memo=memo)
        problems = [*problems, *sign_problems(reading)]
        return [astuple(problem) for problem in problems], _unformed(reading, problems, memo)

    key = digest(str(day), str(Path.cwd()), str(root), tree(root))
    told, unformed = memo("check", key, found)
    problems = [Problem(*problem) for problem in told]
    # A commit of the ledger changes no file, so it does not affect the key.
    if not any(problem.code == "lost-permalink" for problem in problems):
        store.save()
    return problems, unformed


def _unformed(reading: Reading, problems: Iterable[Problem], memo: Memo) -> list[str]:
    """Return the files that are not in canonical form; files with errors have none."""
    wrong = {problem.file for problem in problems if problem.severity == "error"}
    return [
        file
        for entry in reading.every()
        if (file := entry.document.file) not in wrong
        and not memo(f"form/{file}", digest(entry.document.data), partial(_is_in_form, entry))
    ]


def _is_in_form(entry: Entry) -> bool:
    """Return whether a record is in canonical form, regardless of its schema line."""
    from abicase.schema.records import model_of
    from abicase.source.canonical import is_canonical

    return is_canonical(entry.document, model_of(entry.kind))


def _about_form(files: list[str]) -> list[str]:
    """Return a note about files that are not in canonical form."""
    if not files:
        return []
    others = f" and {len(files) - 1} more are" if len(files) > 1 else " is"
    return [f"{files[0]}{others} not in canonical form; abicase fmt rewrites such files."]


def _of_patches(mbox: tuple[Path, ...], root: Path, store: Store) -> list[Problem]:
    from abicase.advice.trials import sign_problems
    from abicase.authoring.patches import patched
    from abicase.authoring.series import NoPatch
    from abicase.catalogue.loading import load_reading
    from abicase.provenance.git import GitError
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
    except (NoPatch, GitError) as problem:
        wrong_call(str(problem))
    # Existing problems in files that the patches do not change are not theirs to fix.
    before = {(p.file, p.code, p.where, p.message) for p in _of_records(root, store)[0]}
    return [
        p
        for p in problems
        if p.file in touched or (p.file, p.code, p.where, p.message) not in before
    ]
