"""The words of a domain: what pages call the things that records tell of.

Each has a default that fits any domain, so that a casebook gives only those that it wants
otherwise. The description of a word is the text under it.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Literal

from pydantic import Field

from abicase.problems.suggestions import with_article
from abicase.schema.fields import Line
from abicase.schema.part import Part


class Noun(Part):
    """A noun, as it stands in the middle of a sentence."""

    one_line = True

    one: Line
    """The singular, without an article."""
    many: Line | None = None
    """The plural; ``one`` with an s if left out."""
    article: Literal["a", "an"] | None = None
    """The indefinite article, where the first letter is misleading, as in "an SQL dialect"."""

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
    """What each kind of event is called."""

    proposal: Line = "Proposal"
    """Something was proposed."""
    review: Line = "Review"
    """A proposal was looked at, and something was said of it."""
    change: Line = "Change"
    """What the case is about changed."""
    merge: Line = "Adoption"
    """A proposal was taken."""
    breakage: Line = "Breakage"
    """What worked before stopped working."""
    fix: Line = "Fix"
    """A mistake was corrected."""
    compatibility: Line = "Compatibility"
    """What worked before was kept working."""
    specification: Line = "Specification"
    """How it must work was written down."""
    refusal: Line = "Refusal"
    """A proposal was turned down."""
    removal: Line = "Removal"
    """Something was taken out."""
    measurement: Line = "Measurement"
    """Something was measured."""
    comment: Line = "Comment"
    """Somebody looked back on it."""


class FigureWords(Part):
    """What each figure of a case is called."""

    days_to_merge: Line = Field("From the first proposal to the adoption", alias="days-to-merge")
    """The time from the first ``proposal`` to the first ``merge``."""
    changes_before_merge: Line = Field(
        "Changes told here, up to the adoption", alias="changes-before-merge"
    )
    """How many events of the kind ``change`` came no later than the first ``merge``."""
    changes_after_merge: Line = Field(
        "Changes told here, after the adoption", alias="changes-after-merge"
    )
    """How many came later."""
    changes_on_both_sides: Line = Field(
        "Of these, made on both sides in one step", alias="changes-on-both-sides"
    )
    """How many of all of them happened in a lane that joins others."""
    boundaries: Line = "Boundaries between the programs and the main tree"
    """How many boundaries a change crossed: from the fewest to the most, over all periods."""
    span: Line = "Time covered by the record"
    """The time from the first event to the last."""


class Words(Part):
    """The words of a domain; those that are left out are the usual ones."""

    interface: Noun = _noun("interface")
    """What a case is about, and a pattern develops: "interface"."""
    kind: Noun = _noun("kind of interface", "kinds of interface")
    """What ``interfaces`` lists, and lessons apply to: "kind of interface"."""
    program: Noun = _noun("program")
    """What uses it, and is a side of a case: "program"."""
    unmerged: Line = "never adopted"
    """What figures say of a case without an event of the kind ``merge``."""
    event_kinds: EventWords = Field(default_factory=EventWords)
    """What each kind of event is called."""
    figures: FigureWords = Field(default_factory=FigureWords)
    """What each figure of a case is called."""
