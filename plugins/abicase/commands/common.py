"""What several commands share: options, the folder of records, and ways to stop."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from abicase.problems import CASEBOOK_FILE, Problem, as_text, nearest

if TYPE_CHECKING:
    from abicase.addresses import Site
    from abicase.catalogue import Catalogue
    from abicase.reading import Reading
    from abicase.store import Store

DEFAULT_RECORDS = "casestudies"

records_option = click.option(
    "--records",
    "-r",
    type=click.Path(file_okay=False, path_type=Path),
    help=f"The folder of records.  [default: the folder of PATH, or ./{DEFAULT_RECORDS}]",
)


format_option = click.option(
    "--format",
    "-f",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="text for people; json for programs; github for annotations on a pull request.",
)


templates_option = click.option(
    "--templates",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder whose templates stand in for those of the same name.",
)


def _web_address(_context: click.Context, _option: click.Parameter, text: str | None) -> str | None:
    if text and not text.startswith(("https://", "http://")):
        raise click.BadParameter(f"{text!r} is no address on the web; it begins with https://")
    return text


site_url_option = click.option(
    "--site-url",
    envvar="SITE_URL",
    callback=_web_address,
    help="Where the site is published.  [default: $SITE_URL, or published_at in casebook.yml]",
)


def published(site_url: str | None, catalogue: Catalogue) -> Site:
    """Where the site is published; says on stderr how to tell where nobody has."""
    from abicase.addresses import Site, root_of_site

    url = root_of_site(site_url, catalogue.casebook.published_at)
    if not url:
        click.echo(
            "Addresses are given from the root of the site, since nothing says where it is:"
            f" set SITE_URL, use --site-url, or put published_at into {CASEBOOK_FILE}.",
            err=True,
        )
    return Site(url)


no_cache_option = click.option(
    "--no-cache", is_flag=True, help="Neither use nor keep results of earlier runs."
)


def opened(root: Path, *, no_cache: bool) -> Store:
    """The results that are kept for a folder of records."""
    from abicase import cache
    from abicase.store import Store

    folder = None if no_cache else cache.folder()
    return Store(folder, str(root.resolve()), lambda note: click.echo(f"Note: {note}", err=True))


def records_root(records: Path | None, paths: tuple[Path, ...]) -> Path:  # noqa: RET503 - wrong_call
    """The folder of records that is meant."""
    for path in paths:
        if not path.exists():
            wrong_call(f"there is no file or folder {str(path)!r}")
    if records is not None:
        if not records.is_dir():
            wrong_call(f"there is no folder {str(records)!r}")
        return records
    for path in paths:
        for folder in (path, *path.absolute().parents):
            if (folder / CASEBOOK_FILE).is_file():
                return folder
    for folder in (Path.cwd(), *Path.cwd().parents):
        if (folder / CASEBOOK_FILE).is_file():
            return folder
        if (folder / DEFAULT_RECORDS / CASEBOOK_FILE).is_file():
            return folder / DEFAULT_RECORDS
    wrong_call(
        f"no folder of records found: there is no {DEFAULT_RECORDS}/{CASEBOOK_FILE} here or above;"
        " name the folder with --records"
    )


Completer = Callable[[click.Context, click.Parameter, str], list[str]]


def complete_ids(kind: str) -> Completer:
    """Completes the id of a record, by the names of the files, since these are quick to read.

    Args:
        kind: The kind of record.
    """

    def complete(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
        from abicase.records import KINDS

        try:
            root = records_root(context.params.get("records"), ())
        except click.UsageError:
            return []
        names = sorted(path.stem for path in (root / KINDS[kind][0]).glob("*.yml"))
        return [name for name in names if name.startswith(begun)]

    return complete


def complete_references(
    context: click.Context, parameter: click.Parameter, begun: str
) -> list[str]:
    """Completes the reference of an item: the record first, and after ``#`` its parts."""
    from abicase.items import items_of
    from abicase.reading import Reading, read_file, shown_path
    from abicase.records import KINDS

    try:
        root = records_root(context.params.get("records"), ())
    except click.UsageError:
        return []
    kind, slash, rest = begun.partition("/")
    if not slash:
        return [f"{one}/" for one in KINDS if one != "repository" and one.startswith(kind)]
    if kind not in KINDS:
        return []
    folder = root / KINDS[kind][0]
    id_, hash_, _ = rest.partition("#")
    if not hash_:
        names = sorted(path.stem for path in folder.glob("*.yml"))
        return [f"{kind}/{name}" for name in names if name.startswith(rest)]
    reading = Reading(root, shown_path(root))
    path = folder / f"{id_}.yml"
    if path.is_file():
        read_file(path, reading)
    items = [item for e in reading.every() for item in items_of(e.kind, e.record)]
    return [item.reference for item in items if item.reference.startswith(begun)]


