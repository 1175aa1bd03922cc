"""Files with mails or patches that commands are given; ``-`` is standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from abicase.cli.ending import wrong_call

_STANDARD_INPUT = Path("-")


def given_mails(paths: Iterable[Path]) -> dict[str, bytes | Path]:
    """Read files with mails, up to the size limit, keyed by the name to report.

    A folder is returned as it is.
    """
    from abicase.authoring.series import MAX_BYTES

    given: dict[str, bytes | Path] = {}
    for path in paths:
        if path == _STANDARD_INPUT:
            given["-"] = read_given(path, MAX_BYTES)
        else:
            given[shown_name(path)] = path if path.is_dir() else read_given(path, MAX_BYTES)
    return given


def read_given(path: Path, limit: int) -> bytes:
    """Read a given file, or exit with 2.

    Args:
        path: The file; ``-`` is standard input.
        limit: The size in bytes that the caller accepts. One more is read from a larger file, so
            that the caller can tell.
    """
    try:
        if path == _STANDARD_INPUT:
            return sys.stdin.buffer.read(limit + 1)
        with path.open("rb") as stream:
            return stream.read(limit + 1)
    except OSError as error:
        wrong_call(f"{shown_name(path)} can't be read: {error.strerror}")


def shown_name(path: Path) -> str:
    """Return the name to show for a given file."""
    from abicase.source.reading import shown_path

    return "standard input" if path == _STANDARD_INPUT else shown_path(path)
