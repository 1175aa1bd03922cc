"""Remarks on the sources of cases, for reports."""

from __future__ import annotations

from dataclasses import dataclass

from abicase.problems.reporters import Level
from abicase.source.reading import Entry
from abicase.source.yamltext import Path

_LEVELS: dict[str, Level] = {
    "wrong": "error",
    "confirmed": "notice",
    "unchecked": "notice",
    "unreachable": "notice",
}


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark on one source; a :class:`~abicase.problems.reporters.Reportable`."""

    entry: Entry
    """The case that cites it."""
    source: str
    """Its id in that case."""
    code: str
    """The outcome for the source, such as ``wrong`` or ``gone``."""
    message: str
    inside: Path = ()
    """The place in the source that the remark is about; empty for the whole source."""

    @property
    def severity(self) -> Level:
        """Return the level at which GitHub shows it."""
        return _LEVELS.get(self.code, "warning")

    @property
    def place(self) -> tuple[str, int, int]:
        """Return file, line and column of the source, or of the place in it."""
        document = self.entry.document
        path = ("sources", self.source, *self.inside)
        position = document.position(path, key=not self.inside)
        return document.file, position.line, position.column

    @property
    def label(self) -> str:
        """Return the word before the text in a line."""
        return self.code

    @property
    def text(self) -> str:
        """Return the path in the record, and the message."""
        where = self.entry.document.where(("sources", self.source, *self.inside))
        return f"{where}: {self.message}"
