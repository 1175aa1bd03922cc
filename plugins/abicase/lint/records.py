"""The records as rules see them, with lookups for rules."""

from __future__ import annotations

import datetime
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from abicase.lint.releases import Releases
from abicase.problems.problem import CASEBOOK_FILE
from abicase.problems.suggestions import did_you_mean, nearest, nearest_reference
from abicase.schema.argument import Axis
from abicase.schema.case import Case
from abicase.schema.casebook import LISTED
from abicase.schema.fields import REFERENCE
from abicase.schema.items import Item
from abicase.schema.shapes import Placed, walk
from abicase.source.folders import records_option_for
from abicase.source.mismatches import KEY
from abicase.source.reading import Entry, Reading

EVIDENCE_KINDS = ("stage", "claim", "lesson")
"""The kinds of items that events can be evidence for or against."""
_IDS_OF_PARTS = (
    ("events", None, "id"),
    ("sides", None, "id"),
    ("sources", None, KEY),
    ("findings", None, KEY),
)
_CASEBOOK_STEM = CASEBOOK_FILE.removesuffix(".yml")


@dataclass
class RecordSet:
    """All records that are well-formed by themselves, and the valid parts of the others."""

    reading: Reading
    today: datetime.date
    items: dict[str, Item] = field(init=False, default_factory=dict)
    events: set[str] = field(init=False, default_factory=set)
    """The references of all events."""
    drafts: frozenset[tuple[str, str]] = field(init=False)
    """Kind and id of each draft."""
    axes: dict[str, Axis] = field(init=False)
    releases: Releases = field(init=False)
    hints_left: int = 200
    _known: dict[str, frozenset[str]] = field(init=False, default_factory=dict)
    _values: tuple[Entry | None, list[Placed]] = field(
        init=False, default_factory=lambda: (None, [])
    )

    def __post_init__(self) -> None:
        drafts = (entry for entry in self.every() if entry.draft)
        self.drafts = frozenset((entry.kind, entry.record.id) for entry in drafts)
        self.axes = {entry.record.id: entry.record for entry in self.of("axis")}
        for entry in self.every():
            for item in entry.items:
                self.items.setdefault(item.reference, item)
                if item.kind == "event":
                    self.events.add(item.reference)
        self.releases = Releases(
            (self.casebook and self.casebook.record.default_repository) or "",
            {
                name: entry.record.releases
                for entries in (self.reading.partly, self.reading.entries)
                for (kind, name), entry in entries.items()
                if kind == "repository"
            },
            [case for _, case in self.cases()],
            self.today,
        )

    @property
    def casebook(self) -> Entry | None:
        """Return the casebook, as far as it could be read."""
        return self.reading.casebook or self.reading.partly.get(("casebook", _CASEBOOK_STEM))

    def every(self) -> Iterator[Entry]:
        """Return all records, as far as they could be read, including the casebook."""
        yield from self.reading.every()
        yield from self.reading.partly.values()

    def of(self, kind: str) -> Iterator[Entry]:
        """Return the records of a kind, as far as they could be read."""
        return (entry for entry in self.every() if entry.kind == kind)

    def values(self, entry: Entry) -> list[Placed]:
        """Return the readable values of a record, cached for all rules.

        These are Markdown texts, names of other things, and dates.
        """
        if self._values[0] is not entry:
            found = [
                placed
                for placed in walk(entry.record)
                if placed.shape.refers or placed.shape.kind in ("prose", "day")
            ]
            if entry.wrong_paths:
                found = [placed for placed in found if not entry.hides(placed.path)]
            self._values = (entry, found)
        return self._values[1]

    def cases(self) -> Iterator[tuple[Entry, Case]]:
        """Return the cases."""
        return ((entry, entry.record) for entry in self.of("case"))

    def is_draft(self, kind: str, id_: str) -> bool:
        """Return whether a record is a draft."""
        return (kind, id_) in self.drafts

    def in_draft(self, reference: str) -> bool:
        """Return whether an item is a draft, or a part of one."""
        item = self.items.get(reference)
        if item is None:
            return False
        if item.owner:
            return self.is_draft("pattern" if item.kind == "stage" else "case", item.owner)
        return self.is_draft(item.kind, item.id)

    def ids(self, kind: str) -> list[str]:
        """Return the existing ids of a kind of record, or of a list in the casebook."""
        if kind in LISTED:
            return list(dict.fromkeys(part.id for part in self._listed(kind)))
        return [entry.record.id for entry in self.of(kind)]

    def none_yet(self, kind: str, id_: str) -> tuple[str, str]:
        """Return the message that no record of a kind exists, and a hint on creating the first."""
        option = records_option_for(self.reading.shown)
        return f"there is no {kind} yet", f"create one with abicase new {kind} {id_}{option}"

    def nearest(self, word: str, words: Iterable[str]) -> str:
        """Return a hint, for a limited number of names, because each search takes time."""
        self.hints_left -= 1
        return nearest(word, words) if self.hints_left >= 0 else ""

    def nearest_item(self, text: str, kinds: Container[str] | None = None) -> str:
        """Return a hint for an item, of some kinds or of any, limited as in :meth:`nearest`."""
        self.hints_left -= 1
        if self.hints_left < 0:
            return ""
        items = (ref for ref, item in self.items.items() if kinds is None or item.kind in kinds)
        return nearest_reference(text, items)

    def known(self, kind: str) -> frozenset[str]:
        """Return the ids of a kind, for lookups."""
        if kind not in self._known:
            self._known[kind] = frozenset(self.ids(kind))
        return self._known[kind]

    def entry(self, kind: str, name: str) -> Entry | None:
        """Return the readable parts of a record, by its file name."""
        return self.reading.entries.get((kind, name)) or self.reading.partly.get((kind, name))

    def unread(self, kind: str, id_: str) -> bool:
        """Return whether a record may exist but could not be read, or its id could not."""
        return (kind, id_) in self.reading.damaged or (kind, id_) in self.reading.partly

    def by_title(self, kind: str, word: str) -> str:
        """Return a hint for a word in one of the casebook's lists that was meant by its title."""
        return by_title(word, [(part.title, part.id) for part in self._listed(kind)])

    def _listed(self, kind: str) -> Iterable[Any]:
        """Return the parts of a list in the casebook; none for kinds that have records."""
        if self.casebook is None or kind not in LISTED:
            return ()
        parts: Iterable[Any] = getattr(self.casebook.record, LISTED[kind])
        return parts

    def excused(self, reference: str) -> bool:
        """Return whether a reference leads to something that may exist but could not be read."""
        match = REFERENCE.fullmatch(reference)
        if not match:
            return False
        kind, id_, part = match["kind"], match["id"], match["part"]
        if kind == "term":
            return self.casebook is None or self.casebook.lacks("terms", None, "id")
        if kind == "stage":
            patterns = [
                entry for (kind_, _), entry in self.reading.partly.items() if kind_ == "pattern"
            ]
            return any(kind_ == "pattern" for kind_, _ in self.reading.damaged) or any(
                entry.lacks("stages", None, "id") for entry in patterns
            )
        entry = self.reading.partly.get((kind, id_))
        if entry is None or entry.record.id != id_:
            return self.unread(kind, id_)
        return part is not None and any(entry.lacks(*path) for path in _IDS_OF_PARTS)


def by_title(word: str, titles: Iterable[tuple[str, str]]) -> str:
    """Return a hint for an id that was meant by its title, or by one word of it."""
    said = word.lower().replace("-", " ")
    found = [id_ for title, id_ in titles if said in (title.lower(), *title.lower().split())]
    return did_you_mean(found[0]) if len(found) == 1 else ""


def may_be_draft(entry: Entry) -> bool:
    """Return whether a record is a draft, or may be because its draft line is unreadable."""
    return entry.draft or ("draft",) in entry.wrong_paths
