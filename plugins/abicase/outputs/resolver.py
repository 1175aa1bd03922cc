"""Conversion of records to the contents of the JSON API's files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal, Protocol, get_args

from abicase.catalogue.figures import boundaries, figures
from abicase.catalogue.model import Catalogue, Evidence
from abicase.outputs import api
from abicase.schema.addresses import Site, address_of
from abicase.schema.argument import Assessment, Sign, Unless
from abicase.schema.case import (
    NOT_KNOWN,
    SOURCE_KINDS,
    Case,
    CountSource,
    Event,
    EventKind,
    EvidenceLink,
)
from abicase.schema.items import Item, short_of
from abicase.schema.part import Part
from abicase.text.prose import convert
from abicase.text.wording import wording_of
from abicase.views.replies import CITED
from abicase.views.search import Findable, findable
from abicase.views.signs import SignedLesson, signed_lessons

COLLECTIONS = [name for name in api.DOCUMENTS if name not in ("index", "case", "search")]
"""The names of the files that are lists: of all records of a kind, or of all items."""


class Replying(Protocol):
    """A writer of replies about items."""

    def __call__(self, item: Item, form: Literal["mail", "markdown"] = "mail") -> str:
        """Return the text, in one of its forms."""


def case_file(id_: str) -> str:
    """Return the place of the file of a case, from the root of the site."""
    return api.file_of(f"cases/{id_}")


class Resolver:
    """A converter that replaces each reference by the item it refers to."""

    def __init__(self, catalogue: Catalogue, site: Site, reply: Replying) -> None:
        self._catalogue = catalogue
        self._site = site
        self._reply = reply

    # The files

    def index(self) -> api.Index:
        """Return the index."""
        book = self._catalogue.casebook
        return api.Index(
            **self._head("index"),
            files=tuple(
                api.File(path=api.file_of(name), schema_=api.schema_file(name))
                for name in (*COLLECTIONS, "search")
            ),
            cases=tuple(
                api.CaseFile(
                    **self._item(f"case/{case.id}"),
                    name=case.name,
                    pattern=case.pattern.label,
                    reviewed=str(case.reviewed),
                    file=case_file(case.id),
                )
                for case in self._catalogue.cases.values()
            ),
            interfaces=self._interfaces(),
            lanes=tuple(api.Named(id=one.id, title=one.title) for one in book.lanes),
            trees=tuple(api.Named(id=one.id, title=one.title) for one in book.trees),
            event_kinds=get_args(EventKind),
            repositories=tuple(
                api.Repository(id=one.id, title=one.title, home=one.home)
                for one in self._catalogue.repositories.values()
            ),
        )

    def search(self) -> api.Search:
        """Return the file that finds items and compares patches with lessons."""
        return api.Search(
            **self._head("search"),
            interfaces=self._interfaces(),
            items=tuple(map(self._findable, findable(self._catalogue))),
            signed_lessons=tuple(map(_signed, signed_lessons(self._catalogue, self._site))),
        )

    def case_document(self, id_: str) -> api.CaseDocument:
        """Return the file of a case."""
        case = self._case(self._catalogue.cases[id_])
        return api.CaseDocument(**self._head("case", "../"), case=case)

    def collection(self, name: str) -> api.Document:
        """Return a file with all records of a kind, whose items its own method makes."""
        head = self._head(name)
        return api.DOCUMENTS[name](**head, **{name: tuple(getattr(self, f"_{name}")())})

    # Their contents

    def _case(self, case: Case) -> api.Case:
        owner = f"case/{case.id}"
        return api.Case(
            **self._citable(owner),
            name=case.name,
            pattern=api.PatternOfCase(
                **self._linked(f"pattern/{case.pattern.label}"),
                id=case.pattern.label,
                because=self._text(case.pattern.because, owner),
            ),
            summary=self._text(case.summary, owner),
            reviewed=str(case.reviewed),
            abi=api.Abi(
                interfaces=case.interface.kinds,
                surface=case.interface.surface,
                paths=case.interface.paths,
                first_release=case.interface.first_release,
            ),
            sides=tuple(self._sides(case)),
            figures=tuple(self._figures(case)),
            findings=tuple(self._findings(case)),
            events=tuple(self._events(case)),
            turning_points=tuple(
                api.TurningPoint(
                    **self._linked(f"{owner}#{point.event}"), label=point.label, card=point.card
                )
                for point in case.turning_points
            ),
            pairs=tuple(
                self._link(f"pair/{pair.id}") for pair in self._catalogue.pairs_of(case.id)
            ),
            sources=tuple(
                self._source(f"{owner}#{id_}", source) for id_, source in case.sources.items()
            ),
        )

    def _sides(self, case: Case) -> Iterator[api.Side]:
        for side in case.sides:
            periods = tuple(
                api.Period(
                    from_=str(period.from_),
                    to=_date(period.to),
                    tree=period.tree,
                    where=period.where,
                    through=period.through,
                    boundaries=boundaries(self._catalogue, period),
                    sources=period.sources,
                )
                for period in side.periods
            )
            yield api.Side(**self._item(f"case/{case.id}#{side.id}"), periods=periods)

    def _figures(self, case: Case) -> Iterator[api.Figure]:
        for figure in figures(self._catalogue, case):
            yield api.Figure(
                id=figure.id,
                value=figure.value,
                unit=figure.unit,
                upto=figure.upto,
                of=figure.of,
                exact=figure.exact,
                events=tuple(event.id for event in figure.events),
            )

    def _findings(self, case: Case) -> Iterator[api.Finding]:
        owner = f"case/{case.id}"
        for axis in self._catalogue.axes:
            finding = case.findings[axis]
            yield api.Finding(
                **self._citable(f"{owner}#{axis}"),
                rating=self._rating(axis, finding.rating),
                text=self._text(finding.text, owner),
                events=finding.events,
            )

    def _events(self, case: Case) -> Iterator[api.Event]:
        owner = f"case/{case.id}"
        for event in case.events:
            yield api.Event(
                **self._citable(f"{owner}#{event.id}"),
                date=str(event.date),
                release=event.release,
                event_kind=event.kind,
                lane=event.lane,
                text=self._text(event.text, owner),
                reading=self._text(event.reading, owner) if event.reading else None,
                sources=event.sources,
                same_as=self._link(event.same_as) if event.same_as else None,
                speaking_for=tuple(self._evidence_links(event.for_)),
                speaking_against=tuple(self._evidence_links(event.against)),
                text_checked=self._text_check(event),
            )

    def _evidence_links(self, links: Iterable[EvidenceLink]) -> Iterator[api.EvidenceLink]:
        for link in links:
            yield api.EvidenceLink(**self._linked(link.item), because=link.because)

    def _text_check(self, event: Event) -> api.TextCheck | None:
        check = event.text_checked
        if check is None:
            return None
        return api.TextCheck(
            on=str(check.on),
            against=check.against,
            not_reached=check.not_reached,
            current=not event.changed_since,
        )

    def _source(self, reference: str, source: Part) -> api.Source:
        # The fields of a record's source, by the names they are published under; fields that are in
        # the title or need an address are filled in below.
        fields = source.model_dump(mode="json", exclude={"subject", "title"})
        kind = next(kind for kind in SOURCE_KINDS if kind in fields)
        url: str | None = None
        if kind == "commit":
            url = self._catalogue.commit_address(fields["repository"], fields["commit"])
        elif kind == "mail":
            mail = fields.pop("mail")
            url = self._catalogue.mail_address(mail)
            fields["message_id"] = None if mail == url else mail
        elif kind == "file":
            url = self._catalogue.file_address(fields["repository"], fields["file"], fields["at"])
        elif kind == "measurement":
            fields["command"] = fields.pop("measurement")
        elif isinstance(source, CountSource):
            kind = "measurement"
            del fields["measured"]
            fields |= {"command": source.measurement, "result": source.result, "at": source.at}
            fields["counts"] = tuple(
                api.Count(
                    **count.model_dump(mode="json", exclude_defaults=True), command=count.command
                )
                for count in source.measured
            )
        else:
            url = fields.pop(kind)
        return api.Source(**self._item(reference), source_kind=kind, source_url=url, **fields)

    def _claims(self) -> Iterator[api.Claim]:
        for claim in self._catalogue.claims.values():
            owner = f"claim/{claim.id}"
            yield api.Claim(
                **self._citable(owner),
                statement=self._text(claim.statement, owner),
                origin=self._text(claim.origin, owner),
                pattern=self._link(f"pattern/{claim.pattern}"),
                stance=claim.stance,
                amounts_to=self._text(claim.amounts_to, owner),
                assessment=_assessment(claim.assessment),
                origin_events=tuple(
                    self._link(one.reference) for one in self._catalogue.origin(claim)
                ),
                evidence=self._evidence(owner),
            )

    def _lessons(self) -> Iterator[api.Lesson]:
        groups = {group.id: group.title for group in self._catalogue.casebook.groups}
        for lesson in self._catalogue.lessons.values():
            owner = f"lesson/{lesson.id}"
            none = lesson.none_found
            yield api.Lesson(
                **self._citable(owner),
                interfaces=lesson.applies,
                do=self._text(lesson.do, owner),
                why=self._text(lesson.why, owner),
                limits=self._text(lesson.limits, owner),
                none_found=api.NoneFound(looked_at=none.looked_at, on=str(none.on), by=none.by)
                if none
                else None,
                evidence=self._evidence(owner),
                group=api.Named(id=lesson.group, title=groups[lesson.group])
                if lesson.group
                else None,
                keywords=lesson.keywords,
                examples=tuple(api.Example(**one.model_dump()) for one in lesson.examples),
                documented_in=tuple(
                    api.DocumentedIn(
                        url=self._catalogue.document_address(one.file),
                        **one.model_dump(mode="json"),
                    )
                    for one in lesson.documented_in
                ),
                related=tuple(self._link(f"lesson/{id_}") for id_ in lesson.related),
            )

    def _axes(self) -> Iterator[api.Axis]:
        for axis in self._catalogue.axes.values():
            owner = f"axis/{axis.id}"
            yield api.Axis(
                **self._item(owner),
                question=axis.question,
                why=self._text(axis.why, owner),
                ratings=tuple(self._rating(axis.id, rating.id) for rating in axis.ratings),
                findings=tuple(
                    api.Answer(
                        **self._linked(f"case/{case.id}#{axis.id}"),
                        case=case.id,
                        rating=self._rating(axis.id, case.findings[axis.id].rating),
                    )
                    for case in self._catalogue.cases.values()
                ),
            )

    def _patterns(self) -> Iterator[api.Pattern]:
        for pattern in self._catalogue.patterns.values():
            owner = f"pattern/{pattern.id}"
            yield api.Pattern(
                **self._item(owner),
                summary=self._text(pattern.summary, owner),
                cycle=pattern.cycle,
                amounts_to=self._text(pattern.amounts_to, owner) if pattern.amounts_to else None,
                stages=tuple(
                    api.Stage(
                        **self._citable(f"stage/{stage.id}"),
                        text=self._text(stage.text, owner),
                        evidence=self._evidence(f"stage/{stage.id}"),
                    )
                    for stage in pattern.stages
                ),
                cases=tuple(
                    self._link(f"case/{case.id}") for case in self._catalogue.cases_of(pattern.id)
                ),
            )

    def _pairs(self) -> Iterator[api.Pair]:
        for pair in self._catalogue.pairs.values():
            owner = f"pair/{pair.id}"
            yield api.Pair(
                **self._citable(owner),
                cases=tuple(self._link(f"case/{case}") for case in pair.cases),
                headline=pair.headline,
                because=self._text(pair.because, owner),
                shows=self._text(pair.shows, owner),
            )

    def _links(self) -> Iterator[api.Permalink]:
        for reference, item in sorted(self._catalogue.items.items()):
            wording = wording_of(item.kind, item.value)
            digest = wording.digest if wording else None
            yield api.Permalink(**self._item(reference), wording=digest)

    def _findable(self, one: Findable) -> api.Findable:
        item = self._catalogue.items[one.reference]
        cited = item.kind in CITED
        return api.Findable(
            **self._item(one.reference),
            texts=dict(one.texts),
            paths=tuple(one.paths),
            interfaces=tuple(one.interfaces),
            reply=self._reply(item) if cited else None,
            reply_markdown=self._reply(item, "markdown") if cited else None,
        )

    # The pieces

    def _interfaces(self) -> tuple[api.Named, ...]:
        kinds = self._catalogue.casebook.interfaces
        return tuple(api.Named(id=kind.id, title=kind.title) for kind in kinds)

    def _head(self, schema: str, up: str = "") -> dict[str, Any]:
        return {
            "schema_": f"{up}schema/{schema}.json",
            "casebook": self._catalogue.casebook.title,
            "site": self._site.url or None,
        }

    def _linked(self, reference: str) -> dict[str, Any]:
        item = self._catalogue.items[reference]
        return {
            "reference": reference,
            "title": self._title(item),
            "path": address_of(item).url(directories=self._site.directories),
        }

    def _link(self, reference: str) -> api.Link:
        return api.Link(**self._linked(reference))

    def _item(self, reference: str) -> dict[str, Any]:
        item = self._catalogue.items[reference]
        url = self._site.address(address_of(item)) if self._site.url else None
        short = short_of(reference)
        return self._linked(reference) | {
            "kind": item.kind,
            "id": item.id,
            "url": url,
            "short": f"{short}/" if short else None,
            "published": _date(self._catalogue.ledger.published(reference)),
            "reworded": _date(self._catalogue.ledger.reworded(reference)),
        }

    def _citable(self, reference: str) -> dict[str, Any]:
        reply = self._reply(self._catalogue.items[reference])
        return self._item(reference) | {"reply": reply}

    def _title(self, item: Item) -> str:
        if item.kind == "finding":
            return self._catalogue.axes[item.id].title
        if item.kind == "pair":
            return " / ".join(self._catalogue.cases[case].name for case in item.value.cases)
        return item.title

    def _text(self, text: str, owner: str) -> api.Text:
        converted = convert(text)
        references = dict.fromkeys(
            owner + reference if reference.startswith("#") else reference
            for reference in converted.references
        )
        return api.Text(markdown=text, plain=converted.plain, references=tuple(references))

    def _rating(self, axis: str, word: str) -> api.Rating:
        rating = self._catalogue.rating(axis, word)
        if rating is None:
            return api.Rating(id=NOT_KNOWN, level="open")
        return api.Rating(
            id=rating.id, title=rating.title, level=rating.level, meaning=rating.meaning
        )

    def _evidence(self, reference: str) -> api.Evidence:
        found: Evidence = self._catalogue.evidence[reference]
        speaking_for, speaking_against = (
            tuple(
                api.Witness(
                    **self._linked(one.reference),
                    case=one.case.id,
                    event=one.event.id,
                    date=str(one.event.date),
                    pattern=one.case.pattern,
                    because=one.because or None,
                )
                for one in side
            )
            for side in (found.speaking_for, found.speaking_against)
        )
        return api.Evidence(speaking_for=speaking_for, speaking_against=speaking_against)


def _signed(lesson: SignedLesson) -> api.SignedLesson:
    return api.SignedLesson(
        reference=lesson.reference,
        ask=lesson.ask,
        why=lesson.why,
        paths=tuple(lesson.paths),
        signs=tuple(map(_sign, lesson.signs)),
        checked_by=tuple(api.Checker(**tool.model_dump()) for tool in lesson.checked_by),
    )


def _sign(sign: Sign) -> api.Sign:
    fields = sign.model_dump(exclude={"unless", "example"})
    unless = sign.unless or Unless()
    return api.Sign(
        **fields,
        unless_paths=unless.paths,
        unless_added=unless.added,
        unless_said=unless.said,
    )


def _assessment(one: Assessment | None) -> api.Assessment | None:
    if one is None:
        return None
    return api.Assessment(state=one.state, reason=one.reason, change=one.change, on=str(one.on))


def _date(day: object | None) -> str | None:
    return None if day is None else str(day)
