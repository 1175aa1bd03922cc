"""What several commands share: options, the folder of records, and ways to stop."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from abicase.problems import Problem, as_text

if TYPE_CHECKING:
    from abicase.addresses import Site
    from abicase.catalogue import Catalogue

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
    from abicase.records import CASEBOOK_FILE

    url = root_of_site(site_url, catalogue.casebook.published_at)
    if not url:
        click.echo(
            "Addresses are given from the root of the site, since nothing says where it is:"
            f" set SITE_URL, use --site-url, or put published_at into {CASEBOOK_FILE}.",
            err=True,
        )
    return Site(url)


def records_root(records: Path | None, paths: tuple[Path, ...]) -> Path:  # noqa: RET503 - wrong_call
    """The folder of records that is meant."""
    from abicase.records import CASEBOOK_FILE

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


def stop(problems: list[Problem]) -> NoReturn:
    """Print problems, and end with 1."""
    click.echo(as_text(problems), err=True)
    click.echo(summary(sum(p.severity == "error" for p in problems), 0), err=True)
    sys.exit(1)


def wrong_call(message: str) -> NoReturn:
    """Say how the command was called wrongly, and end with 2."""
    raise click.UsageError(message)
