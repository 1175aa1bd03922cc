"""A problem with a casebook, as a value: its place, the message, and a hint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from abicase.problems.codes import CODES, Code, Severity
from abicase.problems.reporters import as_line

CASEBOOK_FILE = "casebook.yml"
"""The file in the records folder with everything that the records share."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A single problem; problems are sorted by place."""

    file: str
    """The path to show, with forward slashes."""
    line: int
    """The line, counted from 1; also 1 if the problem is with the whole file."""
    column: int
    """The column in characters, counted from 1."""
    code: Code
    where: str
    """The path inside the record, such as ``events[attr-size].date``; empty for the whole file."""
    message: str
    hint: str = ""
    """A suggestion, such as what was probably meant; may be empty."""

    @property
    def severity(self) -> Severity:
        """Return the severity: an error stops a build."""
        return CODES[self.code].severity

    @property
    def place(self) -> tuple[str, int, int]:
        """Return file, line and column."""
        return self.file, self.line, self.column

    @property
    def label(self) -> str:
        """Return the words before the text in a line."""
        return f"{self.severity}: {self.code}"

    @property
    def text(self) -> str:
        """Return the path inside the record, the message and the hint."""
        where = f"{self.where}: " if self.where else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{where}{self.message}{hint}"

    def row(self) -> dict[str, Any]:
        """Return the problem as a JSON object."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "severity": self.severity,
            "code": self.code,
            "where": self.where,
            "message": self.message,
            "hint": self.hint,
        }

    def __str__(self) -> str:
        return as_line(self)
