"""``abicase inspect``."""

from __future__ import annotations

from pathlib import Path

import click

from abicase.cli.ending import finish, summary
from abicase.cli.links import allow_unpublished_option, compare, ledger_option, site_argument
from abicase.cli.options import Command, format_option
from abicase.problems.reporters import Form


@click.command(cls=Command)
@site_argument
@ledger_option
@allow_unpublished_option
@format_option
def inspect(site: Path, ledger: Path | None, allow_unpublished: bool, form: Form) -> None:
    """Check the built SITE as a whole, before it is published.

    Every permalink resolves and every item has one, as in abicase links check; every link and
    anchor inside the site leads somewhere; no page loads anything from another host, or has code
    that the content security policy of abicase headers forbids; and the HTML is valid. The last
    needs the Nu Html Checker: vnu on the PATH, or the path of vnu.jar in VNU_JAR.

    Exit status: 0 if there are no problems, 1 if there are some, and 3 if there are none but a part
    could not be checked.
    """
    from abicase.outputs import inspection
    from abicase.outputs.builtsite import BuiltSite

    built = BuiltSite(site)
    compared = compare(built, ledger, allow_unpublished=allow_unpublished)
    problems, notes = [*compared.problems, *inspection.inspect(built)], compared.notes
    unread = compared.incomplete
    try:
        problems += inspection.invalid_html(site)
    except inspection.NotInspectedError as problem:
        unread = True
        notes.append(f"HTML not validated: {problem}.")
    problems.sort()
    finish(
        form,
        problems,
        problems,
        [summary(problems), *notes] if problems and form == "text" else notes,
        otherwise="No problems.",
        wrong=bool(problems),
        unread=unread,
    )
