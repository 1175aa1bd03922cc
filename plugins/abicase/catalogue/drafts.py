"""Completion of drafts, so that the preview can show them before they are finished."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterable
from typing import Any

from pydantic import TypeAdapter, ValidationError

from abicase.schema.case import NOT_KNOWN, Case, EvidenceLink, Finding
from abicase.schema.casebook import LISTED
from abicase.schema.records import model_of
from abicase.schema.shapes import Shape, shape_of
from abicase.source.misread import shape_at
from abicase.source.placeholders import proposed
from abicase.source.reading import Entry, Reading
from abicase.source.salvage import salvaged
from abicase.source.yamltext import Path

_DROPPED = ("event", "item", "told")
"""Kinds of names that only occur in lists that can be empty; a TODO is dropped from these."""

_STAND_INS = ("todo", "https://example.org/todo", "todo@example.org", "0" * 40, "0", "false")
"""Stand-ins of which each type of text accepts one; see :mod:`abicase.schema.fields`."""


def completed(entry: Entry, reading: Reading, today: datetime.date) -> Any:
    """Return the record of a draft, with stand-ins for everything that is still to be chosen.

    The stand-in for a date is ``today``. If only texts are left to write, the record is returned as
    it was read.
    """
    record = entry.record
    if entry.unfilled:
        model = model_of(entry.kind)
        values = entry.document.plain()
        for path in sorted(entry.unfilled, key=_last_first):
            shape = shape_at(entry.document, model, path)
            if shape is not None:
                _complete(values, path, shape, reading, today)
        record = salvaged(shape_of(model), values).model_copy(update={"id": record.id})
    if isinstance(record, Case):
        axes = [axis.record.id for axis in reading.of("axis")]
        return _with_all_findings(record, axes)
    return record


def _last_first(path: Path) -> tuple[int, ...]:
    """Return a key that sorts the ends of lists first, so that a removal moves no other place."""
    return tuple(-step for step in path if isinstance(step, int))


def _complete(
    values: Any, path: Path, shape: Shape, reading: Reading, today: datetime.date
) -> None:
    if path[-1] == EvidenceLink.alone:
        path = path[:-1]
    above = values
    for step in path[:-1]:
        above = above[step]
    if shape.refers in _DROPPED and not isinstance(above, dict):
        del above[path[-1]]
    elif shape.refers == "event":
        above[path[-1]] = values["events"][0]["id"]
    elif shape.refers == "source":
        above[path[-1]] = next(iter(values["sources"]))
    elif path[0] == "findings" and path[-1] == "rating":
        above[path[-1]] = NOT_KNOWN
    else:
        above[path[-1]] = _stand_in(shape, above[path[-1]], reading, today)


def _stand_in(shape: Shape, text: str, reading: Reading, today: datetime.date) -> Any:
    """Return the stand-in for a TODO: the value proposed with it, or the first one allowed."""
    known = list(shape.words) or _names(reading, shape.refers)
    if known:
        return proposed(text) if proposed(text) in known else known[0]
    takes = TypeAdapter(shape.annotation)
    for stand_in in (proposed(text), *_STAND_INS, today.isoformat()):
        with contextlib.suppress(ValidationError):
            return takes.validate_python(stand_in)
    return text


def _names(reading: Reading, what: str) -> list[str]:
    """Return the ids that a place can name, from a list in the casebook or a kind of record."""
    if what in LISTED and reading.casebook is not None:
        return [one.id for one in getattr(reading.casebook.record, LISTED[what])]
    return [entry.record.id for entry in reading.of(what)]


def _with_all_findings(case: Case, axes: Iterable[str]) -> Case:
    """Return a case with a finding on every axis, for drafts of cases and of axes."""
    missing = [axis for axis in axes if axis not in case.findings]
    if not missing:
        return case
    nothing = Finding.model_construct(rating=NOT_KNOWN, text="", events=())
    findings = {**case.findings, **dict.fromkeys(missing, nothing)}
    return case.model_copy(update={"findings": findings})
