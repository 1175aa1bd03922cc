"""The ways in which a command ends: with a report, with problems, or as it was called wrongly."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable
from typing import NoReturn

import click

from abicase.problems.problem import Problem
from abicase.problems.reporters import Finding, Form, Row, as_text, report

UNREAD = 3
"""The exit status where nothing is known to be wrong, but not all could be read or checked."""


def finish(
    form: Form,
    findings: Iterable[Finding],
    rows: Iterable[Row],
    notes: Iterable[str],
    *,
    otherwise: str = "",
    wrong: bool,
    unread: bool = False,
) -> NoReturn:
    """Print what a command has found, say what comes of it, and end.

    Args:
        form: The form of the report.
        findings: What people are told.
        rows: What programs are told.
        notes: Lines for stderr, such as a summary; taken one by one after the report.
        otherwise: What people are told where there are no findings.
        wrong: Whether to end with 1.
        unread: Whether to end with 3 where nothing is wrong.
    """
    written = report(form, findings, rows) or (otherwise if form == "text" else "")
    if written:
        click.echo(written)
    for note in notes:
        click.echo(note, err=True)
    sys.exit(1 if wrong else UNREAD if unread else 0)


def stop(problems: Iterable[Problem], status: int = 1) -> NoReturn:
    """Print problems on stderr, and end with an exit status."""
    found = sorted(problems)
    click.echo(as_text(found), err=True)
    click.echo(summary(found), err=True)
    sys.exit(status)


def summary(problems: Collection[Problem]) -> str:
    """The last line of a report of problems."""
    if not problems:
        return "No problems."
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    parts = []
    if errors:
        parts.append(f"{errors} error{'s' if errors > 1 else ''}")
    if warnings:
        parts.append(f"{warnings} warning{'s' if warnings > 1 else ''}")
    return ", ".join(parts) + "."


def wrong_call(message: str) -> NoReturn:
    """Say how the command was called wrongly, and end with 2."""
    raise click.UsageError(message)
