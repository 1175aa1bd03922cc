"""Drafts: published records must not depend on them."""

from __future__ import annotations

from collections.abc import Iterator

from abicase.lint.records import RecordSet, may_be_draft
from abicase.lint.rule import rule
from abicase.problems.problem import Problem
from abicase.source.reading import Entry
from abicase.source.yamltext import Path
from abicase.text.prose import convert


@rule("draft-reference")
def nothing_rests_on_a_draft(records: RecordSet, entry: Entry) -> Iterator[Problem]:
    """No published record names or links to a draft."""
    if may_be_draft(entry) or not records.drafts:
        return
    named: list[tuple[Path, str, bool]] = []
    for path, text, shape, _ in records.values(entry):
        if shape.kind == "prose":
            found = convert(text).references
            named += [(path, reference, records.in_draft(reference)) for reference in found]
        elif shape.refers in ("item", "told"):
            named.append((path, text, records.in_draft(text)))
        elif shape.refers == "release":
            named.append((path, text, records.is_draft("repository", text.rpartition("/")[0])))
        elif shape.refers:
            named.append((path, text, records.is_draft(shape.refers, text)))
    for axis in getattr(entry.record, "findings", ()):
        named.append((("findings", axis), axis, records.is_draft("axis", axis)))
    for path, name, is_draft in named:
        if is_draft:
            message = f"{name!r} is a draft, but this record is not"
            hint = "finish the draft first, or make this record a draft too"
            yield from entry.tell("draft-reference", path, message, hint)
