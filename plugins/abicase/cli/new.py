"""``abicase new``."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from abicase.cli.completing import complete_cases
from abicase.cli.ending import wrong_call
from abicase.cli.options import CommandGroup, checked_id, checked_title, records_option
from abicase.cli.records import known_entry, sound_reading
from abicase.problems.problem import CASEBOOK_FILE
from abicase.source.folders import DEFAULT_RECORDS

if TYPE_CHECKING:
    from abicase.source.reading import Reading

bare_option = click.option("--bare", is_flag=True, help="Leave out the explanations.")


@click.group(cls=CommandGroup)
def new() -> None:
    """Create a new record.

    It is a draft: the live preview shows it at once, and it is never published. A comment explains
    every field, with examples from the existing records. Values that only the author can know
    are TODO, and abicase check lists them. An existing file is never overwritten.
    """


def _command(kind: str, what: str) -> None:
    @new.command(kind, help=f"{what} NAME is its id: lower case, with hyphens.")
    @click.argument("name")
    @records_option
    @bare_option
    def begin(name: str, records: Path | None, bare: bool) -> None:
        reading = sound_reading(records)
        _write(reading, kind, {"id": name}, bare=bare)


for _kind, _what in (
    ("case", "Create a case: how one interface was developed."),
    ("lesson", "Create a lesson: advice that a reviewer can cite."),
    ("claim", "Create a claim: a statement to be weighed."),
    ("axis", "Create an axis: a question that is asked about every case."),
    ("pattern", "Create a pattern: a way of developing an interface."),
    ("repository", "Create a repository that sources refer to."),
):
    _command(_kind, _what)


@new.command()
@click.argument("first", shell_complete=complete_cases)
@click.argument("second", shell_complete=complete_cases)
@records_option
@bare_option
def pair(first: str, second: str, records: Path | None, bare: bool) -> None:
    """Create the comparison of two cases, FIRST and SECOND."""
    reading = sound_reading(records)
    known_entry(first, "case", reading)
    known_entry(second, "case", reading)
    if first == second:
        wrong_call("a case can't be compared with itself")
    for entry in reading.of("pair"):
        if set(entry.record.cases) == {first, second}:
            wrong_call(f"these two cases are already compared in {entry.document.file}")
    given = {"id": f"{first}-vs-{second}", "cases": [first, second]}
    _write(reading, "pair", given, bare=bare)


@new.command()
@click.argument("title")
@records_option
@bare_option
def casebook(title: str, records: Path | None, bare: bool) -> None:
    """Create a casebook with its TITLE: the file with the settings that all records share.

    It is written to the folder of records, which is created if it is missing. This is for an
    existing project; abicase init creates a whole new one.
    """
    from abicase.schema.casebook import usual_trees
    from abicase.source.reading import Reading, shown_path

    root = records or Path(DEFAULT_RECORDS)
    path = root / CASEBOOK_FILE
    option = "" if records is None else f" --records {shlex.quote(str(records))}"
    trees = [tree.model_dump(mode="json", exclude_defaults=True) for tree in usual_trees()]
    trees[0]["id"] = "main"  # the usual id is one that few domains have a use for
    given = {
        "title": json.dumps(checked_title(title), ensure_ascii=False),
        "trees": [json.dumps(tree) for tree in trees],
    }
    file = _written(Reading(root, shown_path(root)), "casebook", given, path, bare=bare)
    click.echo(f"{file} written.")
    click.echo("Next steps:")
    click.echo("  - replace each TODO and rename-me; the comments say with what")
    for kind in ("pattern", "axis", "case"):
        click.echo(f"  - abicase new {kind} NAME{option}")
    click.echo(f"  - abicase check{option}")


def _write(reading: Reading, kind: str, given: dict[str, Any], *, bare: bool) -> None:
    from abicase.schema.records import KINDS

    name = checked_id(given["id"])
    path = reading.root / KINDS[kind][0] / f"{name}.yml"
    file = _written(reading, kind, given, path, bare=bare)
    click.echo(f"{file} written, as a draft.")
    click.echo("Next steps:")
    if kind == "case":
        click.echo(f"  - add events: abicase event add {name} --git REPOSITORY=PATH --commit A..B")
    click.echo("  - replace each TODO; they are listed by")
    click.echo(f"    abicase check {shlex.quote(file)}")
    if kind == "case":
        click.echo("  - when the events are written, name four to six of them in turning_points")
    click.echo(f"  - see it in the live preview, marked as a draft: mkdocs serve{_config(path)}")
    click.echo("  - to publish it, delete the line draft: true, and check again")
    click.echo(f"  - abicase fmt {shlex.quote(file)}")


def _written(reading: Reading, kind: str, given: dict[str, Any], path: Path, *, bare: bool) -> str:
    """Write a new file and return its name; exit if the file exists."""
    from abicase.authoring.scaffold import NothingToName, scaffold
    from abicase.schema.json_schema import schema_address
    from abicase.source.reading import shown_path
    from abicase.source.writing import write

    if path.exists() or path.is_symlink():
        wrong_call(f"{shown_path(path)} already exists and is left as it is")
    try:
        text = scaffold(reading, kind, given, schema=schema_address(path, kind), bare=bare)
    except NothingToName as problem:
        wrong_call(str(problem))
    try:
        write(path, text)
    except OSError as error:
        wrong_call(f"{shown_path(path)} can't be written: {error.strerror}")
    return shown_path(path)


def _config(path: Path) -> str:
    """Return the option with which MkDocs finds the site of a record, if it is needed."""
    from abicase.source.reading import shown_path

    for folder in path.resolve().parents:
        if (folder / "mkdocs.yml").is_file():
            in_working_folder = folder == Path.cwd()
            return (
                "" if in_working_folder else f" -f {shlex.quote(shown_path(folder / 'mkdocs.yml'))}"
            )
    return ""
