"""A reply for a reviewer to paste: statement, strongest evidence, counter-evidence, address.

The data only; the words stand in the templates ``reply.txt.jinja`` and ``reply.markdown.jinja``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Proof:
    """One source as it is cited. All fields are plain texts on one line; empty where it has none.

    A commit has a subject, and a repository where it is not the casebook's default; a file its
    path and the tag; a measurement its result and the tag; everything but that a link.
    """

    commit: str = ""
    """The first twelve digits."""
    subject: str = ""
    file: str = ""
    measured: str = ""
    """What was measured, in short."""
    at: str = ""
    repository: str = ""
    link: str = ""
    """The address on the web."""


@dataclass(frozen=True, slots=True)
class CitedEvent:
    """An event as it is cited."""

    case: str
    date: str
    release: str
    """The release that first carried it, as ``v1.0`` or ``library v1.0``; empty where none did."""
    title: str
    proof: Proof


@dataclass(frozen=True, slots=True)
class Doubt:
    """The other side of a reply: evidence against it, a signed "none found", or another case."""

    event: CitedEvent | None = None
    """The strongest event on the other side."""
    about: str = ""
    """For an event, a pair or a case: the title of what the evidence is cited for or against."""
    supports: bool = False
    """For those: whether the evidence supports it, and the event contradicts it."""
    looked_at: str = ""
    """Of a signed "none found": where somebody looked, who, and when."""
    by: str = ""
    on: str = ""
    other: str = ""
    """For a finding: another case, its rating on the same axis, its pattern and address."""
    other_rating: str = ""
    other_pattern: str = ""
    other_link: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply to paste in a mail about an item. All texts are plain, on one line.

    A statement is in lines where it has lists or code, see :mod:`abicase.text.plaintext`.
    """

    kind: str
    reference: str
    title: str
    statement: str
    """The statement in a sentence or two, besides the title."""
    link: str
    """The address of the item, the short one where it has one."""
    as_of: str = ""
    """The day since which the item has had these words; empty where it was not published yet."""
    ask: str = ""
    """For a lesson with a reply written by hand: the whole rule, as a request."""
    why: str = ""
    """For such a lesson: why, in one sentence."""
    limit: str = ""
    """For such a lesson: where the rule ends; may be empty."""
    precedent: CitedEvent | None = None
    """For such a lesson: the event that it names, with the commit or else its best source."""
    mail: str = ""
    """The address of the mail that is a source of that event as well."""
    document: str = ""
    """For such a lesson: the path of the document that states it, and its address on the web."""
    document_link: str = ""
    evidence: tuple[CitedEvent, ...] = ()
    doubt: Doubt | None = None
    group: str = ""
    """For an event or a finding the name of the case; for a stage the title of its pattern."""
    rating: str = ""
    """For a finding, the rating."""
    question: str = ""
    """For a finding, the question."""
    number: int = 0
    """For a stage its place among those of its pattern; 0 where they go round in a circle."""
    axis: str = ""
    """For a pair, the axis on which the cases differ most, and their ratings."""
    ratings: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    """For a pair, the names of the cases."""
    events_for: int = 0
    """For a claim, how many events there are on either side, and in how many cases."""
    cases_for: int = 0
    events_against: int = 0
    cases_against: int = 0
    assessment: str = ""
    """For a claim, the state of its assessment, and the reason."""
    reason: str = ""


_LINKS = frozenset(
    {
        "as_of",
        "assessment",
        "commit",
        "document_link",
        "kind",
        "link",
        "mail",
        "other_link",
        "reference",
    }
)


def mapped(value: Any, change: Callable[[str, str], str]) -> Any:
    """A reply with each of its texts changed; kinds, references and addresses stay.

    Args:
        value: A reply, or a part of one.
        change: Takes the name of the field and the text.
    """
    kind = type(value)
    if kind is str:
        return change("", value)
    if kind is tuple:
        return tuple(mapped(one, change) for one in value)
    if kind not in (Reply, Doubt, CitedEvent, Proof):
        return value
    new = []
    for name in kind.__match_args__:
        old = getattr(value, name)
        if not old or name in _LINKS:  # the most are empty
            new.append(old)
        else:
            new.append(change(name, old) if type(old) is str else mapped(old, change))
    return kind(*new)
