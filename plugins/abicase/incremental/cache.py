"""The folder for results of earlier runs, and digests that tell whether they still hold."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
import sys
import time
from collections.abc import Callable, Iterable
from functools import cache as once
from pathlib import Path

from abicase.memo import digest

VARIABLE = "ABICASE_CACHE"
"""The environment variable that names another folder, or says ``off``."""
_MARK = ".abicase-cache"
"""A file that marks a folder as ours; no other folder is used or cleared."""
_SUFFIX = ".sqlite"
_PART = re.compile(rf"[0-9a-f]{{32}}{re.escape(_SUFFIX)}(?:-journal)?")
_KEPT_DAYS = 30
"""Days after which what no run has used is dropped."""
_PIECE = 65_536  # what most files are smaller than; for each a buffer is made


def folder() -> Path | None:
    """The folder of the cache; None where the user wants none."""
    named = os.environ.get(VARIABLE)
    if named is not None:
        return None if named in ("", "off") else Path(named)
    from platformdirs import user_cache_path

    # Earlier versions did not mark their folder, which is one above.
    path = user_cache_path("abicase", appauthor=False, version="2")
    return path if path.is_absolute() else None  # it begins with a ~ where there is no home


def opened_folder(root: Path, note: Callable[[str], None]) -> Path | None:
    """Make the folder of the cache where it is missing.

    Args:
        root: The folder.
        note: Is told why it is not used.

    Returns:
        The folder; None where it cannot be used.
    """
    try:
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        reason = _not_trusted(root) or _marked(root)
    except OSError as error:
        reason = error.strerror or "it can't be made"
    if reason:
        note(f"the cache {root} is not used: {reason}")
        return None
    _drop_old_parts(root)
    return root


def _not_trusted(root: Path) -> str:
    """Why a folder cannot be trusted; empty where it can."""
    if not hasattr(os, "geteuid"):
        return ""
    status = root.stat()
    if status.st_uid != os.geteuid():
        return "it belongs to somebody else"
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return "others can write to it"
    return ""


def _marked(root: Path) -> str:
    """Mark an empty folder as ours; tells why another one is not used, and nothing of our own."""
    mark = root / _MARK
    if not mark.exists():
        if any(root.iterdir()) and not mark.exists():  # another run may have marked it just now
            return "it is not empty, and has no mark of abicase; name an empty folder, or a new one"
        mark.touch()
    return ""


def part(root: Path, project: str) -> Path:
    """The file with the results for a project."""
    return root / f"{digest(project)[:32]}{_SUFFIX}"


def _parts(root: Path) -> list[Path]:
    """The files of all projects, with what SQLite may have left beside them."""
    return [path for path in root.iterdir() if _PART.fullmatch(path.name) and path.is_file()]


def _drop_old_parts(root: Path) -> None:
    """Drop what is kept of projects that no run has looked at for long."""
    oldest = time.time() - _KEPT_DAYS * 24 * 60 * 60
    with contextlib.suppress(OSError):  # another run may be doing the same
        for path in _parts(root):
            if path.stat().st_mtime < oldest:
                path.unlink()


class NotOursError(Exception):
    """A folder does not carry our mark, and is left as it is."""


def clear(root: Path) -> bool:
    """Drop all that is kept, and nothing else that may lie in the folder.

    Args:
        root: The folder of the cache.

    Returns:
        Whether there was any.

    Raises:
        NotOursError: It is the folder of somebody else.
    """
    if not root.is_dir():
        return False
    if not (root / _MARK).exists():
        raise NotOursError
    for path in _parts(root):
        path.unlink()
    (root / _MARK).unlink()
    with contextlib.suppress(OSError):  # where others have put something into it
        root.rmdir()
    return True


@once
def program() -> str:
    """A digest of what runs: this package, Python, and the packages installed beside it."""
    package = Path(__file__).parent.parent
    parts: list[str | bytes] = [sys.version]
    for path in sorted(package.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            parts += [path.relative_to(package).as_posix(), path.read_bytes()]
    for place in sys.path:
        with contextlib.suppress(OSError):
            names = [entry.name for entry in os.scandir(place or ".")]
            parts += sorted(n for n in names if n.endswith((".dist-info", ".egg-info", ".pth")))
    return digest(*parts)


def tree(root: Path, leave_out: Iterable[str] = ()) -> str:
    """A digest of all files below a folder.

    Args:
        root: The folder; it may be missing.
        leave_out: Names of folders that are not looked into.

    Returns:
        The digest of their paths and contents.
    """
    without = set(leave_out)
    parts: list[str | bytes] = []

    def closed(error: OSError) -> None:
        parts.append(f"{error.filename}: {error.strerror}")

    for place, folders, files in os.walk(root, onerror=closed):
        folders[:] = sorted(set(folders) - without)
        inside = Path(place).relative_to(root).as_posix()
        # Links to folders are not followed; that they are there makes a difference all the same.
        parts += [
            f"{inside}/{name} is a link" for name in folders if Path(place, name).is_symlink()
        ]
        for name in sorted(files):
            path = Path(place, name)
            parts.append(f"{inside}/{name}")
            try:
                # To read what is no file, such as a pipe, could take forever.
                if not path.is_file():
                    parts.append("no file")
                    continue
                made = hashlib.sha256()
                with path.open("rb") as file:
                    while data := file.read(_PIECE):
                        made.update(data)
                parts.append(made.digest())
            except OSError as error:
                parts.append(error.strerror or "")
    return digest(*parts)
