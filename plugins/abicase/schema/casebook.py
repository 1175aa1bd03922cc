"""The casebook: what all records share, and the words that they use."""

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
    """A side of the interface on which something happens."""

    one_line = True

    id: Id
    """The word used in records."""
    title: Line
    """The word shown."""
    joins: tuple[LaneId, ...] = ()
    """For the lane of things done on several sides in one step: those sides."""


class Tree(Part):
    """A kind of place where a program can live."""

    one_line = True

    id: Id
    """The word used in records."""
    title: Line
    """The words shown in drawings: "fork of the tree"."""
    phrase: Line | None = None
    """The words that follow the name of a program: "in a fork of the tree"; "in" and the title if
    left out."""
    home: Flag = False
    """Whether the interface itself is developed there, so that no boundary lies between."""


def usual_trees() -> tuple[Tree, ...]:
    """The kinds of places of a casebook that does not list its own."""
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
    """What is reviewed, to follow the word "reviewing": "a call"; the title if left out."""
    paths: tuple[Line, ...] = ()
    """Patterns of the paths where interfaces of this kind are defined, where ``*`` stands for any
    text: there ``abicase advise`` looks for the signs of the lessons that apply to them."""


class Group(Part):
    """A group of lessons."""

    one_line = True

    id: Id
    """The word used in records, and its anchor on the page of the lessons."""
    title: Title
    """Its heading."""
    about: Line
    """What its lessons are about, in a few words that stand next to the heading."""


class Documents(Part):
    """Where the project's documents are on the web."""

    one_line = True

    file: Line
    """Their paths in the source tree, with ``{page}`` in place of what differs:
    ``Documentation/{page}.rst``."""
    address: LinkPattern
    """Their addresses, with the same placeholder."""


class Term(Part):
    """A term or an abbreviation of the field."""

    one_line = True

    id: Id
    """Its anchor on the page of the glossary."""
    term: Line
    """The term as texts use it; a plural with s is found too."""
    means: Line
    """What it stands for, in a few words."""
    text: Prose | None = None
    """More on it, where a few words do not do."""


class Preference(Part):
    """Words that texts of the casebook avoid."""

    one_line = True

    avoid: tuple[Line, ...] = Field(min_length=1)
    """The words or phrases, in each of their forms; capitals make no difference."""
    use: Line
    """What to write, for the message: "fix"."""
    but_not: tuple[Line, ...] = ()
    """Longer phrases that hold one of them and are right: "page fault"."""


class MainFinding(Part):
    """What all cases together show, in the words of its authors: a judgement, with its day."""

    text: Title
    """One sentence, the headline of the first page; ``{cases}`` stands for the number of cases."""
    axis: AxisId
    """The axis on which the patterns have to be alike for it to hold. A warning says when they no
    longer are."""
    on: DayField
    """The day on which it was last judged against the records."""


class Member(Part):
    """One member of a structure in memory."""

    one_line = True

    name: Line
    """Its type and name."""
    bytes: Number
    """Its size."""
    padding: Flag = False
    """Whether nothing is stored there."""


class Layout(Part):
    """How a structure lies in memory."""

    name: Line
    """Where it lies so: an architecture, a version."""
    members: tuple[Member, ...] = Field(min_length=1)
    """Its members, in order."""


class Step(Part):
    """One line of a short story."""

    when: Line
    """The year, or a word such as "Since"."""
    text: Prose
    """What happened then, with a link that proves it."""


class Mistake(Part):
    """One mistake that stayed, to show on the first page what the records are about."""

    event: EventReference
    """The event that tells of it."""
    title: Title
    """What stayed, in one line."""
    layouts: tuple[Layout, ...] = ()
    """Structures that are drawn to one scale: the same one, as different sides have it."""
    steps: tuple[Step, ...] = Field(min_length=1)
    """What happened, in about three lines."""


class Casebook(Part):
    """What all records of a casebook share."""

    title: Line
    """The name of the casebook."""
    default_repository: RepositoryId | None = None
    """The repository whose releases are named without it."""
    stale_after_days: Number | None = None
    """After how many days a review or a check of a source is reported as old; never if left out."""
    second_readings: Flag = False
    """Whether a warning says of which events the text was not read a second time."""
    mail_archive: LinkPattern | None = None
    """The address of a mail, with the placeholder ``{message_id}``; for sources that are mails and
    are named by their message id."""
    allow_http: Flag = False
    """Whether sources, repositories and the mail archive may have ``http://`` addresses, which
    anyone on the network path can read and change."""
    published_at: HttpsLink | None = None
    """Where the casebook is published; ``site_url`` and the environment's ``SITE_URL`` go first."""
    finding: MainFinding | None = None
    """What all cases together show: the headline of the first page."""
    mistake: Mistake | None = None
    """The mistake that the first page tells of."""
    lanes: tuple[Lane, ...] = Field(min_length=1)
    """The sides on which things happen, in the order in which they are drawn."""
    interfaces: tuple[Interface, ...] = Field(min_length=1)
    """The kinds of interface that cases consist of and lessons apply to."""
    groups: tuple[Group, ...] = ()
    """The groups of lessons, in the order in which they are shown; none for a single list."""
    documents: tuple[Documents, ...] = ()
    """Where the project's own documents are on the web; of several that fit a path, the first
    counts."""
    trees: tuple[Tree, ...] = Field(default_factory=usual_trees, min_length=1)
    """The kinds of places where programs live: the tree of the interface itself, a fork of it and a
    repository of its own if left out. Drawings tell the first and the second from the others."""
    words: Words = Field(default_factory=Words)
    """What pages call all this, where the usual words do not fit: ``interface``, ``kind``,
    ``program``, ``event_kinds`` and ``figures``."""
    house_style: tuple[Preference, ...] = ()
    """The words that records avoid. A warning names each place, and what to write. Code, quotations
    and what sources say of themselves are left alone."""
    terms: tuple[Term, ...] = ()
    """The glossary: the first use of each term on a page leads to it."""


LISTED = {"lane": "lanes", "interface": "interfaces", "tree": "trees", "group": "groups"}
"""What records name by the words of a list in the casebook, each with the field of that list."""
