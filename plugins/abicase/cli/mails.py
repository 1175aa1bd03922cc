"""Files of mails and of patches, as commands are given them."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from abicase.cli.ending import wrong_call

_INPUT = Path("-")


def given_mails(paths: Iterable[Path]) -> dict[str, bytes | Path]:
    """Read files of mails, up to the limit for their size, by the names to report.

    Args:
        paths: The files; ``-`` is the standard input, and a folder stays a folder.
    """
    from abicase.source.reading import shown_path

    return {"-" if path == _INPUT else shown_path(path): _given(path) for path in paths}


def _given(path: Path) -> bytes | Path:
    from abicase.authoring.series import MAX_BYTES

    try:
        if path == _INPUT:
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        if path.is_dir():
            return path
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        name = "the standard input" if path == _INPUT else path
        wrong_call(f"{name} can't be read: {error.strerror}")
