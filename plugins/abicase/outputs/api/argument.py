"""Claims, lessons, axes, patterns and pairs."""

from __future__ import annotations

from typing import Literal

from abicase.outputs.api.parts import (
    Citable,
    Date,
    Evidence,
    Id,
    Item,
    Link,
    Named,
    Published,
    Rating,
    Text,
    Url,
)


class Assessment(Published):
    """The assessment of the evidence on a claim."""

    state: Literal["supported", "contested", "cannot-be-shown"]
    """The assessment in a word."""
    reason: str
    """The reason, with the condition under which it holds."""
    change: str
    """The evidence that would change it."""
    on: Date
    """The date on which it was made."""


class Claim(Citable):
    """A statement from the debate."""

    statement: Text
    """The claim in full."""
    origin: Text
    """The people who made it, and the place."""
    pattern: Link
    """The pattern it is about."""
    stance: Literal["for", "against", "neither"]
    """The side that the claim takes on that pattern."""
    amounts_to: Text
    """The assessment of the evidence, in a few paragraphs."""
    assessment: Assessment | None = None
    """The assessment in a word, with its reason; left out if there is none."""
    origin_events: tuple[Link, ...]
    """The events that its origin names; they do not count for or against it."""
    evidence: Evidence
    """The evidence for and against it."""


class NoneFound(Published):
    """The signed statement that nothing was found against a lesson."""

    looked_at: str
    """The places that were searched."""
    on: Date
    """The date of the search."""
    by: str
    """The person who searched."""


class Example(Published):
    """A few lines of code that follow or break a lesson."""

    do: bool
    """True if the code follows the lesson."""
    title: str
    """The title of the example."""
    language: str
    """The language of the code."""
    code: str
    """The code, in lines."""
    mark: tuple[int, ...]
    """The numbers of the lines that matter."""
    caption: str | None = None
    """A caption that says what happens."""


class DocumentedIn(Published):
    """A document of the project that states a lesson as a rule."""

    file: str
    """Its path in the source tree."""
    url: Url
    """Its address on the web."""
    section: str | None = None
    """The heading of the section."""
    checked: Date
    """The date on which the statement was last checked."""
    how: str
    """The way in which it was checked."""


class Lesson(Citable):
    """A rule that a reviewer can cite."""

    group: Named | None = None
    """Its group on the lessons page."""
    keywords: tuple[str, ...] = ()
    """Keywords to look for in a patch."""
    examples: tuple[Example, ...] = ()
    """Examples in code."""
    documented_in: tuple[DocumentedIn, ...] = ()
    """The documents of the project that state it."""
    related: tuple[Link, ...] = ()
    """Other lessons that matter for the same patch."""

    interfaces: tuple[Id, ...]
    """The kinds of interface it applies to; the index has their titles."""
    do: Text
    """The rule."""
    why: Text
    """The reason for it."""
    limits: Text
    """The limits of the rule."""
    none_found: NoneFound | None = None
    """If no event is evidence against it: who looked for one, where, and when."""
    evidence: Evidence
    """The evidence for and against it."""


class Answer(Link):
    """The finding of one case on an axis."""

    case: Id
    """The id of the case."""
    rating: Rating
    """The answer in a word."""


class Axis(Item):
    """A question asked of every case."""

    question: str
    """The question."""
    why: Text
    """The reason why it matters."""
    ratings: tuple[Rating, ...]
    """The possible answers, from the most to the least of what the axis asks for."""
    findings: tuple[Answer, ...]
    """The answer of each case."""


class Stage(Citable):
    """One stage of a pattern."""

    text: Text
    """A description of the stage."""
    evidence: Evidence
    """The events that illustrate and contradict it."""


class Pattern(Item):
    """A way of developing an interface."""

    summary: Text
    """A summary of the pattern."""
    cycle: bool
    """True if the stages repeat rather than happen once."""
    amounts_to: Text | None = None
    """The assessment of the evidence on its stages."""
    stages: tuple[Stage, ...]
    """Its stages, in order."""
    cases: tuple[Link, ...]
    """The cases that were developed in this way."""


class Pair(Citable):
    """Two cases side by side."""

    cases: tuple[Link, ...]
    """The two cases."""
    headline: str | None = None
    """The result of the comparison, in one sentence."""
    because: Text
    """The reason why they are worth comparing."""
    shows: Text
    """The result of the comparison."""
