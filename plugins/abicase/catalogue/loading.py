"""Loading of a folder of records into a catalogue."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any

from abicase.catalogue.drafts import completed
from abicase.catalogue.model import Catalogue, Count, Counts, Evidence, Rated, Witness
from abicase.ledger.ledger import Ledger
from abicase.lint.records import RecordSet
from abicase.lint.rules import check
from abicase.memo import Memo, digest, no_memo
from abicase.problems.problem import Problem
from abicase.schema.argument import Lesson, Pair
from abicase.schema.case import Case
from abicase.schema.items import Item, items_of
from abicase.schema.shapes import walk
from abicase.source.reading import Entry, Reading, read


def load_reading(
    root: Path,
    today: date | None = None,
    shown: str = "",
    memo: Memo = no_memo,
) -> tuple[Reading, list[Problem]]:
    """Read and check a folder of records, without resolving them; the problems are sorted.

    Args:
        root: The folder.
        today: The day that counts as today; the real one by default.
        shown: The folder as it is shown to people, if that is not its own path.
        memo: Keeps the contents of the files.
    """
    today = today or _today()
    reading = read(root, shown, memo)
    return reading, check(RecordSet(reading, today))


def _today() -> date:
    return datetime.datetime.now(datetime.UTC).date()


def load(
    root: Path,
    today: date | None = None,
    *,
    drafts: bool = False,
    memo: Memo = no_memo,
) -> tuple[Catalogue | None, list[Problem]]:
    """Read and check a folder of records, and resolve them.

    Args:
        root: The folder.
        today: The day that counts as today; the real one by default.
        drafts: Whether the catalogue holds the drafts too; a published one never does.
        memo: Keeps the contents of the files.

    Returns:
        The catalogue, or None if there are errors, and all problems, sorted.
    """
    today = today or _today()
    reading, problems = load_reading(root, today, memo=memo)
    if any(problem.severity == "error" for problem in problems):
        return None, problems
    return build(reading, today, drafts=drafts), problems


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The records that are left out of a catalogue."""

    files: tuple[str, ...] = ()
    """The files with errors, as they are shown to people."""
    records: frozenset[tuple[str, str]] = frozenset()
    """Kind and file name of the records, including those that can't be shown without them."""

    def holds(self, reference: str) -> bool:
        """Return whether an item, by its reference or its record's id, can be in one of them."""
        kind, _, id_ = reference.partition("#")[0].rpartition("/")
        if kind == "stage":
            return any(kind_left_out == "pattern" for kind_left_out, _ in self.records)
        return any(
            id_ == name and kind in ("", kind_left_out) for kind_left_out, name in self.records
        )


def load_sound(
    root: Path,
    *,
    drafts: bool = False,
    memo: Memo = no_memo,
) -> tuple[Catalogue | None, list[Problem], LeftOut]:
    """Read a folder of records, and resolve those without errors.

    ``drafts`` includes the drafts, and ``memo`` keeps the contents of the files.

    Returns:
        The catalogue, or None if the casebook itself has errors; all problems, sorted; and the
        records that are left out.
    """
    today = _today()
    reading, problems = load_reading(root, today, memo=memo)
    files = {problem.file for problem in problems if problem.severity == "error"}
    casebook = reading.casebook
    if casebook is None or casebook.document.file in files:
        return None, problems, LeftOut(tuple(sorted(files)))
    if not files:
        return build(reading, today, drafts=drafts), problems, LeftOut()
    # A repository names nothing, so it can be named even if its days are wrong.
    kept = {
        key: entry
        for key, entry in reading.entries.items()
        if entry.kind == "repository" or entry.document.file not in files
    }
    while True:
        lost = [key for key, entry in kept.items() if not _stands(entry, kept)]
        if not lost:
            break
        for key in lost:
            del kept[key]
    left = {*reading.entries, *reading.partly, *reading.damaged} - kept.keys()
    known = {item.reference for entry in kept.values() for item in entry.items}
    entries = {
        key: replace(
            entry,
            record=record,
            digest=_digest(entry, record),
            items=tuple(items_of(entry.kind, record)),
        )
        for key, entry in kept.items()
        for record in [_without(entry.record, known, kept)]
    }
    ledger = reading.ledger
    if ledger is not None and ledger.document.file in files:
        ledger = None
    sound = replace(reading, entries=entries, ledger=ledger)
    catalogue = build(sound, today, drafts=drafts)
    items = MappingProxyType(_Items(catalogue.items))
    return replace(catalogue, items=items), problems, LeftOut(tuple(sorted(files)), frozenset(left))


