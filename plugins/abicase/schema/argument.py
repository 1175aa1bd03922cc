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
    """Its anchor on the page of the patterns; unique among all stages and patterns."""
    title: Title
    """The stage in one line."""
    text: Prose
    """What happens in it."""


class Pattern(Entity):
    """A way of developing an interface."""

    order: Number = 100
    """Where it stands among the patterns; smaller first."""
    title: Title
    """Its name."""
    summary: Prose
    """What it is."""
    cycle: Flag = False
    """Whether the stages repeat, rather than follow each other once."""
    stages: tuple[Stage, ...] = ()
    """Its stages, in order; none where the pattern has no course of its own."""
    amounts_to: Prose | None = None
    """What the evidence on its stages amounts to."""


class Rating(Part):
    """One possible answer on an axis."""

    id: Id
    """The word used in records."""
    title: Line
    """The word shown."""
    level: Level
    """Where it stands on the axis, for sign and colour: high, middle, low or open."""
    meaning: Line
    """When it is given."""


class Axis(Entity):
    """A question that every case is asked."""

    order: Number = 100
    """Where it stands among the axes; smaller first."""
    title: Line
    """Its name, short enough for the head of a column."""
    question: Line
    """The question."""
    why: Prose
    """Why it matters."""
    on_card: Flag = False
    """Whether the top of a case shows its rating on this axis."""
    caution: Line | None = None
    """What to know before reading much into it, shown where the patterns differ on this axis."""
    ratings: tuple[Rating, ...] = Field(min_length=2)
    """The answers, from the most to the least of what is asked for."""


class Assessment(Part):
    """What the evidence on a claim comes to, in one line."""

    state: Literal["supported", "contested", "cannot-be-shown"]
    """``supported``; ``contested``, with weight on both sides; ``cannot-be-shown`` by cases."""
    reason: Line
    """Why, with the condition under which it holds."""
    change: Line
    """What would change it."""
    on: DayField
    """The day on which it was made."""


class Claim(Entity):
    """A statement from the debate."""

    order: Number = 100
    """Where it stands among the claims; smaller first."""
    title: Title
    """The claim as a sentence, short."""
    statement: Prose
    """The claim in full."""
    origin: Prose
    """Who made it, and where; with a link or an item that proves it. Events that it links to count
    neither for nor against the claim."""
    pattern: PatternId
    """The pattern it is about."""
    stance: Literal["for", "against", "neither"]
    """Whether it is made for that pattern or against it."""
    assessment: Assessment | None = None
    """What the evidence comes to, in one line."""
    amounts_to: Prose
    """The assessment of the evidence, in a few paragraphs."""


class NoneFound(Part):
    """The signed statement that nothing was found against a lesson."""

    looked_at: Line
    """What was searched."""
    on: DayField
    """When."""
    by: Line
    """By whom."""


class Cite(Part):
    """What the reply to a patch says, in plain text."""

    ask: Line
    """What to do, as a request: the whole rule, in at most four lines of a mail."""
    why: Line
    """Why, in one sentence."""
    precedent: EventReference | None = None
    """The one event that the reply names: a change of the interface itself."""
    commit: Id | None = None
    """The source of that event to name, where it has several commits; the first if left out."""
    limit: Line | None = None
    """Where the rule ends, if the reply would mislead without it."""


class Example(Part):
    """A few lines of code that follow a lesson, or do not."""

    do: Flag
    """Whether it is how it should be done."""
    title: Title
    """What it shows, in a few words: "Don't copy a fixed size"."""
    language: Line = "text"
    """The language of the code, one of those that fenced code in texts may name."""
    code: Snippet
    """The code: at most 20 lines of 50 columns, a tab as eight."""
    mark: tuple[Number, ...] = ()
    """The numbers of the lines that matter."""
    caption: Line | None = None
    """What happens, in one or two sentences."""


