"""What a theme puts around pages that differ in nothing but a few texts: written once for all.

A theme takes longer to write its header and navigation around a page than the page takes. For pages
that lie side by side and have the same contents, all of that is the same. So it is written with
words that stand in for the texts of the page, and these are put in their place. A page is only
trusted to come out right if another one did, with the same unusual characters in its texts, of
which the theme made exactly what was put together here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field

Texts = Mapping[str, str]
"""The texts of a page that a theme shows, by the names in :data:`STAND_INS`."""

STAND_INS = {
    # A heading of the first level is in it, since themes look for one in the content.
    "content": "<h1 data-zqcontentzq></h1>",
    "title": "zqtitlezq",
    "heading": "zqheadingzq",
    "description": "zqdescriptionzq",
    "canonical": "https://zqcanonicalzq.example/",
    "edit": "https://zqeditzq.example/",
}
_STAND_IN = re.compile("|".join(f"(?P<{name}>{re.escape(s)})" for name, s in STAND_INS.items()))
# What a filter of a theme could make something else of: signs, and spaces that are not single.
_UNUSUAL = re.compile(r"[^\w ,.:;()/-]|\A | \Z|  ")
_FEWEST = 4
"""A frame costs as much as two pages or three."""


@dataclass(slots=True)
class _Frame:
    """The same for all pages of a kind: literal text and the names of texts, in turn."""

    parts: list[tuple[str, str]]
    right: bool = True
    """Whether it has been right so far."""
    proven: set[str] | None = None
    """The unusual characters with which it was; None as long as no page was compared."""

    def filled(self, texts: Texts) -> str:
        return "".join(part for text, name in self.parts for part in (text, texts.get(name, "")))


@dataclass(slots=True)
class Frames:
    """The frames of one build."""

    _counts: Counter[Hashable] = field(default_factory=Counter)
    _frames: dict[Hashable, _Frame] = field(default_factory=dict)

    def expect(self, kind: Hashable) -> None:
        """Count a page of a kind: pages of the same kind differ in nothing but their texts."""
        self._counts[kind] += 1

    def framed(self, kind: Hashable, texts: Texts, write: Callable[[Texts | None], str]) -> str:
        """A page as its theme writes it.

        Args:
            kind: The kind of page, as it was counted.
            texts: Its texts.
            write: Has the theme write the page, with other texts if it is given some.

        Returns:
            The whole page.
        """
        if self._counts[kind] < _FEWEST:
            return write(None)
        frame = self._frames.get(kind)
        if frame is None:
            self._frames[kind] = _cut(write(STAND_INS))
            return write(None)  # it would agree with the frame that was made of it
        unusual = {sign for name in texts if name != "content" for sign in _unusual(texts[name])}
        if frame.right and frame.proven is not None and unusual <= frame.proven:
            return frame.filled(texts)
        html = write(None)
        if frame.right:
            frame.right = frame.filled(texts) == html
            frame.proven = (frame.proven or set()) | unusual
        return html


def _unusual(text: str) -> list[str]:
    return _UNUSUAL.findall(text)


def _cut(html: str) -> _Frame:
    parts = []
    end = 0
    for match in _STAND_IN.finditer(html):
        parts.append((html[end : match.start()], str(match.lastgroup)))
        end = match.end()
    return _Frame([*parts, (html[end:], "")])
