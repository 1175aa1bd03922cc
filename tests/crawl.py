"""A crawler of a built site's files: every internal link and anchor, and requests to other hosts."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

LOADS = {
    ("script", "src"),
    ("img", "src"),
    ("iframe", "src"),
    ("source", "src"),
    ("video", "src"),
    ("audio", "src"),
    ("embed", "src"),
    ("object", "data"),
}
"""Attributes that a browser fetches by itself; links are only followed by people."""


BELOW = "/sub/"
"""Where on its host a site stands; a relative link must not lead out of it."""


@dataclass
class Document:
    """The content of a page of a built site."""

    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    canonical: str = ""
    title: str = ""
    edit: str = ""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.document = Document()
        self.in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if "id" in values:
            self.document.ids.append(values["id"])
        if tag == "a" and "name" in values and values["name"] != values.get("id"):
            self.document.ids.append(values["name"])
        if tag == "a" and "href" in values:
            self.document.links.append(values["href"])
            if "md-content__button" in values.get("class", "") and "Edit" in values.get(
                "title", ""
            ):
                self.document.edit = values["href"]
        if tag == "link" and "href" in values:
            rel = values.get("rel", "")
            if rel == "canonical":
                self.document.canonical = values["href"]
            elif rel in ("stylesheet", "icon", "preload", "preconnect", "manifest"):
                self.document.loads.append(values["href"])
        for name in ("src", "data"):
            if (tag, name) in LOADS and name in values:
                self.document.loads.append(values[name])
        self.in_title = tag == "title"

    def handle_data(self, data: str) -> None:
        if self.in_title:
            self.document.title += data


def _foreign(address: str) -> bool:
    parts = urlsplit(address)
    return bool(parts.netloc) or parts.scheme not in ("", "data")


def read_site(site: Path) -> dict[str, Document]:
    """Read all pages of a built site, by their path in it."""
    documents = {}
    for path in sorted(site.rglob("*.html")):
        reader = _Reader()
        reader.feed(path.read_text(encoding="utf-8"))
        documents[path.relative_to(site).as_posix()] = reader.document
    return documents


def defects(site: Path) -> list[str]:
    """Find broken links and anchors, repeated ids, and anything loaded from another host."""
    documents = read_site(site)
    found = []
    for name, document in documents.items():
        if name == "404.html":
            continue  # its links are absolute: it is served at any address
        twice = {id_ for id_ in document.ids if document.ids.count(id_) > 1}
        found += [f"{name}: the id {id_!r} is there twice" for id_ in sorted(twice)]
        found += [f"{name}: loads {load}" for load in document.loads if _foreign(load)]
        for link in document.links + document.loads:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            address = urlsplit(urljoin(BELOW + name, link))
            if not address.path.startswith(BELOW):
                found.append(f"{name}: {link} leads out of the site")
                continue
            anchor = address.fragment
            target = unquote(address.path).removeprefix(BELOW)
            if target == "" or target.endswith("/"):
                target += "index.html"
            if not (site / target).is_file():
                found.append(f"{name}: {link} leads to nothing")
            elif anchor and target in documents and unquote(anchor) not in documents[target].ids:
                found.append(f"{name}: {link} has no such anchor")
    return found
