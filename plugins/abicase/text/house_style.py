"""The house style of a casebook: words to avoid, each with a better one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from abicase.schema.casebook import Preference

_OF_OTHERS = re.compile(r"`[^`]*`|\]\([^)]*\)|“[^”]*”|\"[^\"\n]*\"|<[^>\s]*>|https?://\S+")
"""Words that are not the writer's own: code, addresses, quotations."""


class Avoided(NamedTuple):
    """A place in a text with words that the casebook avoids."""

    words: str
    """The words written there."""
    use: str
    """The words to write instead."""
    before: int
    """The number of times the same words occur earlier in the text."""


class HouseStyle:
    """A finder of the words that a casebook avoids."""

    def __init__(self, preferences: Iterable[Preference]) -> None:
        self._better = {word.lower(): one.use for one in preferences for word in one.avoid}
        allowed = [word for one in preferences for word in one.but_not]
        longest_first = sorted([*self._better, *allowed], key=lambda words: (-len(words), words))
        words = "|".join(re.escape(one).replace(r"\ ", r"\s+") for one in longest_first)
        self._pattern = re.compile(rf"(?<![\w/.-])(?:{words})(?![\w/(-]|\.\w)", re.IGNORECASE)

    def avoided(self, text: str) -> Iterator[Avoided]:
        """Find the words to avoid in plain text or Markdown, in the order of the text.

        Code, addresses and quotations in it are left alone.
        """
        own = _OF_OTHERS.sub(lambda match: " " * len(match[0]), text)
        for match in self._pattern.finditer(own):
            use = self._better.get(" ".join(match[0].lower().split()))
            if use is not None:
                before = text.count(match[0], 0, match.start())
                yield Avoided(match[0], use, before)
