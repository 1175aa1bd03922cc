"""The rules that records keep beyond their shape; each rule is one function.

To add one: write a function that yields problems, and put it into ``RECORD_CHECKS`` where it is
about one record at a time, else into ``BOOK_CHECKS``. If a rule needs a new code, describe it in
``problems.CODES``.
"""

from __future__ import annotations

import datetime
import difflib
import re
import typing
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

from abicase.committed import permalinks_at_head
from abicase.fields import REFERENCE, Day, IsDay, IsProse, RefersTo
from abicase.items import RESERVED, Item
from abicase.ledger import FIELD, Fate, Ledger, how_to_retire, how_to_undo
from abicase.problems import Code, Problem, nearest
from abicase.prose import ProseConverter
from abicase.reading import Entry, Reading
from abicase.records import NOT_KNOWN, Axis, Case, CommitSource, Lesson, Pair, Part, Pattern
from abicase.yamltext import Path

EVIDENCE_KINDS = ("stage", "claim", "lesson")
"""The kinds of items that events speak for or against."""


Marked = tuple[Path, Any, "IsProse | RefersTo | IsDay"]
"""The place of a value in a record, the value, and what it stands for."""


@dataclass(slots=True)
class Book:
    """What the checks look at: all records that are well-formed in themselves."""

    reading: Reading
    converter: ProseConverter
    today: datetime.date
    items: dict[str, Item] = field(default_factory=dict)
    events: set[str] = field(default_factory=set)
    """The references of all events."""
    drafts: frozenset[tuple[str, str]] = frozenset()
    """Kind and id of the records that are drafts."""
    axes: dict[str, Axis] = field(default_factory=dict)
    hints_left: int = 200
    _known: dict[str, frozenset[str]] = field(default_factory=dict)
    _marked: tuple[Entry | None, list[Marked]] = (None, [])

    def __post_init__(self) -> None:
        self.drafts = frozenset(key for key, entry in self.reading.entries.items() if entry.draft)
        self.axes = {entry.record.id: entry.record for entry in self.reading.of("axis")}
        for entry in self.reading.every():
            for item in entry.items:
                self.items.setdefault(item.reference, item)
                if item.kind == "event":
                    self.events.add(item.reference)

    def marked(self, entry: Entry) -> list[Marked]:
        """What :func:`marked` finds in a record, for all the rules that ask one after the other."""
        if self._marked[0] is not entry:
            self._marked = (entry, marked(entry.record))
        return self._marked[1]

    def cases(self) -> Iterator[tuple[Entry, Case]]:
        """The cases."""
        return ((entry, entry.record) for entry in self.reading.of("case"))

    def is_draft(self, kind: str, id_: str) -> bool:
        """Whether a record is a draft."""
        return (kind, id_) in self.drafts

    def in_draft(self, reference: str) -> bool:
        """Whether an item is a draft, or a part of one."""
        item = self.items.get(reference)
        if item is None:
            return False
        if item.owner:
            return self.is_draft("pattern" if item.kind == "stage" else "case", item.owner)
        return self.is_draft(item.kind, item.id)

    def ids(self, kind: str) -> list[str]:
        """The ids that there are of a kind of record, or of a list in the casebook."""
        if kind in ("lane", "interface"):
            casebook = self.reading.casebook
            if casebook is None:
                return []
            parts = casebook.record.lanes if kind == "lane" else casebook.record.interfaces
            return list(dict.fromkeys(part.id for part in parts))
        return [entry.record.id for entry in self.reading.of(kind)]

    def nearest(self, word: str, words: Iterable[str]) -> str:
        """A hint, for as many names as somebody may read; the search for each takes its time."""
        self.hints_left -= 1
        return nearest(word, words) if self.hints_left >= 0 else ""

    def known(self, kind: str) -> frozenset[str]:
        """The ids of a kind, to look names up in."""
        if kind not in self._known:
            self._known[kind] = frozenset(self.ids(kind))
        return self._known[kind]

    def releases(self, repository: str | None = None) -> Mapping[str, Day]:
        """The releases of a repository with their days; of the default one if none is named."""
        if repository is None:
            if self.reading.casebook is None:
                return {}
            repository = self.reading.casebook.record.default_repository
        entry = self.reading.entries.get(("repository", repository))
        return entry.record.releases if entry else {}

    def release_day(self, release: str) -> Day | None:
        """The day of a release, written as a tag or as repository/tag."""
        repository, slash, tag = release.rpartition("/")
        return self.releases(repository if slash else None).get(tag)

    def excused(self, reference: str) -> bool:
        """Whether a reference leads into a record that could not be read."""
        match = REFERENCE.fullmatch(reference)
        if not match:
            return False
        if match["kind"] == "stage":
            return any(kind == "pattern" for kind, _ in self.reading.damaged)
        return (match["kind"], match["id"]) in self.reading.damaged


