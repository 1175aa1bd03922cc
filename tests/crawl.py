"""Reads the pages of a built site, and checks its links."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from abicase.outputs.builtsite import BuiltSite
from abicase.outputs.inspection import inspect


@dataclass
class Document:
    """The content of a page of a built site."""

    ids: list[str] = field(default_factory=list)
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
        is_button = "md-content__button" in values.get("class", "")
        if tag == "a" and is_button and "Edit" in values.get("title", ""):
            self.document.edit = values["href"]
        if tag == "link" and values.get("rel") == "canonical":
            self.document.canonical = values["href"]
        self.in_title = tag == "title"

    def handle_data(self, data: str) -> None:
        if self.in_title:
            self.document.title += data


def read_site(site: Path) -> dict[str, Document]:
    """Return all pages of a built site, by their path in it."""
    documents = {}
    for path in sorted(site.rglob("*.html")):
        reader = _Reader()
        reader.feed(path.read_text(encoding="utf-8"))
        documents[path.relative_to(site).as_posix()] = reader.document
    return documents


def defects(site: Path) -> list[str]:
    """Return dead links and anchors, repeated ids, and files loaded from another host."""
    return [
        f"{problem.file}: {problem.message}"
        for problem in inspect(BuiltSite(site))
        if problem.code != "content-policy"
    ]
