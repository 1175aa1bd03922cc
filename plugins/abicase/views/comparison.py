"""All cases by all axes, and the results of comparing their patterns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from abicase.catalogue.model import Catalogue
from abicase.contrasts import GROUP, Contrast, comparable, contrast
from abicase.views.pagination import CASES

GLANCE = 24
"""The largest number of cases that each get a row in the table at a glance."""
REASONS = 300
"""The largest number of cells whose reasons are on the page of the table."""
OVERLAPS = 2
"""The maximum number of overlaps named."""


@dataclass(frozen=True, slots=True)
class Column:
    """An axis in the table."""

    axis: str
    contrast: Contrast
    cautioned: bool
    """True if the axis has a caution to show."""
    levels: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    """For each pattern, the number of its cases at each level of the axis."""

    def levels_of(self, pattern: str) -> tuple[tuple[str, int], ...]:
        """Return the number of cases of a pattern at each level."""
        return dict(self.levels)[pattern]


@dataclass(frozen=True, slots=True)
class Overlap:
    """A rating shared by all cases of a pattern and by all cases with a rating on another axis.

    The cases can't show which of the two it goes with.
    """

    pattern: str
    cases: int
    """The number of cases of the pattern."""
    axis: str
    rating: str
    other_axis: str
    other_rating: str
    other_cases: int
    """The number of cases with the other rating."""
    both: int
    """The number of cases in both groups."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The head and the foot of the table of all cases by all axes."""

    cases: int
    groups: tuple[tuple[str, int], ...]
    """The patterns that have cases, each with their number."""
    comparable: bool
    """True if there are enough cases to compare patterns."""
    columns: tuple[Column, ...]
    """The axes, those on which the patterns differ first."""
    overlaps: tuple[Overlap, ...]

    @property
    def differing(self) -> tuple[Column, ...]:
        """The axes on which the patterns differ."""
        return tuple(column for column in self.columns if column.contrast.differs)

    @property
    def alike(self) -> tuple[Column, ...]:
        """The other axes."""
        return tuple(column for column in self.columns if not column.contrast.differs)

    @property
    def clearest(self) -> tuple[Column, ...]:
        """The two axes on which the patterns differ most."""
        return tuple(sorted(self.differing, key=lambda column: -column.contrast.distance)[:2])

    @property
    def at_a_glance(self) -> bool:
        """Return whether a row for each case still fits in the table at a glance."""
        return self.cases <= GLANCE

    @property
    def reasoned(self) -> bool:
        """Return whether the page has room for the reasons; otherwise cells link to the cases."""
        return min(self.cases, CASES) * len(self.columns) <= REASONS

    def size(self, pattern: str) -> int:
        """Return the number of cases of a pattern."""
        return dict(self.groups)[pattern]

    def steadiest(self, axis: str) -> tuple[Column, ...]:
        """Return two axes on which the patterns are alike, the given one first if possible."""
        return tuple(sorted(self.alike, key=lambda column: column.axis != axis)[:2])


def comparison(catalogue: Catalogue) -> Comparison:
    """Compare the patterns on all axes.

    Returns:
        The comparison; with few cases it only has the axes and the numbers.
    """
    cases = catalogue.cases_by_pattern()
    columns = []
    for id_, axis in catalogue.axes.items():
        ratings = {
            pattern: [case.findings[id_].rating for case in of_pattern]
            for pattern, of_pattern in cases.items()
        }
        level = {rating.id: rating.level for rating in axis.ratings}
        levels = tuple(
            (
                pattern,
                tuple(
                    (one, sum(level.get(word, "open") == one for word in words))
                    for one in ("high", "middle", "low", "open")
                ),
            )
            for pattern, words in ratings.items()
        )
        columns.append(Column(id_, contrast(axis, ratings), axis.caution is not None, levels))
    columns.sort(key=lambda column: not column.contrast.differs)
    return Comparison(
        len(catalogue.cases),
        tuple((pattern, len(of_pattern)) for pattern, of_pattern in cases.items()),
        comparable(cases),
        tuple(columns),
        tuple(_overlaps(catalogue, columns))[:OVERLAPS],
    )


def _overlaps(catalogue: Catalogue, columns: list[Column]) -> Iterator[Overlap]:
    """Yield the overlaps on the axes on which the patterns differ."""
    differing = [column for column in columns if column.contrast.differs]
    holders = {
        column.axis: {
            case.id: case.pattern.label
            for case in catalogue.cases.values()
            if case.findings[column.axis].rating == column.contrast.rating
        }
        for column in differing
    }
    for column in differing:
        for pattern, count, of in column.contrast.counts:
            if count < of or of < GROUP:
                continue
            for other in differing:
                others = holders[other.axis]
                both = sum(label == pattern for label in others.values())
                if other is column or len(others) < GROUP or not both:
                    continue
                if others.keys() <= holders[column.axis].keys():
                    ratings = (column.axis, column.contrast.rating, other.axis)
                    yield Overlap(pattern, of, *ratings, other.contrast.rating, len(others), both)
