"""The casebook: settings and vocabulary that all records share."""

from __future__ import annotations

from pydantic import Field

from abicase.schema.fields import (
    DayField,
    EventReference,
    Flag,
    HttpsLink,
    Id,
    Line,
    LinkPattern,
    Number,
    Prose,
    Title,
)
from abicase.schema.part import AxisId, LaneId, Part, RepositoryId
from abicase.schema.words import Words


class Lane(Part):
    """A side of the interface on which events happen."""

    one_line = True

    id: Id
    """The word used in records."""
    title: Line
    """The word shown."""
    joins: tuple[LaneId, ...] = ()
    """For the lane of events on several sides at once: those sides."""


class Tree(Part):
    """A kind of place where a user of the interface can live."""

    one_line = True

    id: Id
    """The word used in records."""
    title: Line
    """The words shown in drawings: "fork of the tree"."""
    phrase: Line | None = None
    """The words after the name of a side: "in a fork of the tree"; "in" and the title if left
    out."""
    home: Flag = False
    """True if the interface itself is developed there, so that there is no boundary in between."""


def usual_trees() -> tuple[Tree, ...]:
    """Return the kinds of places for a casebook that does not list its own."""
    return (
        Tree(id="mainline", title="main tree", phrase="in the main tree", home=True),
        Tree(id="fork", title="fork of the tree", phrase="in a fork of the tree"),
        Tree(id="own", title="own repository", phrase="in a repository of its own"),
    )


class Interface(Part):
    """A kind of interface."""

    one_line = True

    id: Id
    """The word used in records."""
    title: Line
    """The word shown."""
    review: Line | None = None
    """The object of a review, as it follows the word "reviewing": "a call"; the title if left
    out."""
    paths: tuple[Line, ...] = ()
    """Path patterns of the files that define interfaces of this kind, in which ``*`` matches any
    text; ``abicase advise`` looks there for the signs of the lessons that apply to them."""


class Group(Part):
    """A group of lessons."""

    one_line = True

    id: Id
    """The word used in records, and its anchor on the lessons page."""
    title: Title
    """Its heading."""
    about: Line
    """The subject of its lessons, in a few words shown next to the heading."""


class Documents(Part):
    """The location of the project's documents on the web."""

    one_line = True

    file: Line
    """Their paths in the source tree, with ``{page}`` for the part that varies:
    ``Documentation/{page}.rst``."""
    address: LinkPattern
    """Their addresses, with the same placeholder."""


class Term(Part):
    """A term or an abbreviation from the field."""

    one_line = True

    id: Id
    """Its anchor on the glossary page."""
    term: Line
    """The term as texts use it; a plural in s is found too."""
    means: Line
    """The meaning, in a few words."""
    text: Prose | None = None
    """A longer explanation, if a few words are not enough."""


class Preference(Part):
    """Words that the casebook's texts avoid."""

    one_line = True

    avoid: tuple[Line, ...] = Field(min_length=1)
    """The words or phrases, in each of their forms; case is ignored."""
    use: Line
    """The replacement that the message suggests: "fix"."""
    but_not: tuple[Line, ...] = ()
    """Longer phrases in which one of them is right: "page fault"."""


class MainFinding(Part):
    """The authors' judgement on what all cases together show, with its date."""

    text: Title
    """One sentence, the headline of the home page; ``{cases}`` is replaced by the number of
    cases."""
    axis: AxisId
    """The axis on which the patterns must be alike for the finding to hold. A warning says when
    they no longer are."""
    on: DayField
    """The date on which it was last checked against the records."""


class Member(Part):
    """A member of a structure in memory."""

    one_line = True

    name: Line
    """Its type and name."""
    bytes: Number
    """Its size."""
    padding: Flag = False
    """True for padding, in which nothing is stored."""


class Layout(Part):
    """The memory layout of a structure."""

    name: Line
    """The condition for this layout: an architecture, a version."""
    members: tuple[Member, ...] = Field(min_length=1)
    """Its members, in order."""


class Step(Part):
    """One line of a short story."""

    when: Line
    """The year, or a word such as "Since"."""
    text: Prose
    """The event of that time, with a link that proves it."""


class Mistake(Part):
    """A permanent mistake that shows readers of the home page what the records are about."""

    event: EventReference
    """The event that describes it."""
    title: Title
    """The lasting effect, in one line."""
    layouts: tuple[Layout, ...] = ()
    """Structures drawn to one scale: the same structure, as different sides see it."""
    steps: tuple[Step, ...] = Field(min_length=1)
    """The story, in about three lines."""


class Casebook(Part):
    """The settings and vocabulary that all records of a casebook share."""

    title: Line
    """The name of the casebook."""
    default_repository: RepositoryId | None = None
    """The repository whose releases are written without its id."""
    stale_after_days: Number | None = None
    """The age in days after which a review or a source check is reported as old; never if left
    out."""
    second_readings: Flag = False
    """True if events whose text was not read a second time are reported with a warning."""
    mail_archive: LinkPattern | None = None
    """The address of a mail, with the placeholder ``{message_id}``; for mail sources given by
    message id."""
    allow_http: Flag = False
    """True if sources, repositories and the mail archive may have ``http://`` addresses, which
    anyone on the network path can read and change."""
    published_at: HttpsLink | None = None
    """The address at which the casebook is published; ``site_url`` and the environment variable
    ``SITE_URL`` take precedence."""
    finding: MainFinding | None = None
    """The main finding of all cases together: the headline of the home page."""
    mistake: Mistake | None = None
    """The mistake that the home page describes."""
    lanes: tuple[Lane, ...] = Field(min_length=1)
    """The sides on which events happen, in drawing order."""
    interfaces: tuple[Interface, ...] = Field(min_length=1)
    """The kinds of interface that cases consist of and lessons apply to."""
    groups: tuple[Group, ...] = ()
    """The groups of lessons, in display order; none for a single list."""
    documents: tuple[Documents, ...] = ()
    """The locations of the project's own documents on the web; if several fit a path, the first
    counts."""
    trees: tuple[Tree, ...] = Field(default_factory=usual_trees, min_length=1)
    """The kinds of places where users of the interface live. If left out: the interface's own tree,
    a fork of it, and a separate repository. Drawings distinguish the first two from the others."""
    words: Words = Field(default_factory=Words)
    """The words that pages use for all this, where the defaults do not fit: ``interface``,
    ``kind``, ``program``, ``event_kinds`` and ``figures``."""
    house_style: tuple[Preference, ...] = ()
    """The words that records avoid. A warning gives each place and the replacement. Code,
    quotations, and sources' titles and subjects are not checked."""
    terms: tuple[Term, ...] = ()
    """The glossary; the first use of each term on a page links to it."""


LISTED = {"lane": "lanes", "interface": "interfaces", "tree": "trees", "group": "groups"}
"""The kinds of names that a list in the casebook defines, each with the field of that list."""
