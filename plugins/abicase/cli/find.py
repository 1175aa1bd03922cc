"""``abicase find``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from abicase.cli.book import open_book, tell_without_address
from abicase.cli.ending import UNREAD, wrong_call
from abicase.cli.options import Command, records_option, site_option, site_url_option
from abicase.cli.records import known_word
from abicase.source.folders import from_root_of_tree


@click.command(cls=Command)
@click.argument("words", nargs=-1)
@click.option("--interface", "-i", default="", help="Only items about this kind of interface.")
@click.option("--kind", "-k", "kinds", multiple=True, help="Only items of this kind; repeatable.")
@click.option(
    "--limit", "-n", type=click.IntRange(1), default=10, show_default=True, help="Maximum number."
)
@click.option(
    "--format", "-f", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@site_option
@site_url_option
@records_option
def find(
    words: tuple[str, ...],
    interface: str,
    kinds: tuple[str, ...],
    limit: int,
    form: str,
    site: str | None,
    site_url: str | None,
    records: Path | None,
) -> None:
    """Find items by WORDS, and print their addresses, best first.

    A word with a slash is a path in the source tree, or the beginning of one, relative to the root
    of the tree; in a git work tree, ./FILE, ../FILE and absolute paths work too. A kind of
    interface finds the lessons that apply to it; --interface leaves out everything else.

    With --site no records are needed: the published data is fetched, and cached in the user's
    cache folder for use without a network. Records with errors are left out and named on
    stderr.

    Exit status: 0 when something was found, 1 when nothing was, 2 when the site could not be read,
    3 when nothing was found but some records could not be read.
    """
    from abicase.views.search import FOUND, SearchIndex, as_json

    words = tuple(
        from_root_of_tree(part, Path.cwd()) if "/" in part else part
        for word in words
        for part in word.split()
    )
    if not words and not interface:
        wrong_call("name some words, a path, or a kind of interface with --interface")
    for kind in kinds:
        known_word(kind, "kind", FOUND)
    book, left_out = open_book(site, records, site_url)
    if interface:
        known_word(interface, "kind of interface", book.interfaces)
    index = SearchIndex(book.findable)
    hits = index.find(words, kinds, interface)
    shown = hits[:limit]
    if shown:
        tell_without_address(book)
    addresses = {hit.item.reference: book.address(hit.item.reference) for hit in shown}
    if form == "json":
        click.echo(json.dumps(as_json(shown, addresses), indent=2))
    for hit in shown if form == "text" else ():
        click.echo(f"{hit.item.reference}\n  {hit.item.title}\n  {addresses[hit.item.reference]}")
    if len(hits) > len(shown):
        click.echo(f"{len(hits) - len(shown)} more; --limit shows them.", err=True)
    if not hits:
        hint = index.nearest(words) or "try fewer words, or one from the title"
        where = " in the readable records" if left_out.files else ""
        click.echo(f"Nothing found{where} ({hint}).", err=True)
        sys.exit(UNREAD if left_out.files else 1)
