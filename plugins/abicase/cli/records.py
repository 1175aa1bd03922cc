"""The records that a command works on: where they lie, which are meant, and what is sound."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from abicase.cli import settings
from abicase.cli.ending import UNREAD, stop, wrong_call
from abicase.cli.settings import Setting
from abicase.problems.problem import CASEBOOK_FILE
from abicase.problems.suggestions import nearest
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
    from abicase.source.reading import Reading


def records_root(records: Path | None, paths: tuple[Path, ...]) -> Path:
    """The folder of records that is meant."""
    return Path(chosen_records(records, paths).value)


def chosen_records(records: Path | None, paths: tuple[Path, ...]) -> Setting:
    """Return the folder of records that is meant, and what says so, or end with 2.

    Args:
        records: The value of the option.
        paths: The files and folders that were named.
    """
    found = found_records(records, paths)
    if found is None:
        hint = _did_you_mean(Path()) or (
            "name the folder with --records or in your settings, or begin with abicase init DIR"
        )
        wrong_call(
            f"no folder of records found: there is no {DEFAULT_RECORDS}/{CASEBOOK_FILE} here or"
            f" above ({hint})"
        )
    return found


def found_records(records: Path | None, paths: tuple[Path, ...]) -> Setting | None:
    """Find the folder of records that is meant; None where nothing says which.

    That is the first of: the option; the folder that the paths lie in; the environment; the
    settings of the repository; the working folder and those above; the user's settings. So
    nobody who works on records changes others, those of the user's settings.

    Args:
        records: The value of the option.
        paths: The files and folders that were named.
    """
    for path in paths:
        if not path.exists():
            wrong_call(f"there is no file or folder {str(path)!r}")
    if records is not None:
        _check_records(records)
        return Setting(str(records), "--records")
    for path in paths:
        if (found := records_from(path)) is not None:
            return Setting(str(found), str(path))
    for named in (settings.records_variable, lambda: settings.of_repository().records):
        if setting := named():
            _check_records(Path(setting.value), setting.place)
            return setting
    if (found := records_from(Path.cwd())) is not None:
        return Setting(str(found), "the working folder")
    if setting := settings.of_user().records:
        _check_records(Path(setting.value), setting.place)
        return setting
    return None


def _check_records(records: Path, place: str = "") -> None:
    """Make sure that a folder is one of records, with or without mistakes.

    Args:
        records: The folder.
        place: Where it is named, if not on the command line.
    """
    from abicase.schema.records import KINDS

    where = f"{place}: " if place else ""
    if not records.is_dir():
        wrong_call(f"{where}there is no folder {str(records)!r}")
    if os.path.lexists(records / CASEBOOK_FILE):
        return
    hint = _did_you_mean(records)
    kinds = any((records / folder).is_dir() for folder, _ in KINDS.values())
    if hint or not kinds:
        more = f" ({hint})" if hint else ""
        wrong_call(
            f"{where}{str(records)!r} is no folder of records: it has no {CASEBOOK_FILE}{more}"
        )


def _did_you_mean(folder: Path) -> str:
    """The hint which folder of records was meant; empty where there is none near."""
    from abicase.source.reading import shown_path

    options = [f"--records {shlex.quote(shown_path(one))}" for one in meant_instead_of(folder)]
    return f"did you mean {' or '.join(options[:3])}?" if options else ""


def chosen(paths: tuple[Path, ...], root: Path) -> Callable[[Path], bool]:
    """Return a test of whether a file is among those named; all files are when none was.

    Args:
        paths: The files and folders that were named.
        root: The folder of records; a path outside it is rejected.
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
    """Return whether a file is one of some files, or lies in one of some folders."""
    return any(file == path or path in file.parents for path in wanted)


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
        some = f"there are {', '.join(sorted(known))}"
        hint = nearest(text, known) or (some if known else f"begin with abicase new {kind} NAME")
        wrong_call(f"there is no {kind} {text!r} ({hint})")
    return text


def known_word(text: str, what: str, known: Sequence[str]) -> None:
    """End with 2 and what was probably meant, where a word is none of those known.

    Args:
        text: The word that was given.
        what: What it names, such as ``kind of event``.
        known: All words that name one.
    """
    if text not in known:
        hint = nearest(text, known) or f"there are {', '.join(known)}"
        wrong_call(f"there is no {what} {text!r} ({hint})")


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
    """Load what is sound of the records, resolved; say what is not."""
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


def opened(root: Path, *, no_cache: bool) -> Store:
    """The results that are kept for a folder of records."""
    from abicase.incremental import cache
    from abicase.incremental.store import Store

    folder = None if no_cache else cache.folder()
    return Store(folder, str(root.resolve()), lambda note: click.echo(f"Note: {note}", err=True))
