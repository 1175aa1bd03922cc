"""The head of a page, for link previews in chats and for search engines.

It is inserted into finished HTML, so that every theme has it. Tags that a theme has written itself
stay and are not repeated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape

_END = re.compile(r"[ \t]*</head\s*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Head:
    """The known facts about a page. Texts are HTML, as themes expect from the front matter."""

    title: str
    """Its title."""
    description: str
    """Its statement in a sentence or two; can be empty."""
    site_name: str
    """The name of the site."""
    url: str = ""
    """Its full address; empty if it is not known."""
    home: bool = False
    """True if it is the home page."""
    feed: str = ""
    """The address of the feed; empty if there is none."""
    robots: str = ""
    """The request to search engines, such as ``noindex``; empty for none."""


def with_head(html: str, head: Head) -> str:
    """Insert the tags that the head of a page lacks; a page without a head stays as it is."""
    end = _END.search(html)
    if end is None:
        return html
    there = _found(html[: end.start()])
    lines = [
        "<{} {}>\n".format(tag, " ".join(f'{name}="{value}"' for name, value in pairs.items()))
        for key, tag, pairs in _tags(head)
        if key not in there
    ]
    before = html[: end.start()]
    gap = "" if before.endswith("\n") else "\n"
    return before + gap + "".join(lines) + html[end.start() :]


_BODY = re.compile(r"<body\b(?:[^>\"']|\"[^\"]*\"|'[^']*')*>", re.IGNORECASE)


def with_notice(html: str, notice: str) -> str:
    """Insert a notice above everything else on a page, in any theme.

    The notice is plain text; if it is empty, or the page has no body, the page stays as it is.
    """
    begin = _BODY.search(html) if notice else None
    if begin is None:
        return html
    shown = f'<pre class="ac-notice" role="alert">{escape(notice)}</pre>'
    return html[: begin.end()] + shown + html[begin.end() :]


def _tags(head: Head) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield each tag with the key by which an existing one is found; values are escaped."""
    properties = {
        "og:title": head.title,
        "og:description": head.description,
        "og:type": "website" if head.home else "article",
        "og:url": head.url,
        "og:site_name": head.site_name,
    }
    for name, value in properties.items():
        if value:
            yield name, "meta", {"property": name, "content": _attribute(value)}
    if head.robots:
        yield "robots", "meta", {"name": "robots", "content": _attribute(head.robots)}
    if head.url:
        yield "canonical", "link", {"rel": "canonical", "href": _attribute(head.url)}
    if head.feed:
        kind = "application/atom+xml"
        name = _attribute(head.site_name)
        href = _attribute(head.feed)
        # The second word keeps Material from taking the feed for a translation of the site, for
        # which it would request a sitemap from the feed's host on every page.
        yield kind, "link", {"rel": "alternate feed", "type": kind, "title": name, "href": href}


def _attribute(text: str) -> str:
    """Escape a text that can already be HTML for an attribute."""
    return escape(unescape(text))


_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"<(meta|link)\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
# The attributes that identify each of these tags.
_TELLING = {"meta": ("property", "name"), "link": ("rel", "type")}


def _found(head: str) -> set[str]:
    """Return the keys of the tags that a head already has."""
    found = set()
    for tag, attributes in _TAG.findall(_COMMENT.sub("", head)):
        for name, *values in _ATTRIBUTE.findall(attributes):
            if name.lower() in _TELLING[tag.lower()]:
                found.add("".join(values).lower())
    return found
