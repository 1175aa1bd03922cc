"""The layout of the cases with evidence on a claim: a column for each, a row for each side."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from abicase.catalogue.model import Catalogue, NamedCase, Witness
from abicase.views.labels import shortened, text_width

WIDTH = 280
"""The maximum width of all columns."""
COLUMN = 14.5
"""The maximum width of a column."""
GAP = 6
"""The space between the cases of two patterns."""
NAMED = 12
"""The minimum width of a column with a name."""
NAME = 24
"""The maximum number of letters of a name."""


@dataclass(frozen=True, slots=True)
class StripColumn:
    """A case in the strips."""

    case: NamedCase
    label: str
    """Its name, shortened to fit; empty if the columns are narrow."""
    x: float
    """The middle of the column."""


@dataclass(frozen=True, slots=True)
class StripGroup:
    """The cases of a pattern in the strips."""

    pattern: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Strips:
    """The columns that all strips share."""

    width: float
    column: float
    groups: tuple[StripGroup, ...]
    columns: tuple[StripColumn, ...]
    bearing: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]
    """The id of each claim, with the cases that have evidence for and against it."""

    def sides(self, claim: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the cases with evidence for a claim, and those with evidence against it."""
        return next((found, against) for id_, found, against in self.bearing if id_ == claim)

    def names(self, cases: Collection[str]) -> list[str]:
        """Return the names of some cases, in the order of the columns."""
        return [one.case.name for one in self.columns if one.case.id in cases]

    @property
    def side(self) -> float:
        """The side of a case's square."""
        return round(self.column * 0.7, 1)

    @property
    def head(self) -> int:
        """The height of the names above the strips."""
        longest = max((text_width(one.label) for one in self.columns), default=0)
        return 20 + (round(longest) + 6 if longest else 0)

    def squares(self, cases: Collection[str]) -> str:
        """Return the outline of a square for each of some cases."""
        side = self.side
        return "".join(
            f"M{round(one.x - side / 2, 1)} {round(8 - side / 2, 1)}h{side}v{side}h-{side}z"
            for one in self.columns
            if one.case.id in cases
        )

    def dots(self, cases: Collection[str]) -> str:
        """Return the outline of a dot for each of the other cases."""
        return "".join(
            f"M{round(one.x - 1, 1)} 7h2v2h-2z" for one in self.columns if one.case.id not in cases
        )


def strips(catalogue: Catalogue) -> Strips:
    """Lay out the columns, in the order of the table of all cases.

    Returns:
        The columns; the more cases there are, the narrower.
    """
    by_pattern = catalogue.cases_by_pattern()
    count = sum(map(len, by_pattern.values()))
    gaps = GAP * max(len(by_pattern) - 1, 0)
    column = min(COLUMN, (WIDTH - gaps) / count) if count else COLUMN
    groups, columns, x = [], [], 0.0
    for pattern, cases in by_pattern.items():
        start = x
        for case in cases:
            label = shortened(case.name, NAME) if column >= NAMED else ""
            columns.append(StripColumn(NamedCase.of(case), label, round(x + column / 2, 1)))
            x += column
        groups.append(StripGroup(pattern, round(start, 1), round(x, 1)))
        x += GAP
    bearing = tuple(
        (id_, _cases(evidence.speaking_for), _cases(evidence.speaking_against))
        for id_ in catalogue.claims
        for evidence in [catalogue.evidence[f"claim/{id_}"]]
    )
    return Strips(round(max(x - GAP, 1), 1), column, tuple(groups), tuple(columns), bearing)


def _cases(witnesses: Iterable[Witness]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(witness.case.id for witness in witnesses))
