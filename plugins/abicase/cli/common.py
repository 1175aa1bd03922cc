"""What several commands share: options, the folder of records, and ways to stop."""

from __future__ import annotations

import datetime
import os
import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from abicase.problems.problem import CASEBOOK_FILE, Problem, as_text, nearest
from abicase.source.folders import (
    DEFAULT_RECORDS,
    meant_instead_of,
    records_from,
    records_option_for,
)

if TYPE_CHECKING:
    from abicase.catalogue.loading import LeftOut
    from abicase.catalogue.model import Catalogue
    from abicase.incremental.store import Store
    from abicase.schema.addresses import Site
    from abicase.source.reading import Reading


class Command(click.Command):
    """A command that rejects a second value of an option which takes one.

    Click would take the last, and drop the others without a word.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments of a call."""
        _, _, given = self.make_parser(ctx).parse_args(args=list(args))
        asks_for_help = any(parameter.is_eager for parameter in given)
        for parameter in () if asks_for_help or ctx.resilient_parsing else given:
            single = isinstance(parameter, click.Option) and not (
                parameter.multiple or parameter.is_flag
            )
            if single and given.count(parameter) > 1:
                ctx.fail(f"{parameter.opts[0]} is given twice, and takes one value")
        return super().parse_args(ctx, args)


class Group(click.Group):
    """A group of such commands."""

    command_class = Command
    group_class = type


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
    if not text:
        return text
    from abicase.schema.addresses import what_is_wrong

    wrong = what_is_wrong(text)
    if wrong:
        raise click.BadParameter(wrong)
    return text


site_url_option = click.option(
    "--site-url",
    envvar="SITE_URL",
    show_envvar=True,
    callback=_web_address,
    help="Where the site is published.  [default: published_at in casebook.yml]",
)


def published(site_url: str | None, catalogue: Catalogue) -> Site:
    """Where the site is published; says on stderr how to tell where nobody has."""
    from abicase.schema.addresses import Site, root_of_site

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
    from abicase.incremental import cache
    from abicase.incremental.store import Store

    folder = None if no_cache else cache.folder()
    return Store(folder, str(root.resolve()), lambda note: click.echo(f"Note: {note}", err=True))


def records_root(records: Path | None, paths: tuple[Path, ...]) -> Path:  # noqa: RET503 - wrong_call
    """The folder of records that is meant."""
    for path in paths:
        if not path.exists():
            wrong_call(f"there is no file or folder {str(path)!r}")
    if records is not None:
        _check_records(records)
        return records
    for path in (*paths, Path.cwd()):
        found = records_from(path)
        if found is not None:
            return found
    hint = _did_you_mean(Path()) or "name the folder with --records"
    wrong_call(
        f"no folder of records found: there is no {DEFAULT_RECORDS}/{CASEBOOK_FILE} here or above"
        f" ({hint})"
    )


def _check_records(records: Path) -> None:
    """Make sure that a folder is one of records, with or without mistakes."""
    from abicase.schema.records import KINDS

    if not records.is_dir():
        wrong_call(f"there is no folder {str(records)!r}")
    if os.path.lexists(records / CASEBOOK_FILE):
        return
    hint = _did_you_mean(records)
    kinds = any((records / folder).is_dir() for folder, _ in KINDS.values())
    if hint or not kinds:
        more = f" ({hint})" if hint else ""
        wrong_call(f"{str(records)!r} is no folder of records: it has no {CASEBOOK_FILE}{more}")


def _did_you_mean(folder: Path) -> str:
    """The hint which folder of records was meant; empty where there is none near."""
    from abicase.source.reading import shown_path

    options = [f"--records {shlex.quote(shown_path(one))}" for one in meant_instead_of(folder)]
    return f"did you mean {' or '.join(options[:3])}?" if options else ""


Completer = Callable[[click.Context, click.Parameter, str], list[str]]


def complete_ids(kind: str) -> Completer:
    """Completes the id of a record, by the names of the files, since these are quick to read.

    Args:
        kind: The kind of record.
    """

    def complete(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
        from abicase.schema.records import KINDS

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
    from abicase.schema.items import items_of
    from abicase.schema.records import KINDS
    from abicase.source.reading import Reading, read_file, shown_path

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

    from abicase.schema.fields import Id
    from abicase.schema.items import RESERVED

    try:
        TypeAdapter(Id).validate_python(text)
    except ValidationError as error:
        context = error.errors()[0]["ctx"]
        wrong_call(context["message"] + (f" ({context['hint']})" if context["hint"] else ""))
    if text in RESERVED:
        reserved = ", ".join(sorted(RESERVED))
        wrong_call(f"pages use the id {text!r} for themselves (reserved are {reserved})")
    return text


def clone_of(text: str) -> tuple[str, Path]:
    """The repository and the clone that ``--git`` names, or an end with 2."""
    repository, _, path = text.partition("=")
    if not (repository and path):
        wrong_call(f"{text!r} is not of the form REPOSITORY=PATH")
    return repository, Path(path)


def known_id(text: str, kind: str, reading: Reading) -> str:
    """The id of a record that was named, or an end that says why it is none.

    The exit status is 3 where the record has errors; else 2, with what was probably meant.
    """
    known = [entry.record.id for entry in reading.of(kind)]
    if text not in known:
        from abicase.schema.records import KINDS

        file = reading.name(f"{KINDS[kind][0]}/{text}.yml")
        problems = [problem for problem in reading.problems if problem.file == file]
        if problems:
            stop(problems, UNREAD)
        hint = nearest(text, known) or f"there are {', '.join(sorted(known))}"
        wrong_call(f"there is no {kind} {text!r} ({hint})")
    return text


UNREAD = 3
"""The exit status where what was asked for may be in records that could not be read."""


def sound_reading(records: Path | None) -> Reading:
    """All records that can be read; says of which files that is not so."""
    from abicase.source.reading import read

    root = records_root(records, ())
    reading = read(root)
    broken = {problem.file for problem in reading.problems if problem.severity == "error"}
    if reading.casebook is None:
        stop(reading.problems, UNREAD)
    say_left_out(root, sorted(broken))
    return reading


def sound_catalogue(records: Path | None) -> tuple[Catalogue, LeftOut]:
    """What is sound of the records, resolved; says what is not."""
    from abicase.catalogue.loading import load_sound

    root = records_root(records, ())
    catalogue, problems, left_out = load_sound(root)
    if catalogue is None:
        stop(problems, UNREAD)
    say_left_out(root, left_out.files)
    return catalogue, left_out


def say_left_out(root: Path, files: Sequence[str]) -> None:
    """Say on stderr which files have errors, if any."""
    from abicase.source.reading import shown_path

    if files:
        more = f" and {len(files) - 3} more" if len(files) > 3 else ""
        option = records_option_for(shown_path(root))
        click.echo(
            f"Left out for errors: {', '.join(files[:3])}{more};"
            f" abicase check{option} tells what is wrong.",
            err=True,
        )


def today() -> datetime.date:
    """The day that counts as today."""
    return datetime.datetime.now(datetime.UTC).date()


def stop(problems: list[Problem], status: int = 1) -> NoReturn:
    """Print problems, and end with an exit status."""
    click.echo(as_text(problems), err=True)
    errors = sum(problem.severity == "error" for problem in problems)
    click.echo(summary(errors, len(problems) - errors), err=True)
    sys.exit(status)


def wrong_call(message: str) -> NoReturn:
    """Say how the command was called wrongly, and end with 2."""
    raise click.UsageError(message)
