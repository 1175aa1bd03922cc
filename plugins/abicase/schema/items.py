"""The items of a casebook: everything that has an address, by reference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from abicase.schema.argument import Pattern
from abicase.schema.case import Case

RESERVED = frozenset(
    {
        "all",
        "cite",
        "claims",
        "events",
        "figures",
        "findings",
        "glance",
        "index",
        "lessons",
        "pairs",
        "shows",
        "sides",
        "sources",
        "summary",
        "timeline",
        "top",
    }
)
"""Anchors and file names that are reserved for pages."""

SHORT = {"lesson": "L", "claim": "C", "stage": "S"}
"""The kinds that also have a short address, with its first letter."""


@dataclass(frozen=True, slots=True)
class Item:
    """A record, or a part of one, that has an address."""

    reference: str
    """``kind/id`` or ``kind/id#part``."""
    kind: str
    """``case``, ``claim``, …; for parts of a case ``event``, ``finding``, ``source``, ``side``."""
    id: str
    """Its id: for a part, the part's own."""
    title: str
    """Its title as plain text."""
    value: Any
    """The record, or the part of one."""
    owner: str = ""
    """For a part of a case, the id of the case; for a stage, the id of its pattern."""


def items_of(kind: str, record: Any) -> Iterator[Item]:
    """Yield the items of a well-formed record: itself, and its parts that have an address."""
    if kind == "repository":
        return
    if kind == "casebook":
        for term in record.terms:
            yield Item(f"term/{term.id}", "term", term.id, term.term, term)
        return
    title = record.title if kind != "pair" else record.id
    yield Item(f"{kind}/{record.id}", kind, record.id, title, record)
    if isinstance(record, Case):
        record_id, page = record.id, f"case/{record.id}#"
        for side in record.sides:
            yield Item(page + side.id, "side", side.id, side.name, side, record_id)
        for event in record.events:
            yield Item(page + event.id, "event", event.id, event.title, event, record_id)
        for axis, finding in record.findings.items():
            yield Item(page + axis, "finding", axis, axis, finding, record_id)
        for id_, source in record.sources.items():
            yield Item(page + id_, "source", id_, source_title(source), source, record_id)
    if isinstance(record, Pattern):
        for stage in record.stages:
            yield Item(f"stage/{stage.id}", "stage", stage.id, stage.title, stage, record.id)


def source_title(source: Any) -> str:
    """Return the title of a source, whatever the name of its title field."""
    names = ("subject", "title", "file", "measurement")
    return str(next(getattr(source, name) for name in names if hasattr(source, name)))


def short_of(reference: str) -> str | None:
    """Return the short address of an item, such as ``L/some-lesson``; None if it has none."""
    kind, _, id_ = reference.partition("/")
    return f"{SHORT[kind]}/{id_}" if kind in SHORT else None


def long_of(short: str) -> str | None:
    """Return the reference that a short address stands for; None if it is not a short address."""
    letter, _, id_ = short.partition("/")
    return next((f"{kind}/{id_}" for kind, first in SHORT.items() if first == letter), None)
