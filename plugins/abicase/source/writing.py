"""Files, written so that nobody sees half of one."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path


def line_end(text: str) -> str:
    """Return the line ending of most lines: as in mails, or as in a checkout on Windows."""
    return "\r\n" if 2 * text.count("\r\n") > text.count("\n") else "\n"


def write(path: Path, text: str) -> None:
    """Write a file in one step, as UTF-8; one that is there keeps its permissions.

    Args:
        path: The file.
        text: What it is to hold.

    Raises:
        OSError: It can't be written; what was there is still there.
    """
    write_all({path: text})


def write_all(files: Mapping[Path, str]) -> None:
    """Write several files as :func:`write` does, and none of them before there is room for all.

    Args:
        files: What each is to hold.

    Raises:
        OSError: They can't be written; what was there is still there.
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
        for made, path in fresh:
            made.replace(path)


def _mode(path: Path) -> int:
    """The permissions of a file that is there, or else those of a new one."""
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
