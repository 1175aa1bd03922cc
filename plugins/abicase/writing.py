"""Files, written so that nobody sees half of one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def line_end(text: str) -> str:
    """How the lines of a text end, most of them: as in mails, or as in a checkout on Windows."""
    return "\r\n" if 2 * text.count("\r\n") > text.count("\n") else "\n"


def write(path: Path, text: str) -> None:
    """Write a file in one step, as UTF-8; one that is there keeps its permissions.

    Args:
        path: The file.
        text: What it is to hold.

    Raises:
        OSError: It can't be written; what was there is still there.
    """
    try:
        mode = path.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        mode = 0o666 & ~mask
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(text.encode("utf-8"))
        Path(name).chmod(mode)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
