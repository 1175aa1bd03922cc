"""Reporters, which print findings as text, as JSON or as GitHub annotations.

All commands that report problems with records, permalinks or sources use these. The order of the
findings is kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Literal, Protocol

Form = Literal["text", "json", "github"]
Level = Literal["error", "warning", "notice"]


class Reportable(Protocol):
    """A statement about a place in a file, such as a problem."""

    @property
    def place(self) -> tuple[str, int, int]:
        """Return file, line and column; line and column are counted from 1."""

    @property
    def severity(self) -> Level:
        """Return the level at which GitHub shows it."""

    @property
    def code(self) -> str:
        """Return its one-word code, the title on GitHub."""

    @property
    def label(self) -> str:
        """Return the words before the text in a line."""

    @property
    def text(self) -> str:
        """Return the text of the finding."""


class JsonRow(Protocol):
    """A value that is printed as a JSON object."""

    def row(self) -> Mapping[str, Any]:
        """Return the object."""


def report(form: Form, findings: Iterable[Reportable], rows: Iterable[JsonRow]) -> str:
    """Return the report in one of the forms; empty if there is nothing to report.

    Args:
        form: The form.
        findings: The findings for people, in text and on GitHub.
        rows: The findings for JSON, which may be more, such as confirmed sources.
    """
    if form == "json":
        return as_json(rows)
    return as_text(findings) if form == "text" else as_github(findings)


def as_line(finding: Reportable) -> str:
    """Return a finding as one line, in the form that compilers use."""
    file, line, column = finding.place
    return f"{file}:{line}:{column}: {finding.label}: {finding.text}"


def as_text(findings: Iterable[Reportable]) -> str:
    """Return findings as lines."""
    return "\n".join(map(as_line, findings))


def as_json(rows: Iterable[JsonRow]) -> str:
    """Return a JSON list of objects."""
    return json.dumps([row.row() for row in rows], indent=2)


def as_github(findings: Iterable[Reportable]) -> str:
    """Return findings as workflow commands, which GitHub shows on the lines of a pull request.

    Escaping follows GitHub's own toolkit (``@actions/core``, ``command.ts``).
    """
    return "\n".join(map(_annotation, findings))


def _annotation(finding: Reportable) -> str:
    file, line, column = finding.place
    where = f"file={_value(file)},line={line},col={column},title={_value(finding.code)}"
    return f"::{finding.severity} {where}::{_data(finding.text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _value(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
