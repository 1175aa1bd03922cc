"""Texts laid aside in a file while nobody needs them, so that memory does not hold a whole site."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text lies in the file."""

    begin: int
    length: int


class Spool:
    """A file that is gone when the program ends."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the spool
        self._end = 0

    def put(self, text: str) -> Place:
        """Lay a text aside.

        Args:
            text: The text.

        Returns:
            Where :meth:`get` finds it.
        """
        data = text.encode()
        place = Place(self._end, len(data))
        self._file.seek(self._end)
        self._file.write(data)
        self._end += len(data)
        return place

    def get(self, place: Place) -> str:
        """A text that was laid aside."""
        self._file.seek(place.begin)
        return self._file.read(place.length).decode()
