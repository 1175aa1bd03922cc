"""Ids: everything with an address has a separate id, which is not reserved."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial
from typing import Any

from abicase.lint.records import RecordSet
from abicase.lint.rule import rule
from abicase.problems.problem import Problem
from abicase.schema.argument import Pattern
from abicase.schema.case import NOT_KNOWN, Case
from abicase.schema.casebook import Casebook
from abicase.schema.items import RESERVED
from abicase.source.reading import Entry
from abicase.source.yamltext import Path

_Taken = Callable[[], str]  # describes the holder of an id; finding its line takes time
_Named = list[tuple[str, str, Path]]
"""A part with an id: a description, the id, and its path."""


@rule("repeated-id", "reserved-id", kind="case")
def parts_have_ids_of_their_own(records: RecordSet, entry: Entry) -> Iterator[Problem]:
    """No two parts of a case have the same id, and none has a reserved one."""
    case: Case = entry.record
    parts = _listed("side", "sides", case.sides)
    parts += [("source", id_, ("sources", id_)) for id_ in case.sources]
    parts += _listed("event", "events", case.events)
    parts += [("finding", axis, ("findings", axis)) for axis in case.findings]
    yield from _unique(entry, parts, {})


@rule("repeated-id", "reserved-id")
def ids_are_unique(records: RecordSet) -> Iterator[Problem]:
    """No two other things that share a namespace have the same id."""
    anchors: dict[str, _Taken] = {}
    for entry in records.of("pattern"):
        pattern: Pattern = entry.record
        own: _Named = [("pattern", pattern.id, ("id",))]
        yield from _unique(entry, own + _listed("stage", "stages", pattern.stages), anchors)
    for entry in records.every():
        if entry.kind != "casebook" and entry.record.id in RESERVED:
            yield from _reserved(entry, ("id",), entry.record.id)
    for entry in records.of("axis"):
        taken: dict[str, _Taken] = {NOT_KNOWN: lambda: "rating that every axis has"}
        ratings = _listed("rating", "ratings", entry.record.ratings)
        yield from _unique(entry, ratings, taken, reserved=())
    if records.casebook is not None:
        entry = records.casebook
        casebook: Casebook = entry.record
        yield from _unique(entry, _listed("lane", "lanes", casebook.lanes), {}, reserved=())
        yield from _unique(entry, _listed("tree", "trees", casebook.trees), {}, reserved=())
        # Both have their anchors on the lessons page.
        on_one_page = _listed("interface", "interfaces", casebook.interfaces)
        on_one_page += _listed("group", "groups", casebook.groups)
        yield from _unique(entry, on_one_page, {})
        yield from _unique(entry, _listed("term", "terms", casebook.terms), {})


def _listed(what: str, field: str, parts: Iterable[Any]) -> _Named:
    return [(what, part.id, (field, number, "id")) for number, part in enumerate(parts)]


def _unique(
    entry: Entry,
    parts: _Named,
    seen: dict[str, _Taken],
    reserved: Collection[str] = RESERVED,
) -> Iterator[Problem]:
    for kind, id_, path in parts:
        is_key = path[-1] == id_
        if entry.wrong_paths and entry.hides(path, key=is_key):
            continue
        if id_ in seen:
            message = f"the id {id_!r} is already taken, by the {seen[id_]()}"
            yield from entry.tell("repeated-id", path, message, key=is_key)
        elif id_ in reserved:
            yield from _reserved(entry, path, id_, key=is_key)
        else:
            seen[id_] = partial(_place, entry, kind, path, is_key)


def _place(entry: Entry, kind: str, path: Path, is_key: bool) -> str:
    return f"{kind} on line {entry.document.position(path, key=is_key).line}"


def _reserved(entry: Entry, path: Path, id_: str, *, key: bool = False) -> Iterator[Problem]:
    message = f"the id {id_!r} is reserved for pages"
    hint = f"the reserved ids are {', '.join(sorted(RESERVED))}"
    return entry.tell("reserved-id", path, message, hint, key=key)
