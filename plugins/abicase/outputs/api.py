"""The form of the files below ``api/v1/``, which programs read, and its JSON Schema.

These classes are a promise and stand apart from the record format, which may change: a field that
is published stays, with its meaning, as long as ``v1`` does. Fields may be added. Where a record
has nothing to say, the field is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

VERSION: Literal["v1"] = "v1"
"""The version of the form, and the folder in which all of it lies."""

Date = Annotated[str, Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
"""A date as far as it is known: YYYY-MM-DD, YYYY-MM or YYYY."""
Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
"""The id of something, lower-case kebab-case."""
Reference = Annotated[str, Field(pattern=r"^[a-z]+/[a-z0-9-]+(#[a-z0-9-]+)?$")]
"""The reference of an item: kind/id, or case/id#part."""
Path = Annotated[str, Field(pattern=r"^[^/]")]
"""A place on the site, to be joined to the address of its root; no slash in front."""
Url = Annotated[str, Field(pattern=r"^https?://", json_schema_extra={"format": "uri"})]
"""A whole address."""
Level = Literal["high", "middle", "low", "open"]


class Published(BaseModel):
    """A part of what is published."""

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
    """As written: Markdown in which a link leads to an https address, to an item by its reference,
    or, as ``#part``, to a part of the case at hand."""
    plain: str
    """Without markup, in one line."""
    references: tuple[Reference, ...]
    """The items that it links to, ``#part`` resolved."""


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
    """Its permalink as a whole address; left out where the site does not know its own."""
    short: Path | None = None
    """Its short permalink, from the root of the site, for the kinds that have one."""
    published: Date | None = None
    """The day of its first publication; left out where it was not published yet."""
    reworded: Date | None = None
    """For what can be cited, the day on which its words last changed; left out where they never
    did."""


class Permalink(Item):
    """An item with what tells one wording of it from another."""

    wording: str | None = None
    """For what can be cited, the beginning of a digest of its words."""


class Citable(Item):
    """An item that can be cited in a mail."""

    reply: str
    """What a reviewer pastes: plain text of at most 72 columns that stands on its own."""


class EvidenceLink(Link):
    """A stage, claim or lesson that an event is evidence for or against."""

    because: str | None = None
    """Why; left out where the record does not say."""


class Witness(Link):
    """An event that is evidence for or against something."""

    case: Id
    """The id of its case."""
    event: Id
    """Its id."""
    date: Date
    """When it happened."""
    pattern: Id
    """The id of the pattern of its case."""
    because: str | None = None
    """Why it is evidence; left out where the record does not say."""


class Evidence(Published):
    """The evidence for and against an item, by case and in chronological order."""

    speaking_for: tuple[Witness, ...] = Field(alias="for")
    """The events that are evidence for it."""
    speaking_against: tuple[Witness, ...] = Field(alias="against")
    """The events that are evidence against it."""


class Rating(Published):
    """An answer on an axis."""

    id: Id
    """The word used in records; ``not-known`` where nobody could say."""
    title: str | None = None
    """The word shown; left out for ``not-known``."""
    level: Level
    """Where it stands on the axis; ``open`` is on neither side."""
    meaning: str | None = None
    """When it is given; left out for ``not-known``."""


# A case


class PatternOfCase(Link):
    """How a case was developed."""

    id: Id
    """The id of the pattern."""
    because: Text
    """Why it is this one."""


class Abi(Published):
    """The interface that a case is about."""

    interfaces: tuple[Id, ...]
    """The kinds of interface it consists of; the index has their titles."""
    surface: tuple[str, ...]
    """What a program sees of it: calls, structures, files."""
    paths: tuple[str, ...]
    """Where it lives in the source tree."""
    first_release: str | None = None
    """The first release that carried it; left out when there is none."""


class Period(Published):
    """A time in which a program lived in one place."""

    from_: Date = Field(alias="from")
    """When it began."""
    to: Date | None = None
    """When it ended; left out while it lasts."""
    tree: str
    """What kind of place it was; the index has their titles."""
    where: str
    """The path or the repository."""
    through: tuple[str, ...]
    """The groups or trees that stood between this place and the interface's own tree."""
    boundaries: int
    """How many boundaries a change crossed between this place and that tree."""
    sources: tuple[Id, ...]
    """What proves it, by the ids of the sources of the case."""


class Side(Item):
    """A program that uses the interface."""

    periods: tuple[Period, ...]
    """Where it lived, in order of time."""


