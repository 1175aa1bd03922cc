"""The differences between two cases, and what they share."""

from __future__ import annotations

from dataclasses import dataclass

from abicase.catalogue.figures import Figure, figures
from abicase.catalogue.model import Catalogue
from abicase.schema.case import Case


@dataclass(frozen=True, slots=True)
class Differences:
    """Two cases compared on all axes and figures."""

    different: tuple[str, ...]
    """The axes on which they are rated differently."""
    alike: tuple[str, ...]
    """The other axes."""
    figures: tuple[tuple[Figure, Figure], ...]
    """The figures that differ."""
    same_figures: tuple[Figure, ...]
    """The other figures, as the first case has them."""


def differences(catalogue: Catalogue, first: Case, second: Case) -> Differences:
    """Compare two cases.

    Returns:
        The axes and figures, in the order of the catalogue.
    """
    ratings = {
        axis: (first.findings[axis].rating, second.findings[axis].rating) for axis in catalogue.axes
    }
    pairs = tuple(zip(figures(catalogue, first), figures(catalogue, second), strict=True))
    return Differences(
        tuple(axis for axis, (left, right) in ratings.items() if left != right),
        tuple(axis for axis, (left, right) in ratings.items() if left == right),
        tuple(pair for pair in pairs if _value(pair[0]) != _value(pair[1])),
        tuple(left for left, right in pairs if _value(left) == _value(right)),
    )


def _value(figure: Figure) -> tuple[object, ...]:
    return figure.value, figure.upto, figure.of, figure.unmerged, figure.exact
