"""Figures of a case, derived from its events and sides and never entered by hand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from abicase.catalogue.model import Catalogue
from abicase.schema.case import Case, Event, Period, Side

FigureId = Literal[
    "days-to-merge",
    "changes-before-merge",
    "changes-after-merge",
    "changes-on-both-sides",
    "boundaries",
    "span",
]


_IN_DAYS = ("days-to-merge", "span")
"""The figures that are times."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, and what it was counted from."""

    id: FigureId
    value: int | None
    """The number, in days for ``days-to-merge`` and ``span``, else a count; None without one."""
    upto: int | None = None
    """For a range, its upper end."""
    of: int | None = None
    """For a share, the whole."""
    unmerged: bool = False
    """True if the figure is about a merge and there was none."""
    exact: bool = True
    """False when a date it is based on is known only to the month or the year."""
    events: tuple[Event, ...] = ()
    """The events it was counted from."""
    periods: tuple[tuple[Side, Period], ...] = ()
    """The periods it was counted from."""

    @property
    def unit(self) -> Literal["days", "count"]:
        """The unit of the number."""
        return "days" if self.id in _IN_DAYS else "count"


def boundaries(catalogue: Catalogue, period: Period) -> int:
    """Count the boundaries that a change crosses between a program and the interface's own tree.

    There is none in that tree itself, one for any other place, and one more for each group or tree
    in between.
    """
    home = {tree.id for tree in catalogue.casebook.trees if tree.home}
    return 0 if period.tree in home else 1 + len(period.through)


def figures(catalogue: Catalogue, case: Case) -> tuple[Figure, ...]:
    """Return all figures of a case, in the order in which they are shown.

    Args:
        catalogue: Defines which lanes join several sides in one step, and which trees are home.
        case: The case.

    Returns:
        One figure for each id.
    """
    proposal = case.first("proposal")
    merge = case.first("merge")
    joint = {lane.id for lane in catalogue.casebook.lanes if lane.joins}
    changes = [event for event in case.events if event.kind == "change"]
    before = [e for e in changes if merge is None or e.date.first <= merge.date.first]
    after = [e for e in changes if merge is not None and e.date.first > merge.date.first]
    on_both = [event for event in changes if event.lane in joint]
    periods = tuple((side, period) for side in case.sides for period in side.periods)
    counts = [boundaries(catalogue, period) for _, period in periods]
    first, last = case.events[0], max(case.events, key=lambda event: event.date.order)
    return (
        replace(_days("days-to-merge", proposal, merge), unmerged=not merge),
        Figure("changes-before-merge", len(before), unmerged=not merge, events=tuple(before)),
        Figure(
            "changes-after-merge",
            len(after) if merge else None,
            unmerged=not merge,
            events=tuple(after),
        ),
        Figure(
            "changes-on-both-sides",
            len(on_both) if changes else None,
            of=len(changes),
            events=tuple(on_both),
        ),
        Figure("boundaries", min(counts), upto=max(counts), periods=periods),
        _days("span", first, last),
    )


def _days(id_: FigureId, start: Event | None, end: Event | None) -> Figure:
    if start is None or end is None or end.date.first < start.date.first:
        return Figure(id_, None)
    exact = start.date.first == start.date.last and end.date.first == end.date.last
    days = (end.date.first - start.date.first).days
    return Figure(id_, days, exact=exact, events=(start, end))
