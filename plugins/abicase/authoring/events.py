"""Events that are begun from their sources: what those prove is known, the rest says TODO."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from abicase.authoring.sources import (
    Cited,
    bare_subject,
    chosen_id,
    free_id,
    ids_of,
    words_of,
)
from abicase.schema.case import Case
from abicase.source.placeholders import RENAME

_MOST = 110
"""How many characters of a subject make a title; more are no title."""


@dataclass(frozen=True, slots=True)
class Begun:
    """An event of a case for a commit or a mail."""

    id: str
    source: Cited
    fields: dict[str, str | list[str]]
    """The fields of the event; empty where the case has one that cites it."""


def begin(
    case: Case, cited: Iterable[Cited], default_repository: str, kind: str, lane: str
) -> list[Begun]:
    """Begin an event for each source that no event cites.

    Args:
        case: The case.
        cited: Its sources, the new ones with them.
        default_repository: The repository whose releases are named without it.
        kind: The kind of the events; where it is empty, it is left to be chosen.
        lane: Their lane, or empty in the same way.

    Returns:
        An event for each source, in the same order. An id that nobody chose says that it is to be
        renamed: it is part of an address that is kept forever.

    Raises:
        NotCited: A chosen id is taken.
    """
    taken = ids_of(case) | {one.id for one in cited}
    there = {source: event.id for event in case.events for source in event.sources}
    begun = []
    for one in cited:
        if one.id in there:
            begun.append(Begun(there[one.id], one, {}))
            continue
        source = one.found.fields
        if one.found.id:
            id_ = chosen_id(one.found.id, taken)
        else:
            id_ = free_id(f"{RENAME}{words_of(source['subject'], 27)}", taken)
        taken.add(id_)
        there[one.id] = id_
        fields: dict[str, str | list[str]] = {"id": id_, "date": source["date"]}
        if release := source.get("release"):
            own = source["repository"] == default_repository
            fields["release"] = release if own else f"{source['repository']}/{release}"
        fields |= {
            "kind": kind or f"TODO {one.found.kind}".strip(),
            "lane": lane or "TODO",
            "title": f"TODO {_title(source['subject'])}",
            "text": "TODO",
            "sources": [one.id],
        }
        begun.append(Begun(id_, one, fields))
    return begun


def _title(subject: str) -> str:
    """A title to begin with, from the words of a subject."""
    words = bare_subject(subject).rstrip(". ") or subject
    if len(words) > _MOST:
        words = words[:_MOST].rpartition(" ")[0] or words[:_MOST]
    first = words.split(maxsplit=1)[0]
    return words[0].upper() + words[1:] if first.isalpha() and first.islower() else words
