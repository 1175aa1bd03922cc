"""The rules that records keep beyond their shape; each rule is one function.

To add one: write a function that yields problems, and put it into ``RECORD_CHECKS`` where it is
about one record at a time, else into ``BOOK_CHECKS``. If a rule needs a new code, describe it in
``problems.CODES``.
"""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from abicase.ledger.committed import permalinks_at_head
from abicase.ledger.ledger import FIELD, Fate, Ledger, how_to_retire, how_to_undo
from abicase.lint.chronology import out_of_order
from abicase.problems.problem import (
    CASEBOOK_FILE,
    Code,
    Problem,
    did_you_mean,
    nearest,
    nearest_reference,
    with_article,
)
from abicase.schema.fields import IS_ID, REFERENCE, Day
from abicase.schema.items import RESERVED, Item
from abicase.schema.records import (
    NOT_KNOWN,
    Axis,
    Case,
    CommitSource,
    Event,
    Lesson,
    Pair,
    Pattern,
)
from abicase.schema.shapes import Placed, walk
from abicase.source.folders import records_option_for
from abicase.source.reading import KEY, Entry, Reading
from abicase.source.yamltext import Path, TextNode
from abicase.text.markup import first_joined, may_be_joined
from abicase.text.prose import ProseConverter

EVIDENCE_KINDS = ("stage", "claim", "lesson")
"""The kinds of items that events speak for or against."""


