"""The terms of a casebook's glossary in converted texts: the first use on a page is marked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import escape

from abicase.records import Term

_TAG = re.compile(r"(<[^>]*>)")
_CLOSED = ("a", "code", "abbr")  # inside these nothing is marked


class Glossary:
    """Finds terms in converted texts."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._terms = {escape(term.term): term for term in terms}
        longest_first = sorted(self._terms, key=lambda term: (-len(term), term))
        words = "|".join(re.escape(term) for term in longest_first)
        self._pattern = re.compile(rf"(?<![\w/.-])({words})(?=s?(?![\w/-]))") if words else None

    def mark(self, html: str, seen: set[str], link: Callable[[Term, str], str]) -> str:
        """Mark the terms in a text that have not been used before.

        Args:
            html: A converted text: well-formed, and with nothing in it but the converter's tags.
            seen: The ids of the terms that the page has used; those found are added.
            link: Takes a term and the word as it stands in the text, and gives HTML for it.

        Returns:
            The text with each new term replaced once.
        """
        if self._pattern is None or len(seen) == len(self._terms):
            return html
        if not any(self._terms[match[1]].id not in seen for match in self._pattern.finditer(html)):
            return html

        def replace(match: re.Match[str]) -> str:
            term = self._terms[match[1]]
            if term.id in seen:
                return match[0]
            seen.add(term.id)
            return link(term, match[0])

        depth, parts = 0, []
        for part in _TAG.split(html):
            name = part[1:-1].lstrip("/").partition(" ")[0] if part.startswith("<") else ""
            if name in _CLOSED:
                depth += -1 if part.startswith("</") else 1
            plain = not name and not depth
            parts.append(self._pattern.sub(replace, part) if plain else part)
        return "".join(parts)
