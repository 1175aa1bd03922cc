"""A reply for a reviewer to paste: statement, strongest evidence, counter-evidence, address.

These are only the data; the wording is in ``reply.txt.jinja`` and ``reply.markdown.jinja``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Proof:
    """A source in the form in which it is cited. All fields are plain texts on one line, or empty.

    A commit has a subject, and a repository if that is not the casebook's default; a file has its
    path and the tag; a measurement has its result and the tag; all but a measurement have a link.
    """

    commit: str = ""
    """The first twelve digits."""
    subject: str = ""
    file: str = ""
    measured: str = ""
    """The result of a measurement, in short."""
    at: str = ""
    repository: str = ""
    link: str = ""
    """The address on the web."""


@dataclass(frozen=True, slots=True)
class CitedEvent:
    """An event in the form in which it is cited."""

    case: str
    date: str
    release: str
    """The first release with it, as ``v1.0`` or ``library v1.0``; empty if there is none."""
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
    """For a signed "none found": the place that was searched, by whom, and when."""
    by: str = ""
    on: str = ""
    other: str = ""
    """For a finding: another case, its rating on the same axis, its pattern and address."""
    other_rating: str = ""
    other_pattern: str = ""
    other_link: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply to paste into a mail about an item. All texts are plain and on one line.

    A statement with lists or code has several lines (see :mod:`abicase.text.plaintext`).
    """

    kind: str
    reference: str
    title: str
    statement: str
    """The statement in a sentence or two, in addition to the title."""
    link: str
    """The address of the item, the short one if there is one."""
    as_of: str = ""
    """The date of the item's wording; empty if it was not published yet."""
    ask: str = ""
    """For a lesson with a reply written by hand: the whole rule, as a request."""
    why: str = ""
    """For such a lesson: the reason, in one sentence."""
    limit: str = ""
    """For such a lesson: the limit of the rule; can be empty."""
    precedent: CitedEvent | None = None
    """For such a lesson: the event that it names, with the commit or its best source."""
    mail: str = ""
    """The address of a mail that is another source of that event."""
    document: str = ""
    """For such a lesson: the path of the document that states it, and its address on the web."""
    document_link: str = ""
    evidence: tuple[CitedEvent, ...] = ()
    doubt: Doubt | None = None
    group: str = ""
    """For an event or a finding, the name of the case; for a stage, the title of its pattern."""
    rating: str = ""
    """For a finding, the rating."""
    question: str = ""
    """For a finding, the question."""
    number: int = 0
    """For a stage, its number in its pattern; 0 if the stages form a cycle."""
    axis: str = ""
    """For a pair, the axis on which the cases differ most, and their ratings."""
    ratings: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    """For a pair, the names of the cases."""
    events_for: int = 0
    """For a claim, the number of events on each side, and of their cases."""
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
    """Change each text of a reply, or of a part of one; kinds, references and addresses stay.

    ``change`` takes the name of a field and its text, and returns the new text.
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
        if not old or name in _LINKS:  # most are empty
            new.append(old)
        else:
            new.append(change(name, old) if type(old) is str else mapped(old, change))
    return kind(*new)