@dataclass
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
    _told: tuple[Entry | None, list[Placed]] = (None, [])

    def __post_init__(self) -> None:
        drafts = (entry for entry in self.every() if entry.draft)
        self.drafts = frozenset((entry.kind, entry.record.id) for entry in drafts)
        self.axes = {entry.record.id: entry.record for entry in self.of("axis")}
        for entry in self.every():
            for item in entry.items:
                self.items.setdefault(item.reference, item)
                if item.kind == "event":
                    self.events.add(item.reference)

    @property
    def casebook(self) -> Entry | None:
        """What all records share, as far as it could be read."""
        return self.reading.casebook or self.reading.partly.get(("casebook", CASEBOOK_STEM))

    def every(self) -> Iterator[Entry]:
        """All records, as far as they could be read; the casebook is one of them."""
        yield from self.reading.every()
        yield from self.reading.partly.values()

    def of(self, kind: str) -> Iterator[Entry]:
        """The records of a kind, as far as they could be read."""
        return (entry for entry in self.every() if entry.kind == kind)

    def told(self, entry: Entry) -> list[Placed]:
        """The texts, names and dates of a record, for all the rules that ask one after the other.

        Args:
            entry: A record.

        Returns:
            What could be read of its Markdown, of what names something else, and of its dates.
        """
        if self._told[0] is not entry:
            found = [
                one
                for one in walk(entry.record)
                if one.shape.refers or one.shape.kind in ("prose", "day")
            ]
            if entry.faults:
                found = [one for one in found if not entry.hides(one.path)]
            self._told = (entry, found)
        return self._told[1]

    def cases(self) -> Iterator[tuple[Entry, Case]]:
        """The cases."""
        return ((entry, entry.record) for entry in self.of("case"))

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
            if self.casebook is None:
                return []
            record = self.casebook.record
            parts = record.lanes if kind == "lane" else record.interfaces
            return list(dict.fromkeys(part.id for part in parts))
        return [entry.record.id for entry in self.of(kind)]

    def nearest(self, word: str, words: Iterable[str]) -> str:
        """A hint, for as many names as somebody may read; the search for each takes its time."""
        self.hints_left -= 1
        return nearest(word, words) if self.hints_left >= 0 else ""

    def nearest_item(self, text: str, kinds: Container[str] | None = None) -> str:
        """A hint which item was meant, of some kinds or of any, as often as :meth:`nearest`."""
        self.hints_left -= 1
        if self.hints_left < 0:
            return ""
        items = (ref for ref, item in self.items.items() if kinds is None or item.kind in kinds)
        return nearest_reference(text, items)

    def known(self, kind: str) -> frozenset[str]:
        """The ids of a kind, to look names up in."""
        if kind not in self._known:
            self._known[kind] = frozenset(self.ids(kind))
        return self._known[kind]

    def releases(self, repository: str | None = None) -> Mapping[str, Day]:
        """The releases of a repository with their days; of the default one if none is named."""
        if repository is None:
            if self.casebook is None:
                return {}
            repository = self.casebook.record.default_repository
        entry = self.entry("repository", repository)
        return entry.record.releases if entry else {}

    def release_day(self, release: str) -> Day | None:
        """The day of a release, written as a tag or as repository/tag."""
        repository, tag = self.release(release)
        return self.releases(repository).get(tag)

    def release(self, release: str) -> tuple[str, str]:
        """The repository and the tag of a release, written as a tag or as repository/tag."""
        repository, slash, tag = release.rpartition("/")
        if not slash and self.casebook is not None:
            repository = self.casebook.record.default_repository
        return repository, tag

    def is_listed(self, release: str) -> bool:
        """Whether a release is known, or its repository is and lists none."""
        repository, tag = self.release(release)
        releases = self.releases(repository)
        return tag in releases if releases else repository in self.known("repository")

    def written_release(self, repository: str, tag: str) -> str:
        """A release as events name it."""
        return tag if self.release(tag) == (repository, tag) else f"{repository}/{tag}"

    def is_late(self, day: Day, repository: str, tag: str) -> bool:
        """Whether a date is after its release, of which the day is not in doubt."""
        released = self.releases(repository).get(tag)
        late = released is not None and day.first > released.last
        return late and (repository, tag) not in self.misdated

    @cached_property
    def misdated(self) -> Mapping[tuple[str, str], list[tuple[str, Day]]]:
        """The releases before most of what they carried, each with the items that are later."""
        late: dict[tuple[str, str], dict[tuple[str, str], tuple[str, Day]]] = {}
        other: dict[tuple[str, str], set[tuple[str, str]]] = {}
        for case, part, day, repository, tag in self._released():
            released = self.releases(repository).get(tag)
            if released is None:
                continue
            witness = (case, day.text)  # an event and its commit are not two
            if released.last < day.first <= self.today:
                of_release = late.setdefault((repository, tag), {})
                of_release.setdefault(witness, (f"case/{case}#{part}", day))
            else:
                other.setdefault((repository, tag), set()).add(witness)
        return {
            release: list(witnesses.values())
            for release, witnesses in late.items()
            if len(witnesses) > len(other.get(release, ()))
            and (len(witnesses) >= _MANY_LATE or self._is_out_of_order(*release))
        }

    def _is_out_of_order(self, repository: str, tag: str) -> bool:
        """Whether the day of a release is out of order among those that are listed with it."""
        releases = self.releases(repository)
        return list(releases).index(tag) in out_of_order(list(releases.values()))

    def _released(self) -> Iterator[tuple[str, str, Day, str, str]]:
        """Whatever a release carried: case, part, date, and the repository and tag."""
        for _, case in self.cases():
            for event in case.events:
                if event.release is not None:
                    yield case.id, event.id, event.date, *self.release(event.release)
            for id_, source in case.sources.items():
                if isinstance(source, CommitSource) and source.release is not None:
                    yield case.id, id_, source.date, source.repository, source.release

    def entry(self, kind: str, name: str) -> Entry | None:
        """What could be read of a record, by the name of its file."""
        return self.reading.entries.get((kind, name)) or self.reading.partly.get((kind, name))

    def unread(self, kind: str, id_: str) -> bool:
        """Whether a record may be there of which nothing could be read, or not its id."""
        return (kind, id_) in self.reading.damaged or (kind, id_) in self.reading.partly

    def by_title(self, kind: str, word: str) -> str:
        """A hint which lane or kind of interface was meant by its title."""
        if self.casebook is None or kind not in ("lane", "interface"):
            return ""
        record = self.casebook.record
        parts = record.lanes if kind == "lane" else record.interfaces
        return by_title(word, [(part.title, part.id) for part in parts])

    def excused(self, reference: str) -> bool:
        """Whether a reference leads to something that may be there and could not be read."""
        match = REFERENCE.fullmatch(reference)
        if not match:
            return False
        kind, id_, part = match["kind"], match["id"], match["part"]
        if kind == "term":
            return self.casebook is None or self.casebook.lacks("terms", None, "id")
        if kind == "stage":
            patterns = [
                entry for (its, _), entry in self.reading.partly.items() if its == "pattern"
            ]
            return any(its == "pattern" for its, _ in self.reading.damaged) or any(
                entry.lacks("stages", None, "id") for entry in patterns
            )
        entry = self.reading.partly.get((kind, id_))
        if entry is None or entry.record.id != id_:
            return self.unread(kind, id_)
        return part is not None and any(entry.lacks(*path) for path in _IDS_OF_PARTS)


