"""The head of a page: for chats that unfold its link, and for search engines.

It is put into finished HTML, so that it is there under every theme; what a theme has written itself
stays and is not repeated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape

_END = re.compile(r"[ \t]*</head\s*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Head:
    """The facts known of a page. Texts are HTML, as themes take them from the front matter."""

    title: str
    """Its title."""
    description: str
    """Its statement in a sentence or two; may be empty."""
    site_name: str
    """The name of the site."""
    url: str = ""
    """Its whole address; empty where it is not known."""
    home: bool = False
    """Whether it is the first page of the site."""
    feed: str = ""
    """The address of the feed; empty where there is none."""
    robots: str = ""
    """What search engines are asked for, such as ``noindex``; empty for nothing."""


def with_head(html: str, head: Head) -> str:
    """Write into a page what its head lacks.

    Args:
        html: The whole page.
        head: What is known of it.

    Returns:
        The page; unchanged where it has no head.
    """
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
    """Put a notice in front of everything that a page shows, whatever its theme.

    Args:
        html: The whole page.
        notice: Plain text; nothing is put in where it is empty.

    Returns:
        The page; unchanged where it has no body.
    """
    begin = _BODY.search(html) if notice else None
    if begin is None:
        return html
    shown = f'<pre class="ac-notice" role="alert">{escape(notice)}</pre>'
    return html[: begin.end()] + shown + html[begin.end() :]


def _tags(head: Head) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Each tag with the key that tells whether it is there already; values are escaped."""
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
        # The second word keeps Material from taking the feed for the site in another language: it
        # would ask the feed's host for a sitemap on every page.
        yield kind, "link", {"rel": "alternate feed", "type": kind, "title": name, "href": href}


def _attribute(text: str) -> str:
    """A text that is HTML, perhaps carelessly so, as the value of an attribute."""
    return escape(unescape(text))


_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"<(meta|link)\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
# Of each of these tags, the attributes that tell what it is.
_TELLING = {"meta": ("property", "name"), "link": ("rel", "type")}


def _found(head: str) -> set[str]:
    """Find which of these tags a head has."""
    found = set()
    for tag, attributes in _TAG.findall(_COMMENT.sub("", head)):
        for name, *values in _ATTRIBUTE.findall(attributes):
            if name.lower() in _TELLING[tag.lower()]:
                found.add("".join(values).lower())
    return found