# Walking through a record


@cache
def _fields(model: type[Part]) -> list[tuple[str, str, IsProse | RefersTo | IsDay | None]]:
    """The fields of a class that hold something marked: attribute, name in a record, marker."""
    return [
        (name, info.alias or name, _mark([*info.metadata, info.annotation]))
        for name, info in model.model_fields.items()
        if _leads_to_a_mark([*info.metadata, info.annotation])
    ]


def _mark(annotations: Iterable[Any]) -> IsProse | RefersTo | IsDay | None:
    for annotation in annotations:
        if isinstance(annotation, IsProse | RefersTo | IsDay):
            return annotation
        if isinstance(annotation, str):
            continue
        inner = [*getattr(annotation, "__metadata__", ()), *typing.get_args(annotation)]
        if typing.get_origin(annotation) in (dict, Mapping):
            inner = inner[1:]  # what the values stand for; the keys are looked at by the rules
        # The last marker is the most particular: Annotated[Id, RefersTo(…)].
        found = _mark(inner)
        if found is not None:
            return found
    return None


def _leads_to_a_mark(annotations: Iterable[Any]) -> bool:
    for annotation in annotations:
        if isinstance(annotation, type) and issubclass(annotation, Part):
            if _fields(annotation):
                return True
        elif _mark([annotation]) or _leads_to_a_mark(typing.get_args(annotation)):
            return True
    return False


def marked(record: Part) -> list[Marked]:
    """All values of a record that hold Markdown, name something else or are dates.

    Args:
        record: A record.

    Returns:
        The place of each value, the value, and what it stands for.
    """
    found: list[Marked] = []
    _add_marked(record, (), None, found)
    return found


def _add_marked(
    whole: Any, path: Path, mark: IsProse | RefersTo | IsDay | None, found: list[Marked]
) -> None:
    inside: Iterable[tuple[str | int, Any, IsProse | RefersTo | IsDay | None]]
    if isinstance(whole, Part):
        inside = [(name, getattr(whole, field), its) for field, name, its in _fields(type(whole))]
    elif isinstance(whole, Mapping):
        inside = [(key, value, mark) for key, value in whole.items()]
    else:
        inside = [(index, value, mark) for index, value in enumerate(whole)]
    for step, value, its_mark in inside:
        if type(value) is str or type(value) is Day:
            if its_mark is not None:
                found.append(((*path, step), value, its_mark))
        elif value is not None:
            _add_marked(value, (*path, step), its_mark, found)


# The rules


