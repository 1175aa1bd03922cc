"""A case: one interface, the sides that use it, what proves it, what happened, and the findings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Discriminator, Field, GetJsonSchemaHandler, Tag, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from abicase.memo import digest
from abicase.schema.counts import Count
from abicase.schema.fields import (
    CommitId,
    DayField,
    EventReference,
    Id,
    Label,
    Line,
    Link,
    MailId,
    Prose,
    Reference,
    Release,
    TagName,
    Title,
)
from abicase.schema.part import (
    Entity,
    EventId,
    InterfaceId,
    LaneId,
    Part,
    PatternId,
    RepositoryId,
    SourceId,
    TreeId,
    tag_by_field,
)

EventKind = Literal[
    "proposal",
    "review",
    "change",
    "merge",
    "breakage",
    "fix",
    "compatibility",
    "specification",
    "refusal",
    "removal",
    "measurement",
    "comment",
]

NOT_KNOWN = "not-known"
"""The rating that every axis has besides its own: an honest "not known"."""


# Sources


class _Checked(Part):
    inherited_last: ClassVar[bool] = True

    checked: DayField
    """The day on which somebody last checked that the source is what this entry says."""
    how: Line
    """How it was checked, in a few words: "git show in a clone", "page read"."""


class CommitSource(_Checked):
    """A commit in a git repository."""

    commit: CommitId
    """The commit id, all 40 or 64 digits where they are known."""
    repository: RepositoryId
    """The repository that holds it."""
    subject: Line
    """The subject line, exactly."""
    author: Line
    """The author's name, as git has it."""
    date: DayField
    """The author's date, as in ``git show -s --format=%as``."""
    release: TagName | None = None
    """The first release of that repository that contains it."""


class MailSource(_Checked):
    """A mail on a public list."""

    mail: MailId
    """The message id, bare; an archive's address only where no message id could be found."""
    subject: Line
    """The subject, exactly."""
    author: Line
    """Who wrote it."""
    date: DayField
    """The day on which it was sent."""


class ArticleSource(_Checked):
    """An article, a weblog entry, a discussion on a site."""

    article: Link
    """Its address."""
    title: Line
    """Its title, exactly."""
    author: Line | None = None
    """Who wrote it, where it says so."""
    publisher: Line
    """Who published it."""
    date: DayField | None = None
    """The day of publication, where it has one."""


class SpecificationSource(_Checked):
    """A published specification."""

    specification: Link
    """Its address."""
    title: Line
    """Its title, exactly."""
    publisher: Line
    """Who published it."""
    version: Line
    """The version that is meant."""
    date: DayField | None = None
    """The day of publication, where it has one."""


class FileSource(_Checked):
    """A file in a git repository at a tag or commit."""

    file: Line
    """Its path in the repository."""
    repository: RepositoryId
    """The repository that holds it."""
    at: Line
    """The tag or commit at which it was read."""


class MeasurementSource(_Checked):
    """A figure measured from a git history, by a command that is shown and never run."""

    measurement: Line
    """The command, with paths of the repository, where ``measured`` has no form for it."""
    repository: RepositoryId
    """The repository in which it was run."""
    at: Line
    """The tag or commit at which it was run."""
    result: Line
    """What it printed, in short."""


class CountSource(_Checked):
    """Figures counted in a git history, which ``abicase verify`` counts again."""

    measured: tuple[Count, ...] = Field(min_length=1)
    """What was counted, with the results."""
    repository: RepositoryId
    """The repository in which it was counted."""

    @property
    def measurement(self) -> str:
        """The commands that count it."""
        return "; ".join(count.command for count in self.measured)

    @property
    def at(self) -> str:
        """The revision up to which the last of it was counted."""
        return self.measured[-1].revisions[-1]

    @property
    def result(self) -> str:
        """What was counted, in short."""
        return "; ".join(f"{count.result} {count.what}" for count in self.measured)


SOURCES: dict[str, type[_Checked]] = {
    "commit": CommitSource,
    "mail": MailSource,
    "article": ArticleSource,
    "specification": SpecificationSource,
    "file": FileSource,
    "measurement": MeasurementSource,
    "measured": CountSource,
}

SOURCE_KINDS = tuple(SOURCES)
"""The fields of which a source has exactly one: it says what kind of source it is."""


Source = Annotated[
    Annotated[CommitSource, Tag("<commit>")]
    | Annotated[MailSource, Tag("<mail>")]
    | Annotated[ArticleSource, Tag("<article>")]
    | Annotated[SpecificationSource, Tag("<specification>")]
    | Annotated[FileSource, Tag("<file>")]
    | Annotated[MeasurementSource, Tag("<measurement>")]
    | Annotated[CountSource, Tag("<measured>")],
    Discriminator(tag_by_field(SOURCES)),
]
"""What proves a statement."""


# What happened


class PatternOfCase(Part):
    """How the case was developed."""

    label: PatternId
    """The pattern."""
    because: Prose
    """Why it is this one."""


class InterfaceOfCase(Part):
    """The interface that a case is about."""

    kinds: tuple[InterfaceId, ...] = Field(min_length=1)
    """The kinds of interface it consists of, from the casebook's list."""
    surface: tuple[Line, ...] = Field(min_length=1)
    """What a program sees of it: calls, structures, files."""
    paths: tuple[Line, ...] = Field(default=(), min_length=1)
    """Where it lives in the source tree; left out only where the casebook has no
    ``default_repository``."""
    first_release: Release | None = None
    """The first release that carried it; left out when there is none."""


