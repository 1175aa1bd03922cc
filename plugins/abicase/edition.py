"""Editions: everything that a site shows, rendered from one reading of the records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import Any

import click

from abicase.catalogue.loading import load, load_sound
from abicase.catalogue.model import Catalogue
from abicase.incremental.cache import program, tree
from abicase.incremental.store import Store
from abicase.incremental.stored import StoredMemo
from abicase.incremental.tracking import Digests, Trace, traced
from abicase.memo import digest
from abicase.outputs.feeds import FEED
from abicase.outputs.files import Output, outputs
from abicase.problems.problem import Problem
from abicase.problems.reporters import as_text
from abicase.reference import reference
from abicase.render.handwritten import Expander
from abicase.render.headings import Headings
from abicase.render.navigation import MisplacedError, expanded, no_address_twice
from abicase.render.overrides import wrong_template
from abicase.render.renderer import Rendered, Renderer, TemplateProblem
from abicase.schema.addresses import Site, root_of_site, what_is_wrong
from abicase.source.reading import shown_path
from abicase.views.pages import pages


class EditionError(Exception):
    """An error in records, templates, pages or options; the message describes it."""

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = problems
        """The problems that the message lists."""


@dataclass(frozen=True, slots=True)
class Order:
    """The edition that a site generator asks for."""

    records: Path
    """The folder of records."""
    templates: Path | None
    """A folder whose templates replace those of the same name."""
    site: Site
    """The site on which they are published; if it has no address, the casebook may have one."""
    headings: Callable[[], Headings]
    """Creates the writer of a page's headings."""
    highlight: bool
    """True if code is marked for the colors of a theme, see :class:`Renderer`."""
    reference: click.Command | None = None
    """The command that the reference describes; None for no reference."""
    nav: Any = None
    """The navigation, in which sections of pages are named."""
    navigation_limit: int = 0
    """The maximum number of pages of a section that it lists."""
    docs: Path | None = None
    """The folder of hand-written pages, which is published as it is; None if there is none."""
    written: Mapping[str, Path] = field(default_factory=dict)
    """The files of hand-written pages, by their place below the folder of pages."""
    taken: Mapping[str, str] = field(default_factory=dict)
    """The files that the site already has, each with its origin."""
    drafts: bool = False
    """True to show drafts."""
    preview: bool = False
    """True for a live preview, which continues despite problems if possible."""


@dataclass(frozen=True, slots=True)
class Edition:
    """Pages and files, ready for a site generator."""

    catalogue: Catalogue
    """The records."""
    site: Site
    """The site on which it is published."""
    rendered: list[Rendered]
    """The pages."""
    outputs: list[Output]
    """The files next to them."""
    feed: str
    """The full address of the feed; empty if there is none."""
    expander: Expander
    """Expands hand-written pages."""
    nav: Any = None
    """The navigation, with the pages of each section."""
    notice: str = ""
    """The problems, if this is a preview that was made despite them."""
    told: frozenset[str] = frozenset()
    """The messages already reported on hand-written pages."""

    def expand(self, markdown: str, file: str, warn: Callable[[Problem], object]) -> str:
        """Expand a hand-written page, and warn of each problem that was not reported yet.

        ``file`` is the place of the page below the folder of pages.
        """
        page = self.expander.expand(markdown, file, file)
        for problem in page.problems:
            if problem.message not in self.told:
                warn(problem)
        return page.markdown


