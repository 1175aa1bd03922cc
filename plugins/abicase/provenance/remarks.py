"""Remarks on the sources of cases, as they are reported."""

from __future__ import annotations

from dataclasses import dataclass

from abicase.problems.reporters import Level
from abicase.source.reading import Entry
from abicase.source.yamltext import Path


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
    inside: Path = ()
    """The place in the source that it is about; empty for the whole."""

    @property
    def place(self) -> tuple[str, int, int]:
        """File, line and column of the source, or of the place in it."""
        document = self.entry.document
        path = ("sources", self.source, *self.inside)
        position = document.position(path, key=not self.inside)
        return document.file, position.line, position.column

    @property
    def label(self) -> str:
        """The word before the text in a line."""
        return self.code

    @property
    def text(self) -> str:
        """The path in the record, and the message."""
        where = self.entry.document.where(("sources", self.source, *self.inside))
        return f"{where}: {self.message}"
