"""Drafting events from their sources; anything that the sources do not prove says TODO."""

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
"""The maximum length of a subject that is used as a title."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A new event for a commit or a mail."""

    id: str
    source: Cited
    fields: dict[str, str | list[str]]
    """The fields of the event; empty if an event of the case already cites the source."""


def begin(
    case: Case, cited: Iterable[Cited], default_repository: str, kind: str, lane: str
) -> list[Begun]:
    """Draft an event for each source that no event cites.

    Args:
        case: The case.
        cited: Its sources, including the new ones.
        default_repository: The repository whose releases are written without its id.
        kind: The kind of the events; if empty, it is left to be chosen.
        lane: Their lane; if empty, it is left to be chosen.

    Returns:
        An event for each source, in the same order. Ids that nobody chose are marked to be renamed,
        because they are part of permanent addresses.

    Raises:
        NotCited: A chosen id is already taken.
    """
    taken = ids_of(case) | {citation.id for citation in cited}
    there = {source: event.id for event in case.events for source in event.sources}
    begun = []
    for citation in cited:
        if citation.id in there:
            begun.append(Begun(there[citation.id], citation, {}))
            continue
        source = citation.found.fields
        if citation.found.id:
            id_ = chosen_id(citation.found.id, taken)
        else:
            id_ = free_id(f"{RENAME}{words_of(source['subject'], 27)}", taken)
        taken.add(id_)
        there[citation.id] = id_
        fields: dict[str, str | list[str]] = {"id": id_, "date": source["date"]}
        if release := source.get("release"):
            is_default = source["repository"] == default_repository
            fields["release"] = release if is_default else f"{source['repository']}/{release}"
        fields |= {
            "kind": kind or f"TODO {citation.found.kind}".strip(),
            "lane": lane or "TODO",
            "title": f"TODO {_title(source['subject'])}",
            "text": "TODO",
            "sources": [citation.id],
        }
        begun.append(Begun(id_, citation, fields))
    return begun


def _title(subject: str) -> str:
    """Return a preliminary title, from the words of a subject."""
    words = bare_subject(subject).rstrip(". ") or subject
    if len(words) > _MOST:
        words = words[:_MOST].rpartition(" ")[0] or words[:_MOST]
    first = words.split(maxsplit=1)[0]
    return words[0].upper() + words[1:] if first.isalpha() and first.islower() else words
