"""A case: an interface, the sides that use it, sources, events, and findings."""

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
"""The rating that every axis has in addition to its own: an honest "not known"."""


# Sources


class _Checked(Part):
    inherited_last: ClassVar[bool] = True

    checked: DayField
    """The date on which the source was last checked to match this entry."""
    how: Line
    """The way it was checked, in a few words: "git show in a clone", "page read"."""


class CommitSource(_Checked):
    """A commit in a git repository."""

    commit: CommitId
    """The commit id, with all 40 or 64 digits where they are known."""
    repository: RepositoryId
    """The repository that contains it."""
    subject: Line
    """The exact subject line."""
    author: Line
    """The author's name, as git has it."""
    date: DayField
    """The author date, as in ``git show -s --format=%as``."""
    release: TagName | None = None
    """The first release of that repository that contains it."""


class MailSource(_Checked):
    """A mail to a public list."""

    mail: MailId
    """The bare message id, or an address in an archive only if no message id could be found."""
    subject: Line
    """The exact subject."""
    author: Line
    """The name of the author."""
    date: DayField
    """The date on which it was sent."""


class ArticleSource(_Checked):
    """An article, a blog post, or a discussion on a website."""

    article: Link
    """Its address."""
    title: Line
    """Its exact title."""
    author: Line | None = None
    """The author, if named."""
    publisher: Line
    """The publisher."""
    date: DayField | None = None
    """The date of publication, if known."""


class SpecificationSource(_Checked):
    """A published specification."""

    specification: Link
    """Its address."""
    title: Line
    """Its exact title."""
    publisher: Line
    """The publisher."""
    version: Line
    """The version that is cited."""
    date: DayField | None = None
    """The date of publication, if known."""


class FileSource(_Checked):
    """A file in a git repository at a tag or commit."""

    file: Line
    """Its path in the repository."""
    repository: RepositoryId
    """The repository that contains it."""
    at: Line
    """The tag or commit at which it was read."""


class MeasurementSource(_Checked):
    """A figure measured in a git history by a command that pages show but nothing runs."""

    measurement: Line
    """The command, with paths in the repository, if it does not fit ``measured``."""
    repository: RepositoryId
    """The repository in which it was run."""
    at: Line
    """The tag or commit at which it was run."""
    result: Line
    """A summary of its output."""


class CountSource(_Checked):
    """Figures counted in a git history, which ``abicase verify`` counts again."""

    measured: tuple[Count, ...] = Field(min_length=1)
    """The counts, with their results."""
    repository: RepositoryId
    """The repository in which they were counted."""

    @property
    def measurement(self) -> str:
        """Return the commands that count the figures."""
        return "; ".join(count.command for count in self.measured)

    @property
    def at(self) -> str:
        """Return the revision at which the last count ends."""
        return self.measured[-1].revisions[-1]

    @property
    def result(self) -> str:
        """Return a summary of the results."""
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
"""The fields of which a source has exactly one, which determines its kind."""


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
"""The proof of a statement."""


# What happened


class PatternOfCase(Part):
    """The way in which the case was developed."""

    label: PatternId
    """The pattern."""
    because: Prose
    """The reason for choosing it."""


class InterfaceOfCase(Part):
    """The interface that a case is about."""

    kinds: tuple[InterfaceId, ...] = Field(min_length=1)
    """The kinds of interface it consists of, from the casebook's list."""
    surface: tuple[Line, ...] = Field(min_length=1)
    """The parts visible to its users: calls, structures, files."""
    paths: tuple[Line, ...] = Field(default=(), min_length=1)
    """Its location in the source tree; may be left out only if the casebook has no
    ``default_repository``."""
    first_release: Release | None = None
    """The first release that contained it; left out if there is none."""


class Period(Part):
    """A period in which a side lived in one place."""

    from_: DayField = Field(alias="from")
    """Its first day."""
    to: DayField | None = None
    """Its last day; left out if it continues, or if the sources do not say."""
    tree: TreeId
    """The kind of place, from the casebook's list."""
    where: Line
    """The path or the repository."""
    through: tuple[Line, ...] = ()
    """The groups or trees between this place and the interface's own tree, if a source names
    them."""
    sources: tuple[SourceId, ...]
    """The sources for it."""


