"""The contrast between groups of cases on one axis, based only on their ratings.

It describes the given cases and is not a test of significance: the cases are few, and were chosen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from abicase.schema.argument import Axis

GROUP = 3
"""Smaller groups are not compared, and a rating needs this many cases to count."""
APART = 0.45
"""The minimum difference between a rating's share in one group and its share in the others."""
SHARED = 0.75
"""The share of all cases at which a rating counts as common to them."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """The ratings of the groups on one axis."""

    rating: str
    """The rating in which the groups differ or, if they are alike, the one to name."""
    counts: tuple[tuple[str, int, int], ...]
    """For each group its id, the number of its cases with that rating, and its total."""
    distance: float
    """The difference between the rating's share in one group and its share in the others."""
    differs: bool
    """True if the difference is large."""
    common: bool
    """True if most cases have the rating, whatever their group."""
    unused: tuple[str, ...]
    """The ratings at either end of the axis that no case has."""

    @property
    def count(self) -> int:
        """Return the number of cases with the rating."""
        return sum(count for _, count, _ in self.counts)

    @property
    def of(self) -> int:
        """Return the total number of cases."""
        return sum(of for _, _, of in self.counts)


def comparable(groups: Mapping[str, Sequence[object]]) -> bool:
    """Return whether two groups are large enough to compare."""
    return sum(len(cases) >= GROUP for cases in groups.values()) >= 2


def contrast(axis: Axis, groups: Mapping[str, Sequence[str]]) -> Contrast:
    """Find the rating in which groups of cases differ on an axis, or which they have in common.

    ``groups`` has the ratings of the cases in each group, by the id of the group.
    """
    every = [word for words in groups.values() for word in words]
    ends = [rating.id for rating in axis.ratings if rating.level in ("high", "low")]
    held = [word for word in ends if every.count(word) >= GROUP]
    distances = {word: _distance(word, groups) for word in held}
    furthest = max(distances, key=lambda word: distances[word], default="")
    differs = distances.get(furthest, 0) >= APART
    most = max((rating.id for rating in axis.ratings), key=every.count)
    common = not differs and bool(every) and every.count(most) >= SHARED * len(every)
    alike = most if common else axis.ratings[0].id
    rating = furthest if differs else alike
    return Contrast(
        rating,
        tuple((group, words.count(rating), len(words)) for group, words in groups.items()),
        distances.get(furthest, 0) if differs else 0,
        differs,
        common,
        tuple(word for word in ends if word not in every) if every else (),
    )


def _distance(word: str, groups: Mapping[str, Sequence[str]]) -> float:
    """Return the largest difference between the share in one group and in all others together."""
    large = [words for words in groups.values() if len(words) >= GROUP]
    if len(large) < 2:
        return 0
    found = []
    for place, words in enumerate(large):
        others = [rating for other in (*large[:place], *large[place + 1 :]) for rating in other]
        found.append(abs(words.count(word) / len(words) - others.count(word) / len(others)))
    return max(found)
