"""Files for feed readers and search engines, dated by the records and never by the build.

Both name pages by full addresses, so they are only made if the site knows its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

from abicase.catalogue.model import Catalogue
from abicase.schema.addresses import Site, address_of
from abicase.schema.fields import Day
from abicase.schema.items import Item
from abicase.text.prose import convert

FEED = "feed.xml"
"""The place of the feed on the site."""
SITEMAP = "sitemap.xml"
"""The place of the sitemap on the site."""

_MOST = 50  # entries; readers fetch the whole file repeatedly


@dataclass(frozen=True, slots=True)
class Visit:
    """A page for the sitemap."""

    url: str
    """Its full address; empty if it has none."""
    front: Mapping[str, Any]
    """Its front matter."""
    dated: Day | None = None
    """The date of its content, if there is one."""

    def to_be_found(self) -> bool:
        """Return whether the site's search and others may find it."""
        search = self.front.get("search")
        repeats = isinstance(search, Mapping) and bool(search.get("exclude"))
        return not repeats and "noindex" not in str(self.front.get("robots") or "")


@dataclass(frozen=True, slots=True)
class _Entry:
    item: Item
    day: Day
    text: str


def _entries(catalogue: Catalogue) -> list[_Entry]:
    """Return the cases and the published lessons, the last changed first."""
    texts = {f"case/{case.id}": case.summary for case in catalogue.cases.values()}
    texts |= {f"lesson/{lesson.id}": lesson.do for lesson in catalogue.lessons.values()}
    found = [
        _Entry(catalogue.items[reference], day, text)
        for reference, text in texts.items()
        if (day := catalogue.dated(reference)) is not None
    ]
    found.sort(key=lambda entry: entry.item.reference)
    found.sort(key=lambda entry: entry.day.first, reverse=True)
    return found


def feed(catalogue: Catalogue, site: Site) -> str:
    """Return the Atom feed of new and changed cases and of new lessons.

    There has to be at least one case, and the address of the site has to be known.
    """
    entries = _entries(catalogue)
    # ElementTree's own namespaces would add a prefix to every name, or need a global table.
    root = ET.Element("feed", xmlns="http://www.w3.org/2005/Atom")
    _add(root, "title", catalogue.casebook.title)
    _add(root, "id", site.url + FEED)
    _add(root, "link", rel="self", type="application/atom+xml", href=site.url + FEED)
    _add(root, "link", rel="alternate", type="text/html", href=site.url)
    _add(root, "updated", _moment(entries[0].day))
    _add(_add(root, "author"), "name", catalogue.casebook.title)
    for one in entries[:_MOST]:
        url = site.address(address_of(one.item))
        entry = _add(root, "entry")
        _add(entry, "title", one.item.title)
        _add(entry, "id", url)
        _add(entry, "link", rel="alternate", type="text/html", href=url)
        _add(entry, "updated", _moment(one.day))
        published = catalogue.ledger.published(one.item.reference)
        if published is not None:
            _add(entry, "published", _moment(published))
        _add(entry, "category", term=one.item.kind)
        _add(entry, "summary", convert(one.text).plain)
    return _written(root)


def sitemap(visits: Iterable[Visit]) -> str:
    """Return the sitemap, as XML.

    MkDocs' own dates every page by the build, lists pages that are kept out of search, and fails
    if a date is only a month or a year. This one takes all pages, in any order, leaves out those
    that are not to be found, and gives no date for a page without a date of its content.
    """
    root = ET.Element("urlset", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
    found = [visit for visit in visits if visit.url and visit.to_be_found()]
    for visit in sorted(found, key=lambda visit: visit.url):
        entry = _add(root, "url")
        _add(entry, "loc", visit.url)
        if visit.dated:
            _add(entry, "lastmod", str(visit.dated))
    return _written(root)


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, name, attributes)
    element.text = text
    return element


def _moment(day: Day) -> str:
    """Return a date in Atom's format; a month or year is given as its first day."""
    return f"{day.first.isoformat()}T00:00:00Z"


def _written(root: ET.Element) -> str:
    ET.indent(root, " ")
    # To bytes first: for text it would declare the encoding of the machine's locale.
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written.decode("utf-8") + "\n"