def _stands(entry: Entry, kept: Container[tuple[str, str]]) -> bool:
    """Return whether all records that a record needs are there."""
    return all(
        (one.shape.refers, one.value) in kept
        for one in walk(entry.record)
        if one.shape.refers in ("pattern", "case", "repository")
    )


def _without(record: Any, known: Container[str], kept: Container[tuple[str, str]]) -> Any:
    """Return a record without its links to records that are left out."""
    if isinstance(record, Lesson):
        related = tuple(id_ for id_ in record.related if ("lesson", id_) in kept)
        cite = record.cite
        if cite is not None and cite.precedent is not None and cite.precedent not in known:
            cite = cite.model_copy(update={"precedent": None, "commit": None})
        return record.model_copy(update={"related": related, "cite": cite})
    if not isinstance(record, Case):
        return record
    events = tuple(
        event.model_copy(
            update={
                "same_as": event.same_as if event.same_as in known else None,
                "for_": tuple(link for link in event.for_ if link.item in known),
                "against": tuple(link for link in event.against if link.item in known),
            }
        )
        for event in record.events
    )
    findings = {id_: one for id_, one in record.findings.items() if ("axis", id_) in kept}
    return record.model_copy(update={"events": events, "findings": findings})


class _Items(dict[str, Item]):
    """The items by reference; an item that is left out has only its address, for links in texts."""

    def __missing__(self, reference: str) -> Item:
        page, _, part = reference.partition("#")
        kind, _, id_ = page.partition("/")
        owner = id_ if part else ""
        return Item(reference, kind, part or id_, part or id_, None, owner)


def build(reading: Reading, today: date, *, drafts: bool = False) -> Catalogue:
    """Resolve records without errors into a sealed catalogue; only drafts depend on ``today``."""
    assert reading.casebook is not None

    entries = {key: e for key, e in reading.entries.items() if drafts or not e.draft}
    known = {key: entry.record for key, entry in entries.items()}
    if drafts:
        known = {key: completed(entry, reading, today) for key, entry in entries.items()}

    def sealed(kind: str) -> Any:
        records = [record for (its_kind, _), record in known.items() if its_kind == kind]
        records.sort(key=lambda record: (getattr(record, "order", 0), record.id))
        return MappingProxyType({record.id: record for record in records})

    items = {item.reference: item for item in reading.casebook.items}
    files: dict[str, Path] = {}
    digests: dict[str, str] = {}
    for (kind, id_), record in known.items():
        entry = entries[kind, id_]
        files[f"{kind}/{id_}"] = entry.path
        digests[f"{kind}/{id_}"] = _digest(entry, record)
        own = entry.items if record is entry.record else items_of(kind, record)
        items.update((item.reference, item) for item in own)
    cases = sealed("case")
    axes = sealed("axis")
    pairs = sealed("pair")
    by_case = {case.id: _evidence_of(case) for case in cases.values()}
    evidence = _together(items, by_case.values())
    return Catalogue(
        casebook=reading.casebook.record,
        cases=cases,
        patterns=sealed("pattern"),
        axes=axes,
        claims=sealed("claim"),
        lessons=sealed("lesson"),
        pairs=pairs,
        repositories=sealed("repository"),
        items=MappingProxyType(items),
        evidence=MappingProxyType(evidence),
        counts=MappingProxyType(
            {reference: _counts(found, items[reference]) for reference, found in evidence.items()}
        ),
        ledger=Ledger.of(reading.ledger.record if reading.ledger else None),
        titles=MappingProxyType(
            {item.reference: item.title for item in items.values() if item.kind == "event"}
        ),
        examples=MappingProxyType({id_: _examples(cases.values(), id_) for id_ in axes}),
        evidence_by_case=MappingProxyType(by_case),
        pairs_by_case=MappingProxyType(_pairs_by_case(cases, pairs.values())),
        files=MappingProxyType(files),
        digests=MappingProxyType(digests),
    )