def by_title(word: str, titles: Iterable[tuple[str, str]]) -> str:
    """A hint which id was meant by a title, or by one word of it."""
    said = word.lower().replace("-", " ")
    found = [id_ for title, id_ in titles if said in (title.lower(), *title.lower().split())]
    return did_you_mean(found[0]) if len(found) == 1 else ""


CASEBOOK_STEM = CASEBOOK_FILE.removesuffix(".yml")
_MANY_LATE = 3  # dates that make the day of their release doubtful
_IDS_OF_PARTS = (
    ("events", None, "id"),
    ("sides", None, "id"),
    ("sources", None, KEY),
    ("findings", None, KEY),
)


# The rules


def _joined_lines(entry: Entry, path: Path, text: str) -> Iterator[Problem]:
    """Lists and code whose line ends YAML does not keep."""
    document = entry.document
    places = document.joined(path)
    lines = [document.lines[place.line - 1][place.column - 1 :] for place in places]
    number = first_joined(text, lines)
    if number is not None:
        message = "the lines of a list or of code are joined here to one"
        hint = "begin the text with |- on the line of its field, so that its lines are kept"
        where, place = document.where(path), places[number]
        yield Problem(document.file, place.line, place.column, "markdown", where, message, hint)


def texts_are_safe(book: Book, entry: Entry) -> Iterator[Problem]:
    """Markdown holds only what texts may have and no foreign links; its references resolve."""
    for path, text, shape, _ in book.told(entry):
        if shape.kind != "prose":
            continue
        converted = book.converter.convert(text)
        for fault in converted.faults:
            place = entry.document.find(path, fault.fragment, fault.before)
            where = entry.document.where(path)
            is_id = fault.code == "bad-link" and IS_ID.fullmatch(fault.fragment)
            yield Problem(
                entry.document.file,
                place.line,
                place.column,
                fault.code,
                where,
                fault.message,
                (is_id and book.nearest_item(fault.fragment)) or fault.hint,
            )
        if may_be_joined(text):
            yield from _joined_lines(entry, path, text)
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
                book.nearest_item(full),
            )


def names_resolve(book: Book, entry: Entry) -> Iterator[Problem]:
    """What a field names is there: cases, patterns, sources, events, lanes, releases, items."""
    for path, text, shape, _ in book.told(entry):
        if shape.refers and not _resolves(book, entry, path, text, shape.refers):
            yield from _not_resolved(book, entry, path, text, shape.refers)


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
    return text in book.known(what) or book.unread(what, text)