class Period(Part):
    """A time in which a side lived in one place."""

    from_: DayField = Field(alias="from")
    """When it began."""
    to: DayField | None = None
    """When it ended; left out while it lasts, or as far as the sources reach."""
    tree: TreeId
    """What kind of place it was, from the casebook's list."""
    where: Line
    """The path or the repository."""
    through: tuple[Line, ...] = ()
    """The groups or trees that stood between this place and the interface's own tree, where a
    source names them."""
    sources: tuple[SourceId, ...]
    """What proves it."""


class Side(Part):
    """A program that uses the interface."""

    id: Id
    """Its anchor on the page of the case."""
    name: Line
    """Its name."""
    periods: tuple[Period, ...] = Field(min_length=1)
    """Where it lived, in order of time."""


class TextCheck(Part):
    """A second reading of an event: its text compared with its sources, to find mistakes."""

    on: DayField
    """The day of the reading."""
    against: tuple[SourceId, ...] = ()
    """The sources by which title, text and reading were found right."""
    not_reached: tuple[SourceId, ...] = ()
    """The sources that could not be reached again; the text then says no more than the others."""
    wording: Line
    """The beginning of a digest of title, text and reading, so that a later change is noticed."""


class EvidenceLink(Part):
    """A stage, claim or lesson that an event is evidence for or against.

    Written as its reference alone, or as ``{item: …, because: …}``.
    """

    one_line: ClassVar[bool] = True
    alone: ClassVar[str] = "item"

    item: Reference
    """The stage, claim or lesson."""
    because: Line | None = None
    """Why the event is evidence there, where that is not plain at a glance."""

    @model_validator(mode="before")
    @classmethod
    def _of_reference(cls, value: Any) -> Any:
        return {cls.alone: value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        part = handler.resolve_ref_schema(handler(schema))
        return {"oneOf": [part["properties"][cls.alone], part]}


class Event(Part):
    """A dated thing that happened."""

    id: Id
    """Its anchor on the page of the case."""
    date: DayField
    """When it happened; the author's date of a commit."""
    release: Release | None = None
    """The release that first carried it."""
    kind: EventKind
    """What sort of thing happened; ``change`` is a change of the interface itself."""
    lane: LaneId
    """The side on which it happened, from the casebook's list."""
    title: Title
    """A statement of its own, in one line."""
    text: Prose
    """What happened, without judgement."""
    reading: Prose | None = None
    """What the author of the record makes of it; shown apart from what happened."""
    sources: tuple[SourceId, ...]
    """What proves it."""
    same_as: EventReference | None = None
    """The event of another case that tells the same fact; both are counted as one."""
    for_: tuple[EvidenceLink, ...] = Field(default=(), alias="for")
    """The stages, claims and lessons that it speaks for, each as its reference or, with the reason,
    as ``{item: …, because: …}``."""
    against: tuple[EvidenceLink, ...] = ()
    """The stages, claims and lessons that it speaks against."""
    text_checked: TextCheck | None = None
    """The last second reading of the text; the sources' ``checked`` is about what they are."""

    @property
    def wording(self) -> str:
        """The beginning of a digest of title, text and reading."""
        return digest(self.title, self.text, self.reading or "")[:12]

    @property
    def changed_since(self) -> bool:
        """Return whether the text has changed since it was last read a second time."""
        return self.text_checked is not None and self.text_checked.wording != self.wording


class TurningPoint(Part):
    """An event that a reader should see first: drawings name it, and lists leave it open."""

    event: EventId
    """The event."""
    label: Label
    """What happened, with a symbol or a verb; drawings put the month in front of it."""
    card: Line | None = None
    """What follows the label at the top of the page of the case; for three of them at most."""


class Finding(Part):
    """A case's answer on one axis."""

    rating: Id
    """One of the axis' ratings, or ``not-known``."""
    text: Prose
    """The answer in a few sentences."""
    events: tuple[EventId, ...] = ()
    """The events it rests on."""


class Case(Entity):
    """One interface, and how it was developed."""

    name: Line
    """The short name, for tables."""
    title: Title
    """The title of the page."""
    pattern: PatternOfCase
    """How the case was developed, with the reason."""
    summary: Prose
    """What happened, and what speaks for and against."""
    reviewed: DayField
    """The day on which the whole record was last read through."""
    interface: InterfaceOfCase
    """The interface that the case is about."""
    sides: tuple[Side, ...] = Field(min_length=1)
    """The programs that use the interface."""
    sources: Mapping[Id, Source] = Field(min_length=1)
    """What proves the statements; each has an id, which is its anchor on the page."""
    events: tuple[Event, ...] = Field(min_length=1)
    """What happened, in order of time."""
    turning_points: tuple[TurningPoint, ...] = Field(default=(), max_length=6)
    """The four to six events that a reader should see first, in order of time."""
    findings: Mapping[Id, Finding]
    """The answer on each axis."""

    def first(self, kind: EventKind) -> Event | None:
        """Return the first event of a kind; None where there is none."""
        return next((event for event in self.events if event.kind == kind), None)

    def fact(self, event: Event) -> str:
        """Return the reference of the event that holds the fact which one of the case tells."""
        return event.same_as or f"case/{self.id}#{event.id}"