class Editions:
    """A producer of successive editions of the same records, which reuses earlier results."""

    def __init__(self, note: Callable[[str], None], cache: Callable[[], Path | None]) -> None:
        """Begin without an edition.

        Args:
            note: Receives messages that may be of interest.
            cache: Returns the cache folder, or None to keep nothing for the next run. It is called
                when a store is opened, because the host can reuse an instance for another site.
        """
        self._note = note
        self._cache = cache
        self._store: Store | None = None
        self._last: Edition | None = None
        self._lacks_some = False
        """True if records with errors were left out of the last edition."""

    def next(self, order: Order) -> Edition:
        """Read, check and render everything.

        A preview continues with the last good records, or starts with those that have no error, and
        its notice says so.

        Raises:
            EditionError: Something is wrong.
            OSError: A file can't be read.
        """
        notices = []
        try:
            self._last = self._made(order)
            self._lacks_some = False
            nav = _nav(self._last, order)
        except (EditionError, OSError) as error:
            if not order.preview:
                raise
            shown = "the last good records" if self._last else "the records without errors"
            notices.append(f"{error}\nThe preview shows {shown}.")
            if self._last is None:
                self._last = self._made(order, only_sound=True)
                self._lacks_some = True
            nav = _nav(self._last, order, lenient=True)
        found = self._last.expander.problems_of(order.written)
        if found and not order.preview:
            raise _listed(found)
        if found and not self._lacks_some:  # links to records that were left out are correct
            notices.append(str(_listed(found)))
        told = frozenset(problem.message for problem in found)
        return replace(self._last, nav=nav, notice="\n".join(notices), told=told)

    def save(self) -> None:
        """Save the results for the next run."""
        if self._store is not None:
            self._store.save()

    def close(self) -> None:
        """Close the store."""
        if self._store is not None:
            self._store.close()
            self._store = None

    def _made(self, order: Order, *, only_sound: bool = False) -> Edition:
        if order.docs and order.records.resolve() == order.docs.resolve():
            message = f"records: {shown_path(order.records)!r} is the folder of pages"
            hint = "which is published as it is, drafts included; give the records their own folder"
            raise EditionError(f"{message}, {hint}")
        for name, path in (("records", order.records), ("templates", order.templates)):
            if path is not None and not path.is_dir():
                hint = "begin with abicase new casebook TITLE" if name == "records" else "create it"
                raise EditionError(f"there is no folder of {name} {shown_path(path)!r} ({hint})")
        if order.templates and (wrong := wrong_template(order.templates)):
            raise EditionError(wrong)
        if self._store is None:
            self._store = Store(self._cache(), str(order.records.resolve()), self._note)
        catalogue = self._read(order, self._store, only_sound)
        try:
            return _rendered(order, catalogue, _site(order, catalogue), self._store, self._note)
        except TemplateProblem as problem:
            raise EditionError(str(problem)) from None

    def _read(self, order: Order, store: Store, only_sound: bool) -> Catalogue:
        memo = StoredMemo(store, program())
        if only_sound:
            catalogue, problems, _ = load_sound(order.records, drafts=True, memo=memo)
        else:
            catalogue, problems = load(order.records, drafts=order.drafts, memo=memo)
        for problem in problems:
            if problem.severity == "warning":
                self._note(str(problem))
        if catalogue is None:
            raise _listed(problems)
        return catalogue


def _listed(problems: Iterable[Problem]) -> EditionError:
    errors = sorted(problem for problem in problems if problem.severity == "error")
    number = f"{len(errors)} problem{'s' if len(errors) > 1 else ''}"
    return EditionError(f"{number}\n{as_text(errors)}", errors)


def _site(order: Order, catalogue: Catalogue) -> Site:
    """Return the requested site, if everything in the order about its address is valid."""
    site = order.site
    wrong = what_is_wrong(site.url) if site.url else ""
    if wrong and not order.preview:  # the address of a preview is the site generator's own
        raise EditionError(f"site_url: {wrong}")
    if wrong := site.wrong_option():
        raise EditionError(wrong)
    guide = site.dispute_guide.partition("#")[0]
    if guide and PurePath(guide).as_posix() not in order.taken.values():
        raise EditionError(f"dispute_guide: there is no page {guide!r}")
    return replace(site, url=root_of_site(site.url, catalogue.casebook.published_at))


def _nav(edition: Edition, order: Order, *, lenient: bool = False) -> Any:
    """Add the pages to the navigation, and check that each has its own address.

    If it is lenient, it leaves out a page whose address is taken, and a section that does not
    exist.
    """
    generated = [rendered.page for rendered in edition.rendered]
    try:
        if not lenient:
            no_address_twice(generated, edition.site, order.taken)
        return expanded(order.nav, generated, order.navigation_limit, lenient=lenient)
    except MisplacedError as problem:
        raise EditionError(str(problem)) from None


def _rendered(
    order: Order, catalogue: Catalogue, site: Site, store: Store, note: Callable[[str], None]
) -> Edition:
    """Render everything, reusing results from the store that are still valid."""
    templates = order.templates
    common = digest(
        program(),
        tree(templates) if templates else "",
        repr((site, order.headings, order.highlight)),
        _shared(order.records, catalogue),
    )
    trace = Trace()
    memo = StoredMemo(store, common, trace, Digests(catalogue))
    noting = traced(catalogue, trace)
    headings, highlight = order.headings, order.highlight
    renderer = Renderer(noting, templates, site, headings, memo, highlight=highlight)
    chosen = list(pages(catalogue))
    if order.reference:
        chosen += reference(catalogue, order.reference)
    # Before the pages, so that a page is kept if its replies come out the same.
    beside = list(outputs(noting, renderer, memo))
    rendered = [renderer.page(page) for page in chosen]
    kept = sum(f"page/{page.file}" in memo.kept for page in chosen)
    note(f"{kept} of {len(chosen)} pages are unchanged since the last build")
    feed = site.url + FEED if any(one.file == FEED for one in beside) else ""
    return Edition(catalogue, site, rendered, beside, feed, Expander(catalogue, renderer))


def _shared(root: Path, catalogue: Catalogue) -> str:
    """Return a digest of the inputs of every page: files next to the records, repositories."""
    # A preview leaves a ledger with errors out.
    parts: list[str | bytes] = [repr(catalogue.ledger)]
    for path in sorted(root.iterdir()):
        if path.is_file():
            parts += [path.name, path.read_bytes()]
    for id_ in catalogue.repositories:
        parts += [id_, catalogue.digests[f"repository/{id_}"]]
    return digest(*parts)
