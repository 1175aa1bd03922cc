"""``abicase check``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from abicase.commands.common import (
    format_option,
    records_option,
    records_root,
    summary,
    within,
    wrong_call,
)
from abicase.problems import as_github, as_json, as_text


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@records_option
@format_option
def check(paths: tuple[Path, ...], records: Path | None, form: str) -> None:
    """Check records, and print every problem as FILE:LINE:COLUMN.

    With PATHS, only the problems of those files and folders are printed; the other records are
    read all the same, since references lead to them.
    """
    from abicase.catalogue import load  # the import takes longer than --help should

    for path in paths:
        if not path.exists():
            wrong_call(f"there is no file or folder {str(path)!r}")
    root = records_root(records, paths)
    whole = root.resolve()
    for path in paths:
        if not (within(path.resolve(), [whole]) or within(whole, [path.resolve()])):
            wrong_call(f"{str(path)!r} does not belong to the records in {str(root)!r}")
    _, problems = load(root)
    if paths and not any(within(whole, [path.resolve()]) for path in paths):
        wanted = [path.resolve() for path in paths]
        problems = [p for p in problems if within(Path(p.file).resolve(), wanted)]
    if form == "json":
        click.echo(as_json(problems))
    elif problems:
        click.echo(as_text(problems) if form == "text" else as_github(problems))
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    if form == "text":
        click.echo(summary(errors, warnings), err=bool(problems))
    sys.exit(1 if errors else 0)