class Side(Part):
    """A user of the interface."""

    id: Id
    """Its anchor on the case page."""
    name: Line
    """Its name."""
    periods: tuple[Period, ...] = Field(min_length=1)
    """The places where it lived, by date."""


class TextCheck(Part):
    """A second reading of an event: its text compared with its sources, to find errors."""

    on: DayField
    """The date of the reading."""
    against: tuple[SourceId, ...] = ()
    """The sources that confirmed title, text and reading."""
    not_reached: tuple[SourceId, ...] = ()
    """The sources that could not be reached again; the text must say no more than the others do."""
    wording: Line
    """The beginning of a digest of title, text and reading, which reveals later changes."""


class EvidenceLink(Part):
    """A stage, claim or lesson that an event is evidence for or against.

    Written as a reference alone, or as ``{item: …, because: …}``.
    """

    one_line: ClassVar[bool] = True
    alone: ClassVar[str] = "item"

    item: Reference
    """The stage, claim or lesson."""
    because: Line | None = None
    """The reason why the event is evidence, if it is not obvious."""

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
    """A dated event in the history of the case."""

    id: Id
    """Its anchor on the case page."""
    date: DayField
    """Its date; for a commit, the author date."""
    release: Release | None = None
    """The first release that contained it."""
    kind: EventKind
    """The kind of event; ``change`` is a change to the interface itself."""
    lane: LaneId
    """The side on which it happened, from the casebook's list."""
    title: Title
    """A statement that is complete in itself, in one line."""
    text: Prose
    """A description of what happened, without judgement."""
    reading: Prose | None = None
    """The record author's interpretation, shown apart from the facts."""
    sources: tuple[SourceId, ...]
    """The sources for it."""
    same_as: EventReference | None = None
    """The event of another case that describes the same fact; both are counted as one."""
    for_: tuple[EvidenceLink, ...] = Field(default=(), alias="for")
    """The stages, claims and lessons that it is evidence for, each as a reference or, with the
    reason, as ``{item: …, because: …}``."""
    against: tuple[EvidenceLink, ...] = ()
    """The stages, claims and lessons that it is evidence against."""
    text_checked: TextCheck | None = None
    """The last second reading of the text; ``checked`` in the sources is about the sources."""

    @property
    def wording(self) -> str:
        """Return the beginning of a digest of title, text and reading."""
        return digest(self.title, self.text, self.reading or "")[:12]

    @property
    def changed_since(self) -> bool:
        """Return whether the text has changed since its second reading."""
        return self.text_checked is not None and self.text_checked.wording != self.wording


class TurningPoint(Part):
    """An event that readers should see first: drawings label it, and lists show it unfolded."""

    event: EventId
    """The event."""
    label: Label
    """A label with a symbol or a verb; drawings put the month in front of it."""
    card: Line | None = None
    """A note after the label at the top of the case page; for at most three turning points."""


class Finding(Part):
    """A case's answer on one axis."""

    rating: Id
    """One of the axis's ratings, or ``not-known``."""
    text: Prose
    """The answer in a few sentences."""
    events: tuple[EventId, ...] = ()
    """The events it is based on."""


class Case(Entity):
    """One interface, and how it was developed."""

    name: Line
    """The short name, for tables."""
    title: Title
    """The page title."""
    pattern: PatternOfCase
    """The pattern by which the case was developed, with the reason."""
    summary: Prose
    """A summary of what happened, with the evidence for and against."""
    reviewed: DayField
    """The date on which the whole record was last reviewed."""
    interface: InterfaceOfCase
    """The interface that the case is about."""
    sides: tuple[Side, ...] = Field(min_length=1)
    """The users of the interface."""
    sources: Mapping[Id, Source] = Field(min_length=1)
    """The sources, each with an id, which is its anchor on the page."""
    events: tuple[Event, ...] = Field(min_length=1)
    """The events, by date."""
    turning_points: tuple[TurningPoint, ...] = Field(default=(), max_length=6)
    """The four to six events that readers should see first, by date."""
    findings: Mapping[Id, Finding]
    """The answer on each axis."""

    def first(self, kind: EventKind) -> Event | None:
        """Return the first event of a kind; None if there is none."""
        return next((event for event in self.events if event.kind == kind), None)

    def fact(self, event: Event) -> str:
        """Return the reference that represents the fact of one of the case's events."""
        return event.same_as or f"case/{self.id}#{event.id}"
