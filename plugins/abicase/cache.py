"""Results of earlier runs, kept so that what has not changed is not made again.

The cache lies in the user's own cache folder, and never in the project: whoever sends a change to
a project must not be able to send results with it. Each entry carries a digest of itself; one that
is damaged, or of another version, counts as not there. Nothing in it is ever executed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable
from functools import cache as once
from pathlib import Path
from typing import Any

VARIABLE = "ABICASE_CACHE"
"""The environment variable that names another folder, or says ``off``."""
_PIECE = 65_536  # what most files are smaller than; for each a buffer is made
_MAGIC = b"abicase cache 1 "
_HEAD = len(_MAGIC) + 64 + 1


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


class Cache:
    """A part of the cache: entries by name."""

    def __init__(self, root: Path | None, part: str, note: Callable[[str], None]) -> None:
        """Open it.

        Args:
            root: The folder of the cache; None for a cache that keeps nothing.
            part: The part; that of a project is named after where the project lies.
            note: Is told, once, why the cache is not used or not kept.
        """
        self._note = note
        self._noted = False
        self._folder: Path | None = None
        if root is None:
            return
        try:
            root.mkdir(parents=True, exist_ok=True, mode=0o700)
            reason = _not_ours(root)
        except OSError as error:
            reason = error.strerror or "it can't be made"
        if reason:
            self._tell(f"the cache {root} is not used: {reason}")
        else:
            self._folder = root / part

    @property
    def used(self) -> bool:
        """Whether there is a cache."""
        return self._folder is not None

    def read(self, name: str) -> bytes | None:
        """An entry; None where there is none, or where it is not what was written."""
        if self._folder is None:
            return None
        try:
            data = (self._folder / name).read_bytes()
        except OSError:
            return None
        if data.startswith(_MAGIC) and len(data) >= _HEAD:
            content = memoryview(data)[_HEAD:]
            if hashlib.sha256(content).hexdigest().encode() == data[len(_MAGIC) : _HEAD - 1]:
                return bytes(content)
        self._tell(f"an entry of the cache is damaged and is made anew ({self._folder / name})")
        return None

    def write(self, name: str, content: bytes) -> None:
        """Keep an entry; where that is not possible, go on without."""
        if self._folder is None:
            return
        path = self._folder / name
        head = _MAGIC + hashlib.sha256(content).hexdigest().encode() + b"\n"
        try:
            try:
                _write_new(path, head + content)
            except FileNotFoundError:
                path.parent.mkdir(parents=True, exist_ok=True)
                _write_new(path, head + content)
        except OSError as error:
            self._tell(f"nothing is kept in the cache {self._folder}: {error.strerror}")
            self._folder = None

    def read_json(self, name: str) -> Any:
        """An entry that is JSON; None as in :meth:`read`."""
        content = self.read(name)
        return None if content is None else json.loads(content)

    def write_json(self, name: str, value: Any) -> None:
        """Keep an entry as JSON."""
        self.write(name, json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())

    def keep_only(self, names: Iterable[str], below: str) -> None:
        """Drop the entries below a folder that are not named."""
        if self._folder is None:
            return
        wanted = {str(self._folder / name) for name in names}
        with contextlib.suppress(OSError):
            for entry in os.scandir(self._folder / below):
                if entry.path not in wanted:
                    Path(entry.path).unlink()

    def _tell(self, message: str) -> None:
        if not self._noted:
            self._noted = True
            self._note(message)


def _write_new(path: Path, data: bytes) -> None:
    """Write a file at once in place of another; where there is none, one cut short is found out."""
    try:
        with path.open("xb") as file:  # in half the time
            file.write(data)
    except FileExistsError:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(temporary).replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
            raise


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
