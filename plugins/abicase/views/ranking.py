"""Ranking of items by the words of a query, in the terminal and, for lessons, in a browser.

Each item has a table of its words without their endings, each with a whole number as its weight.
The lessons page publishes the tables of the lessons. The site's script adds up the same numbers in
the same way, and a test checks that both give the same order.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from abicase.text.words import words

COLUMNS = {
    "keywords": 8.0,
    "title": 6.0,
    "name": 4.0,
    "applies": 10.0,
    "statement": 2.0,
    "text": 1.0,
    "source": 0.5,
}
"""The weight of a word, by its column."""

_SCALE = 10
_BEGINNING = 4
"""The minimum length of a word that also finds longer words, for a third of their weight."""

_ENDING = re.compile(r"^(.{3,}?)(ie[sd]|able|ing|ion|es|ed|y|e|s)$")
# The script has the same pattern. Words are not changed in any other way: "copies" matches "copy".

Table = Mapping[str, int]
"""The weight of each word of an item."""


def tables(texts: Sequence[Mapping[str, str]]) -> list[Table]:
    """Weigh the words of some items, given by their texts in each column, against each other.

    The weight of a word depends on its columns; a second use in a column counts half. The fewer
    items have the word, the more it counts.
    """
    weighed = [_weights(one) for one in texts]
    having = Counter(word for one in weighed for word in one)
    # Relative to the weight of a word that only one item has, so that sets of any size compare.
    whole = math.log(1 + len(weighed))
    rarity = {word: math.log(1 + len(weighed) / many) / whole for word, many in having.items()}
    return [
        {word: max(round(_SCALE * weight * rarity[word]), 1) for word, weight in one.items()}
        for one in weighed
    ]


def _weights(texts: Mapping[str, str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for column, weight in COLUMNS.items():
        for word, times in Counter(map(_stem, words(texts.get(column, "")))).items():
            found[word] = found.get(word, 0.0) + weight * min(1 + 0.5 * (times - 1), 2)
    return found


def asked(text: str) -> list[str]:
    """Return the words of a query in the form they have in tables, each once."""
    return list(dict.fromkeys(map(_stem, words(text))))


def _stem(word: str) -> str:
    return _ENDING.sub(r"\1", word)


def score(table: Table, query: Iterable[str]) -> list[int]:
    """Return the weight of each word of a query for an item; see :func:`total`."""
    return [_one(table, word) for word in query]


def total(scores: Sequence[int]) -> float:
    """Add up the scores of a query's words; if half of the words match, they count a quarter."""
    met = sum(one > 0 for one in scores)
    return sum(scores) * met * met / (len(scores) * len(scores)) if scores else 0.0


def _one(table: Table, word: str) -> int:
    whole = table.get(word, 0)
    if whole or len(word) < _BEGINNING:
        return whole
    return max((n for known, n in table.items() if known.startswith(word)), default=0) // 3
