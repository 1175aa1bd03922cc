"""The folder for results of earlier runs, and digests that tell whether they still hold."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterable
from functools import cache as once
from pathlib import Path

VARIABLE = "ABICASE_CACHE"
"""The environment variable that names another folder, or says ``off``."""
_PIECE = 65_536  # what most files are smaller than; for each a buffer is made


def folder() -> Path | None:
    """The folder of the cache; None where the user wants none."""
    named = os.environ.get(VARIABLE)
    if named is not None:
        return None if named in ("", "off") else Path(named)
    from platformdirs import user_cache_path

    return user_cache_path("abicase", appauthor=False)


def digest(*parts: str | bytes) -> str:
    """A short name for any contents: the same only for the same."""
    data = [part.encode() if isinstance(part, str) else part for part in parts]
    return hashlib.sha256(b"".join([b"%d:%b" % (len(one), one) for one in data])).hexdigest()


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
        reason = _not_ours(root)
    except OSError as error:
        reason = error.strerror or "it can't be made"
    if reason:
        note(f"the cache {root} is not used: {reason}")
        return None
    return root


def _not_ours(root: Path) -> str:
    """Why a folder cannot be trusted; empty where it can."""
    if not hasattr(os, "geteuid"):
        return ""
    status = root.stat()
    if status.st_uid != os.geteuid():
        return "it belongs to somebody else"
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return "others can write to it"
    return ""


def clear(root: Path) -> bool:
    """Drop the whole cache.

    Args:
        root: Its folder.

    Returns:
        Whether there was any.
    """
    if not root.is_dir():
        return False
    shutil.rmtree(root)
    return True


@once
def program() -> str:
    """A digest of what runs: this package, Python, and the packages installed beside it."""
    package = Path(__file__).parent
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
    for place, folders, files in os.walk(root):
        folders[:] = sorted(set(folders) - without)
        inside = Path(place).relative_to(root).as_posix()
        for name in sorted(files):
            path = Path(place, name)
            parts.append(f"{inside}/{name}")
            try:
                # To read what is no file, such as a pipe, could take for ever.
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
