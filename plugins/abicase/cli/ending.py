"""Endings of a command: a report, a list of problems, or the message about a wrong call."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection, Iterable
from typing import NoReturn

import click

from abicase.problems.problem import Problem
from abicase.problems.reporters import Form, JsonRow, Reportable, as_text, report

UNREAD = 3
"""The exit status if nothing is known to be wrong, but not everything could be checked."""


def finish(
    form: Form,
    findings: Iterable[Reportable],
    rows: Iterable[JsonRow],
    notes: Iterable[str],
    *,
    otherwise: str = "",
    wrong: bool,
    unread: bool = False,
) -> NoReturn:
    """Print a command's findings and its notes, and exit.

    Args:
        form: The form of the report.
        findings: The findings for people.
        rows: The findings for JSON.
        notes: Lines for stderr, such as a summary, consumed one by one after the report.
        otherwise: The text for people if there are no findings.
        wrong: True to exit with 1.
        unread: True to exit with 3 if nothing is wrong.
    """
    written = report(form, findings, rows) or (otherwise if form == "text" else "")
    if written:
        click.echo(written)
    for note in notes:
        click.echo(note, err=True)
    sys.exit(1 if wrong else UNREAD if unread else 0)


def stop(problems: Iterable[Problem], status: int = 1) -> NoReturn:
    """Print problems on stderr, and exit with a status."""
    found = sorted(problems)
    click.echo(as_text(found), err=True)
    click.echo(summary(found), err=True)
    sys.exit(status)


def summary(problems: Collection[Problem]) -> str:
    """Return the last line of a report of problems."""
    if not problems:
        return "No problems."
    counts = Counter(problem.severity for problem in problems)
    parts = [f"{n} {name}{'s' if n > 1 else ''}" for name, n in sorted(counts.items())]
    return ", ".join(parts) + "."


def wrong_call(message: str) -> NoReturn:
    """Print an error about a wrong call, and exit with 2."""
    raise click.UsageError(message)