class Figure(Published):
    """A number derived from the events and programs of a case."""

    id: Id
    """Which number it is."""
    value: int | None = None
    """The number; left out where the case has none."""
    unit: Literal["days", "count"]
    """What is counted."""
    upto: int | None = None
    """For a range, its upper end."""
    of: int | None = None
    """For a share, the whole."""
    exact: bool
    """False when a date it is based on is known only to the month or the year."""
    events: tuple[Id, ...]
    """The events it was counted from."""


class TextCheck(Published):
    """A second reading of an event: its text compared with its sources, to find mistakes."""

    on: Date
    """The day of the reading."""
    against: tuple[Id, ...]
    """The sources by which the text was found right."""
    not_reached: tuple[Id, ...]
    """The sources that could not be reached again."""
    current: bool
    """False when the text has changed since."""


class Event(Citable):
    """A dated thing that happened."""

    date: Date
    """When it happened."""
    release: str | None = None
    """The release that first carried it."""
    event_kind: str
    """What sort of thing happened; the index lists the kinds, and new ones may come."""
    lane: Id
    """The side on which it happened; the index has their titles."""
    text: Text
    """What happened, without judgement."""
    reading: Text | None = None
    """What the author of the record makes of it."""
    sources: tuple[Id, ...]
    """What proves it, by the ids of the sources of the case."""
    same_as: Link | None = None
    """The event of another case that records the same fact; evidence counts both as one."""
    speaking_for: tuple[EvidenceLink, ...] = Field(alias="for")
    """The stages, claims and lessons that it is evidence for."""
    speaking_against: tuple[EvidenceLink, ...] = Field(alias="against")
    """The stages, claims and lessons that it is evidence against."""
    text_checked: TextCheck | None = None
    """The last second reading of the text; left out where there was none."""


class Finding(Citable):
    """A case's answer on one axis; its id and its title are those of the axis."""

    rating: Rating
    """The answer in a word."""
    text: Text
    """The answer in a few sentences."""
    events: tuple[Id, ...]
    """The events it is based on."""


class Count(Published):
    """A number that a git command counts, with what it was counted from."""

    result: int
    """The number."""
    what: str
    """What was counted, in a few words that follow the number."""
    command: str
    """The command that counts it in a clone."""
    commits: str | None = None
    """For a number of commits: the range, or a revision with all its history."""
    touching: tuple[str, ...] | None = None
    """The paths of which they change one."""
    also: tuple[str, ...] | None = None
    """The paths of which they change one as well."""
    full_history: bool | None = None
    """Whether commits on branches that the paths do not need count too."""
    no_merges: bool | None = None
    """Whether merges are left out."""
    author: str | None = None
    """A pattern in the author's name and address."""
    message: str | None = None
    """A pattern in a line of the message."""
    invert: bool | None = None
    """Whether the message does not match."""
    ignore_case: bool | None = None
    """Whether patterns match in upper and lower case."""
    since: Date | None = None
    """The first day of the author's date."""
    until: Date | None = None
    """The last day of the author's date."""
    matches: str | None = None
    """For a number of matches: the pattern."""
    at: str | None = None
    """The tag or commit whose files were searched."""
    below: tuple[str, ...] | None = None
    """The files and folders that were searched; all where it is left out."""
    count: Literal["lines", "files", "texts"] | None = None
    """Whether lines, files or different texts that match were counted."""


class Source(Item):
    """What proves a statement. Which fields there are depends on its kind."""

    source_kind: str
    """``commit``, ``mail``, ``article``, ``specification``, ``file`` or ``measurement``; new kinds
    may come."""
    source_url: Url | None = None
    """Where it is found on the web; a measurement has no such place."""
    author: str | None = None
    """Who wrote it."""
    publisher: str | None = None
    """Who published it."""
    date: Date | None = None
    """The author's date of a commit, the day of a mail or of publication."""
    repository: Id | None = None
    """The repository that holds it; the index has their titles."""
    commit: str | None = None
    """The id of a commit."""
    release: str | None = None
    """The first release of the repository that contains the commit."""
    message_id: str | None = None
    """The message id of a mail, bare; left out where none could be found."""
    version: str | None = None
    """The version of a specification."""
    file: str | None = None
    """The path of a file in the repository."""
    command: str | None = None
    """The command of a measurement."""
    result: str | None = None
    """What the command printed, in short."""
    counts: tuple[Count, ...] | None = None
    """The numbers of a measurement that ``abicase verify`` counts again."""
    at: str | None = None
    """The tag or commit at which a file was read or a command run."""
    checked: Date
    """The day on which somebody last checked that the source is what this entry says."""
    how: str
    """How it was checked."""