def texts_are_safe(book: Book, entry: Entry) -> Iterator[Problem]:
    """Markdown holds no raw HTML, headings, images or foreign links, and its references resolve."""
    for path, text, mark in book.marked(entry):
        if not isinstance(mark, IsProse):
            continue
        converted = book.converter.convert(text)
        for fault in converted.faults:
            place = entry.document.find(path, fault.fragment)
            where = entry.document.where(path)
            yield Problem(
                entry.document.file,
                place.line,
                place.column,
                fault.code,
                where,
                fault.message,
                fault.hint,
            )
        for reference in converted.references:
            full = reference
            if reference.startswith("#"):
                full = f"{entry.kind}/{getattr(entry.record, 'id', '')}{reference}"
            if full in book.items or book.excused(full):
                continue
            place = entry.document.find(path, reference)
            message = f"the link leads to {full!r}, which is not there"
            yield Problem(
                entry.document.file,
                place.line,
                place.column,
                "unknown-reference",
                entry.document.where(path),
                message,
                book.nearest(full, book.items),
            )


def names_resolve(book: Book, entry: Entry) -> Iterator[Problem]:
    """What a field names is there: cases, patterns, sources, events, lanes, releases, items."""
    for path, text, mark in book.marked(entry):
        if isinstance(mark, RefersTo) and not _resolves(book, entry, path, text, mark.what):
            yield from _not_resolved(book, entry, path, text, mark.what)


def _resolves(book: Book, entry: Entry, path: Path, text: str, what: str) -> bool:
    """Whether a name is known; apart from the search for what was meant, which takes its time."""
    if what == "item":
        item = book.items.get(text)
        return (item is not None and item.kind in EVIDENCE_KINDS) or book.excused(text)
    if what == "source":
        return text in entry.record.sources
    if what == "event":
        return f"case/{entry.record.id}#{text}" in book.events
    if what == "tag":
        return text in book.releases(entry.record.sources[path[1]].repository)
    if what == "release":
        return book.release_day(text) is not None
    return text in book.known(what) or (what, text) in book.reading.damaged


def _not_resolved(book: Book, entry: Entry, path: Path, text: str, what: str) -> Iterator[Problem]:
    code: Code = "unknown-reference"
    known: list[str]
    if what == "item":
        known = [r for r, item in book.items.items() if item.kind in EVIDENCE_KINDS]
        message = f"there is no {text!r}"
        if text in book.items:
            kinds = " or a ".join(EVIDENCE_KINDS)
            message = f"{text!r} is a {book.items[text].kind}; events speak for a {kinds}"
        hint = book.nearest(text, known)
    elif what in ("release", "tag"):
        known = _releases_to_name(book, entry, path, text, what)
        repository = text.rpartition("/")[0]
        if repository and repository not in book.ids("repository"):
            message = f"there is no repository {repository!r}"
            hint = book.nearest(repository, book.ids("repository"))
        elif not known:  # nobody has listed the releases of this repository
            return
        else:
            message = f"the release {text!r} is not known"
            hint = (
                book.nearest(text, known) or "add it, with its day, to the record of its repository"
            )
            others = [r for r in book.ids("repository") if text in book.releases(r)]
            if what == "release" and others:  # the tag of a repository that is not named
                hint = f"did you mean {f'{others[0]}/{text}'!r}?"
    elif what in ("source", "event"):
        case: Case = entry.record
        known = list(case.sources) if what == "source" else [event.id for event in case.events]
        message, hint = f"this record has no {what} {text!r}", book.nearest(text, known)
    else:
        known = book.ids(what)
        if what in ("lane", "interface"):
            code = "unknown-word"
            if not known:  # the casebook itself is missing or damaged
                return
        message = f"there is no {what} {text!r}"
        hint = book.nearest(text, known) or f"there are {', '.join(known)}"
    yield entry.document.problem(code, path, message, hint)


def _releases_to_name(book: Book, entry: Entry, path: Path, text: str, what: str) -> list[str]:
    """The releases that could be meant, as they would be written in that place."""
    if what == "tag":  # of the repository that the source names
        return list(book.releases(entry.record.sources[path[1]].repository))
    repository, slash, _ = text.rpartition("/")
    releases = book.releases(repository if slash else None)
    return [f"{repository}/{tag}" if slash else tag for tag in releases]