def _digest(entry: Entry, record: Any) -> str:
    """Return a digest of a record that can differ from the one in its file."""
    return entry.digest if record == entry.record else digest(entry.digest, repr(record))


def _evidence_of(case: Case) -> dict[str, Evidence]:
    """Collect the evidence of the events of a case, for and against each item."""
    found: dict[str, tuple[list[Witness], list[Witness]]] = {}
    for event in case.events:
        if not event.for_ and not event.against:
            continue
        for side, links in enumerate((event.for_, event.against)):
            for link in links:
                witness = Witness.of(case, event, link.because or "")
                found.setdefault(link.item, ([], []))[side].append(witness)
    return {reference: Evidence(tuple(f), tuple(a)) for reference, (f, a) in found.items()}


def _together(
    items: Mapping[str, Item], by_case: Iterable[Mapping[str, Evidence]]
) -> dict[str, Evidence]:
    """Merge the evidence of all cases on all items that can have any."""
    weighed = (item for item in items.values() if item.kind in ("stage", "claim", "lesson"))
    found: dict[str, tuple[list[Witness], list[Witness]]] = {
        item.reference: ([], []) for item in weighed
    }
    for spoken_of in by_case:
        for reference, evidence in spoken_of.items():
            speaking_for, speaking_against = found.setdefault(reference, ([], []))
            speaking_for += evidence.speaking_for
            speaking_against += evidence.speaking_against
    return {reference: Evidence(_once(f), _once(a)) for reference, (f, a) in found.items()}


def _once(witnesses: Collection[Witness]) -> tuple[Witness, ...]:
    """Drop the events that record the same fact as another one on the same side of an item."""
    by_fact: dict[str, Witness] = {}
    for witness in witnesses:
        if witness.fact not in by_fact or not witness.event.same_as:
            by_fact[witness.fact] = witness
    references = {witness.reference for witness in by_fact.values()}
    return tuple(witness for witness in witnesses if witness.reference in references)


def _examples(cases: Iterable[Case], axis: str) -> tuple[Rated, ...]:
    found: dict[tuple[str, str], Rated] = {}
    for case in sorted(cases, key=attrgetter("id")):
        rating = case.findings[axis].rating
        rated = Rated(case.id, case.name, case.pattern.label, rating)
        found.setdefault((rated.pattern, rating), rated)
    return tuple(found.values())


def _counts(found: Evidence, about: Item) -> Counts:
    own = None
    if about.kind == "stage":
        of_pattern = Evidence(
            *(
                tuple(one for one in side if one.case.pattern == about.owner)
                for side in (found.speaking_for, found.speaking_against)
            )
        )
        own = Counts(_count(of_pattern.speaking_for), _count(of_pattern.speaking_against))
    return Counts(_count(found.speaking_for), _count(found.speaking_against), own)


def _count(witnesses: Collection[Witness]) -> Count:
    return Count(len(witnesses), len({witness.case.id for witness in witnesses}))


def _pairs_by_case(cases: Iterable[str], pairs: Iterable[Pair]) -> dict[str, tuple[Pair, ...]]:
    found: dict[str, list[Pair]] = {case: [] for case in cases}
    for pair in pairs:
        for case in pair.cases:
            found[case].append(pair)
    return {case: tuple(of_case) for case, of_case in found.items()}