class TurningPoint(Link):
    """An event that a reader should see first."""

    label: str
    """What happened, in a few words."""
    card: str | None = None
    """What follows the label at the top of the page of the case."""


class Case(Citable):
    """One interface, and how it was developed."""

    name: str
    """The short name."""
    pattern: PatternOfCase
    """How the case was developed, with the reason."""
    summary: Text
    """What happened, and the evidence for and against."""
    reviewed: Date
    """The day on which the whole record was last read through."""
    abi: Abi
    """The interface that the case is about."""
    sides: tuple[Side, ...]
    """The programs that use the interface."""
    figures: tuple[Figure, ...]
    """The numbers derived from events and programs."""
    findings: tuple[Finding, ...]
    """The answer on each axis."""
    events: tuple[Event, ...]
    """What happened, in order of time."""
    turning_points: tuple[TurningPoint, ...] = ()
    """The events that a reader should see first, in order of time."""
    pairs: tuple[Link, ...]
    """The comparisons that it is part of."""
    sources: tuple[Source, ...]
    """What proves the statements."""


# The argument


class Assessment(Published):
    """The assessment of the evidence on a claim."""

    state: Literal["supported", "contested", "cannot-be-shown"]
    """The assessment in a word."""
    reason: str
    """Why, with the condition under which it holds."""
    change: str
    """What would change it."""
    on: Date
    """The day on which it was made."""


class Claim(Citable):
    """A statement from the debate."""

    statement: Text
    """The claim in full."""
    origin: Text
    """Who made it, and where."""
    pattern: Link
    """The pattern it is about."""
    stance: Literal["for", "against", "neither"]
    """Whether it is made for that pattern or against it."""
    amounts_to: Text
    """The assessment of the evidence, in one paragraph."""
    assessment: Assessment | None = None
    """The assessment in a word, with its reason; left out where there is none."""
    origin_events: tuple[Link, ...]
    """The events that its origin names; they count neither for nor against it."""
    evidence: Evidence
    """The evidence for and against it."""


class NoneFound(Published):
    """The signed statement that nothing was found against a lesson."""

    looked_at: str
    """What was searched."""
    on: Date
    """When."""
    by: str
    """By whom."""


class Example(Published):
    """A few lines of code that follow a lesson, or do not."""

    do: bool
    """Whether it is how it should be done."""
    title: str
    """What it shows."""
    language: str
    """The language of the code."""
    code: str
    """The code, in lines."""
    mark: tuple[int, ...]
    """The numbers of the lines that matter."""
    caption: str | None = None
    """What happens."""


class DocumentedIn(Published):
    """A document of the project that states a lesson as a rule."""

    file: str
    """Its path in the source tree."""
    url: Url
    """Its address on the web."""
    section: str | None = None
    """The heading of the section."""
    checked: Date
    """When it was last checked that it says so."""
    how: str
    """How it was checked."""


class Lesson(Citable):
    """A rule that a reviewer can cite."""

    group: Named | None = None
    """Its group on the page of the lessons."""
    keywords: tuple[str, ...] = ()
    """What is seen in a patch that needs it."""
    examples: tuple[Example, ...] = ()
    """Code that shows it."""
    documented_in: tuple[DocumentedIn, ...] = ()
    """The documents of the project that state it."""
    related: tuple[Link, ...] = ()
    """Other lessons that matter for the same patch."""

    interfaces: tuple[Id, ...]
    """The kinds of interface it applies to; the index has their titles."""
    do: Text
    """What to do."""
    why: Text
    """Why."""
    limits: Text
    """Where it ends."""
    none_found: NoneFound | None = None
    """Where no event is evidence against it: who looked for one, where, and when."""
    evidence: Evidence
    """The evidence for and against it."""


class Answer(Link):
    """The finding of one case on an axis."""

    case: Id
    """The id of the case."""
    rating: Rating
    """The answer in a word."""


class Axis(Item):
    """A question that every case is asked."""

    question: str
    """The question."""
    why: Text
    """Why it matters."""
    ratings: tuple[Rating, ...]
    """The answers, from the most to the least of what is asked for."""
    findings: tuple[Answer, ...]
    """The answer of each case."""


class Stage(Citable):
    """One stage of a pattern."""

    text: Text
    """What happens in it."""
    evidence: Evidence
    """The events that illustrate and contradict it."""


class Pattern(Item):
    """A way of developing an interface."""

    summary: Text
    """What it is."""
    cycle: bool
    """Whether the stages repeat, rather than follow each other once."""
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
    """What the comparison shows, in one sentence."""
    because: Text
    """Why they are worth comparing."""
    shows: Text
    """What the comparison shows."""


