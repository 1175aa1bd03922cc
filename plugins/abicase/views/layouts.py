"""The layout of structures in memory on one scale; the template draws them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from abicase.schema.casebook import Layout
from abicase.views.labels import shortened

LABEL = 50
"""The space for the names on the left, in pixels."""
WIDTH = 240
"""The width of the largest structure."""
SIZE = 64
"""The space for the sizes on the right."""
ROW = 36
"""The height of a structure with the space below it."""
LETTER = 7
"""The width of a letter, generous so that texts stay in their boxes in any font."""


@dataclass(frozen=True, slots=True)
class DrawnMember:
    """A member of a structure."""

    name: str
    x: float
    width: float
    padding: bool


@dataclass(frozen=True, slots=True)
class DrawnLayout:
    """A structure."""

    name: str
    bytes: int
    y: float
    end: float
    boxes: tuple[DrawnMember, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Some structures, one below another."""

    width: float
    height: float
    rows: tuple[DrawnLayout, ...]


def layouts(structures: Iterable[Layout]) -> Drawing:
    """Lay out structures.

    Returns:
        Their places; the largest one has the full width.
    """
    drawn = list(structures)
    sizes = [sum(max(member.bytes, 1) for member in one.members) for one in drawn]
    scale = WIDTH / max(sizes, default=1)
    rows = []
    for number, (one, size) in enumerate(zip(drawn, sizes, strict=True)):
        boxes, x = [], float(LABEL)
        for member in one.members:
            width = max(member.bytes, 1) * scale
            name = shortened(member.name, int((width - 4) // LETTER))
            boxes.append(DrawnMember(name, round(x, 1), round(width, 1), member.padding))
            x += width
        name = shortened(one.name, LABEL // LETTER)
        rows.append(DrawnLayout(name, size, number * ROW, round(x, 1), tuple(boxes)))
    return Drawing(LABEL + WIDTH + SIZE, len(rows) * ROW, tuple(rows))