def parts_have_ids_of_their_own(book: Book, entry: Entry) -> Iterator[Problem]:
    """Every part of a case that has an address has one of its own."""
    if entry.kind != "case":
        return
    case: Case = entry.record
    parts: list[tuple[str, str, Path]] = []
    parts += [("side", s.id, ("sides", n, "id")) for n, s in enumerate(case.sides)]
    parts += [("source", id_, ("sources", id_)) for id_ in case.sources]
    parts += [("event", e.id, ("events", n, "id")) for n, e in enumerate(case.events)]
    parts += [("finding", axis, ("findings", axis)) for axis in case.findings]
    yield from _unique(entry, parts, {})


def ids_are_unique(book: Book) -> Iterator[Problem]:
    """All else that needs an address of its own has one."""
    anchors: dict[str, _Taken] = {}
    for entry in book.reading.of("pattern"):
        pattern: Pattern = entry.record
        own: list[tuple[str, str, Path]] = [("pattern", pattern.id, ("id",))]
        own += [("stage", s.id, ("stages", n, "id")) for n, s in enumerate(pattern.stages)]
        yield from _unique(entry, own, anchors)
    for entry in book.reading.every():
        if entry.kind != "casebook" and entry.record.id in RESERVED:
            yield _reserved(entry, ("id",), entry.record.id)
    for entry in book.reading.of("axis"):
        ratings: list[tuple[str, str, Path]] = [
            ("rating", r.id, ("ratings", n, "id")) for n, r in enumerate(entry.record.ratings)
        ]
        taken: dict[str, _Taken] = {NOT_KNOWN: lambda: "rating that every axis has"}
        yield from _unique(entry, ratings, taken, reserved=())
    if book.reading.casebook is not None:
        entry = book.reading.casebook
        lanes: list[tuple[str, str, Path]] = [
            ("lane", lane.id, ("lanes", n, "id")) for n, lane in enumerate(entry.record.lanes)
        ]
        yield from _unique(entry, lanes, {}, reserved=())
        kinds: list[tuple[str, str, Path]] = [
            ("interface", i.id, ("interfaces", n, "id"))
            for n, i in enumerate(entry.record.interfaces)
        ]
        yield from _unique(entry, kinds, {})
        terms: list[tuple[str, str, Path]] = [
            ("term", term.id, ("terms", n, "id")) for n, term in enumerate(entry.record.terms)
        ]
        yield from _unique(entry, terms, {})


_Taken = Callable[[], str]  # says by what an id is taken; to find its line takes time


def _unique(
    entry: Entry,
    parts: list[tuple[str, str, Path]],
    seen: dict[str, _Taken],
    reserved: Collection[str] = RESERVED,
) -> Iterator[Problem]:
    for kind, id_, path in parts:
        is_key = path[-1] == id_
        if id_ in seen:
            message = f"the id {id_!r} is taken already, by the {seen[id_]()}"
            yield entry.document.problem("repeated-id", path, message, key=is_key)
        elif id_ in reserved:
            yield _reserved(entry, path, id_, key=is_key)
        else:
            seen[id_] = partial(_place, entry, kind, path, is_key)


def _place(entry: Entry, kind: str, path: Path, is_key: bool) -> str:
    return f"{kind} on line {entry.document.position(path, key=is_key).line}"


def _reserved(entry: Entry, path: Path, id_: str, *, key: bool = False) -> Problem:
    message = f"pages use the id {id_!r} for themselves"
    hint = f"reserved are {', '.join(sorted(RESERVED))}"
    return entry.document.problem("reserved-id", path, message, hint, key=key)


def nothing_is_named_twice(book: Book, entry: Entry) -> Iterator[Problem]:
    """A list names each thing once."""
    seen: dict[tuple[Path, str], int] = {}
    for path, text, mark in book.marked(entry):
        if isinstance(mark, RefersTo) and isinstance(path[-1], int):
            first = seen.setdefault((path[:-1], text), path[-1])
            if first != path[-1]:
                message = f"{text!r} is named twice"
                yield entry.document.problem("named-twice", path, message)


