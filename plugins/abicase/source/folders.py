"""The folder of records: found from the working folder, named in hints, guessed where it is not."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from abicase.problems.problem import CASEBOOK_FILE

DEFAULT_RECORDS = "casestudies"
"""The name by which a folder of records is found in a project."""

_DEPTH = 2  # levels below a folder at which records are looked for


def records_from(here: Path) -> Path | None:
    """The folder of records that is found from a folder: the folder itself, in it, or above."""
    for folder in (here, *here.absolute().parents):
        if (folder / CASEBOOK_FILE).is_file():
            return folder
        if (folder / DEFAULT_RECORDS / CASEBOOK_FILE).is_file():
            return folder / DEFAULT_RECORDS
    return None


def records_option_for(shown: str) -> str:
    """The option that a command in a hint needs to find records.

    Args:
        shown: The folder of records, seen from the working folder.

    Returns:
        The option, with a blank before it; empty where the command finds the folder by itself.
    """
    found = records_from(Path.cwd())
    if found is not None and found.resolve() == Path(shown).resolve():
        return ""
    return f" --records {shlex.quote(shown)}"


def meant_instead_of(folder: Path) -> list[Path]:
    """The folders of records that may be meant by one that holds none: above it or below it."""
    if (folder.absolute().parent / CASEBOOK_FILE).is_file():
        return [folder.parent if folder.name not in ("", "..") else folder / ".."]
    found: list[Path] = []
    for inside, folders, names in os.walk(folder):
        depth = len(Path(inside).relative_to(folder).parts)
        folders[:] = sorted(one for one in folders if depth < _DEPTH and not one.startswith("."))
        if CASEBOOK_FILE in names:
            found.append(Path(inside))
    usual = [one for one in found if one.name == DEFAULT_RECORDS]
    return usual if len(usual) == 1 else found
