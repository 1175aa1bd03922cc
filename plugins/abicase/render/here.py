"""The context of one page: addresses relative to it, its headings, and its texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup, escape

from abicase.catalogue.model import Catalogue, NamedCase
from abicase.ledger.ledger import Fate
from abicase.render.headings import Headings
from abicase.schema.addresses import (
    Address,
    Site,
    address_of,
    relative,
    relative_address,
    reply_file,
)
from abicase.schema.case import Case
from abicase.schema.casebook import Term
from abicase.schema.items import short_of
from abicase.text.prose import closed, convert, owned


class Here:
    """The context that depends on the page that is rendered; ``here`` in templates."""

    def __init__(
        self,
        catalogue: Catalogue,
        finish: Callable[[str], str],
        file: str,
        site: Site,
        headings: Headings,
    ) -> None:
        """Begin a page.

        Args:
            catalogue: The records.
            finish: Takes a converted text, and returns it in the form that all pages show.
            file: The Markdown file of the page.
            site: Where the pages will be published.
            headings: Writes the headings.
        """
        self._catalogue = catalogue
        self._finish = finish
        self._file = file
        self._site = site
        self._headings = headings
        self._form = {"directories": site.directories, "from_file": site.links_from_files}
        self._addresses: dict[str, Markup] = {}
        self._cases: dict[str, str] = {}  # the addresses of the cases, without a part
        # The ledger has the addresses in the form in which they were published.
        self._forms = [Address(file).url(directories=form) for form in (True, False)]
        retired = catalogue.ledger.retired
        self._retired = [fate for form in self._forms for fate in retired.get(form, ())]

    def _relative(self, target: Address) -> str:
        return relative(target, self._file, **self._form)

    def href(self, reference: str) -> Markup:
        """Return the address of an item, relative to this page."""
        known = self._addresses.get(reference)
        if known is None:
            target = self._relative(address_of(self._catalogue.items[reference]))
            # It consists of ids and quoted paths, so there is nothing to escape.
            known = self._addresses[reference] = Markup(target)  # noqa: S704
        return known

    def part(self, case: Case | NamedCase, part: str) -> Markup:
        """Return the address of a part of a case, named by its id, relative to this page."""
        whole = self._cases.get(case.id)
        if whole is None:
            page = address_of(self._catalogue.items[f"case/{case.id}"]).page
            whole = "" if page == self._file else self.href(f"case/{case.id}")
            self._cases[case.id] = whole
        return Markup(f"{whole}#{part}")  # noqa: S704 - as above

    def permalink(self, reference: str) -> str:
        """Return the full address of an item; empty if the site does not know its own."""
        address = self._site.address(address_of(self._catalogue.items[reference]))
        return address if self._site.url else ""

    def page(self, file: str, anchor: str = "") -> str:
        """Return the address of a page, named by its Markdown file, relative to this page."""
        return self._relative(Address(file, anchor))

    def goal(self, file: str) -> str:
        """Return the address of a page for a form, which is always relative to this page's."""
        return relative(Address(file), self._file, directories=self._site.directories)

    def reply_file(self, reference: str) -> str:
        """Return the address of the file with an item's reply, relative to this page."""
        return self.place(reply_file(self._catalogue.items[reference]))

    def short_path(self, reference: str) -> str:
        """Return the short address of an item from the site's root; empty if it has none."""
        short = short_of(reference)
        return f"/{short}/" if short else ""

    def place(self, address: str) -> str:
        """Return an address that the ledger gives from the site's root, relative to this page."""
        return relative_address(address, self._file, **self._form)

    def canonical(self, reference: str) -> str:
        """Return the full address of an item's page, relative if the site's is not known."""
        page = Address(address_of(self._catalogue.items[reference]).page)
        return self._site.address(page) if self._site.url else self._relative(page)

    def former(self, reference: str) -> list[str]:
        """Return the former anchors on this page of an item that is still on it."""
        return [
            fate.anchor
            for fate in self._retired
            if fate.state == "moved" and fate.to == (reference,) and self._stayed(fate)
        ]

    def gone(self) -> list[Fate]:
        """Return the fates of items that had an anchor on this page and are no longer on it."""
        return [fate for fate in self._retired if fate.anchor and not self._stayed(fate)]

    def reworded(self) -> list[str]:
        """Return the items on this page that were reworded since they were published."""
        ledger = self._catalogue.ledger
        return [reference for form in self._forms for reference in ledger.reworded_on(form)]

    def _stayed(self, fate: Fate) -> bool:
        if fate.state != "moved":
            return False
        return address_of(self._catalogue.items[fate.to[0]]).page == self._file

    def heading(self, level: int, text: object, id_: str, attributes: Sequence[str] = ()) -> Markup:
        """Write a heading with its anchor, and with attributes that have no value.

        It is Markdown or HTML, as the site generator needs it, and is on a line by itself.
        """
        return self._headings.write(level, text, id_, tuple(attributes))

    @property
    def foldable(self) -> bool:
        """Return whether headings can be inside ``details``, which Markdown does not allow."""
        return self._headings.foldable

    def plain(self, text: str) -> str:
        """Return a text of a record without its markup."""
        return convert(text).plain

    def prose(self, text: str, owner: str) -> Markup:
        """Return a text of a record as HTML; links and terms are open until the page is complete.

        Args:
            text: Markdown.
            owner: The reference of the record, for links to its own parts (``#part``).
        """
        html = self._finish(convert(text).html)
        return Markup(owned(html, owner))  # noqa: S704 - all tags in it are those of convert

    def whole(self, text: str) -> str:
        """Fill in the links and terms that prose left open, at the end and not in templates."""
        return closed(text, self.href, self._term)

    def _term(self, id_: str, word: str) -> str:
        term: Term = self._catalogue.items[f"term/{id_}"].value
        href = self.href(f"term/{id_}")
        return f'<a class="ac-term" href="{href}" title="{escape(term.means)}">{word}</a>'