# What finds an item


class Findable(Item):
    """An item with all that finds it."""

    texts: dict[str, str]
    """The texts by which it is found, by how much they count; which there are may change."""
    paths: tuple[str, ...]
    """The paths of source trees that it names."""
    interfaces: tuple[Id, ...]
    """The kinds of interface it is about."""
    reply: str | None = None
    """What a reviewer pastes into a mail, for the kinds that can be cited."""
    reply_markdown: str | None = None
    """The same in Markdown, for a comment on the web."""


class Sign(Published):
    """Something in a patch that a lesson may concern; it has either ``line`` or ``rule``."""

    note: str
    """What was seen."""
    paths: tuple[str, ...]
    """Patterns of the paths of files in which it is looked for; ``*`` stands for any text."""
    line: str | None = None
    """A regular expression that an added line matches."""
    rule: str | None = None
    """A rule of ast-grep in YAML."""
    language: str | None = None
    """The language of the code that the rule is about."""
    unless_paths: tuple[str, ...] = ()
    """Patterns of paths; a file of the series that matches one answers the sign."""
    unless_added: str | None = None
    """A regular expression; a line of the series that matches it answers the sign."""
    unless_said: str | None = None
    """A regular expression; a line of the mails that matches it answers the sign."""


class Checker(Published):
    """A tool that finds what goes against a lesson."""

    tool: str
    """Its name."""
    run: str
    """The command."""
    finds: str
    """What it finds."""


class SignedLesson(Published):
    """A lesson as patches are compared with it."""

    reference: Reference
    """The lesson."""
    ask: str
    """The rule as a request."""
    why: str
    """Why, in one sentence."""
    paths: tuple[str, ...]
    """Patterns of the paths where the kinds of interface are defined that it applies to."""
    signs: tuple[Sign, ...]
    """What is looked for in a patch."""
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
    """The address of the root of the site, with a slash at its end; left out where it is not
    known."""


class Named(Published):
    """A word of the records, and the word shown for it."""

    id: Id
    """The word used in records."""
    title: str
    """The word shown."""


class Repository(Named):
    """A git repository that sources name."""

    home: Url
    """Where it is published."""


class File(Published):
    """A file of this interface."""

    path: Path
    """Its place, from the root of the site."""
    schema_: Path = Field(alias="schema")
    """The place of its JSON Schema."""


class CaseFile(Item):
    """A case, in short."""

    name: str
    """The short name."""
    pattern: Id
    """The id of its pattern."""
    reviewed: Date
    """The day on which the whole record was last read through."""
    file: Path
    """The place of the file that has all of it."""


class Index(Document):
    """What there is, and the words that the files use."""

    files: tuple[File, ...]
    """The other files, save those of the cases."""
    cases: tuple[CaseFile, ...]
    """The cases, each with its file."""
    interfaces: tuple[Named, ...]
    """The kinds of interface."""
    lanes: tuple[Named, ...]
    """The sides on which events happen."""
    trees: tuple[Named, ...]
    """The kinds of places where programs live; a new value means a new version."""
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
    """All that a command needs to find and to cite items, and to compare patches with lessons."""

    interfaces: tuple[Named, ...]
    """The kinds of interface."""
    items: tuple[Findable, ...]
    """The items, in the order in which equals are shown."""
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
"""The files and their classes; the names are those of their schemas, too."""


def file_of(name: str) -> str:
    """The place of a file, from the root of the site."""
    return f"api/{VERSION}/{name}.json"


def schema_file(name: str) -> str:
    """The place of the schema of a file, from the root of the site."""
    return f"api/{VERSION}/schema/{name}.json"


def schema_of(name: str, trees: Sequence[str], site: str = "") -> dict[str, Any]:
    """The JSON Schema of a file.

    Args:
        name: One of :data:`DOCUMENTS`.
        trees: All values of ``tree`` that there are.
        site: The address of the root of the site; empty where it is not known.

    Returns:
        The schema, with an ``$id`` where the address is known.
    """
    head = {"$schema": _Schema.schema_dialect}
    if site:
        head["$id"] = site + schema_file(name)
    made = DOCUMENTS[name].model_json_schema(by_alias=True, schema_generator=_Schema)
    if Period.__name__ in made.get("$defs", {}):
        made["$defs"][Period.__name__]["properties"]["tree"] |= {"enum": list(trees)}
    return head | made


class _Schema(GenerateJsonSchema):
    """A generator that leaves out what has no value; nothing is null or replaced by a default."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])