def _not_resolved(book: Book, entry: Entry, path: Path, text: str, what: str) -> Iterator[Problem]:
    code: Code = "unknown-reference"
    known: list[str]
    if what == "item":
        message = f"there is no {text!r}"
        if text in book.items:
            kinds = " or ".join(with_article(kind) for kind in EVIDENCE_KINDS)
            its = with_article(book.items[text].kind)
            message = f"{text!r} is {its}; events speak for {kinds}"
        hint = book.nearest_item(text, EVIDENCE_KINDS)
    elif what in ("release", "tag"):
        known = _releases_to_name(book, entry, path, text, what)
        repository = text.rpartition("/")[0]
        if book.unread("repository", repository) and repository not in book.known("repository"):
            return
        if repository and repository not in book.known("repository"):
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
        if entry.lacks(*(("sources", None, KEY) if what == "source" else ("events", None, "id"))):
            return
        known = list(case.sources) if what == "source" else [event.id for event in case.events]
        message, hint = f"this record has no {what} {text!r}", book.nearest(text, known)
    else:
        known = book.ids(what)
        if what in ("lane", "interface"):
            code = "unknown-word"
            if book.casebook is None or book.casebook.lacks(f"{what}s", None, "id"):
                return
        message = f"there is no {what} {text!r}"
        hint = (
            book.nearest(text, known)
            or book.by_title(what, text)
            or f"there are {', '.join(known)}"
        )
    yield from entry.tell(code, path, message, hint)


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
    for entry in book.of("pattern"):
        pattern: Pattern = entry.record
        own: list[tuple[str, str, Path]] = [("pattern", pattern.id, ("id",))]
        own += [("stage", s.id, ("stages", n, "id")) for n, s in enumerate(pattern.stages)]
        yield from _unique(entry, own, anchors)
    for entry in book.every():
        if entry.kind != "casebook" and entry.record.id in RESERVED:
            yield from _reserved(entry, ("id",), entry.record.id)
    for entry in book.of("axis"):
        ratings: list[tuple[str, str, Path]] = [
            ("rating", r.id, ("ratings", n, "id")) for n, r in enumerate(entry.record.ratings)
        ]
        taken: dict[str, _Taken] = {NOT_KNOWN: lambda: "rating that every axis has"}
        yield from _unique(entry, ratings, taken, reserved=())
    if book.casebook is not None:
        entry = book.casebook
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
        if entry.faults and entry.hides(path, key=is_key):
            continue
        if id_ in seen:
            message = f"the id {id_!r} is taken already, by the {seen[id_]()}"
            yield from entry.tell("repeated-id", path, message, key=is_key)
        elif id_ in reserved:
            yield from _reserved(entry, path, id_, key=is_key)
        else:
            seen[id_] = partial(_place, entry, kind, path, is_key)


def _place(entry: Entry, kind: str, path: Path, is_key: bool) -> str:
    return f"{kind} on line {entry.document.position(path, key=is_key).line}"


def _reserved(entry: Entry, path: Path, id_: str, *, key: bool = False) -> Iterator[Problem]:
    message = f"pages use the id {id_!r} for themselves"
    hint = f"reserved are {', '.join(sorted(RESERVED))}"
    return entry.tell("reserved-id", path, message, hint, key=key)


def nothing_is_named_twice(book: Book, entry: Entry) -> Iterator[Problem]:
    """A list names each thing once."""
    seen: dict[tuple[Path, str], int] = {}
    for path, text, shape, _ in book.told(entry):
        if shape.refers and isinstance(path[-1], int):
            first = seen.setdefault((path[:-1], text), path[-1])
            if first != path[-1]:
                message = f"{text!r} is named twice"
                yield from entry.tell("named-twice", path, message)


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
            yield from entry.tell("missing-source", path, f"the {what} has no source")
    if entry.lacks("events", None, "sources") or entry.lacks(
        "sides", None, "periods", None, "sources"
    ):
        return  # it may be cited there
    for id_ in case.sources:
        if id_ not in cited:
            message = f"no event and no period cites the source {id_!r}"
            yield from entry.tell("unused-source", ("sources", id_), message, key=True)


