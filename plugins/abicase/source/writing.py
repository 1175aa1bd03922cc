"""Atomic writing of files."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path


def line_end(text: str) -> str:
    """Return the ending of most lines: a mail's, or that of a checkout on Windows."""
    return "\r\n" if 2 * text.count("\r\n") > text.count("\n") else "\n"


def write(path: Path, text: str) -> None:
    """Write a file atomically, as UTF-8; an existing file keeps its permissions.

    Raises:
        OSError: It can't be written; its old contents are unchanged.
    """
    write_all({path: text})


def write_all(files: Mapping[Path, str]) -> None:
    """Write several files as :func:`write` does, but only once there is room for all of them.

    Raises:
        OSError: They can't be written; their old contents are unchanged.
    """
    with contextlib.ExitStack() as unfinished:  # an interrupt leaves nothing behind either
        fresh = []
        for path, text in files.items():
            mode = _mode(path)
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
            unfinished.callback(Path(name).unlink, missing_ok=True)
            with os.fdopen(handle, "wb") as stream:
                stream.write(text.encode("utf-8"))
            Path(name).chmod(mode)
            fresh.append((Path(name), path))
        for temporary, path in fresh:
            temporary.replace(path)


def _mode(path: Path) -> int:
    """Return the permissions of an existing file, or those of a new one."""
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