def statements_have_sources(book: Book, entry: Entry) -> Iterator[Problem]:
    """Each event and each period cites a source, and each source is cited."""
    if entry.kind != "case":
        return
    case: Case = entry.record
    cited: set[str] = set()
    statements: list[tuple[str, tuple[str, ...], Path]] = []
    for n, event in enumerate(case.events):
        statements.append(("event", event.sources, ("events", n, "sources")))
    for n, side in enumerate(case.sides):
        for m, period in enumerate(side.periods):
            path: Path = ("sides", n, "periods", m, "sources")
            statements.append(("period", period.sources, path))
    for what, sources, path in statements:
        cited.update(sources)
        if not sources:
            yield entry.document.problem("missing-source", path, f"the {what} has no source")
    for id_ in case.sources:
        if id_ not in cited:
            message = f"no event and no period cites the source {id_!r}"
            yield entry.document.problem("unused-source", ("sources", id_), message, key=True)


def findings_are_complete(book: Book, entry: Entry) -> Iterator[Problem]:
    """A case has a finding on every axis, with a rating of that axis, resting on events."""
    if entry.kind != "case":
        return
    case: Case = entry.record
    axes = book.axes
    for axis in axes:
        if axis not in case.findings and not axes[axis].draft:
            message = f"there is no finding on the axis {axis!r}"
            yield entry.document.problem("missing-finding", ("findings",), message, key=True)
    for id_, finding in case.findings.items():
        path: Path = ("findings", id_)
        if id_ not in axes:
            if ("axis", id_) not in book.reading.damaged:
                yield entry.document.problem(
                    "unknown-reference",
                    path,
                    f"there is no axis {id_!r}",
                    book.nearest(id_, axes),
                    key=True,
                )
            continue
        words = list(dict.fromkeys([*(rating.id for rating in axes[id_].ratings), NOT_KNOWN]))
        if finding.rating not in words:
            message = f"{finding.rating!r} is none of {', '.join(words)}"
            hint = book.nearest(finding.rating, words)
            yield entry.document.problem("unknown-word", (*path, "rating"), message, hint)
        elif finding.rating != NOT_KNOWN and not finding.events:
            message = "the finding rests on no event"
            hint = f"name its events, or rate it {NOT_KNOWN}"
            yield entry.document.problem("missing-evidence", path, message, hint, key=True)


def lessons_have_evidence(book: Book) -> Iterator[Problem]:
    """A lesson has at least two events for it, and one against it or a signed "none found"."""
    if any(kind == "case" for kind, _ in book.reading.damaged):
        return  # the missing events may be in there
    speaking_for: dict[str, int] = {}
    speaking_against: dict[str, int] = {}
    for case_entry, case in book.cases():
        if case_entry.draft:
            continue
        for event in case.events:
            for reference in event.for_:
                speaking_for[reference] = speaking_for.get(reference, 0) + 1
            for reference in event.against:
                speaking_against[reference] = speaking_against.get(reference, 0) + 1
    for entry in book.reading.of("lesson"):
        lesson: Lesson = entry.record
        reference = f"lesson/{lesson.id}"
        count = speaking_for.get(reference, 0)
        if count < 2:
            message = f"{count or 'no'} event speaks for the lesson; it needs at least two"
            yield entry.document.problem("missing-evidence", (), message)
        against = speaking_against.get(reference, 0)
        if not against and lesson.none_found is None:
            message = "no event speaks against the lesson, and none_found is not given"
            yield entry.document.problem("missing-counter-evidence", (), message)
        if against and lesson.none_found is not None:
            message = f"none_found is given, but {against} event(s) speak against the lesson"
            yield entry.document.problem(
                "missing-counter-evidence",
                ("none_found",),
                message,
                "take none_found out",
                key=True,
            )


