"""``abicase cache``."""

from __future__ import annotations

import click

from abicase.cli.ending import wrong_call
from abicase.cli.options import Group


@click.group(cls=Group)
def cache() -> None:
    """Look after the results, and copies of sites, that are kept from one run to the next.

    They lie in the user's cache folder; the environment variable ABICASE_CACHE names another one,
    or says off.
    """


@cache.command()
def clear() -> None:
    """Drop all that is kept; the next run takes longer, and a site has to be in reach."""
    from abicase.incremental import cache as kept

    root = kept.folder()
    if root is None:
        wrong_call(f"{kept.VARIABLE} says that there is no cache")
    try:
        there = kept.clear(root)
    except kept.NotOursError:
        wrong_call(f"{root} is left as it is: it has no mark of abicase, so others may use it")
    except OSError as error:
        wrong_call(f"{root} can't be dropped: {error.strerror}")
    if not there:
        click.echo(f"{root} is not there.")
    elif root.exists():
        click.echo(f"{root} cleared; what others have put into it is still there.")
    else:
        click.echo(f"{root} dropped.")
