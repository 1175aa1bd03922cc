"""The entries of a generated page in the search index of the Material theme.

The theme's own plugin parses every page anew for them; here they come from the pieces of which the
page was made. Marked with ``data-search-exclude``, an element is left out, as there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from html import escape, unescape

from abicase.finished import HELD, TAG

Entry = dict[str, str]
"""A section of a page: ``location``, ``title`` and ``text``."""

_LINE = re.compile(
    r"^#{1,6} (?P<title>.*?)[ ]*(?:\{[ ]*#(?P<id>[\w-]+)[^}\n]*\})?[ ]*$", re.MULTILINE
)
_EXCLUDED = "data-search-exclude"
_PARTS = re.compile(r"</?(?:div|p|li|ul|ol|t[dhr]|table|dt|dd|dl|summary|details|br)\b[^>]*>")
_MARKUP = re.compile(r"<[^>]*>")


def entries(url: str, markdown: str, held: tuple[str, ...]) -> list[Entry]:
    """The entries of a page.

    Args:
        url: The address of the page, from the root of the site.
        markdown: Its Markdown, from which finished HTML has been taken out.
        held: That HTML.

    Returns:
        An entry for each heading; that of the first stands for the page.
    """
    found: list[Entry] = []
    matches = list(_LINE.finditer(markdown))
    ends = [match.start() for match in matches[1:]] + [len(markdown)]
    for match, end in zip(matches, ends, strict=True):
        between = markdown[match.end() : end]
        text = HELD.sub(lambda held_at: _searched(held[int(held_at[1])]), between)
        location = f"{url}#{match['id']}" if found and match["id"] else url
        found.append({"location": location, "title": _plain(match["title"]), "text": _plain(text)})
    return found


def with_entries(index: str, more: Iterable[str]) -> str:
    """Add entries to a search index of the theme.

    Args:
        index: The index, as JSON.
        more: The entries of a page each, as JSON with commas between them.
    """
    there = json.loads(index)
    docs = [json.dumps(entry, separators=(",", ":")) for entry in there.pop("docs")]
    text = ",".join([*docs, *filter(None, more)])
    return json.dumps({**there, "docs": []}, separators=(",", ":"))[:-2] + f"{text}]}}"


def as_json(found: Iterable[Entry]) -> str:
    """Entries as JSON with commas between them."""
    return ",".join(json.dumps(entry, separators=(",", ":")) for entry in found)


def _plain(html: str) -> str:
    text = _MARKUP.sub("", _PARTS.sub(" ", html))
    return escape(unescape(" ".join(text.split())), quote=False)


def _searched(html: str) -> str:
    """A piece of HTML without the elements that are left out."""
    return "".join(_kept(html)) if _EXCLUDED in html else html


def _kept(html: str) -> Iterator[str]:
    begin = depth = outside = 0
    for match in TAG.finditer(html):
        depth += -1 if match[1] else 1
        if outside and depth < outside:
            begin, outside = match.end(), 0
        elif not outside and not match[1] and _EXCLUDED in match[0]:
            yield html[begin : match.start()]
            outside = depth
    if not outside:
        yield html[begin:]
