"""Names: what a field names must exist, and a list must name it only once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from abicase.lint.records import EVIDENCE_KINDS, RecordSet
from abicase.lint.rule import rule
from abicase.problems.codes import Code
from abicase.problems.problem import Problem
from abicase.problems.suggestions import with_article
from abicase.schema.case import Case, EvidenceLink
from abicase.schema.casebook import LISTED
from abicase.schema.records import KINDS
from abicase.source.mismatches import KEY
from abicase.source.reading import Entry
from abicase.source.yamltext import Path, TextNode

_KINDS_NAMED = {
    "item": (EVIDENCE_KINDS, "an event can be evidence for"),
    "told": (("event",), "this must be"),
}
"""The kinds of items that references can name, and the words for them in a message."""


@rule("unknown-reference", "unknown-word")
def names_resolve(records: RecordSet, entry: Entry) -> Iterator[Problem]:
    """Every name leads to something: cases, patterns, sources, events, lanes, releases, items."""
    begun: set[str] = set()  # kinds without any record, reported once per record
    for path, text, shape, _ in records.values(entry):
        if shape.refers and not _resolves(records, entry, path, text, shape.refers):
            if shape.refers in KINDS and not records.known(shape.refers):
                if shape.refers not in begun:
                    begun.add(shape.refers)
                    yield from entry.tell(
                        "unknown-reference", path, *records.none_yet(shape.refers, text)
                    )
                continue
            yield from _not_resolved(records, entry, path, text, shape.refers)


def _resolves(records: RecordSet, entry: Entry, path: Path, text: str, what: str) -> bool:
    """Return whether a name is known; the slow search for a suggestion is separate."""
    if what == "item":
        item = records.items.get(text)
        return (item is not None and item.kind in EVIDENCE_KINDS) or records.excused(text)
    if what == "told":
        return text in records.events or records.excused(text)
    if what == "source":
        return text in entry.record.sources
    if what == "event":
        return f"case/{entry.record.id}#{text}" in records.events
    if what == "tag":
        return text in records.releases.of(entry.record.sources[path[1]].repository)
    if what == "release":
        return records.releases.day(text) is not None
    return text in records.known(what) or records.unread(what, text)


def _not_resolved(
    records: RecordSet, entry: Entry, path: Path, text: str, what: str
) -> Iterator[Problem]:
    code: Code = "unknown-reference"
    known: list[str]
    if what in _KINDS_NAMED:
        kinds, why = _KINDS_NAMED[what]
        message = f"there is no {text!r}"
        if text in records.items:
            wanted = " or ".join(with_article(kind) for kind in kinds)
            message = f"{text!r} is {with_article(records.items[text].kind)}; {why} {wanted}"
        hint = records.nearest_item(text, kinds)
    elif what in ("release", "tag"):
        known = _releases_to_name(records, entry, path, text, what)
        repository = text.rpartition("/")[0]
        if records.unread("repository", repository) and repository not in records.known(
            "repository"
        ):
            return
        if repository and repository not in records.known("repository"):
            message = f"there is no repository {repository!r}"
            hint = records.nearest(repository, records.ids("repository"))
        elif not known:  # the releases of this repository are not listed
            return
        else:
            message = f"the release {text!r} is not listed by its repository"
            hint = records.nearest(text, known) or "add it there, with its date"
            others = [r for r in records.ids("repository") if text in records.releases.of(r)]
            if what == "release" and others:  # the tag of a repository that is not named
                hint = f"did you mean {f'{others[0]}/{text}'!r}?"
    elif what in ("source", "event"):
        case: Case = entry.record
        if entry.lacks(*(("sources", None, KEY) if what == "source" else ("events", None, "id"))):
            return
        known = list(case.sources) if what == "source" else [event.id for event in case.events]
        message, hint = f"this record has no {what} {text!r}", records.nearest(text, known)
    else:
        known = records.ids(what)
        if what in LISTED:
            code = "unknown-word"
            if records.casebook is None or records.casebook.lacks(LISTED[what], None, "id"):
                return
        message = f"there is no {what} {text!r}"
        hint = (
            records.nearest(text, known)
            or records.by_title(what, text)
            or (f"use one of {', '.join(known)}" if known else "casebook.yml lists none")
        )
    yield from entry.tell(code, path, message, hint)


def _releases_to_name(
    records: RecordSet, entry: Entry, path: Path, text: str, what: str
) -> list[str]:
    """Return the releases that could be meant, in the form written in that place."""
    if what == "tag":  # a tag of the source's repository
        return list(records.releases.of(entry.record.sources[path[1]].repository))
    repository, slash, _ = text.rpartition("/")
    tags = records.releases.of(repository if slash else records.releases.default)
    return [f"{repository}/{tag}" if slash else tag for tag in tags]


@rule("named-twice")
def nothing_is_named_twice(records: RecordSet, entry: Entry) -> Iterator[Problem]:
    """A list names each thing only once."""
    seen: dict[tuple[Path, str], int] = {}
    for path, text, shape, _ in records.values(entry):
        place = path[:-1] if path[-1:] == (EvidenceLink.alone,) else path
        if shape.refers and isinstance(place[-1], int):
            first = seen.setdefault((place[:-1], text), place[-1])
            if first != place[-1]:
                message = f"{text!r} is named twice"
                yield from entry.tell("named-twice", path, message)


def with_hints(records: RecordSet) -> list[Problem]:
    """Return the problems of the reading, with hints for broken references."""
    problems = records.reading.problems
    bad = {(p.file, p.line, p.column): p for p in problems if p.code == "bad-reference"}
    for entry in records.reading.partly.values() if bad else ():
        for path in entry.wrong_paths:
            node, _ = entry.document.node(path)
            place = (entry.document.file, node.position.line, node.position.column)
            if isinstance(node, TextNode) and place in bad:
                meant = records.nearest_item(node.text, EVIDENCE_KINDS)
                bad[place] = replace(bad[place], hint=meant or bad[place].hint)
    return [
        bad.get((p.file, p.line, p.column), p) if p.code == "bad-reference" else p for p in problems
    ]
