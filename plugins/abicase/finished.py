"""Keeps finished HTML out of Markdown's hands: it has nothing to convert there, and takes long.

A generated page is headings, and HTML between them. A short comment stands in for each piece of
HTML while the page goes through Markdown.
"""

from __future__ import annotations

import re

# Elements that Markdown passes on as they are when they begin a paragraph.
_NAMES = (
    *("article", "aside", "blockquote", "details", "div", "dl", "figure", "footer", "header"),
    *("main", "nav", "ol", "p", "pre", "section", "svg", "table", "ul"),
)
TAG = re.compile(rf"<(/?)(?:{'|'.join(_NAMES)})(?=[ >])[^>]*>")
"""A tag of an element that Markdown leaves alone."""
_AFTER = re.compile(r"\s*?(?:\n\s*\n|\n#|\Z)|\s*<")
HELD = re.compile(r"<!--abicase (\d+)-->")
"""Stands in for a piece of HTML."""
_ID = re.compile(r' id="([^"<>]+)"')


def hold(markdown: str) -> tuple[str, tuple[str, ...]]:
    """Take finished HTML out of a page.

    Args:
        markdown: The Markdown of a generated page, without its front matter.

    Returns:
        The page with a comment for each piece that was taken out, and the pieces. A page whose
        HTML is not whole, or wants Markdown inside, is left as it was.
    """
    pieces: list[tuple[int, int]] = []
    depth = begin = 0
    for match in TAG.finditer(markdown):
        if match[1]:
            depth -= 1
            if depth == 0:
                pieces.append((begin, match.end()))
        else:
            if depth == 0:
                begin = match.start()
            depth += 1
        if depth < 0:
            return markdown, ()
    if depth or " markdown" in markdown:
        return markdown, ()
    return _replaced(markdown, pieces)


def _replaced(markdown: str, pieces: list[tuple[int, int]]) -> tuple[str, tuple[str, ...]]:
    held: list[str] = []
    text: list[str] = []
    end = 0
    for start, stop in pieces:
        between = markdown[end:start]
        if held and not between.strip():  # one after the other: one piece
            held[-1] += between + markdown[start:stop]
        elif not between.endswith("\n\n") and between.strip():
            return markdown, ()  # it stands within a paragraph
        else:
            text.append(f"{between}<!--abicase {len(held)}-->\n")
            held.append(markdown[start:stop])
        end = stop
        if not _AFTER.match(markdown, stop):
            return markdown, ()
    text.append(markdown[end:])
    return "".join(text), tuple(held)


def put_back(html: str, held: tuple[str, ...]) -> str:
    """Put the pieces back that :func:`hold` has taken out, once the page has been converted."""
    return HELD.sub(lambda match: held[int(match[1])], html)


def anchors(held: tuple[str, ...]) -> set[str]:
    """The anchors in some pieces."""
    return {
        match[1]
        for piece in held
        for match in _ID.finditer(piece)
        # To look for tags first takes far longer than to see whether this is inside of one.
        if piece.rfind("<", 0, match.start()) > piece.rfind(">", 0, match.start())
    }
