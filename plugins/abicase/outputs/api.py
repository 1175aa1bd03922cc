"""The format of the files below ``api/v1/``, the JSON API, and its JSON Schema.

These classes are a promise and are separate from the record format, which can change. A published
field stays, with its meaning, as long as ``v1`` does. Fields can be added. A field without a value
is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

VERSION: Literal["v1"] = "v1"
"""The version of the format, and the name of its folder."""

Date = Annotated[str, Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
"""A date, as exact as it is known: YYYY-MM-DD, YYYY-MM or YYYY."""
Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
"""An id in lower-case kebab-case."""
Reference = Annotated[str, Field(pattern=r"^[a-z]+/[a-z0-9-]+(#[a-z0-9-]+)?$")]
"""The reference of an item: kind/id, or case/id#part."""
Path = Annotated[str, Field(pattern=r"^[^/]")]
"""A path on the site, relative to the address of its root, without a slash in front."""
Url = Annotated[str, Field(pattern=r"^https?://", json_schema_extra={"format": "uri"})]
"""A full address."""
Level = Literal["high", "middle", "low", "open"]


class Published(BaseModel):
    """A part of a published file."""

    model_config = ConfigDict(
        defer_build=True,
        frozen=True,
        use_attribute_docstrings=True,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
    )


class Text(Published):
    """A text of a record."""

    markdown: str
    """The text as written: Markdown in which a link leads to an https address, to an item by its
    reference, or, as ``#part``, to a part of the same case."""
    plain: str
    """The text without markup, on one line."""
    references: tuple[Reference, ...]
    """The items that it links to, with ``#part`` resolved."""


class Link(Published):
    """An item that another one names."""

    reference: Reference
    """Its reference."""
    title: str
    """Its title."""
    path: Path
    """Its permalink, from the root of the site."""


class Item(Link):
    """Something with an address."""

    kind: str
    """``case``, ``claim``, ``lesson``, ``axis``, ``pattern``, ``stage``, ``pair``,
    ``term``; for the parts of a case ``event``, ``finding``, ``source``, ``side``."""
    id: Id
    """Its own id; for a part of a case, the part's."""
    url: Url | None = None
    """Its permalink as a full address; left out if the site does not know its own."""
    short: Path | None = None
    """Its short permalink, from the root of the site, for the kinds that have one."""
    published: Date | None = None
    """The date of its first publication; left out if it is not published yet."""
    reworded: Date | None = None
    """For items that can be cited, the date on which the wording last changed; left out if it never
    did."""


class Permalink(Item):
    """An item with a digest of its wording."""

    wording: str | None = None
    """For items that can be cited, the beginning of a digest of the wording."""


class Citable(Item):
    """An item that can be cited in a mail."""

    reply: str
    """The reply for a reviewer to paste: plain text of at most 72 columns, complete in itself."""


class EvidenceLink(Link):
    """A stage, claim or lesson that an event is evidence for or against."""

    because: str | None = None
    """The reason; left out if the record gives none."""


class Witness(Link):
    """An event that is evidence for or against something."""

    case: Id
    """The id of its case."""
    event: Id
    """The id of the event."""
    date: Date
    """The date of the event."""
    pattern: Id
    """The id of the pattern of its case."""
    because: str | None = None
    """The reason why it is evidence; left out if the record gives none."""


class Evidence(Published):
    """The evidence for and against an item, by case and in chronological order."""

    speaking_for: tuple[Witness, ...] = Field(alias="for")
    """The events that are evidence for it."""
    speaking_against: tuple[Witness, ...] = Field(alias="against")
    """The events that are evidence against it."""


class Rating(Published):
    """An answer on an axis."""

    id: Id
    """The word used in records; ``not-known`` if there is no answer."""
    title: str | None = None
    """The word shown; left out for ``not-known``."""
    level: Level
    """Its place on the axis; ``open`` is on neither side."""
    meaning: str | None = None
    """The condition for this rating; left out for ``not-known``."""


# A case


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


# The argument


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


# What finds an item


class Findable(Item):
    """An item with everything that it can be found by."""

    texts: dict[str, str]
    """The texts by which it is found, by their weight; the keys can change."""
    paths: tuple[str, ...]
    """The paths of source trees that it names."""
    interfaces: tuple[Id, ...]
    """The kinds of interface it is about."""
    reply: str | None = None
    """The reply to paste into a mail, for the kinds that can be cited."""
    reply_markdown: str | None = None
    """The same in Markdown, for a comment on the web."""


class Sign(Published):
    """Something in a patch to which a lesson can apply; it has either ``line`` or ``rule``."""

    note: str
    """A description of what was seen."""
    paths: tuple[str, ...]
    """Patterns of the paths of files to search for it; ``*`` stands for any text."""
    line: str | None = None
    """A regular expression that an added line matches."""
    rule: str | None = None
    """An ast-grep rule in YAML."""
    language: str | None = None
    """The language of the code that the rule is about."""
    unless_paths: tuple[str, ...] = ()
    """Patterns of paths; a file of the series that matches one answers the sign."""
    unless_added: str | None = None
    """A regular expression; a line of the series that matches it answers the sign."""
    unless_said: str | None = None
    """A regular expression; a line of the mails that matches it answers the sign."""