def findings_are_complete(book: Book, entry: Entry) -> Iterator[Problem]:
    """A case has a finding on every axis, with a rating of that axis, resting on events."""
    if entry.kind != "case":
        return
    case: Case = entry.record
    axes = book.axes
    complete = not entry.lacks("findings", None, KEY)
    for axis in axes:
        if complete and axis not in case.findings and not book.is_draft("axis", axis):
            message = f"there is no finding on the axis {axis!r}"
            yield from entry.tell("missing-finding", ("findings",), message, key=True)
    for id_, finding in case.findings.items():
        path: Path = ("findings", id_)
        if id_ not in axes:
            if not book.unread("axis", id_):
                yield from entry.tell(
                    "unknown-reference",
                    path,
                    f"there is no axis {id_!r}",
                    book.nearest(id_, axes),
                    key=True,
                )
            continue
        axis_entry = book.entry("axis", id_)
        if axis_entry is None or axis_entry.lacks("ratings", None, "id"):
            continue
        words = list(dict.fromkeys([*(rating.id for rating in axes[id_].ratings), NOT_KNOWN]))
        if finding.rating not in words:
            message = f"{finding.rating!r} is none of {', '.join(words)}"
            titles = [(rating.title, rating.id) for rating in axes[id_].ratings]
            hint = book.nearest(finding.rating, words) or by_title(finding.rating, titles)
            yield from entry.tell("unknown-word", (*path, "rating"), message, hint)
        elif (
            finding.rating != NOT_KNOWN
            and not finding.events
            and not entry.lacks("findings", id_, "events")
        ):
            message = "the finding rests on no event"
            hint = f"name its events, or rate it {NOT_KNOWN}"
            yield from entry.tell("missing-evidence", path, message, hint, key=True)


def lessons_have_evidence(book: Book) -> Iterator[Problem]:
    """A lesson has at least two events for it, and one against it or a signed "none found"."""
    unread = any(kind == "case" for kind, _ in book.reading.damaged)
    cases = [entry for entry in book.of("case") if not entry.sound]
    # The missing events may be in there.
    may_be_for = unread or any(entry.lacks("events", None, "for") for entry in cases)
    may_be_against = unread or any(entry.lacks("events", None, "against") for entry in cases)
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
    for entry in book.of("lesson"):
        lesson: Lesson = entry.record
        reference = f"lesson/{lesson.id}"
        count = speaking_for.get(reference, 0)
        if count < 2 and not may_be_for:
            message = f"{count or 'no'} event speaks for the lesson; it needs at least two"
            yield from entry.tell("missing-evidence", (), message)
        against = speaking_against.get(reference, 0)
        signed = lesson.none_found is not None or entry.lacks("none_found")
        if not against and not signed and not may_be_against:
            message = "no event speaks against the lesson, and none_found is not given"
            yield from entry.tell("missing-counter-evidence", (), message)
        if against and lesson.none_found is not None:
            message = f"none_found is given, but {against} event(s) speak against the lesson"
            yield from entry.tell(
                "missing-counter-evidence",
                ("none_found",),
                message,
                "take none_found out",
                key=True,
            )


def pairs_are_named_after_their_cases(book: Book) -> Iterator[Problem]:
    """A pair of a and b is named a-vs-b, and is there once."""
    seen: dict[frozenset[str], str] = {}
    for entry in book.of("pair"):
        pair: Pair = entry.record
        if entry.lacks("cases"):
            continue
        first, second = pair.cases
        if first == second:
            message = "a case is not compared with itself"
            yield from entry.tell("bad-value", ("cases",), message)
        elif pair.id != f"{first}-vs-{second}":
            message = f"the pair of {first} and {second} has the id '{first}-vs-{second}'"
            yield from entry.tell("bad-value", ("id",), message)
        both = frozenset(pair.cases)
        if both in seen:
            message = f"these two cases are compared in {seen[both]!r} already"
            yield from entry.tell("repeated-id", ("cases",), message)
        seen[both] = pair.id


def dates_are_in_order(book: Book, entry: Entry) -> Iterator[Problem]:
    """No date lies in the future or after its release; events and periods run forwards."""
    told: set[Path] = set()  # of one wrong date nothing more is said
    for path, day, shape, _ in book.told(entry):
        if shape.kind == "day" and day.first > book.today:
            told.add(path)
            message = f"{day} lies in the future"
            yield from entry.tell("future-date", path, message)
    if entry.kind == "case":
        case: Case = entry.record
        yield from _sources_in_order(book, entry, case, told)
        yield from _events_in_order(book, entry, case, told)
        yield from _periods_in_order(entry, case, told)


