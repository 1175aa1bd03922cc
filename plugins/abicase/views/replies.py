"""Composition of replies, with the strongest evidence on an item and the evidence against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, get_args

from abicase.catalogue.model import Catalogue, Witness
from abicase.schema.addresses import Site
from abicase.schema.argument import Cite
from abicase.schema.case import (
    ArticleSource,
    Case,
    CommitSource,
    CountSource,
    EventKind,
    FileSource,
    MailSource,
    MeasurementSource,
    Source,
    SpecificationSource,
)
from abicase.schema.fields import is_address, is_commit
from abicase.schema.items import Item
from abicase.text.plaintext import sentences
from abicase.text.prose import convert
from abicase.text.wording import STATEMENTS
from abicase.text.words import stems
from abicase.views.reply import CitedEvent, Doubt, Proof, Reply

CITED = STATEMENTS
"""The kinds of items that have a reply: all that state something."""

_MOST_EVIDENCE = 2
_LONG = 220
"""The maximum length of a sentence or two; a longer text is a paragraph."""


# The strongest evidence

_KIND_RANK: dict[str, int] = {
    **dict.fromkeys(get_args(EventKind), 1),
    **dict.fromkeys(("breakage", "fix"), 0),
    **dict.fromkeys(("measurement", "specification", "refusal"), 2),
    **dict.fromkeys(("proposal", "review", "comment"), 3),
}
_RARE = 0.05
"""The largest share of all titles that can contain a word for it to be significant."""


def _stems_of(item: Item) -> frozenset[str]:
    fields = type(item.value).model_fields
    texts = [getattr(item.value, name) for name in ("do", "statement", "text") if name in fields]
    return frozenset(stems(" ".join([item.title, *texts])))


def best_source(catalogue: Catalogue, witness: Witness) -> Source:
    """Return the source by which an event is cited.

    This is the strongest of those with the event's own date, because the others are about something
    earlier or later; if there is none, it is the first in the record.
    """
    sources = list(witness.sources.values())
    date = witness.event.date
    of_the_day = [
        source
        for source in sources
        if (day := getattr(source, "date", None)) and date.first <= day.first <= date.last
    ]
    return min(of_the_day or sources[:1], key=lambda source: _rank(catalogue, source))


_NAMES: dict[type, str] = {
    CommitSource: "commit",
    MailSource: "mail",
    ArticleSource: "article",
    SpecificationSource: "specification",
    FileSource: "file",
    MeasurementSource: "measurement",
    CountSource: "measurement",
}


def _cites(source: Source) -> tuple[str, str]:
    """Return a key for a source that is the same in every case."""
    name = _NAMES[type(source)]
    return name, getattr(source, name)


def _rank(catalogue: Catalogue, source: Source) -> int:
    if isinstance(source, CommitSource) and _at_home(catalogue, source.repository):
        return 0
    order = (CommitSource | MailSource, ArticleSource | SpecificationSource, FileSource)
    ranks = (rank for rank, kinds in enumerate(order, 1) if isinstance(source, kinds))
    return next(ranks, len(order) + 1)


def _at_home(catalogue: Catalogue, repository: str) -> bool:
    return repository == catalogue.casebook.default_repository


def _release(catalogue: Catalogue, witness: Witness, best: Source) -> str:
    """Return the first release with an event, from its record or its best source."""
    release = witness.event.release or ""
    if not release and isinstance(best, CommitSource) and best.release:
        at_home = _at_home(catalogue, best.repository)
        release = best.release if at_home else f"{best.repository}/{best.release}"
    repository, _, tag = release.rpartition("/")
    # Some tags begin with the name of their repository.
    return tag if not repository or tag.startswith(repository) else f"{repository} {tag}"


def proof(catalogue: Catalogue, source: Source) -> Proof:
    """Return a source in the form in which a mail cites it."""
    if isinstance(source, MailSource):
        return Proof(link=catalogue.mail_address(source.mail))
    if isinstance(source, ArticleSource):
        return Proof(link=source.article)
    if isinstance(source, SpecificationSource):
        return Proof(link=source.specification)
    repository = catalogue.repositories[source.repository]
    name = "" if _at_home(catalogue, source.repository) else repository.title
    if isinstance(source, CommitSource):
        link = catalogue.commit_address(source.repository, source.commit)
        return Proof(source.commit[:12], source.subject, repository=name, link=link)
    if isinstance(source, FileSource):
        link = catalogue.file_address(source.repository, source.file, source.at)
        return Proof(file=source.file, at=_tag(source.at), repository=name, link=link)
    return Proof(measured=source.result, at=_tag(source.at), repository=repository.title)


def _tag(at: str) -> str:
    return at[:12] if is_commit(at) else at


# Replies


class Replies:
    """A composer of replies about items."""

    def __init__(self, catalogue: Catalogue, site: Site) -> None:
        """Take the records, and the site on which the casebook is published."""
        self.catalogue = catalogue
        self.site = site
        self._ranked: dict[tuple[str, bool], list[Witness]] = {}
        self._sources: dict[str, Source] = {}  # the best source of each event

    @cached_property
    def _words(self) -> dict[str, frozenset[str]]:
        """The words of each title."""
        titles = self.catalogue.titles.values()
        return {title: frozenset(stems(title)) for title in titles}

    @cached_property
    def _count(self) -> Counter[str]:
        """The number of titles with each word."""
        return Counter(stem for title in self._words.values() for stem in title)

    def strongest(
        self, witnesses: Iterable[Witness], count: int, about: Item | None = None
    ) -> list[Witness]:
        """Return at most ``count`` events to cite for or against an item, strongest first.

        An event is stronger if it is more clearly to the point and easier to check. The order is:

        1. events that are not evidence on both sides;
        2. events with a source to follow, which a measurement alone is not;
        3. by the place in the assessment of a claim that names the event;
        4. by the number of words its title shares with the item it is cited for (two or more, one,
           none), because the reader sees only the title; only words that few titles have count;
        5. by its best source: a commit of the default repository, a commit elsewhere or a mail,
           an article or specification, a file;
        6. events that are in a release;
        7. by kind: breakage and fix before change, merge and the like, these before measurement,
           specification and refusal, and statements (proposal, review, comment) last;
        8. the earlier event; then by reference, so that the order is always the same.

        If possible, the events are from different cases, and each has a different source.
        """
        titles = self.catalogue.titles.values()
        rare = max(_RARE * len(titles), 2)
        wanted = {stem for stem in _stems_of(about) if self._count[stem] <= rare} if about else ()
        summary = self.catalogue.named(about.value) if about else ()
        places = {reference: place for place, reference in enumerate(summary)}

        def strength(witness: Witness) -> tuple[Any, ...]:
            event, source = witness.event, self._best(witness)
            sides = (event.for_, event.against)
            both = about and all(
                any(link.item == about.reference for link in links) for links in sides
            )
            return (
                bool(both),
                isinstance(source, MeasurementSource | CountSource),
                places.get(witness.reference, len(places)),
                -min(len(self._words[event.title].intersection(wanted)), 2),
                _rank(self.catalogue, source),
                not _release(self.catalogue, witness, source),
                _KIND_RANK[event.kind],
                event.date.order,
                witness.reference,
            )

        chosen: list[Witness] = []
        again: list[Witness] = []
        seen: set[object] = set()
        for witness in sorted(witnesses, key=strength):
            source = _cites(self._best(witness))
            fresh = seen.isdisjoint((witness.case.id, source))
            seen |= {witness.case.id, source} if fresh else set()
            (chosen if fresh else again).append(witness)
        # Of the remaining events, those with another source go first.
        other: list[Witness] = []
        repeated: list[Witness] = []
        for witness in again:
            source = _cites(self._best(witness))
            (repeated if source in seen else other).append(witness)
            seen.add(source)
        return (chosen + other + repeated)[:count]

    def _best(self, witness: Witness) -> Source:
        known = self._sources.get(witness.reference)
        if known is None:
            known = self._sources[witness.reference] = best_source(self.catalogue, witness)
        return known

    def _cited(self, witness: Witness, source: Source | None = None) -> CitedEvent:
        source = source or self._best(witness)
        return CitedEvent(
            case=witness.case.name,
            date=witness.event.date.text,
            release=_release(self.catalogue, witness, source),
            title=witness.event.title,
            proof=proof(self.catalogue, source),
        )

    def of(self, item: Item) -> Reply:
        """Compose the reply for an item of one of the kinds in :data:`CITED`."""
        day = self.catalogue.ledger.as_of(item.reference)
        link, as_of = self.site.cited(item), str(day) if day else ""
        plain = Reply(item.kind, item.reference, item.title, "", link, as_of)
        return replace(plain, **getattr(self, f"_{item.kind}")(item))

    def _lesson(self, item: Item) -> dict[str, Any]:
        if item.value.cite is not None:
            return self._written(item, item.value.cite)
        nothing = item.value.none_found
        return self._weighed(item) | {
            "statement": self._begin(item.value.do, 1),
            "doubt": Doubt(looked_at=nothing.looked_at, by=nothing.by, on=nothing.on.text)
            if nothing
            else self._against(item),
        }

    def _written(self, item: Item, cite: Cite) -> dict[str, Any]:
        """Return the parts of a reply that are written by hand in a lesson."""
        parts: dict[str, Any] = {"ask": cite.ask, "why": cite.why, "limit": cite.limit or ""}
        if cite.precedent is not None:
            happened = self.catalogue.items[cite.precedent]
            parts |= self._precedent(
                Witness.of(self.catalogue.cases[happened.owner], happened.value), cite.commit
            )
        for document in item.value.documented_in[:1]:
            address = self.catalogue.document_address(document.file)
            parts |= {"document": document.file, "document_link": address}
        return parts

    def _precedent(self, witness: Witness, commit: str | None) -> dict[str, Any]:
        sources = list(witness.sources.values())
        at_home = [
            source
            for source in sources
            if isinstance(source, CommitSource) and _at_home(self.catalogue, source.repository)
        ]
        best = witness.sources[commit] if commit else next(iter(at_home), self._best(witness))
        mails = [
            source
            for source in sources
            if isinstance(source, MailSource) and not is_address(source.mail)
        ]
        mail = mails[0] if mails and isinstance(best, CommitSource) else None
        return {
            "precedent": self._cited(witness, best),
            "mail": self.catalogue.mail_address(mail.mail) if mail else "",
        }

    def _claim(self, item: Item) -> dict[str, Any]:
        assessed = item.value.assessment
        return self._weighed(item) | {
            "statement": self._begin(item.value.statement, 2),
            "assessment": assessed.state if assessed else "",
            "reason": assessed.reason if assessed else "",
        }

    def _stage(self, item: Item) -> dict[str, Any]:
        pattern = self.catalogue.patterns[item.owner]
        return self._weighed(item) | {
            "statement": self._begin(item.value.text, 1),
            "group": pattern.title,
            "number": 0 if pattern.cycle else pattern.stages.index(item.value) + 1,
        }

    def _event(self, item: Item) -> dict[str, Any]:
        witness = Witness.of(self.catalogue.cases[item.owner], item.value)
        return {
            "statement": self._begin(item.value.text, 1),
            "group": witness.case.name,
            "evidence": (self._cited(witness),),
            "doubt": self._opposite([witness]),
        }

    def _finding(self, item: Item) -> dict[str, Any]:
        case, axis = self.catalogue.cases[item.owner], self.catalogue.axes[item.id]
        return {
            "title": axis.title,
            "question": axis.question,
            "rating": self._rating(axis.id, case.findings[axis.id].rating),
            "group": case.name,
            "statement": self._begin(item.value.text, 2),
            "evidence": self._strongest(self._named(case, item.value.events), item),
            "doubt": self._contrast(case, axis.id),
        }

    def _case(self, item: Item) -> dict[str, Any]:
        linked = self._linked(item.value.summary, item.value)
        witnesses = linked or [Witness.of(item.value, event) for event in item.value.events]
        chosen = self.strongest(witnesses, _MOST_EVIDENCE, item)
        return {
            "statement": self._begin(item.value.summary, 2),
            "group": item.value.name,
            "evidence": tuple(self._cited(one) for one in chosen),
            "doubt": self._opposite(chosen),
        }

    def _pair(self, item: Item) -> dict[str, Any]:
        """Return the strongest event of each case that the text names; if it names none, the
        strongest event of the finding on which the two differ most."""  # noqa: D205, D209
        first, second = (self.catalogue.cases[id_] for id_ in item.value.cases)

        def given(axis: str) -> tuple[str, str]:
            return first.findings[axis].rating, second.findings[axis].rating

        axis = max(self.catalogue.axes, key=lambda id_: self._apart(id_, *given(id_)))
        chosen = []
        for case in (first, second):
            found = self._linked(item.value.shows, case) or self._named(
                case, case.findings[axis].events
            )
            chosen += self.strongest(found, 1, item)
        differ = self._apart(axis, *given(axis)) > 0
        return {
            "title": "",
            "names": (first.name, second.name),
            "statement": self._begin(item.value.shows, 2),
            "axis": self.catalogue.axes[axis].title if differ else "",
            "ratings": tuple(self._rating(axis, word) for word in given(axis)),
            "evidence": tuple(self._cited(one) for one in chosen),
            "doubt": self._opposite(chosen),
        }

    # The parts of replies

    def _begin(self, text: str, count: int) -> str:
        """Return the first sentences of a text; fewer if they are long."""
        lines = convert(text).lines
        begun = [sentences(lines, number) for number in range(1, count + 1)]
        return next((one for one in reversed(begun) if len(one) <= _LONG), begun[0])

    def _weighed(self, item: Item) -> dict[str, Any]:
        evidence = self.catalogue.evidence[item.reference]
        return {
            "evidence": self._strongest(evidence.speaking_for, item),
            "doubt": self._against(item),
            "events_for": len(evidence.speaking_for),
            "cases_for": len({witness.case.id for witness in evidence.speaking_for}),
            "events_against": len(evidence.speaking_against),
            "cases_against": len({witness.case.id for witness in evidence.speaking_against}),
        }

    def _strongest(self, witnesses: Iterable[Witness], about: Item) -> tuple[CitedEvent, ...]:
        chosen = self.strongest(witnesses, _MOST_EVIDENCE, about)
        return tuple(self._cited(witness) for witness in chosen)

    def _against(self, item: Item) -> Doubt | None:
        against = self.catalogue.evidence[item.reference].speaking_against
        chosen = self.strongest(against, 1, item)
        return Doubt(self._cited(chosen[0])) if chosen else None

    def _opposite(self, witnesses: Sequence[Witness]) -> Doubt | None:
        """Return the strongest evidence on the other side of an item that the events are cited for.

        The item is the first lesson, claim or stage that one of them names and that has evidence on
        the other side. Without such evidence the result has no event; without an item, it is None.
        """
        cited = [witness.event for witness in witnesses]
        nothing = None
        for supports in (True, False):
            for event in cited:
                for link in event.for_ if supports else event.against:
                    about = self.catalogue.items[link.item]
                    doubt = Doubt(about=about.title, supports=supports)
                    ranked = self._ranking(about, supports=not supports)
                    chosen = next((one for one in ranked if one.event not in cited), None)
                    if chosen is not None:
                        return replace(doubt, event=self._cited(chosen))
                    nothing = nothing or doubt
        return nothing

    def _ranking(self, about: Item, *, supports: bool) -> list[Witness]:
        """Return the events on one side of an item, strongest first."""
        # Read on every call, even if the ranking is known, so that each reply's trace has them.
        evidence = self.catalogue.evidence[about.reference]
        self.catalogue.titles.values()
        found = self._ranked.get((about.reference, supports))
        if found is None:
            side = evidence.speaking_for if supports else evidence.speaking_against
            found = self._ranked[about.reference, supports] = self.strongest(side, len(side), about)
        return found

    def _contrast(self, case: Case, axis: str) -> Doubt | None:
        """Return a case with another rating, preferably of the same pattern and a distant one."""
        own = case.findings[axis].rating
        others = [
            one for one in self.catalogue.examples[axis] if self._apart(axis, own, one.rating)
        ]
        if not others:
            return None
        other = min(
            others,
            key=lambda other: (
                other.pattern != case.pattern.label,
                -self._apart(axis, own, other.rating),
                other.case,
            ),
        )
        return Doubt(
            other=other.name,
            other_rating=self._rating(axis, other.rating),
            other_pattern=self.catalogue.patterns[other.pattern].title,
            other_link=self.site.cited(self.catalogue.items[f"case/{other.case}#{axis}"]),
        )

    def _rating(self, axis: str, word: str) -> str:
        rating = self.catalogue.rating(axis, word)
        return rating.title if rating else ""

    def _apart(self, axis: str, *words: str) -> int:
        """Return the distance of two ratings on an axis; 0 if one is not known."""
        places = {
            rating.id: place for place, rating in enumerate(self.catalogue.axes[axis].ratings)
        }
        first, second = (places.get(word) for word in words)
        return 0 if first is None or second is None else abs(first - second)

    def _named(self, case: Case, ids: Iterable[str]) -> list[Witness]:
        wanted = set(ids)
        return [Witness.of(case, event) for event in case.events if event.id in wanted]

    def _linked(self, text: str, case: Case) -> list[Witness]:
        """Return the events of a case to which a text links."""
        references = convert(text).references
        own = f"case/{case.id}#"
        return self._named(
            case,
            [
                reference.rpartition("#")[2]
                for reference in references
                if reference.startswith((own, "#"))
            ],
        )
