"""``abicase config``."""

from __future__ import annotations

import json

import click

from abicase.cli import settings
from abicase.cli.options import Command
from abicase.cli.records import chosen_records


@click.command(cls=Command)
def config() -> None:
    """Print the settings in effect, and where each of them is from.

    They are in two files of TOML: your own, whose place is printed, and .abicase.toml in a
    repository, looked for in the working folder and above, up to the root of the repository.
    records is the folder of records, site is the address of the published site, and the table
    clones has the clones of repositories by their ids, as in teapot = "~/src/teapot". A path counts
    from the folder of its file.

    An option comes first; then the environment variable ABICASE_RECORDS, the settings of the
    repository, the folder of records found from the working folder, and your own settings.

    The settings of a repository may come from a stranger. They can name records only inside that
    repository, their clones are only read, their site is not asked, and nothing in them is run.
    """
    for file in (settings.repository_file(), settings.user_file()):
        if file is not None:
            click.echo(f"# {file}{'' if file.is_file() else ': there is none yet'}")
    lines = []
    try:
        lines.append(("records", chosen_records(None, ())))
    except click.UsageError as problem:
        click.echo(f"# records: {problem.format_message()}")
    own, shared = settings.of_user(), settings.of_repository()
    if site := shared.site or own.site:
        lines.append(("site", site))
    lines += [(f"clones.{id_}", clone) for id_, clone in sorted(settings.clones().items())]
    for name, setting in lines:
        click.echo(f"{name} = {json.dumps(setting.value)}  # {setting.place}")