def _sources_in_order(book: Book, entry: Entry, case: Case, told: set[Path]) -> Iterator[Problem]:
    for id_, source in case.sources.items():
        path: Path = ("sources", id_, "date")
        if isinstance(source, CommitSource) and path not in told:
            release = book.written_release(source.repository, source.release or "")
            yield from _after_release(book, entry, path, source.date, release, told)
        day: Day | None = getattr(source, "date", None)
        if day is not None and source.checked.last < day.first and path not in told:
            message = f"checked on {source.checked}, before it was made on {day}"
            yield from entry.tell("date-order", ("sources", id_, "checked"), message)


def _events_in_order(book: Book, entry: Entry, case: Case, told: set[Path]) -> Iterator[Problem]:
    for n, event in enumerate(case.events):
        path: Path = ("events", n, "date")
        if event.release is not None and path not in told:
            yield from _after_release(book, entry, path, event.date, event.release, told)
    differing = {
        n: commit
        for n, event in enumerate(case.events)
        if (commit := _only_commit(case, event)) is not None
        and ("sources", event.sources[0], "date") not in told
        and not entry.hides(("events", n, "kind"))
        and _differs(book, event, commit)
    }
    doubtful = {n for n in range(len(case.events)) if ("events", n, "date") in told}
    doubtful.update(differing)
    for n, other in out_of_order([event.date for event in case.events], doubtful).items():
        path = ("events", n, "date")
        if path not in told:
            told.add(path)
            day, there = case.events[n].date, case.events[other]
            order, place = ("before", "above") if other < n else ("after", "below")
            message = f"{day} is {order} {there.date}, the date of {there.id!r} {place} it"
            yield from entry.tell("date-order", path, message, "put events in order")
    for n, commit in differing.items():
        if ("events", n, "date") not in told:
            yield from _dated_as_its_commit(entry, n, commit, doubtful, told)
    for n, event in enumerate(case.events):
        only = _only_commit(case, event)
        if only is not None and ("events", n, "date") not in told:
            yield from _released_as_its_commit(book, entry, n, only)


def _dated_as_its_commit(
    entry: Entry, n: int, commit: CommitSource, doubtful: set[int], told: set[Path]
) -> Iterator[Problem]:
    events: tuple[Event, ...] = entry.record.events
    event, days = events[n], [one.date for one in events]
    source = event.sources[0]
    path: Path = ("events", n, "date")
    message = f"{event.date} is not the date of its only source, the commit {source!r}"
    hint = f"that is of {commit.date}; write the same, or name what else proves it"
    days[n] = commit.date
    if n in out_of_order(days, doubtful):  # it is the commit's date that does not fit
        path = ("sources", source, "date")
        message = f"{commit.date} is not the date of {event.id!r}, which rests on this commit alone"
        hint = f"that is of {event.date}, in order with the events around it"
    if path not in told:
        told.add(path)
        yield from entry.tell("differs-from-commit", path, message, hint)


def _differs(book: Book, event: Event, commit: CommitSource) -> bool:
    """Whether an event did not happen when its commit was written, or merged."""
    if event.kind == "merge" and event.date.first > commit.date.last:  # merged later, as most are
        return commit.release is not None and book.is_late(
            event.date, commit.repository, commit.release
        )
    return not event.date.meets(commit.date)


def _only_commit(case: Case, event: Event) -> CommitSource | None:
    """The commit on which alone an event rests."""
    source = case.sources.get(event.sources[0]) if len(event.sources) == 1 else None
    return source if isinstance(source, CommitSource) else None


def _released_as_its_commit(
    book: Book, entry: Entry, n: int, commit: CommitSource
) -> Iterator[Problem]:
    event: Event = entry.record.events[n]
    if event.release is None or commit.release is None:
        return
    own = book.written_release(commit.repository, commit.release)
    listed = book.is_listed(event.release) and book.is_listed(own)
    if listed and book.release(event.release) != book.release(own):
        source = event.sources[0]
        message = f"{event.release} is not the release of its only source, the commit {source!r}"
        hint = f"that is in {own}"
        yield from entry.tell("differs-from-commit", ("events", n, "release"), message, hint)


