"""``abicase config``."""

from __future__ import annotations

import json

import click

from abicase.cli import settings
from abicase.cli.options import Command
from abicase.cli.records import chosen_records


@click.command(cls=Command)
def config() -> None:
    """Print the settings in effect, and the source of each.

    They come from two TOML files: your own, whose path is printed, and .abicase.toml in a
    repository, which is searched for in the working folder and above, up to the root of the
    repository. records is the folder of records, site is the address of the published site, and
    the table clones has the clones of repositories by id, as in teapot = "~/src/teapot". Paths
    are relative to the folder of their file.

    An option takes precedence; then come the environment variable ABICASE_RECORDS, the
    repository's settings, the folder of records found from the working folder, and your own
    settings.

    A repository's settings may come from a stranger. They can name records only inside that
    repository, their clones are only read, their site is not fetched, and nothing in them is
    run.
    """
    for file in (settings.repository_file(), settings.user_file()):
        if file is not None:
            click.echo(f"# {file}{'' if file.is_file() else ': there is none yet'}")
    lines = []
    try:
        lines.append(("records", chosen_records(None, ())))
    except click.UsageError as problem:
        click.echo(f"# records: {problem.format_message()}")
    user, shared = settings.of_user(), settings.of_repository()
    if site := shared.site or user.site:
        lines.append(("site", site))
    lines += [(f"clones.{id_}", clone) for id_, clone in sorted(settings.clones().items())]
    for name, setting in lines:
        click.echo(f"{name} = {json.dumps(setting.value)}  # {setting.place}")
