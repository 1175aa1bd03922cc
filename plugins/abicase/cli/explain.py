"""``abicase explain``."""

from __future__ import annotations

import textwrap

import click

from abicase.cli.ending import wrong_call
from abicase.cli.options import Command
from abicase.problems.codes import CODES
from abicase.problems.suggestions import nearest


def _complete(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    return [code for code in CODES if code.startswith(begun)]


@click.command(cls=Command)
@click.argument("code", required=False, shell_complete=_complete)
def explain(code: str | None) -> None:
    """Explain a problem and how to fix it.

    CODE is the word after "error:" or "warning:" in the output of abicase check. Without CODE, all
    codes are listed.
    """
    if code is None:
        width = max(map(len, CODES))
        for name, meaning in CODES.items():
            click.echo(f"{name:{width}}  {meaning.meaning}")
        return
    found = next((meaning for name, meaning in CODES.items() if name == code), None)
    if found is None:
        hint = nearest(code, CODES) or "abicase explain lists all codes"
        wrong_call(f"there is no problem {code!r} ({hint})")
    click.echo(f"{code} ({found.severity})\n")
    for text in (found.meaning, found.remedy):
        click.echo(textwrap.fill(text, 80) + "\n")
    for title, snippet in (("Wrong", found.wrong), ("Right", found.right)):
        if snippet:
            click.echo(f"{title}:\n\n{textwrap.indent(snippet, '    ')}\n")