class DocumentedIn(Part):
    """A document of the project that states a lesson as a rule."""

    file: Line
    """Its path in the source tree, as the casebook's ``documents`` have it."""
    section: Line | None = None
    """The heading of the section, exactly."""
    checked: DayField
    """The day on which somebody last checked that it says so."""
    how: Line
    """How it was checked, in a few words: "read at v6.12"."""


class Unless(Part):
    """What in a series of patches answers a sign, so that nothing is said of it."""

    paths: tuple[Line, ...] = ()
    """Patterns of paths, one of which a file of the series has."""
    added: Line | None = None
    """A regular expression that any line matches which the series adds."""
    said: Line | None = None
    """A regular expression that any line matches of its mails, the headers included."""


class _Sign(Part):
    inherited_last: ClassVar[bool] = True

    note: Line
    """What was seen, as the author of the patch is told: "A pointer in a struct"."""
    paths: tuple[Line, ...] = ()
    """Patterns of the paths of files in which it is looked for, where ``*`` stands for any text and
    ``!`` begins one that is left out; those of the kinds of interface that the lesson applies to
    if there are none."""
    unless: Unless | None = None
    """What answers it elsewhere in the series. A sign that has this is told once a series."""
    example: Snippet | None = None
    """Code that has it, where no wrong example of the lesson does."""


class LineSign(_Sign):
    """A sign that stands in a line."""

    line: Line
    """A regular expression that an added line matches."""


class RuleSign(_Sign):
    """A sign in the structure of code."""

    rule: RuleText
    """A rule of ast-grep in its YAML form: what stands below ``rule`` there. It counts where the
    code that matches begins on an added line."""
    language: Line
    """The language of the code, as ast-grep names it."""


SIGNS: dict[str, type[_Sign]] = {"line": LineSign, "rule": RuleSign}
"""The fields of which a sign has exactly one: it says how the sign is looked for."""


Sign = Annotated[
    Annotated[LineSign, Tag("<line>")] | Annotated[RuleSign, Tag("<rule>")],
    Discriminator(tag_by_field(SIGNS)),
]
"""Something in a patch that a lesson may concern."""


class Checker(Part):
    """A tool that finds what goes against a lesson."""

    tool: Line
    """Its name, or its path in the source tree."""
    run: Line
    """The command."""
    finds: Line
    """What of the lesson it finds."""


class Lesson(Entity):
    """A rule that a reviewer can cite."""

    order: Number = 100
    """Where it stands among the lessons of its group; smaller first."""
    group: GroupId | None = None
    """Its group, from the casebook's list."""
    title: Title
    """The rule in one line."""
    keywords: tuple[Line, ...] = ()
    """What is seen in a patch that needs it: symbols, errors, words of reviewers. They find it."""
    applies: tuple[InterfaceId, ...] = Field(min_length=1)
    """The kinds of interface it applies to, from the casebook's list."""
    do: Prose
    """What to do."""
    why: Prose
    """Why."""
    limits: Prose
    """What speaks against it, and where it ends."""
    none_found: NoneFound | None = None
    """Where no event speaks against it: who looked for one, where, and when."""
    examples: tuple[Example, ...] = ()
    """Code that shows it: what is wrong, then what is right."""
    documented_in: tuple[DocumentedIn, ...] = ()
    """The project's own documents that state it. With one, it needs no event."""
    cite: Cite | None = None
    """What the reply says; made from the texts above if left out."""
    related: tuple[LessonId, ...] = ()
    """Other lessons that matter for the same patch."""
    signs: tuple[Sign, ...] = ()
    """What ``abicase advise`` looks for in a patch that it may concern."""
    checked_by: tuple[Checker, ...] = ()
    """Tools that find what goes against it; they need no sign."""


class Pair(Entity):
    """Two cases that are worth reading side by side."""

    cases: tuple[CaseId, CaseId]
    """The two cases."""
    headline: Headline | None = None
    """What the comparison shows in one sentence, the first thing on its page."""
    because: Prose
    """Why they are worth comparing."""
    shows: Prose
    """What the comparison shows."""
