"""Ranks items by the words of a query, in the terminal and, for lessons, in a browser.

Each item has a table: its words without their endings, each with a whole number that says how much
it counts there. The page of the lessons publishes their tables; the script of the site adds up the
same numbers in the same way, and a test holds both to one order.
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
"""How much a word counts, by the column it stands in."""

_SCALE = 10
_BEGINNING = 4
"""A word of as many letters also finds what begins with it, for a third of its number."""

_ENDING = re.compile(r"^(.{3,}?)(ie[sd]|able|ing|ion|es|ed|y|e|s)$")
# The script has the same pattern, and nothing else is done to a word: "copies" and "copy" are one.

Table = Mapping[str, int]
"""How much each word of an item counts."""


def tables(texts: Sequence[Mapping[str, str]]) -> list[Table]:
    """Weigh the words of some items against each other.

    A word counts by the columns it stands in, a second time in one for half, and the more, the
    fewer of the items have it.

    Args:
        texts: The texts of each item, by column.
    """
    weighed = [_weights(one) for one in texts]
    having = Counter(word for one in weighed for word in one)
    # As a part of what a word counts that only one item has, so that sets of any size compare.
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
    """List the words of a query as tables have them, each once."""
    return list(dict.fromkeys(map(_stem, words(text))))


def _stem(word: str) -> str:
    return _ENDING.sub(r"\1", word)


def score(table: Table, query: Iterable[str]) -> list[int]:
    """Tell how much each word of a query counts for an item; see :func:`total`."""
    return [_one(table, word) for word in query]


def total(scores: Sequence[int]) -> float:
    """Add up the scores of the words of a query: half of the words count for a quarter."""
    met = sum(one > 0 for one in scores)
    return sum(scores) * met * met / (len(scores) * len(scores)) if scores else 0.0


def _one(table: Table, word: str) -> int:
    whole = table.get(word, 0)
    if whole or len(word) < _BEGINNING:
        return whole
    return max((n for known, n in table.items() if known.startswith(word)), default=0) // 3