def _periods_in_order(entry: Entry, case: Case, told: set[Path]) -> Iterator[Problem]:
    for n, side in enumerate(case.sides):
        begins: list[Path] = [("sides", n, "periods", m, "from") for m in range(len(side.periods))]
        doubtful = {m for m, path in enumerate(begins) if path in told}
        blamed = out_of_order([period.from_ for period in side.periods], doubtful)
        for m, period in enumerate(side.periods):
            if begins[m] in told:
                continue
            if m in blamed:
                other = side.periods[blamed[m]].from_
                order = "before the one above it" if blamed[m] < m else "after the one below it"
                message = f"this period begins on {period.from_}, {order} ({other})"
                yield from entry.tell("date-order", begins[m], message)
            elif period.to is not None and period.to.last < period.from_.first:
                message = f"the period ends on {period.to}, before it begins on {period.from_}"
                yield from entry.tell("date-order", (*begins[m][:-1], "to"), message)


def _after_release(
    book: Book, entry: Entry, path: Path, day: Day, release: str, told: set[Path]
) -> Iterator[Problem]:
    if book.is_late(day, *book.release(release)):
        told.add(path)
        message = f"{day} is after {release}, which was released on {book.release_day(release)}"
        yield from entry.tell("date-after-release", path, message)


def releases_are_dated(book: Book) -> Iterator[Problem]:
    """Where most of what a release carried is later than it, its own day is wrong."""
    for (repository, tag), late in sorted(book.misdated.items()):
        entry = book.entry("repository", repository)
        assert entry is not None
        reference, day = late[0]
        message = (
            f"{entry.record.releases[tag]} is before {day}, the date of {reference}, which {tag}"
            f" carried"
        )
        hint = f"{len(late)} dates say so, and fewer the contrary"
        yield from entry.tell("date-after-release", ("releases", tag), message, hint)


def nothing_is_stale(book: Book) -> Iterator[Problem]:
    """No case was reviewed, and none of its sources checked, too long ago."""
    casebook = book.casebook
    if casebook is None or casebook.record.stale_after_days is None:
        return
    limit = casebook.record.stale_after_days
    for entry, case in book.cases():
        age = (book.today - case.reviewed.last).days
        if age > limit:
            message = f"the record was reviewed {age} days ago; the limit is {limit}"
            yield from entry.tell("stale", ("reviewed",), message)
        if not case.sources:
            continue
        oldest = min(case.sources, key=lambda id_: case.sources[id_].checked.last)
        age = (book.today - case.sources[oldest].checked.last).days
        if age > limit:
            message = f"the source was checked {age} days ago; the limit is {limit}"
            yield from entry.tell("stale", ("sources", oldest, "checked"), message)


PATTERN_PLACEHOLDERS = {
    "commit": {"commit"},
    "file": {"path", "at"},
    "mail_archive": {"message_id"},
}
"""The placeholders of each field that is an address pattern."""


def address_patterns_have_their_placeholders(book: Book) -> Iterator[Problem]:
    """The address patterns of repositories and of the mail archive can be filled in."""
    for entry in book.every():
        if entry.kind not in ("repository", "casebook"):
            continue
        for name, wanted in PATTERN_PLACEHOLDERS.items():
            pattern = getattr(entry.record, name, None)
            if pattern is not None and set(re.findall(r"\{([^}]*)\}", pattern)) != wanted:
                braces = " and ".join(f"{{{word}}}" for word in sorted(wanted))
                message = f"the pattern has to have {braces}, and no other placeholder"
                yield from entry.tell("bad-pattern", (name,), message)


def published_items_are_there(book: Book) -> Iterator[Problem]:
    """What was published is in the records or has a state; the id of what went stays unused."""
    entry = book.reading.ledger
    if entry is None:
        return
    ledger = Ledger.of(entry.record)
    published = {reference for reference in book.items if not book.in_draft(reference)}
    for fault in ledger.faults(published, records_option_for(book.reading.shown)):
        path = (FIELD, fault.reference)
        yield from entry.tell(fault.code, path, fault.message, fault.hint, key=True)
    lost: list[Fate] = []
    for fate in ledger.fates():
        if fate.state != "live":
            if fate.reference in book.items:
                message = f"it was {fate.state} on {fate.on}, and its id is in the records again"
                hint = "choose another id for what is new"
                path = (FIELD, fate.reference)
                yield from entry.tell("reused-id", path, message, hint, key=True)
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
        yield from entry.tell("lost-permalink", path, message, hint, key=True)


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
    command = how_to_retire(fate.reference, renamed, records_option_for(book.reading.shown))
    hint = f"put it back, or say what became of it: {command}"
    return message, hint


