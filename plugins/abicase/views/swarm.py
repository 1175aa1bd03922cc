"""Placement of marks along a line, so that they do not hide each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

SMALL, BIG = 3.0, 6.0
"""Half the width of a mark, and of a prominent one."""
_STEP = 7.0
"""The distance between small marks."""
_LEVELS = 6
"""The maximum number of marks above or below the middle of a lane before they move sideways."""
_ASIDE = 5
"""The distance that a mark moves sideways to clear a line."""
_CLEAR = SMALL + 1
"""The distance from the line after that."""


class Dot(NamedTuple):
    """A mark to place."""

    id: str
    x: float
    big: bool = False
    """True if it is prominent; such marks keep their place along the line."""


class Obstacle(NamedTuple):
    """A vertical line from above that marks do not cover."""

    x: float
    ends_at: str = ""
    """The mark at which it ends; empty if it continues below the lane."""


class Spot(NamedTuple):
    """The place of a mark, with y from the middle of the lane."""

    x: float
    y: float


def swarm(
    dots: Sequence[Dot], lines: Sequence[Obstacle], left: float, right: float
) -> dict[str, Spot]:
    """Return the places of the marks in a lane, by id, so that none hides another.

    A mark first moves up or down, then a little sideways if a line is in its way. It moves further,
    or covers a line, only if the lane is full.
    """
    placed: list[tuple[Spot, float]] = []  # with half its width
    spots: dict[str, Spot] = {}
    for dot in sorted(dots, key=lambda dot: (not dot.big, dot.x)):
        half = BIG if dot.big else SMALL
        near = [one for one in placed if abs(one[0].x - dot.x) < right - left]
        stops = [
            (line.x, spots[line.ends_at].y if line.ends_at in spots else None) for line in lines
        ]
        tried = _big(dot) if dot.big else _small(dot, left, right)
        last = Spot(dot.x, 0)
        for last in tried:
            if not dot.big and not _clears(last, stops, dot.x):
                continue
            if all(_apart(last, half, *one) for one in near):
                break
        spots[dot.id] = last
        placed.append((last, half))
    return spots


def _big(dot: Dot) -> Iterator[Spot]:
    for level in range(60):
        yield Spot(dot.x, _up_and_down(level) * (2 * BIG + 1))


def _small(dot: Dot, left: float, right: float) -> Iterator[Spot]:
    """Yield the places to try, best first; the last one is far enough for any number of marks."""
    for aside in chain(_either_way(range(_ASIDE + 1)), _either_way(range(7, 2000, 7))):
        x = round(dot.x + aside, 1)
        if left + SMALL <= x <= right - SMALL or not aside:
            for level in range(2 * _LEVELS + 1):
                yield Spot(x, _up_and_down(level) * _STEP)


def _either_way(numbers: Iterable[int]) -> Iterator[int]:
    for number in numbers:
        yield number
        if number:
            yield -number


def _up_and_down(level: int) -> int:
    """Return 0, 1, -1, 2, -2 and so on for 0, 1, 2, 3, 4."""
    return (level + 1) // 2 * (1 if level % 2 else -1)


def _clears(spot: Spot, stops: Sequence[tuple[float, float | None]], x: float) -> bool:
    """Return whether a mark covers no line; one that has moved far is allowed to."""
    if abs(spot.x - x) > _ASIDE:
        return True
    return all(
        abs(spot.x - line) >= _CLEAR or (end is not None and spot.y >= end) for line, end in stops
    )


def _apart(spot: Spot, half: float, other: Spot, other_half: float) -> bool:
    room = half + other_half + 0.9
    return abs(spot.x - other.x) >= room or abs(spot.y - other.y) >= room
