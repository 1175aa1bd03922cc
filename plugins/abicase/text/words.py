"""The significant words of a text, for search and comparison."""

from __future__ import annotations

import re
from functools import cache

COMMON = frozenset(
    re.findall(
        r"\w+",
        """a an and are as at be by can do for from had has have if in into is it its no not of on
        or should that the their them then there they this to was were what when which who
        will with""",
    )
)
"""Words without significance; the search ignores them."""
_WORD = re.compile(r"\w+")
_ENDINGS = ("able", "ing", "ion", "ed", "e")


def words(text: str) -> list[str]:
    """Return the significant words of a text, in lower case.

    A name such as ``perf_event_open`` counts as a whole and by its parts, and ``__u64`` as u64.
    """
    found = []
    for word in _WORD.findall(text.lower()):
        whole = word.strip("_")
        parts = whole.split("_") if "_" in whole else ()
        found += [one for one in (whole, *parts) if len(one) > 1 and one not in COMMON]
    return found


def stems(text: str) -> list[str]:
    """Return the same words without their endings."""
    return [stem(word) for word in words(text)]


@cache
def stem(word: str) -> str:
    """Return a word without its commonest endings, so "sizes", "sized" and "size" are the same."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith("ss") and len(word) > 3:
        word = word[:-1]
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] and word[-1] in "bdgmnprt" else word