def chosen(paths: tuple[Path, ...], root: Path) -> Callable[[Path], bool]:
    """Whether a file of the records is among those that were named; all are when none was.

    Args:
        paths: The files and folders that were named.
        root: The folder of records; a path outside it is refused.
    """
    whole = root.resolve()
    for path in paths:
        if not (within(path.resolve(), [whole]) or within(whole, [path.resolve()])):
            wrong_call(f"{str(path)!r} does not belong to the records in {str(root)!r}")
    named = [path.resolve() for path in paths]
    if not paths or any(within(whole, [path]) for path in named):
        return lambda _: True
    return lambda file: within(file.resolve(), named)


def within(file: Path, wanted: list[Path]) -> bool:
    """Whether a file is one of some files, or lies in one of some folders."""
    return any(file == path or path in file.parents for path in wanted)


def summary(errors: int, warnings: int) -> str:
    """The last line of a report of problems."""
    if not errors and not warnings:
        return "No problems."
    parts = []
    if errors:
        parts.append(f"{errors} error{'s' if errors > 1 else ''}")
    if warnings:
        parts.append(f"{warnings} warning{'s' if warnings > 1 else ''}")
    return ", ".join(parts) + "."


def checked_id(text: str) -> str:
    """An id that was given, or an end with 2 that says what was probably meant."""
    from pydantic import TypeAdapter, ValidationError

    from abicase.fields import Id
    from abicase.items import RESERVED

    try:
        TypeAdapter(Id).validate_python(text)
    except ValidationError as error:
        context = error.errors()[0]["ctx"]
        wrong_call(context["message"] + (f" ({context['hint']})" if context["hint"] else ""))
    if text in RESERVED:
        reserved = ", ".join(sorted(RESERVED))
        wrong_call(f"pages use the id {text!r} for themselves (reserved are {reserved})")
    return text


def known_id(text: str, kind: str, reading: Reading) -> str:
    """The id of a record that was named, or an end with 2 that says what was probably meant."""
    known = [entry.record.id for entry in reading.of(kind)]
    if text not in known:
        hint = nearest(text, known) or f"there are {', '.join(sorted(known))}"
        wrong_call(f"there is no {kind} {text!r} ({hint})")
    return text


def sound_reading(records: Path | None) -> Reading:
    """All records, or an end with 1 where some can't be read: these could not be named."""
    from abicase.reading import read

    reading = read(records_root(records, ()))
    if reading.problems:
        stop(reading.problems)
    return reading


def today() -> datetime.date:
    """The day that counts as today."""
    return datetime.datetime.now(datetime.UTC).date()


def stop(problems: list[Problem]) -> NoReturn:
    """Print problems, and end with 1."""
    click.echo(as_text(problems), err=True)
    click.echo(summary(sum(p.severity == "error" for p in problems), 0), err=True)
    sys.exit(1)


def wrong_call(message: str) -> NoReturn:
    """Say how the command was called wrongly, and end with 2."""
    raise click.UsageError(message)
