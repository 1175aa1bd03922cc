"""Remarks on the sources of cases, as they are reported."""

from __future__ import annotations

from dataclasses import dataclass

from abicase.problems.reporters import Level
from abicase.source.reading import Entry


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark on one source; a :class:`~abicase.problems.reporters.Finding`."""

    entry: Entry
    """The case that cites it."""
    source: str
    """Its id in that case."""
    severity: Level
    code: str
    """What became of it, such as ``wrong`` or ``gone``."""
    message: str

    @property
    def place(self) -> tuple[str, int, int]:
        """File, line and column of the source."""
        document = self.entry.document
        position = document.position(("sources", self.source), key=True)
        return document.file, position.line, position.column

    @property
    def label(self) -> str:
        """The word before the text in a line."""
        return self.code

    @property
    def text(self) -> str:
        """The path of the source in its record, and the message."""
        return f"sources.{self.source}: {self.message}"