def nothing_rests_on_a_draft(book: Book, entry: Entry) -> Iterator[Problem]:
    """What is published names and links to nothing that is not."""
    if _may_be_draft(entry) or not book.drafts:
        return
    named: list[tuple[Path, str, bool]] = []
    for path, text, shape, _ in book.told(entry):
        if shape.kind == "prose":
            found = book.converter.convert(text).references
            named += [(path, reference, book.in_draft(reference)) for reference in found]
        elif shape.refers == "item":
            named.append((path, text, book.in_draft(text)))
        elif shape.refers == "release":
            named.append((path, text, book.is_draft("repository", text.rpartition("/")[0])))
        elif shape.refers:
            named.append((path, text, book.is_draft(shape.refers, text)))
    for axis in getattr(entry.record, "findings", ()):
        named.append((("findings", axis), axis, book.is_draft("axis", axis)))
    for path, name, is_draft in named:
        if is_draft:
            message = f"{name!r} is a draft, and this record is not"
            hint = "finish the draft first, or make this record a draft as well"
            yield from entry.tell("draft-reference", path, message, hint)


def nothing_is_left_to_fill_in(book: Book, entry: Entry) -> Iterator[Problem]:
    """No text still holds the words that a new record begins with."""
    written = entry.document.data
    # The words stand in the file as they are, unless an escape stands for a letter of them.
    if not any(word in written for word in (b"TODO", b"rename-me", b"\\")):
        return
    for path, text, _, is_key in walk(entry.record):
        if isinstance(text, str) and PLACEHOLDER.match(text):
            message = f"{text!r} has still to be filled in"
            yield from entry.tell("placeholder", path, message, key=is_key)


PLACEHOLDER = re.compile(r"(https://example\.org/)?TODO\b|rename-me\b")
"""What a new record holds where its author has something to write."""


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
    releases_are_dated,
    lessons_have_evidence,
    pairs_are_named_after_their_cases,
    nothing_is_stale,
    address_patterns_have_their_placeholders,
    published_items_are_there,
)
"""The rules for all records together."""

NOT_OF_DRAFTS: frozenset[Code] = frozenset(
    {
        "differs-from-commit",
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
    problems = [problem for entry in book.every() for problem in _of_record(book, entry)]
    drafts = {entry.document.file for entry in book.every() if _may_be_draft(entry)}
    problems += [
        problem
        for rule in BOOK_CHECKS
        for problem in rule(book)
        if not (problem.code in NOT_OF_DRAFTS and problem.file in drafts)
    ]
    return sorted({*_with_hints(book), *problems})


def _with_hints(book: Book) -> list[Problem]:
    """The problems of the reading; of what is no reference it is said which was meant."""
    problems = book.reading.problems
    bad = {(p.file, p.line, p.column): p for p in problems if p.code == "bad-reference"}
    for entry in book.reading.partly.values() if bad else ():
        for fault in entry.faults:
            node, _ = entry.document.node(fault)
            place = (entry.document.file, node.position.line, node.position.column)
            if isinstance(node, TextNode) and place in bad:
                meant = book.nearest_item(node.text, EVIDENCE_KINDS)
                bad[place] = replace(bad[place], hint=meant or bad[place].hint)
    return [
        bad.get((p.file, p.line, p.column), p) if p.code == "bad-reference" else p for p in problems
    ]


def _of_record(book: Book, entry: Entry) -> Iterator[Problem]:
    for rule in RECORD_CHECKS:
        for problem in rule(book, entry):
            if not (problem.code in NOT_OF_DRAFTS and _may_be_draft(entry)):
                yield problem


def _may_be_draft(entry: Entry) -> bool:
    return entry.draft or ("draft",) in entry.faults
