"""Lessons: their code fits the page, and their replies name a commit of the precedent."""

from __future__ import annotations

from collections.abc import Iterator

from abicase.lint.records import RecordSet
from abicase.lint.rule import rule
from abicase.problems.problem import Problem
from abicase.problems.suggestions import nearest
from abicase.schema.argument import Example, Lesson
from abicase.schema.case import CommitSource
from abicase.source.reading import Entry
from abicase.source.yamltext import Path
from abicase.text.markup import LANGUAGES

_MOST_COLUMNS = 50
_MOST_LINES = 20
_TAB = 8


@rule("bad-value", "unknown-word", kind="lesson")
def examples_fit_their_page(records: RecordSet, entry: Entry) -> Iterator[Problem]:
    """The code of a lesson is short and narrow, and its marks are on existing lines."""
    lesson: Lesson = entry.record
    for number, example in enumerate(lesson.examples):
        yield from _example(entry, ("examples", number), example)


def _example(entry: Entry, path: Path, example: Example) -> Iterator[Problem]:
    lines = example.code.split("\n")
    if example.language not in LANGUAGES:
        message = f"there is no code language {example.language!r}"
        hint = nearest(example.language, LANGUAGES) or f"use one of {', '.join(sorted(LANGUAGES))}"
        yield from entry.tell("unknown-word", (*path, "language"), message, hint)
    if len(lines) > _MOST_LINES:
        message = f"the code has {len(lines)} lines; at most {_MOST_LINES} fit next to each other"
        yield from entry.tell("bad-value", (*path, "code"), message)
    for number, line in enumerate(lines, start=1):
        columns = len(line.expandtabs(_TAB))
        if columns > _MOST_COLUMNS and not entry.hides((*path, "code")):
            place = entry.document.find((*path, "code"), line.strip())
            message = f"line {number} has {columns} columns; at most {_MOST_COLUMNS} fit"
            hint = "a tab counts as eight; break the line"
            yield entry.document.problem_at(place, "bad-value", (*path, "code"), message, hint)
            break
    for index, mark in enumerate(example.mark):
        if not 1 <= mark <= len(lines):
            message = f"there is no line {mark}; the code has {len(lines)} lines"
            yield from entry.tell("bad-value", (*path, "mark", index), message)


@rule("unknown-reference", kind="lesson")
def replies_name_a_commit(records: RecordSet, entry: Entry) -> Iterator[Problem]:
    """The commit that a reply names is a source of its precedent."""
    lesson: Lesson = entry.record
    if lesson.cite is None or lesson.cite.commit is None:
        return
    path: Path = ("cite", "commit")
    if lesson.cite.precedent is None:
        message = "there is no precedent that could have this source"
        yield from entry.tell("unknown-reference", path, message, "add the precedent")
        return
    page, _, id_ = lesson.cite.precedent.partition("#")
    found = records.entry("case", page.removeprefix("case/"))
    if found is None or not found.sound:
        return
    event = next((event_ for event_ in found.record.events if event_.id == id_), None)
    if event is None:
        return
    sources = found.record.sources
    known = [s for s in event.sources if isinstance(sources.get(s), CommitSource)]
    if lesson.cite.commit not in known:
        message = f"{lesson.cite.commit!r} is not a commit among the sources of {id_!r}"
        hint = nearest(lesson.cite.commit, known) or f"they are {', '.join(known) or 'none'}"
        yield from entry.tell("unknown-reference", path, message, hint)
