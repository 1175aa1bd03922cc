"""``abicase cache``."""

from __future__ import annotations

import click

from abicase.cli.ending import wrong_call
from abicase.cli.options import CommandGroup


@click.group(cls=CommandGroup)
def cache() -> None:
    """Manage the cache of results and site copies.

    It is in the user's cache folder. The environment variable ABICASE_CACHE names another folder,
    or turns the cache off with off.
    """


@cache.command()
def clear() -> None:
    """Delete the cache; the next run takes longer, and needs a connection to read a site."""
    from abicase.incremental import cache as kept

    root = kept.folder()
    if root is None:
        wrong_call(f"{kept.VARIABLE} turns the cache off")
    try:
        there = kept.clear(root)
    except kept.NotOursError:
        wrong_call(f"{root} was not deleted: it lacks abicase's mark, so others may use it")
    except OSError as error:
        wrong_call(f"{root} can't be deleted: {error.strerror}")
    if not there:
        click.echo(f"{root} does not exist.")
    elif root.exists():
        click.echo(f"{root} cleared; it still contains other files.")
    else:
        click.echo(f"{root} deleted.")
