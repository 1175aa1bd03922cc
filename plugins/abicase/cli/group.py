"""The command ``abicase`` with all its subcommands."""

from __future__ import annotations

from pathlib import Path

import click

from abicase import __version__
from abicase.cli.advise import advise
from abicase.cli.cache import cache
from abicase.cli.check import check
from abicase.cli.cite import cite
from abicase.cli.completion import completion
from abicase.cli.config import config
from abicase.cli.ending import wrong_call
from abicase.cli.event import event
from abicase.cli.explain import explain
from abicase.cli.find import find
from abicase.cli.fmt import fmt
from abicase.cli.headers import headers
from abicase.cli.history import history
from abicase.cli.init import init
from abicase.cli.inspect import inspect
from abicase.cli.links import links
from abicase.cli.listing import list_
from abicase.cli.new import new
from abicase.cli.options import CommandGroup
from abicase.cli.outside import outside
from abicase.cli.render import render
from abicase.cli.schema import schema
from abicase.cli.source import source
from abicase.cli.verify import verify


@click.group(
    cls=CommandGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96},
)
@click.version_option(__version__, prog_name="abicase")
def abicase() -> None:
    """Check case-study records, and render them to pages.

    Settings can name the records, the site and the clones, so that commands work from anywhere;
    see abicase config.

    Exit status: 0 when all is well, 1 when a record has a problem, 2 when the command was
    called incorrectly, or could not read or write something.
    """
    try:
        Path.cwd()
    except OSError as error:
        wrong_call(f"the working folder can't be read: {error.strerror}")


for command in (
    advise,
    cache,
    check,
    cite,
    completion,
    config,
    event,
    explain,
    find,
    fmt,
    headers,
    history,
    init,
    inspect,
    links,
    list_,
    new,
    outside,
    render,
    schema,
    source,
    verify,
):
    abicase.add_command(command)
