"""Texts laid aside in a file while nobody needs them, so that memory does not hold a whole site."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text lies."""

    file: int
    begin: int
    length: int


class Spool:
    """Files that are gone when the program ends.

    Each branch has a file of its own, into which a forked process can write; what it wrote there
    can then be had from the spool itself.
    """

    def __init__(self) -> None:
        self._files: list[BinaryIO] = []
        self._own = self._open()
        self._end = 0

    def _open(self) -> int:
        file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - open as long as the spool
        self._files.append(file)
        return len(self._files) - 1

    def branch(self) -> Spool:
        """A spool for a process that is forked later; it puts texts into a file of its own."""
        branch = object.__new__(Spool)
        branch._files = self._files
        branch._own = self._open()
        branch._end = 0
        return branch

    def put(self, text: str) -> Place:
        """Lay a text aside.

        Args:
            text: The text.

        Returns:
            Where :meth:`get` finds it.
        """
        data = text.encode()
        place = Place(self._own, self._end, len(data))
        file = self._files[self._own].fileno()
        while data:  # where the disk is full, less may be written than was asked for
            written = os.pwrite(file, data, self._end)
            self._end += written
            data = data[written:]
        return place

    def get(self, place: Place) -> str:
        """A text that was laid aside."""
        # Places rather than a position, which a forked process would share.
        return os.pread(self._files[place.file].fileno(), place.length, place.begin).decode()