def pairs_are_named_after_their_cases(book: Book) -> Iterator[Problem]:
    """A pair of a and b is named a-vs-b, and is there once."""
    seen: dict[frozenset[str], str] = {}
    for entry in book.reading.of("pair"):
        pair: Pair = entry.record
        first, second = pair.cases
        if first == second:
            message = "a case is not compared with itself"
            yield entry.document.problem("bad-value", ("cases",), message)
        elif pair.id != f"{first}-vs-{second}":
            message = f"the pair of {first} and {second} has the id '{first}-vs-{second}'"
            yield entry.document.problem("bad-value", ("id",), message)
        both = frozenset(pair.cases)
        if both in seen:
            message = f"these two cases are compared in {seen[both]!r} already"
            yield entry.document.problem("repeated-id", ("cases",), message)
        seen[both] = pair.id


def dates_are_in_order(book: Book, entry: Entry) -> Iterator[Problem]:
    """No date lies in the future or after its release; events and periods run forwards."""
    for path, day, mark in book.marked(entry):
        if isinstance(mark, IsDay) and day.first > book.today:
            message = f"{day} lies in the future"
            yield entry.document.problem("future-date", path, message)
    if entry.kind == "case":
        case: Case = entry.record
        yield from _events_in_order(book, entry, case)
        yield from _sources_in_order(book, entry, case)
        yield from _periods_in_order(entry, case)


def _events_in_order(book: Book, entry: Entry, case: Case) -> Iterator[Problem]:
    latest = case.events[0]  # of those so far, the one that cannot have happened earlier
    for n, event in enumerate(case.events):
        path: Path = ("events", n, "date")
        if event.release is not None:
            released = book.release_day(event.release)
            yield from _not_after(entry, path, event.date, event.release, released)
        if event.date.last < latest.date.first:
            message = f"{event.date} is before {latest.date}, the date of {latest.id!r} above it"
            yield entry.document.problem("date-order", path, message, "put events in order")
        elif event.date.first > latest.date.first:
            latest = event


def _sources_in_order(book: Book, entry: Entry, case: Case) -> Iterator[Problem]:
    for id_, source in case.sources.items():
        path: Path = ("sources", id_)
        if isinstance(source, CommitSource) and source.release is not None:
            released = book.releases(source.repository).get(source.release)
            yield from _not_after(entry, (*path, "date"), source.date, source.release, released)
        day: Day | None = getattr(source, "date", None)
        if day is not None and source.checked.last < day.first:
            message = f"checked on {source.checked}, before it was made on {day}"
            yield entry.document.problem("date-order", (*path, "checked"), message)


def _periods_in_order(entry: Entry, case: Case) -> Iterator[Problem]:
    for n, side in enumerate(case.sides):
        for m, period in enumerate(side.periods):
            path: Path = ("sides", n, "periods", m)
            if period.to is not None and period.to.last < period.from_.first:
                message = f"the period ends on {period.to}, before it begins on {period.from_}"
                yield entry.document.problem("date-order", (*path, "to"), message)
            if m and period.from_.last < side.periods[m - 1].from_.first:
                message = f"this period begins before the one above it ({period.from_})"
                yield entry.document.problem("date-order", (*path, "from"), message)


def _not_after(
    entry: Entry, path: Path, day: Day, release: str, released: Day | None
) -> Iterator[Problem]:
    if released is not None and day.first > released.last:
        message = f"{day} is after {release}, which was released on {released}"
        yield entry.document.problem("date-after-release", path, message)


def nothing_is_stale(book: Book) -> Iterator[Problem]:
    """No case was reviewed, and none of its sources checked, too long ago."""
    casebook = book.reading.casebook
    if casebook is None or casebook.record.stale_after_days is None:
        return
    limit = casebook.record.stale_after_days
    for entry, case in book.cases():
        age = (book.today - case.reviewed.last).days
        if age > limit:
            message = f"the record was reviewed {age} days ago; the limit is {limit}"
            yield entry.document.problem("stale", ("reviewed",), message)
        oldest = min(case.sources, key=lambda id_: case.sources[id_].checked.order)
        age = (book.today - case.sources[oldest].checked.last).days
        if age > limit:
            message = f"the source was checked {age} days ago; the limit is {limit}"
            yield entry.document.problem("stale", ("sources", oldest, "checked"), message)


