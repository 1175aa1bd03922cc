"""The order of dates, and the dates that are probably wrong if it is broken."""

from __future__ import annotations

import datetime
from collections.abc import Container, Sequence
from typing import NamedTuple

from abicase.schema.fields import Day


class _Chain(NamedTuple):
    """A chain of dates in order, beginning with one of them."""

    end: datetime.date
    """The latest day on which an earlier date can begin."""
    first: int
    """The index of the date."""
    following: _Chain | None


def out_of_order(days: Sequence[Day], doubtful: Container[int] = ()) -> dict[int, int]:
    """Find the fewest dates that explain why dates are not in order.

    One wrong year contradicts all the dates around it, and only that year is reported. The dates at
    the ``doubtful`` indices are suspected first.

    Returns:
        For each wrong date, by its index, the index of a date in order that it contradicts.
    """
    if _are_in_order(days):
        return {}
    in_order = _longest_chain(days, doubtful)
    blamed = {}
    for n in sorted(set(range(len(days))).difference(in_order)):
        above = max((k for k in in_order if k < n), key=lambda k: days[k].first, default=n)
        below = min((k for k in in_order if k > n), key=lambda k: days[k].last, default=n)
        if days[above].first > days[n].last:
            blamed[n] = above
        elif days[below].last < days[n].first:
            blamed[n] = below
    return blamed


def _are_in_order(days: Sequence[Day]) -> bool:
    latest = datetime.date.min
    for day in days:
        if day.last < latest:
            return False
        latest = max(latest, day.first)
    return True


def _longest_chain(days: Sequence[Day], doubtful: Container[int]) -> list[int]:
    """Return the indices of a longest sequence of dates in order; the earliest one of several."""
    chains: list[_Chain] = []  # by length: the one that leaves most room before it
    for n in reversed(range(len(days))):
        if n in doubtful:
            continue
        for length in range(len(chains), -1, -1):
            below = chains[length - 1] if length else None
            end = below.end if below else datetime.date.max
            if days[n].first > end:
                continue
            chain = _Chain(min(end, days[n].last), n, below)
            if length == len(chains):
                chains.append(chain)
            elif chain.end > chains[length].end:
                chains[length] = chain
    found = []
    chain_or_none = chains[-1] if chains else None
    while chain_or_none is not None:
        found.append(chain_or_none.first)
        chain_or_none = chain_or_none.following
    return found