class Checker(Published):
    """A tool that finds violations of a lesson."""

    tool: str
    """Its name."""
    run: str
    """The command."""
    finds: str
    """The part of the lesson that it checks."""


class SignedLesson(Published):
    """A lesson with which patches are compared."""

    reference: Reference
    """The lesson."""
    ask: str
    """The rule as a request."""
    why: str
    """The reason, in one sentence."""
    paths: tuple[str, ...]
    """Patterns of the paths that define the kinds of interface to which it applies."""
    signs: tuple[Sign, ...]
    """The signs to look for in a patch."""
    checked_by: tuple[Checker, ...]
    """Tools that check it."""


# The files


class Document(Published):
    """The beginning of every file."""

    schema_: str = Field(alias="$schema")
    """The JSON Schema of the file, relative to it."""
    version: Literal["v1"] = VERSION
    """The version of the form."""
    casebook: str
    """The name of the casebook."""
    site: Url | None = None
    """The address of the site's root, with a slash at the end; left out if it is not known."""


class Named(Published):
    """A word of the records, with its title."""

    id: Id
    """The word used in records."""
    title: str
    """The word shown."""


class Repository(Named):
    """A git repository that sources name."""

    home: Url
    """Its address on the web."""


class File(Published):
    """A file of the API."""

    path: Path
    """Its place, from the root of the site."""
    schema_: Path = Field(alias="schema")
    """The place of its JSON Schema."""


class CaseFile(Item):
    """A short description of a case."""

    name: str
    """The short name."""
    pattern: Id
    """The id of its pattern."""
    reviewed: Date
    """The date on which the whole record was last read through."""
    file: Path
    """The place of the file with the whole case."""


class Index(Document):
    """An index of all files, with the words that they use."""

    files: tuple[File, ...]
    """The other files, except those of the cases."""
    cases: tuple[CaseFile, ...]
    """The cases, each with its file."""
    interfaces: tuple[Named, ...]
    """The kinds of interface."""
    lanes: tuple[Named, ...]
    """The sides on which events happen."""
    trees: tuple[Named, ...]
    """The kinds of places where programs live; a new value requires a new version."""
    event_kinds: tuple[str, ...]
    """The kinds of events."""
    repositories: tuple[Repository, ...]
    """The repositories that sources name."""


class CaseDocument(Document):
    """All of one case."""

    case: Case
    """The case."""


class Claims(Document):
    """All claims."""

    claims: tuple[Claim, ...]
    """The claims, in the order in which the site shows them."""


class Lessons(Document):
    """All lessons."""

    lessons: tuple[Lesson, ...]
    """The lessons, in the order in which the site shows them."""


class Axes(Document):
    """All axes."""

    axes: tuple[Axis, ...]
    """The axes, in the order in which the site shows them."""


class Patterns(Document):
    """All patterns."""

    patterns: tuple[Pattern, ...]
    """The patterns, in the order in which the site shows them."""


class Pairs(Document):
    """All pairs."""

    pairs: tuple[Pair, ...]
    """The pairs, in the order in which the site shows them."""


class Links(Document):
    """Everything with an address."""

    links: tuple[Permalink, ...]
    """All items, sorted by reference."""


class Search(Document):
    """Everything a command needs to find and cite items, and to compare patches with lessons."""

    interfaces: tuple[Named, ...]
    """The kinds of interface."""
    items: tuple[Findable, ...]
    """The items, in the order in which equal matches are shown."""
    signed_lessons: tuple[SignedLesson, ...] = ()
    """The lessons with signs."""


DOCUMENTS: dict[str, type[Document]] = {
    "index": Index,
    "case": CaseDocument,
    "claims": Claims,
    "lessons": Lessons,
    "axes": Axes,
    "patterns": Patterns,
    "pairs": Pairs,
    "links": Links,
    "search": Search,
}
"""The files and their classes, by names that their schemas share."""


def file_of(name: str) -> str:
    """Return the place of a file, from the root of the site."""
    return f"api/{VERSION}/{name}.json"


def schema_file(name: str) -> str:
    """Return the place of a file's schema, from the root of the site."""
    return f"api/{VERSION}/schema/{name}.json"


def schema_of(name: str, trees: Sequence[str], site: str = "") -> dict[str, Any]:
    """Return the JSON Schema of a file.

    Args:
        name: One of :data:`DOCUMENTS`.
        trees: All values of ``tree``.
        site: The address of the root of the site; empty if it is not known.

    Returns:
        The schema, with an ``$id`` if the address is known.
    """
    head = {"$schema": _Schema.schema_dialect}
    if site:
        head["$id"] = site + schema_file(name)
    generated = DOCUMENTS[name].model_json_schema(by_alias=True, schema_generator=_Schema)
    if Period.__name__ in generated.get("$defs", {}):
        generated["$defs"][Period.__name__]["properties"]["tree"] |= {"enum": list(trees)}
    return head | generated


class _Schema(GenerateJsonSchema):
    """A generator for fields that are left out if they have no value, never null or a default."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])
