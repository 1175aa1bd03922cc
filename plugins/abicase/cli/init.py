"""``abicase init``."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

import click

from abicase.cli.ending import wrong_call
from abicase.cli.options import Command, checked_title

_MAY_BE_THERE = {".git"}
"""The only files that may be in a folder in which a casebook is started."""


@click.command(cls=Command)
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--title", help="Its title.  [default: derived from the name of DIR]")
@click.option("--yes", "-y", is_flag=True, help="Ask nothing, and take the defaults.")
def init(folder: Path, title: str | None, yes: bool) -> None:
    """Start a casebook on any subject in DIR, a new or empty folder.

    DIR becomes a whole project: a site with hand-written pages, records with comments that explain
    them, a Makefile, workflows that check and publish the site, and settings for editors. The
    records are an example, to replace with your own. The site builds at once.
    """
    from abicase.authoring.casebook import casebook_files
    from abicase.source.reading import shown_path
    from abicase.source.writing import write_all

    shown = shown_path(folder)
    try:
        names = {path.name for path in folder.iterdir()} if os.path.lexists(folder) else set()
    except OSError as error:
        wrong_call(f"{shown} can't be read: {error.strerror}")
    if there := sorted(names - _MAY_BE_THERE):
        wrong_call(
            f"{shown} contains {there[0]!r}; name a new folder (in a project that already has"
            " files, begin with abicase new casebook TITLE)"
        )
    made = casebook_files(checked_title(title if title is not None else _asked(folder, yes=yes)))
    try:
        write_all({folder / name: text for name, text in made.items()})
    except OSError as error:
        wrong_call(f"{shown} can't be written: {error.strerror}")
    change = "" if folder.resolve() == Path.cwd() else f"cd {shlex.quote(shown)} && "
    click.echo(f"{len(made)} files written to {shown}")
    click.echo("Next steps:")
    click.echo(f"  - see the site at http://127.0.0.1:8000/: {change}make serve")
    click.echo("  - start a case of your own, in another terminal: .venv/bin/abicase new case NAME")
    click.echo("  - check the records before each commit: make check")


def _asked(folder: Path, *, yes: bool) -> str:
    """Return the title that the user gives, or the one made from the name of the folder."""
    name = " ".join(folder.resolve().name.replace("-", " ").replace("_", " ").split())
    usual = name[:1].upper() + name[1:]
    if yes or not sys.stdin.isatty():
        return usual
    try:
        return str(click.prompt("Title", default=usual))
    except click.Abort:
        raise KeyboardInterrupt from None
