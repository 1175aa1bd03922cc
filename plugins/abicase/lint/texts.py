"""Markdown: texts use only supported markup, and their links resolve."""

from __future__ import annotations

from collections.abc import Iterator

from abicase.lint.records import RecordSet
from abicase.lint.rule import rule
from abicase.problems.problem import Problem
from abicase.schema.fields import IS_ID
from abicase.source.document import Document
from abicase.source.reading import Entry
from abicase.source.yamltext import Path
from abicase.text.markup import first_joined, may_be_joined
from abicase.text.prose import convert


@rule(
    "bad-link",
    "control-character",
    "heading",
    "image",
    "markdown",
    "raw-html",
    "too-deep",
    "unknown-reference",
)
def texts_are_safe(records: RecordSet, entry: Entry) -> Iterator[Problem]:
    """Markdown uses only supported markup and allowed links, and its references resolve."""
    document = entry.document
    for path, text, shape, _ in records.values(entry):
        if shape.kind != "prose":
            continue
        converted = convert(text)
        for mistake in converted.mistakes:
            place = document.find(path, mistake.fragment, mistake.before)
            is_id = mistake.code == "bad-link" and IS_ID.fullmatch(mistake.fragment)
            hint = (is_id and records.nearest_item(mistake.fragment)) or mistake.hint
            yield document.problem_at(place, mistake.code, path, mistake.message, hint)
        if may_be_joined(text):
            yield from _joined_lines(document, path, text)
        for reference in converted.references:
            full = reference
            if reference.startswith("#"):
                full = f"{entry.kind}/{getattr(entry.record, 'id', '')}{reference}"
            if full in records.items or records.excused(full):
                continue
            place = document.find(path, reference)
            message = f"the link leads to {full!r}, which does not exist"
            hint = records.nearest_item(full)
            yield document.problem_at(place, "unknown-reference", path, message, hint)


def _joined_lines(document: Document, path: Path, text: str) -> Iterator[Problem]:
    """Report lists and code whose lines YAML joins."""
    places = document.joined(path)
    lines = [document.lines[place.line - 1][place.column - 1 :] for place in places]
    number = first_joined(text, lines)
    if number is not None:
        message = "the lines of a list or of code are joined into one here"
        hint = "begin the text with |- on the line of its field, which keeps its lines"
        yield document.problem_at(places[number], "markdown", path, message, hint)
