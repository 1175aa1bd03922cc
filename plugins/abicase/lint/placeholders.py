"""Placeholders: those of a new record must be replaced."""

from __future__ import annotations

from collections.abc import Iterator

from abicase.lint.records import RecordSet, may_be_draft
from abicase.lint.rule import rule
from abicase.problems.codes import Code
from abicase.problems.problem import Problem
from abicase.problems.suggestions import one_of
from abicase.schema.records import model_of
from abicase.schema.shapes import walk
from abicase.source.misread import shape_at
from abicase.source.placeholders import PLACEHOLDER, RENAME, proposed
from abicase.source.reading import Entry
from abicase.source.yamltext import Path, TextNode

_DAY = "a date as precise as it is known: YYYY-MM-DD, YYYY-MM or YYYY"


@rule("placeholder", "unfinished")
def nothing_is_left_to_fill_in(records: RecordSet, entry: Entry) -> Iterator[Problem]:
    """No value still has a placeholder of a new record, except in a draft."""
    written = entry.document.data
    # The placeholders are in the file as they are, unless an escape replaces one of their letters.
    if not any(word in written for word in (b"TODO", b"rename-me", b"\\")):
        return
    code: Code = "unfinished" if may_be_draft(entry) else "placeholder"
    for path in entry.unfilled:
        node, _ = entry.document.node(path)
        if isinstance(node, TextNode):
            hint = _what_it_takes(records, entry, path)
            if meant := proposed(node.text):
                hint = f"delete TODO to accept {meant!r}" + (hint and f", or write {hint}")
            yield entry.document.problem(code, path, _message(node.text), hint)
    for path, text, _, is_key in walk(entry.record):
        if isinstance(text, str) and PLACEHOLDER.match(text):
            hint = "choose a short, permanent id" if text.startswith(RENAME) else ""
            yield from entry.tell(code, path, _message(text), hint, key=is_key)


def _message(text: str) -> str:
    return f"{text!r} still has to be filled in"


def _what_it_takes(records: RecordSet, entry: Entry, path: Path) -> str:
    """Return a hint with the values for a place that does not take free text."""
    shape = shape_at(entry.document, model_of(entry.kind), path)
    if shape is None:
        return ""
    if shape.kind == "day":
        return _DAY
    if shape.refers in ("source", "event"):
        case = entry.record
        return one_of(case.sources if shape.refers == "source" else (e.id for e in case.events))
    return one_of(shape.words or records.ids(shape.refers))