PATTERN_PLACEHOLDERS = {
    "commit": {"commit"},
    "file": {"path", "at"},
    "mail_archive": {"message_id"},
}
"""The placeholders of each field that is an address pattern."""


def address_patterns_have_their_placeholders(book: Book) -> Iterator[Problem]:
    """The address patterns of repositories and of the mail archive can be filled in."""
    for entry in book.reading.every():
        if entry.kind not in ("repository", "casebook"):
            continue
        for name, wanted in PATTERN_PLACEHOLDERS.items():
            pattern = getattr(entry.record, name, None)
            if pattern is not None and set(re.findall(r"\{([^}]*)\}", pattern)) != wanted:
                braces = " and ".join(f"{{{word}}}" for word in sorted(wanted))
                message = f"the pattern has to have {braces}, and no other placeholder"
                yield entry.document.problem("bad-pattern", (name,), message)


def published_items_are_there(book: Book) -> Iterator[Problem]:
    """What was published is in the records or has a state; the id of what went stays unused."""
    entry = book.reading.ledger
    if entry is None:
        return
    ledger = Ledger.of(entry.record)
    published = {reference for reference in book.items if not book.in_draft(reference)}
    for fault in ledger.faults(published):
        path = (FIELD, fault.reference)
        yield entry.document.problem(fault.code, path, fault.message, fault.hint, key=True)
    lost: list[Fate] = []
    for fate in ledger.fates():
        if fate.state != "live":
            if fate.reference in book.items:
                message = f"it was {fate.state} on {fate.on}, and its id is in the records again"
                hint = "choose another id for what is new"
                path = (FIELD, fate.reference)
                yield entry.document.problem("reused-id", path, message, hint, key=True)
        elif fate.reference not in published and not book.excused(fate.reference):
            page, _, part = fate.reference.partition("#")
            if not part or page in published or not ledger.is_live(page):  # else said of its page
                lost.append(fate)
    committed = permalinks_at_head(entry.path) if lost else None
    for fate in lost:
        message, hint = _lost(book, ledger, fate)
        if committed is not None and fate.reference not in committed:
            undo = how_to_undo(entry.document.file, is_new=not committed)
            hint = f"its line is not committed yet; take it out, or all such lines: {undo}"
        path = (FIELD, fate.reference)
        yield entry.document.problem("lost-permalink", path, message, hint, key=True)


def _lost(book: Book, ledger: Ledger, fate: Fate) -> tuple[str, str]:
    """The message and the hint about something that was published and is gone."""
    if fate.reference in book.items:
        message = f"it was published on {fate.since}, and is a draft"
        return message, "finish it and take 'draft: true' out; what was published is kept"
    page, _, part = fate.reference.partition("#")
    group = f"{page}#" if part else f"{page.partition('/')[0]}/"
    new = [
        reference.removeprefix(group)
        for reference in book.items
        if reference.startswith(group)
        and ("#" in reference) == bool(part)
        and reference not in ledger.permalinks
    ]
    near = difflib.get_close_matches(fate.reference.removeprefix(group), new[:500], n=1)
    renamed = group + (near or new)[0] if near or len(new) == 1 else ""
    message = f"it was published on {fate.since}, and is not in the records"
    hint = f"put it back, or say what became of it: {how_to_retire(fate.reference, renamed)}"
    return message, hint


