"""``abicase fmt``."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import click

from abicase.cli.ending import stop, wrong_call
from abicase.cli.options import Command, records_option
from abicase.cli.records import chosen, records_root


@click.command(cls=Command)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@records_option
@click.option("--check", is_flag=True, help="List files in another form; change nothing.")
def fmt(paths: tuple[Path, ...], records: Path | None, check: bool) -> None:
    """Write records in canonical form: key order, wrapping, quoting, dates.

    Comments are kept, and the meaning never changes. If there are JSON Schemas next to the folder
    of records, the line that names them to editors is written at the top. With PATHS, only those
    files and folders are written. Files that can't be read as records, or that YAML reads
    differently from what was probably meant, are left alone, and their problems are printed.

    Exit status: 0 when all is well, 1 when a record has a problem or, with --check, is not in
    canonical form.
    """
    from abicase.schema.json_schema import schema_address
    from abicase.schema.records import model_of
    from abicase.source.canonical import Unsafe, canonical
    from abicase.source.folders import records_option_for
    from abicase.source.reading import read, shown_path
    from abicase.source.writing import write

    root = records_root(records, paths)
    wanted = chosen(paths, root)
    reading = read(root)
    changed = 0
    problems = [p for p in reading.problems if wanted(Path(p.file))]
    # If YAML misreads a file, the canonical form would hide what was meant.
    left = {problem.file for problem in problems}
    for entry in reading.every():
        if not wanted(entry.path) or entry.document.file in left:
            continue
        model = model_of(entry.kind)
        try:
            text = canonical(entry.document, model, schema_address(entry.path, entry.kind))
        except Unsafe as problem:  # a bug; the file is left as it is
            raise click.ClickException(f"{problem}; please report it") from None
        if text.encode() == entry.path.read_bytes():
            continue
        changed += 1
        if check:
            click.echo(f"{entry.document.file} is not in canonical form")
            continue
        try:
            write(entry.path, text)
        except OSError as error:
            wrong_call(f"{entry.document.file} can't be written: {error.strerror}")
        click.echo(f"{entry.document.file} written")
    if problems:
        stop(problems)
    if check and changed:
        named = "".join(f" {shlex.quote(str(path))}" for path in paths)
        option = "" if paths else records_option_for(shown_path(root))
        them = "them" if changed > 1 else "it"
        click.echo(f"abicase fmt{named or option} rewrites {them}.", err=True)
    sys.exit(1 if check and changed else 0)
