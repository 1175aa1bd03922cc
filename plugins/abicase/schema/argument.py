"""The argument: patterns, axes, claims, lessons and pairs."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Discriminator, Field, Tag

from abicase.schema.fields import (
    DayField,
    EventReference,
    Flag,
    Headline,
    Id,
    Line,
    Number,
    Prose,
    Snippet,
    Title,
)
from abicase.schema.part import (
    CaseId,
    Entity,
    GroupId,
    InterfaceId,
    LessonId,
    Part,
    PatternId,
    tag_by_field,
)
from abicase.schema.rule_text import RuleText

Level = Literal["high", "middle", "low", "open"]


class Stage(Part):
    """One stage of a pattern."""

    id: Id
    """Its anchor on the patterns page; unique among all stages and patterns."""
    title: Title
    """The stage in one line."""
    text: Prose
    """A description of what happens in it."""


class Pattern(Entity):
    """A way of developing an interface."""

    order: Number = 100
    """Its position among the patterns; smaller first."""
    title: Title
    """Its name."""
    summary: Prose
    """A description of the pattern."""
    cycle: Flag = False
    """True if the stages repeat, rather than following each other once."""
    stages: tuple[Stage, ...] = ()
    """Its stages, in order; none if the pattern has no course of its own."""
    amounts_to: Prose | None = None
    """An assessment of the evidence on its stages."""


class Rating(Part):
    """One possible answer on an axis."""

    id: Id
    """The word used in records."""
    title: Line
    """The word shown."""
    level: Level
    """Its position on the axis, which sets mark and colour: high, middle, low or open."""
    meaning: Line
    """The condition for giving it."""


class Axis(Entity):
    """A question that is asked about every case."""

    order: Number = 100
    """Its position among the axes; smaller first."""
    title: Line
    """Its name, short enough for a column heading."""
    question: Line
    """The question."""
    why: Prose
    """The reason why it matters."""
    on_card: Flag = False
    """True if the top of a case page shows the rating on this axis."""
    caution: Line | None = None
    """A caution for readers, shown where the patterns differ on this axis."""
    ratings: tuple[Rating, ...] = Field(min_length=2)
    """The answers, from high to low."""


class Assessment(Part):
    """An assessment of the evidence on a claim, in one line."""

    state: Literal["supported", "contested", "cannot-be-shown"]
    """``supported``; ``contested``, with strong evidence on both sides; ``cannot-be-shown`` by
    cases."""
    reason: Line
    """The reason, with the condition under which it holds."""
    change: Line
    """The evidence that would change it."""
    on: DayField
    """The date of the assessment."""


class Claim(Entity):
    """A statement from the debate."""

    order: Number = 100
    """Its position among the claims; smaller first."""
    title: Title
    """The claim as a short sentence."""
    statement: Prose
    """The claim in full."""
    origin: Prose
    """Its author and place, with a link or an item as proof. Events that it links to count neither
    for nor against the claim."""
    pattern: PatternId
    """The pattern it is about."""
    stance: Literal["for", "against", "neither"]
    """The claim's stance on the pattern: for it, against it, or neither."""
    assessment: Assessment | None = None
    """The assessment of the evidence, in one line."""
    amounts_to: Prose
    """The assessment of the evidence, in a few paragraphs."""


class NoneFound(Part):
    """A signed statement that no evidence against a lesson was found."""

    looked_at: Line
    """The cases or sources that were searched."""
    on: DayField
    """The date of the search."""
    by: Line
    """The name of the person who searched."""


class Cite(Part):
    """The text of the reply to a patch, in plain text."""

    ask: Line
    """The request: the whole rule, in at most four lines of a mail."""
    why: Line
    """The reason, in one sentence."""
    precedent: EventReference | None = None
    """The one event that the reply names: a change to the interface itself."""
    commit: Id | None = None
    """The source of that event to name if it has several commits; the first if left out."""
    limit: Line | None = None
    """The limits of the rule, if the reply would be misleading without them."""


class Example(Part):
    """A few lines of code that follow a lesson, or violate it."""

    do: Flag
    """True if the code follows the lesson."""
    title: Title
    """A few words that say what it shows: "Don't copy a fixed size"."""
    language: Line = "text"
    """The language of the code, one of those that fenced code in texts can use."""
    code: Snippet
    """The code: at most 20 lines of 50 columns, with tabs of eight."""
    mark: tuple[Number, ...] = ()
    """The numbers of the lines that matter."""
    caption: Line | None = None
    """The effect, in one or two sentences."""


