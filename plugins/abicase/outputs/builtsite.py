"""A built site, read as files, whatever built it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path

_LOADED = {"embed": "src", "iframe": "src", "img": "src", "object": "data", "script": "src"} | {
    "audio": "src",
    "source": "src",
    "video": "src",
}
"""The attribute of each element whose address a browser fetches by itself."""
_LOADED_RELATIONS = ("stylesheet", "icon", "preload", "preconnect", "manifest")
"""The relations of a ``link`` whose address a browser fetches by itself."""
_DATA_TYPES = ("application/json", "application/ld+json")
"""The types of scripts that are data and run nothing."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A value in a page, with its line and column, both counted from 1."""

    value: str
    line: int
    column: int


@dataclass
class BuiltPage:
    """The contents of a page of a built site that matter to checks and headers."""

    ids: list[Mention] = field(default_factory=list)
    """Its anchors: ids, and names of links."""
    links: list[Mention] = field(default_factory=list)
    """The addresses that its links lead to, as they are written."""
    loads: list[Mention] = field(default_factory=list)
    """The addresses that a browser fetches by itself."""
    code_attributes: list[Mention] = field(default_factory=list)
    """Attributes with styles or scripts, such as ``style=``."""
    inline: dict[str, set[str]] = field(default_factory=lambda: {"script": set(), "style": set()})
    """The contents of its own scripts and styles."""
    hidden: bool = False
    """True if it asks search engines not to list it."""
    texts: list[str] = field(default_factory=list)

    @cached_property
    def anchors(self) -> frozenset[str]:
        """The values of its anchors."""
        return frozenset(mention.value for mention in self.ids)


class BuiltSite:
    """The pages of a built site, each read once and only when it is needed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pages: dict[str, BuiltPage] = {}

    def page(self, file: str) -> BuiltPage | None:
        """Return a page by its file, relative to the site; None if there is none."""
        try:
            return self._read(file)
        except OSError:
            return None

    def pages(self) -> Iterator[tuple[str, BuiltPage]]:
        """Yield all pages with their files, in the order of their files.

        Raises:
            OSError: A folder or a page cannot be read.
        """
        for path in sorted(self.folder.rglob("*.html")):
            file = path.relative_to(self.folder).as_posix()
            yield file, self._read(file)

    def _read(self, file: str) -> BuiltPage:
        if file not in self._pages:
            reader = _PageReader()
            reader.feed((self.folder / file).read_text(encoding="utf-8", errors="replace"))
            reader.close()
            self._pages[file] = reader.page
        return self._pages[file]


class _PageReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = BuiltPage()
        self._code: list[str] | None = None
        """The parts of the script or style that is being read."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        page = self.page
        values = {name: value or "" for name, value in attrs}
        line, offset = self.getpos()

        def mentions(texts: Iterable[str]) -> list[Mention]:
            return [Mention(text, line, offset + 1) for text in texts if text]

        anchors = {values.get("id", ""), values.get("name", "") if tag == "a" else ""}
        page.ids += mentions(sorted(anchors))
        if tag == "a" and "href" in values:
            page.links.append(Mention(values["href"], line, offset + 1))
        if tag == "link" and values.get("rel") in _LOADED_RELATIONS:
            page.loads += mentions([values.get("href", "")])
        page.loads += mentions([values.get(_LOADED.get(tag, ""), "")])
        page.code_attributes += mentions(
            f"{name}=" for name in values if name == "style" or name.startswith("on")
        )
        if tag == "meta" and values.get("name", "").lower() == "robots":
            page.hidden |= "noindex" in values.get("content", "").lower()
        if tag in page.inline and "src" not in values and values.get("type") not in _DATA_TYPES:
            self._code = []

    def handle_data(self, data: str) -> None:
        self.page.texts.append(data)
        if self._code is not None:
            self._code.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.page.inline and self._code is not None:
            self.page.inline[tag].add("".join(self._code))
            self._code = None
