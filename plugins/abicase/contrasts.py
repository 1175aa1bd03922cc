"""The contrast between groups of cases on one axis, from their ratings alone.

It describes the cases at hand. It is no test of significance: the cases are chosen, and are few.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from abicase.schema.argument import Axis

GROUP = 3
"""Smaller groups are left out of the comparison, and a rating needs as many cases to count."""
APART = 0.45
"""The share of a rating in one group differs from its share in the others by at least so much."""
SHARED = 0.75
"""A rating that so large a share of all cases has is common to them."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """How the groups are rated on an axis."""

    rating: str
    """The word of the rating in which they differ; where they are alike, the one to name."""
    counts: tuple[tuple[str, int, int], ...]
    """For each group its id, the number of its cases with that rating, and of all its cases."""
    distance: float
    """How far the share of the rating in one group is from its share in the others."""
    differs: bool
    """Whether that is far."""
    common: bool
    """Whether most cases have the rating, whatever their group."""
    unused: tuple[str, ...]
    """The ratings at the ends of the axis that no case has."""

    @property
    def count(self) -> int:
        """The number of cases with the rating."""
        return sum(count for _, count, _ in self.counts)

    @property
    def of(self) -> int:
        """The number of all cases."""
        return sum(of for _, _, of in self.counts)


def comparable(groups: Mapping[str, Sequence[object]]) -> bool:
    """Return whether there are groups to compare: two that are large enough."""
    return sum(len(cases) >= GROUP for cases in groups.values()) >= 2


def contrast(axis: Axis, groups: Mapping[str, Sequence[str]]) -> Contrast:
    """Compare the groups on an axis.

    Args:
        axis: The axis.
        groups: The words with which the cases of each group are rated, by the id of the group.

    Returns:
        What they differ in, or have in common.
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
    """The largest distance of the share in one group from that in all others together."""
    large = [words for words in groups.values() if len(words) >= GROUP]
    if len(large) < 2:
        return 0
    found = []
    for place, words in enumerate(large):
        others = [one for other in (*large[:place], *large[place + 1 :]) for one in other]
        found.append(abs(words.count(word) / len(words) - others.count(word) / len(others)))
    return max(found)
