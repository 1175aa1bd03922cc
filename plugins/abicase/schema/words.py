"""The words of a domain: the names that pages use for the things in records.

Each has a default that fits any domain, so a casebook only sets those that it wants to change.
The description of a word is the text under it.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Literal

from pydantic import Field

from abicase.problems.suggestions import with_article
from abicase.schema.fields import Line
from abicase.schema.part import Part


class Noun(Part):
    """A noun, as written in the middle of a sentence."""

    one_line = True

    one: Line
    """The singular, without an article."""
    many: Line | None = None
    """The plural; ``one`` with an s if left out."""
    article: Literal["a", "an"] | None = None
    """The indefinite article, if the first letter is misleading, as in "an SQL dialect"."""

    @property
    def plural(self) -> str:
        """The plural."""
        return self.many or f"{self.one}s"

    @property
    def with_article(self) -> str:
        """The singular with its indefinite article."""
        return f"{self.article} {self.one}" if self.article else with_article(self.one)


def _noun(one: str, many: str | None = None) -> Any:
    return Field(default_factory=partial(Noun, one=one, many=many))


class EventWords(Part):
    """The names of the kinds of events."""

    proposal: Line = "Proposal"
    """Something was proposed."""
    review: Line = "Review"
    """Somebody commented on a proposal."""
    change: Line = "Change"
    """The subject of the case changed."""
    merge: Line = "Adoption"
    """A proposal was accepted."""
    breakage: Line = "Breakage"
    """Something that worked before stopped working."""
    fix: Line = "Fix"
    """A mistake was corrected."""
    compatibility: Line = "Compatibility"
    """Something that worked before was kept working."""
    specification: Line = "Specification"
    """The required behaviour was written down."""
    refusal: Line = "Rejection"
    """A proposal was rejected."""
    removal: Line = "Removal"
    """Something was removed."""
    measurement: Line = "Measurement"
    """Something was measured."""
    comment: Line = "Comment"
    """Somebody commented in retrospect."""


class FigureWords(Part):
    """The names of the figures of a case."""

    days_to_merge: Line = Field("From the first proposal to the adoption", alias="days-to-merge")
    """The time from the first ``proposal`` to the first ``merge``."""
    changes_before_merge: Line = Field(
        "Changes recorded up to the adoption", alias="changes-before-merge"
    )
    """The number of events of the kind ``change`` up to the first ``merge``."""
    changes_after_merge: Line = Field(
        "Changes recorded after the adoption", alias="changes-after-merge"
    )
    """The number of events of the kind ``change`` after it."""
    changes_on_both_sides: Line = Field(
        "Changes made on both sides in one step", alias="changes-on-both-sides"
    )
    """The number of all these that happened in a lane that joins others."""
    boundaries: Line = "Boundaries between the programs and the main tree"
    """The number of boundaries that a change crossed: the fewest and the most of all periods."""
    span: Line = "Time covered by the record"
    """The time from the first event to the last."""


class Words(Part):
    """The words of a domain; a word that is left out has its default."""

    interface: Noun = _noun("interface")
    """The subject of a case, which a pattern develops: "interface"."""
    kind: Noun = _noun("kind of interface", "kinds of interface")
    """An entry of ``interfaces``, to which lessons apply: "kind of interface"."""
    program: Noun = _noun("program")
    """A user of the interface, which is a side of a case: "program"."""
    unmerged: Line = "never adopted"
    """The text that figures show for a case without an event of the kind ``merge``."""
    event_kinds: EventWords = Field(default_factory=EventWords)
    """The names of the kinds of events."""
    figures: FigureWords = Field(default_factory=FigureWords)
    """The names of the figures of a case."""