class DocumentedIn(Part):
    """One of the project's documents that states a lesson as a rule."""

    file: Line
    """Its path in the source tree, in the form given by the casebook's ``documents``."""
    section: Line | None = None
    """The exact heading of the section."""
    checked: DayField
    """The date on which it was last checked to say so."""
    how: Line
    """The way it was checked, in a few words: "read at v6.12"."""


class Unless(Part):
    """The parts of a patch series that address a sign, so that it is not reported."""

    paths: tuple[Line, ...] = ()
    """Path patterns; a file in the series matches one of them."""
    added: Line | None = None
    """A regular expression that matches a line added by the series."""
    said: Line | None = None
    """A regular expression that matches a line of the series' mails, headers included."""


class _Sign(Part):
    inherited_last: ClassVar[bool] = True

    note: Line
    """The observation, as told to the patch author: "A pointer in a struct"."""
    paths: tuple[Line, ...] = ()
    """Path patterns of the files to search, in which ``*`` matches any text and a leading ``!``
    excludes files. If there are none, those of the kinds of interface that the lesson applies to
    are used."""
    unless: Unless | None = None
    """Conditions elsewhere in the series that address it. A sign with these is reported once per
    series."""
    example: Snippet | None = None
    """Code that has the sign, if no wrong example of the lesson does."""


class LineSign(_Sign):
    """A sign that is found in a single line."""

    line: Line
    """A regular expression that matches an added line."""


class RuleSign(_Sign):
    """A sign that is found in the structure of code."""

    rule: RuleText
    """An ast-grep rule in YAML: the contents of its ``rule``. It counts if the matching code begins
    on an added line."""
    language: Line
    """The language of the code, by ast-grep's name for it."""


SIGNS: dict[str, type[_Sign]] = {"line": LineSign, "rule": RuleSign}
"""The fields of which a sign has exactly one, which determines how it is searched for."""


Sign = Annotated[
    Annotated[LineSign, Tag("<line>")] | Annotated[RuleSign, Tag("<rule>")],
    Discriminator(tag_by_field(SIGNS)),
]
"""A feature of a patch that a lesson may apply to."""


class Checker(Part):
    """A tool that finds violations of a lesson."""

    tool: Line
    """Its name, or its path in the source tree."""
    run: Line
    """The command that runs it."""
    finds: Line
    """The part of the lesson that it checks."""


class Lesson(Entity):
    """A rule that a reviewer can cite."""

    order: Number = 100
    """Its position among the lessons of its group; smaller first."""
    group: GroupId | None = None
    """Its group, from the casebook's list."""
    title: Title
    """The rule in one line."""
    keywords: tuple[Line, ...] = ()
    """Keywords that lead to it: symbols, errors and reviewers' words seen in such a patch."""
    applies: tuple[InterfaceId, ...] = Field(min_length=1)
    """The kinds of interface it applies to, from the casebook's list."""
    do: Prose
    """The instruction."""
    why: Prose
    """The reason."""
    limits: Prose
    """Evidence against it, and its limits."""
    none_found: NoneFound | None = None
    """If there is no event against it: who looked for one, where, and when."""
    examples: tuple[Example, ...] = ()
    """Code that shows it: wrong examples first, then right ones."""
    documented_in: tuple[DocumentedIn, ...] = ()
    """The project's own documents that state it. With one, it needs no events."""
    cite: Cite | None = None
    """The text of the reply; derived from the texts above if left out."""
    related: tuple[LessonId, ...] = ()
    """Other lessons that are relevant to the same patch."""
    signs: tuple[Sign, ...] = ()
    """Signs by which ``abicase advise`` recognizes a patch that it may apply to."""
    checked_by: tuple[Checker, ...] = ()
    """Tools that find violations of it; they need no signs."""


class Pair(Entity):
    """Two cases that are worth comparing."""

    cases: tuple[CaseId, CaseId]
    """The two cases."""
    headline: Headline | None = None
    """The result of the comparison in one sentence, shown first on its page."""
    because: Prose
    """The reason for comparing them."""
    shows: Prose
    """The result of the comparison."""
