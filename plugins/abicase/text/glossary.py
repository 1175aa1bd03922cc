"""Marks for the terms of a casebook's glossary in converted texts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from html import escape

from abicase.schema.casebook import Term
from abicase.text.prose import open_term

_TAG = re.compile(r"(<[^>]*>)")
_CLOSED = ("a", "code", "abbr")  # nothing is marked inside these
_MOST_KEPT = 2_000  # pages that show the same text are mostly rendered in a row


class Glossary:
    """A finder of terms in converted texts."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._ids = {escape(term.term): term.id for term in terms}
        self.mark = lru_cache(_MOST_KEPT)(self._marked)
        """Marks the terms in a converted text, as :func:`abicase.text.prose.open_term` does.

        The text must be well-formed HTML with only the tags that the converter writes.
        """
        longest_first = sorted(self._ids, key=lambda term: (-len(term), term))
        words = "|".join(re.escape(term) for term in longest_first)
        self._pattern = re.compile(rf"(?<![\w/.-])({words})(?=s?(?![\w/-]))") if words else None

    def _marked(self, html: str) -> str:
        if self._pattern is None or self._pattern.search(html) is None:
            return html
        depth, parts = 0, []
        for part in _TAG.split(html):
            name = part[1:-1].lstrip("/").partition(" ")[0] if part.startswith("<") else ""
            if name in _CLOSED:
                depth += -1 if part.startswith("</") else 1
            plain = not name and not depth
            parts.append(self._pattern.sub(self._opened, part) if plain else part)
        return "".join(parts)

    def _opened(self, match: re.Match[str]) -> str:
        return open_term(self._ids[match[1]], match[0])
