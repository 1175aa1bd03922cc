"""Reporters: what a command has found, for people, for programs, and for GitHub.

All commands that report something use these, whether it is about records, permalinks or sources.
They print in the order in which they are given what was found.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Literal, Protocol

Form = Literal["text", "json", "github"]
Level = Literal["error", "warning", "notice"]


class Finding(Protocol):
    """One thing that is said of a place in a file, such as a problem."""

    @property
    def place(self) -> tuple[str, int, int]:
        """File, line and column; these two are counted from 1."""

    @property
    def severity(self) -> Level:
        """The level at which GitHub shows it."""

    @property
    def code(self) -> str:
        """The one word for it; the title on GitHub."""

    @property
    def label(self) -> str:
        """The words before the text in a line."""

    @property
    def text(self) -> str:
        """The text of the finding."""


class Row(Protocol):
    """Something that programs get as a JSON object."""

    def row(self) -> Mapping[str, Any]:
        """The object."""


def report(form: Form, findings: Iterable[Finding], rows: Iterable[Row]) -> str:
    """Return what was found, in one of the forms; empty where there is nothing to say.

    Args:
        form: The form.
        findings: What people are told, in text and on GitHub.
        rows: What programs are told; that can be more, such as what was confirmed.
    """
    if form == "json":
        return as_json(rows)
    return as_text(findings) if form == "text" else as_github(findings)


def as_line(finding: Finding) -> str:
    """A finding in one line, in the form compilers use."""
    file, line, column = finding.place
    return f"{file}:{line}:{column}: {finding.label}: {finding.text}"


def as_text(findings: Iterable[Finding]) -> str:
    """Findings, one to a line."""
    return "\n".join(map(as_line, findings))


def as_json(rows: Iterable[Row]) -> str:
    """A JSON list of objects."""
    return json.dumps([one.row() for one in rows], indent=2)


def as_github(findings: Iterable[Finding]) -> str:
    """Findings as workflow commands, which GitHub shows on the lines of a pull request.

    The escapes are those of GitHub's own toolkit (``@actions/core``, ``command.ts``).
    """
    return "\n".join(map(_annotation, findings))


def _annotation(finding: Finding) -> str:
    file, line, column = finding.place
    where = f"file={_value(file)},line={line},col={column},title={_value(finding.code)}"
    return f"::{finding.severity} {where}::{_data(finding.text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _value(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
