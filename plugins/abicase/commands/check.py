"""``abicase check``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from abicase.commands.common import (
    chosen,
    format_option,
    records_option,
    records_root,
    summary,
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

    root = records_root(records, paths)
    wanted = chosen(paths, root)
    _, problems = load(root)
    problems = [p for p in problems if wanted(Path(p.file))]
    if form == "json":
        click.echo(as_json(problems))
    elif problems:
        click.echo(as_text(problems) if form == "text" else as_github(problems))
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    if form == "text":
        click.echo(summary(errors, warnings), err=bool(problems))
    sys.exit(1 if errors else 0)
