"""The claims grouped by what they argue for, and the statements that they come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from abicase.catalogue.model import Catalogue

_SAID = ("proposal", "review", "refusal", "comment")
"""The kinds of events in which somebody says something."""

STANCES: tuple[Literal["for", "against", "neither"], ...] = ("for", "against", "neither")


@dataclass(frozen=True, slots=True)
class ClaimGroup:
    """The claims that argue for a pattern, against it, or are about it."""

    pattern: str
    stance: Literal["for", "against", "neither"]
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """A statement by somebody that claims come from."""

    case: str
    event: str
    people: tuple[str, ...]
    """The authors of its sources, in their order; empty if none is known."""
    claims: tuple[str, ...]
    """The claims that name it as their origin."""


def claim_groups(catalogue: Catalogue) -> tuple[ClaimGroup, ...]:
    """Group the claims, with the pattern that most of them are about first."""
    found: dict[tuple[str, str], list[str]] = {}
    of_pattern = dict.fromkeys(catalogue.patterns, 0)
    for claim in catalogue.claims.values():
        found.setdefault((claim.pattern, claim.stance), []).append(claim.id)
        of_pattern[claim.pattern] += 1
    patterns = sorted(catalogue.patterns, key=lambda pattern: -of_pattern[pattern])
    return tuple(
        ClaimGroup(pattern, stance, tuple(found[pattern, stance]))
        for pattern in patterns
        for stance in STANCES
        if (pattern, stance) in found
    )


def origins(catalogue: Catalogue) -> tuple[Origin, ...]:
    """Return the statements that claims come from, in chronological order.

    A claim can also come from a change or a measurement; only its own page shows those.
    """
    claims: dict[str, list[str]] = {}
    events = {}
    for claim in catalogue.claims.values():
        for witness in catalogue.origin(claim):
            if witness.event.kind not in _SAID:
                continue
            claims.setdefault(witness.reference, []).append(claim.id)
            events[witness.reference] = witness
    found = sorted(events.values(), key=lambda one: one.event.date.order)
    return tuple(
        Origin(
            one.case.id,
            one.event.id,
            tuple(
                dict.fromkeys(
                    author
                    for source in one.sources.values()
                    if (author := getattr(source, "author", None))
                )
            ),
            tuple(claims[one.reference]),
        )
        for one in found
    )
