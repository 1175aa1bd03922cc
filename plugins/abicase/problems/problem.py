"""A problem with a casebook, as a value: where, what, and what was probably meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from abicase.problems.codes import CODES, Code, Severity
from abicase.problems.reporters import as_line

CASEBOOK_FILE = "casebook.yml"
"""The file of a folder of records that holds what all of them share."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong; problems are sorted by their place."""

    file: str
    """Path of the file as it is shown to people, with forward slashes."""
    line: int
    """Line, counted from 1; 1 where the whole file is meant."""
    column: int
    """Column in characters, counted from 1."""
    code: Code
    where: str
    """Path inside the record, such as ``events[attr-size].date``; empty for the whole file."""
    message: str
    hint: str = ""
    """What was probably meant, or what to do; may be empty."""

    @property
    def severity(self) -> Severity:
        """The severity of the problem: whether it stops a build."""
        return CODES[self.code].severity

    @property
    def place(self) -> tuple[str, int, int]:
        """File, line and column."""
        return self.file, self.line, self.column

    @property
    def label(self) -> str:
        """The words before the text in a line."""
        return f"{self.severity}: {self.code}"

    @property
    def text(self) -> str:
        """Path inside the record, message and hint."""
        where = f"{self.where}: " if self.where else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{where}{self.message}{hint}"

    def row(self) -> dict[str, Any]:
        """The problem as a JSON object."""
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
