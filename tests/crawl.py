"""Reads the pages of a built site, and checks its links."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from abicase.outputs.builtsite import BuiltSite
from abicase.outputs.inspection import inspect


@dataclass
class Document:
    """The content of a page of a built site."""

    ids: list[str]
    canonical: str
    title: str
    edit: str


def _read(html: str) -> Document:
    tree = LexborHTMLParser(html)

    def held(selector: str, attribute: str) -> list[str]:
        return [node.attributes[attribute] or "" for node in tree.css(selector)]

    return Document(
        ids=held("[id]", "id") + held("a[name]", "name"),
        canonical="".join(held("link[rel=canonical]", "href")),
        title="".join(node.text() for node in tree.css("head > title")),
        edit="".join(held("a.md-content__button[title*=Edit]", "href")),
    )


def read_site(site: Path) -> dict[str, Document]:
    """Return all pages of a built site, by their path in it."""
    return {
        path.relative_to(site).as_posix(): _read(path.read_text("utf-8"))
        for path in sorted(site.rglob("*.html"))
    }


def defects(site: Path) -> list[str]:
    """Return dead links and anchors, repeated ids, and files loaded from another host."""
    return [
        f"{problem.file}: {problem.message}"
        for problem in inspect(BuiltSite(site))
        if problem.code != "content-policy"
    ]
