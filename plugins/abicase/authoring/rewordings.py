"""Reworded statements that may have changed their meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from abicase.ledger.ledger import FIELD, Ledger
from abicase.problems.problem import Problem
from abicase.provenance.git import GitError
from abicase.provenance.wordings import WordingHistory
from abicase.source.folders import records_option_for
from abicase.source.reading import Reading
from abicase.text.wording import Wording

MOST_CHANGED = 1 / 3
"""The share of words that may change before the author is asked about the meaning."""


@dataclass(frozen=True, slots=True)
class Rewriting:
    """A published statement that changed more than that, or by an unknown amount."""

    reference: str
    new: Wording
    old: Wording | None
    """The wording that was published last; None if it was not found."""
    unread: str
    """Why the git history can't be read, if so."""

    @property
    def message(self) -> str:
        """Return a phrase that says how much has changed."""
        if self.old is None:
            why = self.unread or "no commit has it"
            return f"it was reworded, and its published wording was not found: {why}"
        return f"{self.new.change_from(self.old):.0%} of its words changed since it was published"


def rewritings(reading: Reading, reworded: Mapping[str, Wording]) -> Iterator[Rewriting]:
    """Yield the reworded statements that may have changed their meaning.

    Args:
        reading: The records, with their ledger.
        reworded: The current wordings of all reworded statements, by reference.
    """
    if not reworded:
        return
    ledger = Ledger.of(reading.ledger.record if reading.ledger else None)
    history: WordingHistory | None = None
    unread = ""
    try:
        history = WordingHistory(reading.root)
    except GitError as problem:
        unread = str(problem)
    for reference, new in reworded.items():
        old = None
        published = ledger.permalinks[reference].wording
        try:
            if history is not None and published is not None:
                old = history.with_digest(reference, published)
        except GitError as problem:
            unread = str(problem)
        if old is None or new.change_from(old) > MOST_CHANGED:
            yield Rewriting(reference, new, old, unread)


def problem_of(reading: Reading, rewriting: Rewriting) -> Problem:
    """Return the problem that a statement may have changed its meaning."""
    assert reading.ledger is not None  # or nothing was published
    reference, option = rewriting.reference, records_option_for(reading.shown)
    hint = f"if it means the same: abicase links publish{option} --reworded {reference}"
    if ("axis", reference.partition("#")[2]) not in reading.entries:  # a finding has no own id
        retire = f"abicase links retire{option} {reference} --withdrawn --because TEXT"
        hint += f"; if not, give the new statement its own id, then {retire}"
    return reading.ledger.document.problem(
        "rewritten", (FIELD, reference), rewriting.message, hint, key=True
    )
