"""The folder of the cache, and digests of the environment."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
import sys
import time
from collections.abc import Callable
from functools import cache as once
from pathlib import Path

from abicase.memo import digest

VARIABLE = "ABICASE_CACHE"
"""The environment variable that names another folder, or is ``off``."""
_MARK = ".abicase-cache"
"""A file that marks a folder as ours; other folders are neither used nor cleared."""
_SUFFIX = ".sqlite"
_PART = re.compile(rf"[0-9a-f]{{32}}{re.escape(_SUFFIX)}(?:-journal)?")
_KEPT_DAYS = 30
"""The number of days after which unused entries are deleted."""
_PIECE = 65_536  # larger than most files; a buffer is allocated for each


def folder() -> Path | None:
    """Return the folder of the cache; None if it is turned off."""
    named = os.environ.get(VARIABLE)
    if named is not None:
        return None if named in ("", "off") else Path(named)
    from platformdirs import user_cache_path

    # Earlier versions did not mark their folder, which is the parent.
    path = user_cache_path("abicase", appauthor=False, version="2")
    return path if path.is_absolute() else None  # it begins with ~ if there is no home folder


def opened_folder(root: Path, note: Callable[[str], None]) -> Path | None:
    """Create the folder of the cache if it is missing, and return it; None if it can't be used.

    If it is not used, ``note`` receives the reason.
    """
    try:
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        reason = _not_trusted(root) or _marked(root)
    except OSError as error:
        reason = error.strerror or "it can't be created"
    if reason:
        note(f"the cache {root} is not used: {reason}")
        return None
    _drop_old_parts(root)
    return root


def _not_trusted(root: Path) -> str:
    """Return why a folder can't be trusted; empty if it can."""
    if not hasattr(os, "geteuid"):
        return ""
    status = root.stat()
    if status.st_uid != os.geteuid():
        return "it belongs to another user"
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return "other users can write to it"
    return ""


def _marked(root: Path) -> str:
    """Mark an empty folder as ours; return the reason if that is not possible."""
    mark = root / _MARK
    if not mark.exists():
        if any(root.iterdir()) and not mark.exists():  # another run may have marked it just now
            return "it is not empty, and lacks abicase's mark; name an empty or a new folder"
        mark.touch()
    return ""


def part(root: Path, project: str) -> Path:
    """Return the file with the results for a project."""
    return root / f"{digest(project)[:32]}{_SUFFIX}"


def _parts(root: Path) -> list[Path]:
    """Return the files of all projects, with any that SQLite left next to them."""
    return [path for path in root.iterdir() if _PART.fullmatch(path.name) and path.is_file()]


def _drop_old_parts(root: Path) -> None:
    """Delete the results of projects that were not used for a long time."""
    oldest = time.time() - _KEPT_DAYS * 24 * 60 * 60
    with contextlib.suppress(OSError):  # another run may be doing the same
        for path in _parts(root):
            if path.stat().st_mtime < oldest:
                path.unlink()


class NotOursError(Exception):
    """A folder does not have our mark, and is left as it is."""


def clear(root: Path) -> bool:
    """Delete the cache, but no other files in its folder; return whether the folder existed.

    Raises:
        NotOursError: It is someone else's folder.
    """
    if not root.is_dir():
        return False
    if not (root / _MARK).exists():
        raise NotOursError
    for path in _parts(root):
        path.unlink()
    (root / _MARK).unlink()
    with contextlib.suppress(OSError):  # if it contains other files
        root.rmdir()
    return True


@once
def program() -> str:
    """Return a digest of the running code: this package, Python, and the installed packages."""
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


def tree(root: Path) -> str:
    """Return a digest of the paths and contents of all files below a folder, if there is one."""
    parts: list[str | bytes] = []

    def closed(error: OSError) -> None:
        parts.append(f"{error.filename}: {error.strerror}")

    for place, folders, files in os.walk(root, onerror=closed):
        folders.sort()
        inside = Path(place).relative_to(root).as_posix()
        # Links to folders are not followed, but their existence is part of the digest.
        parts += [
            f"{inside}/{name} is a link" for name in folders if Path(place, name).is_symlink()
        ]
        for name in sorted(files):
            path = Path(place, name)
            parts.append(f"{inside}/{name}")
            try:
                # Reading something other than a file, such as a pipe, could take forever.
                if not path.is_file():
                    parts.append("no file")
                    continue
                hashed = hashlib.sha256()
                with path.open("rb") as file:
                    while data := file.read(_PIECE):
                        hashed.update(data)
                parts.append(hashed.digest())
            except OSError as error:
                parts.append(error.strerror or "")
    return digest(*parts)
