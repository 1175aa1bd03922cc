"""The records that a command works on: their location, the selected ones, and the valid ones."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Sequence
from contextlib import closing
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
    from abicase.source.reading import Entry, Reading


def records_root(records: Path | None, paths: tuple[Path, ...]) -> Path:
    """Return the folder of records to use."""
    return Path(chosen_records(records, paths).value)


def chosen_records(records: Path | None, paths: tuple[Path, ...]) -> Setting:
    """Return the folder of records to use, with the source of that choice, or exit with 2."""
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
    """Find the folder of records to use; None if nothing names one.

    It is the first of: ``records``, the value of the option; the folder that contains the files and
    folders named in the call; the environment; the repository's settings; the working folder and
    those above; the user's settings. So nobody who works on one set of records changes another by
    accident.
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
    """Check that a folder contains records; a place names it if the command line does not."""
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
            f"{where}{str(records)!r} is not a folder of records: it has no {CASEBOOK_FILE}{more}"
        )


def _did_you_mean(folder: Path) -> str:
    """Return a hint about the folder of records that was meant; empty if none is near."""
    from abicase.source.reading import shown_path

    options = [
        f"--records {shlex.quote(shown_path(candidate))}" for candidate in meant_instead_of(folder)
    ]
    return f"did you mean {' or '.join(options[:3])}?" if options else ""


def chosen(paths: tuple[Path, ...], root: Path) -> Callable[[Path], bool]:
    """Return a test for files that were named in the call; if none were, it accepts all files.

    A path outside the folder of records is rejected.
    """
    whole, named = root.resolve(), [path.resolve() for path in paths]
    for path, real in zip(paths, named, strict=True):
        if not (real.is_relative_to(whole) or whole.is_relative_to(real)):
            wrong_call(f"{str(path)!r} is not part of the records in {str(root)!r}")
    if not paths or any(map(whole.is_relative_to, named)):
        return lambda _: True
    return lambda file: any(map(file.resolve().is_relative_to, named))


def known_entry(text: str, kind: str, reading: Reading) -> Entry:
    """Return the record with a given id, or exit with a message if there is none.

    The exit status is 3 if the record has errors, and 2 otherwise, with a suggestion.
    """
    known = [entry.record.id for entry in reading.of(kind)]
    if text not in known:
        from abicase.schema.records import KINDS

        file = reading.name(f"{KINDS[kind][0]}/{text}.yml")
        problems = [problem for problem in reading.problems if problem.file == file]
        if problems:
            stop(problems, UNREAD)
        some = f"they are {', '.join(sorted(known))}"
        hint = nearest(text, known) or (some if known else f"create one: abicase new {kind} NAME")
        wrong_call(f"there is no {kind} {text!r} ({hint})")
    return reading.entries[kind, text]


def known_word(text: str, what: str, known: Sequence[str]) -> None:
    """Exit with 2 and a suggestion if a word is not a known one.

    ``what`` is the category of the words, such as ``kind of event``; ``known`` has all of them.
    """
    if text not in known:
        hint = nearest(text, known) or f"use one of {', '.join(known)}"
        wrong_call(f"there is no {what} {text!r} ({hint})")


def sound_reading(records: Path | None) -> Reading:
    """Return all records that can be read, and say which files can't."""
    from abicase.source.reading import read

    root = records_root(records, ())
    reading = read(root)
    broken = {problem.file for problem in reading.problems if problem.severity == "error"}
    if reading.casebook is None:
        stop(reading.problems, UNREAD)
    say_left_out(root, sorted(broken))
    return reading


def sound_catalogue(root: Path) -> tuple[Catalogue, LeftOut]:
    """Load and resolve the valid records, and say which are left out."""
    from abicase.catalogue.loading import load_sound
    from abicase.incremental.cache import program
    from abicase.incremental.stored import StoredMemo

    with closing(opened(str(root.resolve()))) as store:
        catalogue, problems, left_out = load_sound(root, memo=StoredMemo(store, program()))
        store.save()
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
            f"Left out because of errors: {', '.join(files[:3])}{more};"
            f" abicase check{option} reports them.",
            err=True,
        )


def opened(name: str, *, no_cache: bool = False) -> Store:
    """Return the cached results for a folder of records, or the copy of a site."""
    from abicase.incremental import cache
    from abicase.incremental.store import Store

    folder = None if no_cache else cache.folder()
    return Store(folder, name, lambda note: click.echo(f"Note: {note}", err=True))
