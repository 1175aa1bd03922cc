"""``abicase cite``."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from abicase.cli.book import open_book, tell_without_address
from abicase.cli.completing import complete_references
from abicase.cli.ending import UNREAD, stop, wrong_call
from abicase.cli.options import (
    Command,
    records_option,
    site_option,
    site_url_option,
    templates_option,
)
from abicase.problems.problem import Problem
from abicase.problems.suggestions import nearest_reference

if TYPE_CHECKING:
    from abicase.catalogue.loading import LeftOut
    from abicase.render.renderer import ReplyForm
    from abicase.schema.items import Item


@click.command(cls=Command)
@click.argument(
    "items", nargs=-1, required=True, metavar="ITEM...", shell_complete=complete_references
)
@click.option(
    "--format",
    "-f",
    "form",
    type=click.Choice(["mail", "markdown", "link"]),
    default="mail",
    show_default=True,
    help="Plain text for a mail, Markdown for a comment on the web, or only the address.",
)
@click.option("--require-address", is_flag=True, help="Fail if the site's address is unknown.")
@site_option
@site_url_option
@records_option
@templates_option
def cite(
    items: tuple[str, ...],
    form: ReplyForm,
    require_address: bool,
    site: str | None,
    site_url: str | None,
    records: Path | None,
    templates: Path | None,
) -> None:
    """Print a reply for a review: a statement, its evidence, and its address.

    ITEM is a reference such as lesson/some-lesson or case/some-case#some-event, an id that only
    one item has, or the address of a page of the site.

    With --site no records are needed, as with abicase find. Records with errors are left out and
    named on stderr.

    Only the reply goes to stdout; all messages go to stderr.

    Exit status: 0 when every ITEM was printed, 1 when --require-address found no address, 2 when
    there is no such ITEM, 3 when one could not be read.
    """
    from abicase.render.renderer import TemplateProblem

    book, left_out = open_book(site, records, site_url, templates)
    found = [_meant(book.items, text, left_out) for text in items]
    wanted = [item for item in found if item is not None]
    tell_without_address(book, required=require_address)
    try:
        texts = [book.reply(item, form) for item in wanted]
    except TemplateProblem as problem:
        stop([Problem("templates", 1, 1, "template", "", str(problem))])
    click.echo(("" if form == "link" else "\n").join(texts), nl=False)
    if len(wanted) < len(found):
        sys.exit(UNREAD)


def _meant(items: Mapping[str, Item], text: str, left_out: LeftOut) -> Item | None:
    """Return the named item; None, with a message on stderr, if it could not be read."""
    from abicase.schema.addresses import places
    from abicase.views.replies import CITED

    citable = {ref: item for ref, item in items.items() if item.kind in CITED}
    found = citable.get(text)
    if found is None and text in items:
        wrong_call(f"there is no reply for {text!r}: only {', '.join(CITED)} have one")
    if found is None and ("://" in text or text.startswith("/")):
        path = text.partition("://")[2].partition("/")[2] if "://" in text else text.lstrip("/")
        known = places(citable.values())
        # The site may be below the root of its host, so the end of the address is compared.
        while found is None and path:
            found = known.get(path)
            path = path.partition("/")[2]
        if found is None:
            wrong_call(f"there is no item at {text!r}")
    if found is None:
        same = [item for item in citable.values() if item.id == text]
        if len(same) > 1:
            choice = ", ".join(sorted(item.reference for item in same))
            wrong_call(f"{text!r} is the id of more than one item: {choice}")
        found = same[0] if same else None
    if found is None and left_out.holds(text):
        click.echo(f"{text!r} could not be read; it or an item it names has errors.", err=True)
        return None
    if found is None:
        hint = nearest_reference(text, citable) or "abicase find searches by words"
        wrong_call(f"there is no item {text!r} ({hint})")
    return found
