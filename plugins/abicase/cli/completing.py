"""Shell completion of ids and references in arguments."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from abicase.cli.records import records_root
from abicase.problems.problem import CASEBOOK_FILE

if TYPE_CHECKING:
    from abicase.schema.case import Case


def _root(context: click.Context) -> Path | None:
    """Return the folder of records of a call; None if there is none, which the call reports."""
    try:
        return records_root(context.params.get("records"), ())
    except click.ClickException:
        return None


def complete_cases(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """Complete the id of a case."""
    root = _root(context)
    return _ids(root, "case", begun) if root is not None else []


def _ids(root: Path, kind: str, begun: str) -> list[str]:
    """Return the ids of records with a beginning, by file names, which are fast to read."""
    from abicase.schema.records import KINDS

    names = sorted(path.stem for path in (root / KINDS[kind][0]).glob("*.yml"))
    return [name for name in names if name.startswith(begun)]


def complete_references(
    context: click.Context, parameter: click.Parameter, begun: str
) -> list[str]:
    """Complete the reference of an item: first the record, and after ``#`` its parts."""
    from abicase.schema.items import items_of
    from abicase.schema.records import KINDS
    from abicase.source.reading import Reading, read_file, shown_path

    root = _root(context)
    if root is None:
        return []
    kind, slash, rest = begun.partition("/")
    if not slash:
        return [f"{kind_}/" for kind_ in KINDS if kind_ != "repository" and kind_.startswith(kind)]
    if kind not in KINDS:
        return []
    id_, hash_, _ = rest.partition("#")
    if not hash_:
        return [f"{kind}/{name}" for name in _ids(root, kind, rest)]
    reading = Reading(root, shown_path(root))
    path = root / KINDS[kind][0] / f"{id_}.yml"
    if path.is_file():
        read_file(path, reading)
    items = [item for e in reading.every() for item in items_of(e.kind, e.record)]
    return [item.reference for item in items if item.reference.startswith(begun)]


def complete_kinds_of_event(
    context: click.Context, parameter: click.Parameter, begun: str
) -> list[str]:
    """Complete a kind of event."""
    from abicase.schema.case import EventKind

    return [kind for kind in get_args(EventKind) if kind.startswith(begun)]


def complete_events(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """Complete the id of an event in the case that was named before."""
    record = _case(context)
    return [one.id for one in record.events if one.id.startswith(begun)] if record else []


def _case(context: click.Context) -> Case | None:
    """Return the case that a call names; None if it can't be read."""
    from abicase.schema.records import KINDS
    from abicase.source.reading import Reading, read_file

    root, id_ = _root(context), context.params.get("case")
    path = root / KINDS["case"][0] / f"{id_}.yml" if root is not None else None
    if path is None or not path.is_file():
        return None
    reading = Reading(path.parent.parent, "")
    read_file(path, reading)
    entry = reading.entries.get(("case", str(id_)))
    return entry.record if entry is not None else None


def complete_lanes(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """Complete the id of a lane."""
    from abicase.source.reading import Reading, read_file

    root = _root(context)
    if root is None:
        return []
    reading = Reading(root, "")
    read_file(root / CASEBOOK_FILE, reading)
    lanes = reading.casebook.record.lanes if reading.casebook is not None else ()
    return [lane.id for lane in lanes if lane.id.startswith(begun)]
