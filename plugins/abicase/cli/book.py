"""The casebook that a command searches and cites: from records, or from a published site."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property, partial
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from abicase.cli import settings
from abicase.cli.ending import wrong_call
from abicase.cli.records import found_records, opened, records_root, sound_catalogue
from abicase.problems.problem import CASEBOOK_FILE

if TYPE_CHECKING:
    from abicase.catalogue.loading import LeftOut
    from abicase.catalogue.model import Catalogue
    from abicase.outputs.published import PublishedBook
    from abicase.render.renderer import Renderer, ReplyForm
    from abicase.schema.items import Item
    from abicase.views.search import Findable
    from abicase.views.signs import SignedLesson

_ABOUT_RECORDS = {"records": "--records", "site_url": "--site-url", "templates": "--templates"}


class Unreadable(click.ClickException):
    """A site that can't be read; the message says why."""

    exit_code = 2


@dataclass(frozen=True)
class RecordsBook:
    """A casebook that is read from records."""

    catalogue: Catalogue
    url: str
    templates: Path | None

    @property
    def interfaces(self) -> Sequence[str]:
        """Return the ids of the kinds of interface."""
        return [one.id for one in self.catalogue.casebook.interfaces]

    @property
    def items(self) -> Mapping[str, Item]:
        """Return the items, by reference."""
        return self.catalogue.items

    @property
    def findable(self) -> Sequence[Findable]:
        """Return the items that can be found."""
        from abicase.views.search import findable

        return findable(self.catalogue)

    @property
    def signed_lessons(self) -> Iterable[SignedLesson]:
        """Return the lessons with signs, or with tools that check them."""
        from abicase.schema.addresses import Site
        from abicase.views.signs import signed_lessons

        return signed_lessons(self.catalogue, Site(self.url))

    def address(self, reference: str) -> str:
        """Return the address for citing an item."""
        from abicase.schema.addresses import Site

        return Site(self.url).cited(self.items[reference])

    def reply(self, item: Item, form: ReplyForm) -> str:
        """Return the reply for an item.

        Raises:
            TemplateProblem: Its template is missing or wrong.
        """
        return self._renderer.reply(item, form)

    @cached_property
    def _renderer(self) -> Renderer:
        from abicase.render.renderer import Renderer
        from abicase.schema.addresses import Site

        return Renderer(self.catalogue, self.templates, Site(self.url))


def open_book(
    site: str | None, records: Path | None, site_url: str | None, templates: Path | None = None
) -> tuple[RecordsBook | PublishedBook, LeftOut]:
    """Open the requested casebook: a named site, or otherwise the records.

    Without records, the site named in the user's settings is used. The site in a repository's
    settings is ignored, because a stranger may have written them.

    Args:
        site: The site to read instead of records.
        records: The folder of records.
        site_url: The address at which the site of the records is published.
        templates: The folder of replacement templates.

    Returns:
        The casebook, and the parts of it that could not be read.
    """
    from abicase.catalogue.loading import LeftOut
    from abicase.schema.addresses import root_of_site

    if not site and found_records(records, ()) is None:
        site = _site_of_settings()
    if site:
        context = click.get_current_context()
        for name, option in _ABOUT_RECORDS.items():
            if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
                wrong_call(f"{option} is for records, but the site {site} is read")
        return _fetched(root_of_site(site)), LeftOut()
    root = records_root(records, ())
    _tell_whose(root, records)
    catalogue, left_out = sound_catalogue(root)
    url = root_of_site(site_url, catalogue.casebook.published_at, settings.site_of(root))
    return RecordsBook(catalogue, url, templates), left_out


def _tell_whose(root: Path, records: Path | None) -> None:
    """Say on stderr if records in the working folder take precedence over those of the settings.

    A cloned repository can contain records, and citations from them end up in mails.
    """
    from abicase.source.reading import shown_path

    own = settings.of_user()
    named = records is not None or settings.records_variable() is not None
    same = own.records is not None and Path(own.records.value).resolve() == root.resolve()
    if (own.records or own.site) and not named and not same:
        place = shown_path(root)
        click.echo(f"Read from {place}, which takes precedence over your own settings.", err=True)


def tell_without_address(book: RecordsBook | PublishedBook, *, required: bool = False) -> None:
    """Say how to set the site's address if it is unknown; exit with 1 if it is required."""
    if book.url:
        return
    hint = (
        f"set SITE_URL, use --site-url, set published_at in {CASEBOOK_FILE}, or name records and"
        " site together in your settings"
    )
    done = "Nothing is printed" if required else "Addresses are relative to the root of the site"
    click.echo(f"{done}, because its address is unknown: {hint}.", err=True)
    if required:
        sys.exit(1)


def _site_of_settings() -> str:
    """Return the site to read if there are no records; empty if none is named."""
    if own := settings.of_user().site:
        return own.value
    if named := settings.of_repository().site:
        wrong_call(
            f"no folder of records found; {named.place} names a site, which is read only with"
            f" --site {named.value}, or if your own settings name it"
        )
    return ""


def _fetched(url: str) -> PublishedBook:
    from abicase.incremental import copies
    from abicase.outputs import published
    from abicase.provenance.web import NoAnswer

    address = url + published.FILE
    with closing(opened(address)) as store:
        try:
            fetched = copies.fetch(address, store, partial(published.read, at=url))
        except NoAnswer as problem:
            missing = problem.status == HTTPStatus.NOT_FOUND
            hint = f" (is {url} the root of a casebook?)" if missing else ""
            raise Unreadable(f"{address} can't be read: {problem}{hint}") from None
    if fetched.problem:
        click.echo(
            f"{address} can't be read ({fetched.problem}); this is its state of {fetched.seen}.",
            err=True,
        )
    return fetched.value
