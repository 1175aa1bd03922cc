"""``abicase find``."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from pathlib import Path

import click

from abicase.cli.ending import UNREAD, wrong_call
from abicase.cli.options import Command, published, records_option, site_url_option
from abicase.cli.records import sound_catalogue
from abicase.problems.suggestions import nearest


@click.command(cls=Command)
@click.argument("words", nargs=-1)
@click.option("--interface", "-i", default="", help="Only what is about this kind of interface.")
@click.option("--kind", "-k", "kinds", multiple=True, help="Only items of this kind; repeatable.")
@click.option(
    "--limit", "-n", type=click.IntRange(1), default=10, show_default=True, help="How many at most."
)
@click.option(
    "--format", "-f", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@site_url_option
@records_option
def find(
    words: tuple[str, ...],
    interface: str,
    kinds: tuple[str, ...],
    limit: int,
    form: str,
    site_url: str | None,
    records: Path | None,
) -> None:
    """Find items by WORDS, and print their addresses, best first.

    A word with a slash is a path of the source tree, or the beginning of one. A kind of interface
    finds the lessons that apply to it; --interface leaves out all else.

    Records with errors are left out, and named on stderr.

    Exit status: 0 when something was found, 1 when nothing was, 3 when nothing was but some
    records could not be read.
    """
    from abicase.views.search import FOUND, NoFullTextSearch, SearchIndex, as_json

    words = tuple(part for word in words for part in word.split())
    if not words and not interface:
        wrong_call("name some words, a path, or a kind of interface with --interface")
    for kind in kinds:
        if kind not in FOUND:
            hint = nearest(kind, FOUND) or f"there are {', '.join(FOUND)}"
            wrong_call(f"there is no kind {kind!r} ({hint})")
    catalogue, left_out = sound_catalogue(records)
    known = [one.id for one in catalogue.casebook.interfaces]
    if interface and interface not in known:
        hint = nearest(interface, known) or f"there are {', '.join(known)}"
        wrong_call(f"there is no kind of interface {interface!r} ({hint})")
    try:
        index = SearchIndex(catalogue)
    except NoFullTextSearch as error:
        click.echo(f"Error: {error}.", err=True)
        sys.exit(2)
    with closing(index):
        hits = index.find(words, kinds, interface)
    shown = hits[:limit]
    site = published(site_url, catalogue)
    addresses = {hit.item.reference: site.cited(hit.item) for hit in shown}
    if form == "json":
        click.echo(json.dumps(as_json(shown, addresses), indent=2))
    for hit in shown if form == "text" else ():
        click.echo(f"{hit.item.reference}\n  {hit.title}\n  {addresses[hit.item.reference]}")
    if len(hits) > len(shown):
        click.echo(f"{len(hits) - len(shown)} more; --limit shows them.", err=True)
    if not hits:
        hint = index.nearest(words) or "try fewer words, or one of the title"
        where = " in what could be read" if left_out.files else ""
        click.echo(f"Nothing found{where} ({hint}).", err=True)
        sys.exit(UNREAD if left_out.files else 1)
