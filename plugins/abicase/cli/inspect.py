"""``abicase inspect``."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from abicase.cli.ending import finish, summary
from abicase.cli.links import ledger_alone
from abicase.cli.options import Command, format_option
from abicase.problems.reporters import Form


@click.command(cls=Command)
@click.argument("site", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--ledger",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The ledger.  [default: permalinks.yml of the records]",
)
@click.option(
    "--allow-unpublished",
    is_flag=True,
    help="Accept items without a permalink and rewordings, as on a branch.",
)
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
    from abicase.outputs import inspection, links

    entry = ledger_alone(ledger)
    problems = [*links.check(entry, site), *inspection.inspect(site)]
    listed = links.listed(site)
    if not allow_unpublished:
        command = "abicase links publish"
        if ledger is not None:
            command += f" -r {shlex.quote(str(ledger.parent))}"
        new, reworded = links.unpublished(entry, listed), links.reworded(entry, listed)
        problems += links.behind(entry, new, reworded, command)
    unread = []
    if listed is None and not allow_unpublished:
        file = site / links.LINKS_FILE
        unread.append(
            f"{file} is not a list of items, so it was not checked that each item has a permalink."
        )
    try:
        problems += inspection.invalid_html(site)
    except inspection.NotInspectedError as problem:
        unread.append(f"HTML not validated: {problem}.")
    problems.sort()
    notes = [summary(problems), *unread] if problems and form == "text" else unread
    finish(
        form,
        problems,
        problems,
        notes,
        otherwise="No problems.",
        wrong=bool(problems),
        unread=bool(unread),
    )
