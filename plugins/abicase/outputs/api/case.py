"""A case and its parts."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from abicase.outputs.api.parts import (
    Citable,
    Date,
    EvidenceLink,
    Id,
    Item,
    Link,
    Published,
    Rating,
    Text,
    Url,
)


class PatternOfCase(Link):
    """The pattern by which a case was developed."""

    id: Id
    """The id of the pattern."""
    because: Text
    """The reason for this pattern."""


class Abi(Published):
    """The interface that a case is about."""

    interfaces: tuple[Id, ...]
    """The kinds of interface it consists of; the index has their titles."""
    surface: tuple[str, ...]
    """The parts that a program uses: calls, structures, files."""
    paths: tuple[str, ...]
    """Its paths in the source tree."""
    first_release: str | None = None
    """The first release that had it; left out if there is none."""


class Period(Published):
    """A period during which a program lived in one place."""

    from_: Date = Field(alias="from")
    """The date when it began."""
    to: Date | None = None
    """The date when it ended; left out while it lasts."""
    tree: str
    """The kind of place; the index has the titles."""
    where: str
    """The path or the repository."""
    through: tuple[str, ...]
    """The groups or trees between this place and the interface's own tree."""
    boundaries: int
    """The number of boundaries that a change crossed between this place and that tree."""
    sources: tuple[Id, ...]
    """The sources for it, by their ids in the case."""


class Side(Item):
    """A program that uses the interface."""

    periods: tuple[Period, ...]
    """The places where it lived, in chronological order."""


class Figure(Published):
    """A number derived from the events and programs of a case."""

    id: Id
    """The id of the figure."""
    value: int | None = None
    """The number; left out if the case has none."""
    unit: Literal["days", "count"]
    """The unit of the number."""
    upto: int | None = None
    """For a range, its upper end."""
    of: int | None = None
    """For a share, the whole."""
    exact: bool
    """False if it is based on a date that is known only to the month or the year."""
    events: tuple[Id, ...]
    """The events it was counted from."""


class TextCheck(Published):
    """A second reading of an event: its text compared with its sources, to find mistakes."""

    on: Date
    """The date of the reading."""
    against: tuple[Id, ...]
    """The sources that confirmed the text."""
    not_reached: tuple[Id, ...]
    """The sources that could not be reached again."""
    current: bool
    """False if the text has changed since."""


class Event(Citable):
    """A dated thing that happened."""

    date: Date
    """The date of the event."""
    release: str | None = None
    """The first release that had it."""
    event_kind: str
    """The kind of event; the index lists the kinds, and new ones can be added."""
    lane: Id
    """The side on which it happened; the index has the titles."""
    text: Text
    """The facts, without judgement."""
    reading: Text | None = None
    """The record author's interpretation."""
    sources: tuple[Id, ...]
    """The sources for it, by their ids in the case."""
    same_as: Link | None = None
    """The event of another case that records the same fact; evidence counts both as one."""
    speaking_for: tuple[EvidenceLink, ...] = Field(alias="for")
    """The stages, claims and lessons that it is evidence for."""
    speaking_against: tuple[EvidenceLink, ...] = Field(alias="against")
    """The stages, claims and lessons that it is evidence against."""
    text_checked: TextCheck | None = None
    """The latest second reading of the text; left out if there was none."""


class Finding(Citable):
    """A case's answer on one axis; its id and its title are those of the axis."""

    rating: Rating
    """The answer in a word."""
    text: Text
    """The answer in a few sentences."""
    events: tuple[Id, ...]
    """The events it is based on."""


class Count(Published):
    """A number that a git command counts, with its criteria."""

    result: int
    """The number."""
    what: str
    """A description of what was counted, in a few words that follow the number."""
    command: str
    """The command that counts it in a clone."""
    commits: str | None = None
    """For a number of commits: the range, or a revision with all its history."""
    touching: tuple[str, ...] | None = None
    """The paths of which each commit changes at least one."""
    also: tuple[str, ...] | None = None
    """Further paths of which each commit also changes at least one."""
    full_history: bool | None = None
    """True if git's history simplification is off, so that all branches count."""
    no_merges: bool | None = None
    """True if merges are left out."""
    author: str | None = None
    """A pattern in the author's name and address."""
    message: str | None = None
    """A pattern in a line of the message."""
    invert: bool | None = None
    """True if the message must not match."""
    ignore_case: bool | None = None
    """True if the patterns ignore case."""
    since: Date | None = None
    """The first day of the author's date."""
    until: Date | None = None
    """The last day of the author's date."""
    matches: str | None = None
    """For a number of matches: the pattern."""
    at: str | None = None
    """The tag or commit whose files were searched."""
    below: tuple[str, ...] | None = None
    """The files and folders that were searched; all if it is left out."""
    count: Literal["lines", "files", "texts"] | None = None
    """The unit that was counted: lines, files, or different texts that match."""


class Source(Item):
    """A source for a statement. Its fields depend on its kind."""

    source_kind: str
    """``commit``, ``mail``, ``article``, ``specification``, ``file`` or ``measurement``; new kinds
    can be added."""
    source_url: Url | None = None
    """Its address on the web; a measurement has none."""
    author: str | None = None
    """The author."""
    publisher: str | None = None
    """The publisher."""
    date: Date | None = None
    """The author date of a commit, or the date of a mail or of publication."""
    repository: Id | None = None
    """The repository that holds it; the index has their titles."""
    commit: str | None = None
    """The id of a commit."""
    release: str | None = None
    """The first release of the repository that contains the commit."""
    message_id: str | None = None
    """The message id of a mail, bare; left out if none could be found."""
    version: str | None = None
    """The version of a specification."""
    file: str | None = None
    """The path of a file in the repository."""
    command: str | None = None
    """The command of a measurement."""
    result: str | None = None
    """The command's output, in short."""
    counts: tuple[Count, ...] | None = None
    """The numbers of a measurement that ``abicase verify`` counts again."""
    at: str | None = None
    """The tag or commit at which a file was read or a command run."""
    checked: Date
    """The date on which somebody last checked that the source is what this entry says."""
    how: str
    """The way in which it was checked."""


class TurningPoint(Link):
    """An event that a reader should see first."""

    label: str
    """The event, in a few words."""
    card: str | None = None
    """The sentence after the label at the top of the case page."""


class Case(Citable):
    """One interface, and how it was developed."""

    name: str
    """The short name."""
    pattern: PatternOfCase
    """The pattern by which the case was developed, with the reason."""
    summary: Text
    """A summary of the events, and the evidence for and against."""
    reviewed: Date
    """The date on which the whole record was last read through."""
    abi: Abi
    """The interface that the case is about."""
    sides: tuple[Side, ...]
    """The programs that use the interface."""
    figures: tuple[Figure, ...]
    """The numbers derived from events and programs."""
    findings: tuple[Finding, ...]
    """The answer on each axis."""
    events: tuple[Event, ...]
    """The events, in chronological order."""
    turning_points: tuple[TurningPoint, ...] = ()
    """The events that a reader should see first, in chronological order."""
    pairs: tuple[Link, ...]
    """The comparisons that it is part of."""
    sources: tuple[Source, ...]
    """The sources for all statements."""
