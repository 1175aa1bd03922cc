"""All records with their references resolved in both directions, sealed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from abicase.ledger.ledger import Ledger
from abicase.schema.addresses import commit_at, document_at, file_in, mail_in
from abicase.schema.argument import Axis, Claim, Lesson, Pair, Pattern, Rating
from abicase.schema.case import Case, Event, Source
from abicase.schema.casebook import Casebook
from abicase.schema.fields import Day, is_address
from abicase.schema.items import Item
from abicase.schema.records import Repository
from abicase.text.prose import convert


@dataclass(frozen=True, slots=True)
class NamedCase:
    """The fields of a case that lists and citations show."""

    id: str
    name: str
    pattern: str
    """The id of its pattern."""
    draft: bool

    @classmethod
    def of(cls, case: Case) -> NamedCase:
        """Return these fields of a case."""
        return cls(case.id, case.name, case.pattern.label, case.draft)


@dataclass(frozen=True, slots=True)
class Witness:
    """An event that is evidence for or against something, with what is needed to cite it.

    It does not hold the whole case, so a page that shows it need not be rendered again when another
    part of the case changes.
    """

    case: NamedCase
    event: Event
    sources: Mapping[str, Source]
    """The sources of the event, by id."""
    fact: str
    """The reference that represents the fact of the event, see :meth:`Case.fact`."""
    because: str = ""
    """The reason why it is evidence, if the record gives one."""

    @classmethod
    def of(cls, case: Case, event: Event, because: str = "") -> Witness:
        """Return an event of a case as evidence."""
        sources = {id_: case.sources[id_] for id_ in event.sources}
        return cls(NamedCase.of(case), event, sources, case.fact(event), because)

    @property
    def reference(self) -> str:
        """The reference of the event."""
        return f"case/{self.case.id}#{self.event.id}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence for and against an item, by case and in chronological order."""

    speaking_for: tuple[Witness, ...] = ()
    speaking_against: tuple[Witness, ...] = ()

    @property
    def cases(self) -> tuple[NamedCase, ...]:
        """The cases with any evidence, in order."""
        return tuple(dict.fromkeys(w.case for w in self.speaking_for + self.speaking_against))


@dataclass(frozen=True, slots=True)
class Count:
    """The amount of evidence on one side of an item."""

    events: int
    cases: int
    """The number of cases that the events are from."""

    def __sub__(self, part: Count) -> Count:
        """Return the count without the events of some of the cases."""
        return Count(self.events - part.events, self.cases - part.cases)


@dataclass(frozen=True, slots=True)
class Counts:
    """The amount of evidence on both sides of an item."""

    speaking_for: Count
    speaking_against: Count
    own: Counts | None = None
    """For a stage, the part that comes from the cases of its own pattern."""


@dataclass(frozen=True, slots=True)
class Rated:
    """A case with its rating on an axis."""

    case: str
    """The id of the case."""
    name: str
    """Its name."""
    pattern: str
    """The id of its pattern."""
    rating: str
    """The word of the rating."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All records of a casebook, each collection in the order in which it is shown."""

    casebook: Casebook
    """The settings that all records share."""
    cases: Mapping[str, Case]
    """The cases, by id."""
    patterns: Mapping[str, Pattern]
    """The patterns, by id."""
    axes: Mapping[str, Axis]
    """The axes, by id."""
    claims: Mapping[str, Claim]
    """The claims, by id."""
    lessons: Mapping[str, Lesson]
    """The lessons, by id."""
    pairs: Mapping[str, Pair]
    """The pairs of cases, by id."""
    repositories: Mapping[str, Repository]
    """The repositories, by id."""
    items: Mapping[str, Item]
    """Everything with an address, by reference."""
    evidence: Mapping[str, Evidence]
    """The evidence for and against each stage, claim and lesson, by reference."""
    counts: Mapping[str, Counts]
    """The amount of evidence on each stage, claim and lesson, by reference."""
    ledger: Ledger
    """Everything that was ever published."""
    titles: Mapping[str, str]
    """The title of each event, by reference."""
    examples: Mapping[str, tuple[Rated, ...]]
    """By axis, an example of each pattern and rating: the first case by id that has both."""
    evidence_by_case: Mapping[str, Mapping[str, Evidence]]
    """The evidence for and against items in each case, by the id of the case."""
    pairs_by_case: Mapping[str, tuple[Pair, ...]]
    """The pairs that each case is part of, by its id."""
    files: Mapping[str, Path]
    """The file of each record, by reference."""
    digests: Mapping[str, str]
    """A digest of the file of each record, by reference."""

    def origin(self, claim: Claim) -> list[Witness]:
        """Return the events that a claim's origin names; they do not count for or against it."""
        return [
            Witness.of(self.cases[item.owner], item.value)
            for reference in convert(claim.origin).references
            for item in [self.items[reference]]
            if item.kind == "event" and item.value is not None
        ]

    def named(self, record: object) -> tuple[str, ...]:
        """Return the events that the assessment of a claim names, each once, strongest first.

        Args:
            record: The claim; other records have no such assessment.
        """
        if not isinstance(record, Claim):
            return ()
        return tuple(dict.fromkeys(convert(record.amounts_to).references))

    def dated(self, reference: str) -> Day | None:
        """Return the date of the page of a case or lesson; None if it has none yet.

        It is the day of the review or else of the first publication, or that of a later rewording
        of something on the page.
        """
        permalink = self.ledger.permalinks.get(reference)
        reworded = self.ledger.reworded_on(permalink.at) if permalink else []
        reviewed = getattr(self.items[reference].value, "reviewed", None)
        days = [reviewed or self.ledger.published(reference), *map(self.ledger.reworded, reworded)]
        return max((day for day in days if day), key=lambda day: day.first, default=None)

    def cases_of(self, pattern: str) -> list[Case]:
        """Return the cases of a pattern."""
        return [case for case in self.cases.values() if case.pattern.label == pattern]

    def cases_by_pattern(self) -> dict[str, list[Case]]:
        """Return the cases of each pattern that has some, in the order of the patterns."""
        return {pattern: cases for pattern in self.patterns if (cases := self.cases_of(pattern))}

    @property
    def releases(self) -> Mapping[str, Day]:
        """The releases of the default repository, by tag; none without one."""
        default = self.casebook.default_repository
        return self.repositories[default].releases if default else {}

    def pairs_of(self, case: str) -> list[Pair]:
        """Return the pairs that a case is part of."""
        return list(self.pairs_by_case[case])

    def rating(self, axis: str, word: str) -> Rating | None:
        """Return a rating of an axis by its word; None for ``not-known``."""
        return next((rating for rating in self.axes[axis].ratings if rating.id == word), None)

    def commit_address(self, repository: str, commit: str) -> str:
        """Return the address of a commit on the web."""
        pattern = self.repositories[repository].commit
        assert pattern is not None, "the rules ask for it"
        return commit_at(pattern, commit)

    def mail_address(self, mail: str) -> str:
        """Return the address of a mail in the archive, or the one given instead of a message id."""
        pattern = self.casebook.mail_archive
        assert pattern is not None or is_address(mail), "the rules ask for it"
        return mail_in(pattern or "", mail)

    def document_address(self, path: str) -> str:
        """Return the address of a project document on the web, by its path in the source tree."""
        address = document_at(self.casebook.documents, path)
        assert address is not None, "the rules ask for it"
        return address

    def file_address(self, repository: str, path: str, at: str) -> str:
        """Return the address of a file on the web, at a tag or commit."""
        pattern = self.repositories[repository].file
        assert pattern is not None, "the rules ask for it"
        return file_in(pattern, path, at)
