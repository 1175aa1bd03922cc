"""Labels in drawings: their width, and places where they do not cross each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import count, product
from typing import Literal, NamedTuple

Anchor = Literal["start", "end"]

GAP = 5
"""The distance between a leader and its label, and between labels in a row."""
_REGULAR, _BOLD = 6.4, 7.2
"""The width of a character at the size of drawings, in the widest of the usual fonts."""


class Box(NamedTuple):
    """A rectangle of a drawing."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Return whether the two overlap."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def text_width(regular: str, bold: str = "") -> float:
    """Estimate the width of a text.

    Args:
        regular: Its part in regular type, in which a capital is as wide as a bold letter.
        bold: Its part in bold type, in which three capitals need the room of four letters.
    """
    capitals, bold_capitals = (sum(map(str.isupper, text)) for text in (regular, bold))
    wide = capitals + len(bold) + bold_capitals // 3
    return round((len(regular) - capitals) * _REGULAR + wide * _BOLD, 1)


def shortened(text: str, most: int) -> str:
    """Shorten a text at a word, with an ellipsis if it was cut."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    whole = cut.rpartition(" ")[0]
    return (whole if len(whole) > most // 2 else cut).rstrip(" ,;:(") + "…"


class Leader(NamedTuple):
    """A label at the top of a vertical line."""

    x: float
    width: float
    """The width of its text."""


class LabelPlace(NamedTuple):
    """The place of a label above its mark."""

    at: float
    """The start or end of its text."""
    anchor: Anchor
    """The part of the text that :attr:`at` gives: the start or the end."""
    row: int
    """The number of the row, from 0 for the lowest."""
    over: bool
    """True if the text is over the end of the line rather than on one side of it."""


class _Choice(NamedTuple):
    """One way to place a label along the drawing."""

    cost: int
    at: float
    anchor: Anchor
    left: float
    right: float


def hung(labels: Sequence[Leader], right: float) -> tuple[LabelPlace, ...]:
    """Place labels in rows above a drawing, each on a line down to its mark.

    No two overlap and none leaves the drawing. A label begins to the right of its line; if that is
    not possible, it ends to the left of it, or is over its end. A line only passes behind the text
    of another label if there is no other way.

    Args:
        labels: The labels, from left to right, none wider than the drawing.
        right: The right edge of the drawing; the left one is 0.
    """
    choices = [_choices(one, right) for one in labels]
    ways = list(_ways(choices, labels)) or list(product(*choices))
    found = [(way, *_rows(labels, way)) for way in ways]
    way, rows, _ = min(
        found,
        key=lambda one: (one[2], sum(choice.cost for choice in one[0]), max(one[1], default=0)),
    )
    return tuple(
        LabelPlace(one.at, one.anchor, row, one.cost == _OVER)
        for one, row in zip(way, rows, strict=True)
    )


_RIGHT, _LEFT, _OVER = 0, 1, 3


def _choices(label: Leader, right: float) -> list[_Choice]:
    """Return the ways to place a label, best first."""
    x, width = label
    choices = []
    if x + GAP + width <= right:
        choices.append(_Choice(_RIGHT, x + GAP, "start", x + GAP, x + GAP + width))
    if x - GAP - width >= 0:
        choices.append(_Choice(_LEFT, x - GAP, "end", x - GAP - width, x - GAP))
    if x >= right - width:
        choices.append(_Choice(_OVER, right, "end", right - width, right))
    if x <= width:
        choices.append(_Choice(_OVER, 0, "start", 0, width))
    return choices


def _ways(
    choices: Sequence[Sequence[_Choice]], labels: Sequence[Leader], chosen: tuple[_Choice, ...] = ()
) -> Iterator[tuple[_Choice, ...]]:
    """Yield all combinations in which no two labels cross each other's lines."""
    number = len(chosen)
    if number == len(choices):
        yield chosen
        return
    for choice in choices[number]:
        crossing = (
            _crosses(other, labels[number].x) and _crosses(choice, labels[before].x)
            for before, other in enumerate(chosen)
        )
        if not any(crossing):
            yield from _ways(choices, labels, (*chosen, choice))


def _crosses(choice: _Choice, x: float) -> bool:
    return choice.left - GAP < x < choice.right + GAP


def _rows(labels: Sequence[Leader], choices: Sequence[_Choice]) -> tuple[list[int], int]:
    """Return the row of each label, and the number of lines that pass behind a label."""
    numbers = range(len(labels))
    # The others that each has to be above: those whose lines would cross its text, and of those
    # that share a line the later ones.
    above = {
        number: {
            other
            for other in numbers
            if other != number
            and (
                other > number
                if labels[other].x == labels[number].x
                else _crosses(choices[number], labels[other].x)
            )
        }
        for number in numbers
    }
    rows: dict[int, int] = {}
    behind = 0
    while len(rows) < len(labels):
        waiting = {number: above[number] - set(rows) for number in numbers if number not in rows}
        number = min(waiting, key=lambda number: (len(waiting[number]), -number))
        behind += len(waiting[number])
        least = max((rows[other] + 1 for other in above[number] & set(rows)), default=0)
        taken = {
            row
            for other, row in rows.items()
            if choices[other].left < choices[number].right + 2 * GAP
            and choices[number].left < choices[other].right + 2 * GAP
        }
        rows[number] = next(row for row in count(least) if row not in taken)
    return [rows[number] for number in numbers], behind


def is_free(box: Box, within: Box, taken: Iterable[Box]) -> bool:
    """Return whether a label fits in a place, inside a drawing and over nothing else."""
    inside = (
        within.left <= box.left
        and box.right <= within.right
        and within.top <= box.top
        and box.bottom <= within.bottom
    )
    return inside and not any(box.meets(other) for other in taken)


def next_to(
    mark: Box, width: float, height: float, taken: Sequence[Box], within: Box
) -> tuple[Box, Anchor] | None:
    """Place a label next to a mark, to its right or left and a little higher or lower.

    A label of the given size must not overlap the rectangles in ``taken``, or leave ``within``.

    Returns:
        Its rectangle, and its anchor on the side of the mark; None if there is no room.
    """
    middle = (mark.top + mark.bottom - height) / 2
    for shift in (0, -height / 2, height / 2, -height, height):
        top = middle + shift
        sides: tuple[tuple[float, Anchor], ...] = (
            (mark.right + GAP, "start"),
            (mark.left - GAP - width, "end"),
        )
        for left, anchor in sides:
            box = Box(left, top, left + width, top + height)
            if is_free(box, within, taken):
                return box, anchor
    return None