def nothing_rests_on_a_draft(book: Book, entry: Entry) -> Iterator[Problem]:
    """What is published names and links to nothing that is not."""
    if entry.draft or not book.drafts:
        return
    named: list[tuple[Path, str, bool]] = []
    for path, text, mark in book.marked(entry):
        if isinstance(mark, IsProse):
            found = book.converter.convert(text).references
            named += [(path, reference, book.in_draft(reference)) for reference in found]
        elif isinstance(mark, IsDay):
            continue
        elif mark.what == "item":
            named.append((path, text, book.in_draft(text)))
        elif mark.what == "release":
            named.append((path, text, book.is_draft("repository", text.rpartition("/")[0])))
        else:
            named.append((path, text, book.is_draft(mark.what, text)))
    for axis in getattr(entry.record, "findings", ()):
        named.append((("findings", axis), axis, book.is_draft("axis", axis)))
    for path, name, is_draft in named:
        if is_draft:
            message = f"{name!r} is a draft, and this record is not"
            hint = "finish the draft first, or make this record a draft as well"
            yield entry.document.problem("draft-reference", path, message, hint)


def nothing_is_left_to_fill_in(book: Book, entry: Entry) -> Iterator[Problem]:
    """No text still holds the words that a new record begins with."""
    written = entry.document.data
    # The words stand in the file as they are, unless an escape stands for a letter of them.
    if not any(word in written for word in (b"TODO", b"rename-me", b"\\")):
        return
    for path, text, key in _texts(entry.record):
        if PLACEHOLDER.match(text):
            message = f"{text!r} has still to be filled in"
            yield entry.document.problem("placeholder", path, message, key=key)


PLACEHOLDER = re.compile(r"(https://example\.org/)?TODO\b|rename-me\b")
"""What a new record holds where its author has something to write."""


def _texts(value: Any, path: Path = ()) -> Iterator[tuple[Path, str, bool]]:
    """All texts of a record, the keys of mappings included, which are marked."""
    if isinstance(value, str):
        yield path, value, False
    elif isinstance(value, Part):
        for attribute, info in type(value).model_fields.items():
            yield from _texts(getattr(value, attribute), (*path, info.alias or attribute))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _texts(item, (*path, index))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield (*path, key), key, True
            yield from _texts(item, (*path, key))


RECORD_CHECKS: tuple[Callable[[Book, Entry], Iterator[Problem]], ...] = (
    texts_are_safe,
    names_resolve,
    parts_have_ids_of_their_own,
    nothing_is_named_twice,
    statements_have_sources,
    findings_are_complete,
    dates_are_in_order,
    nothing_rests_on_a_draft,
    nothing_is_left_to_fill_in,
)
"""The rules for one record at a time."""

BOOK_CHECKS: tuple[Callable[[Book], Iterator[Problem]], ...] = (
    ids_are_unique,
    lessons_have_evidence,
    pairs_are_named_after_their_cases,
    nothing_is_stale,
    address_patterns_have_their_placeholders,
    published_items_are_there,
)
"""The rules for all records together."""

NOT_OF_DRAFTS: frozenset[Code] = frozenset(
    {
        "missing-counter-evidence",
        "missing-evidence",
        "missing-finding",
        "placeholder",
        "stale",
        "unused-source",
    }
)
"""What a draft may still lack; it has to be safe and well-formed all the same."""


def check(book: Book) -> list[Problem]:
    """Hold all records against all rules.

    Args:
        book: The records; their texts that are converted here are not converted again later.

    Returns:
        All problems, those of the reading included, sorted.
    """
    problems = [problem for entry in book.reading.every() for problem in _of_record(book, entry)]
    drafts = {entry.document.file for entry in book.reading.every() if entry.draft}
    problems += [
        problem
        for rule in BOOK_CHECKS
        for problem in rule(book)
        if not (problem.code in NOT_OF_DRAFTS and problem.file in drafts)
    ]
    return sorted({*book.reading.problems, *problems})


def _of_record(book: Book, entry: Entry) -> Iterator[Problem]:
    for rule in RECORD_CHECKS:
        for problem in rule(book, entry):
            if not (entry.draft and problem.code in NOT_OF_DRAFTS):
                yield problem
