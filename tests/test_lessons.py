"""The lessons of this casebook are complete: what to look for, how it looks, and what to reply."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from abicase.schema.argument import Lesson
from conftest import real


def lacks(lesson: Lesson) -> Iterator[str]:
    """Yield the parts that a lesson lacks to be useful in a review."""
    if not lesson.group:
        yield "a group"
    if not 4 <= len(lesson.keywords) <= 12:
        yield "four to twelve keywords"
    if not 1 <= len(lesson.related) <= 4:
        yield "one to four related lessons"
    if [example.do for example in lesson.examples] != [False, True]:
        yield "an example of what is wrong, then one of what is right"
    if not all(example.mark and example.caption for example in lesson.examples):
        yield "marks and captions"
    if not lesson.cite:
        yield "a reply of its own"
    elif len(textwrap.wrap(lesson.cite.ask, 72)) > 4 or len(textwrap.wrap(lesson.cite.why, 72)) > 2:
        yield "a reply that is short enough to be pasted"


def test_each_lesson_is_a_whole_rule() -> None:
    lessons = real().lessons
    assert len(lessons) > 30
    assert {id_: missing for id_ in lessons if (missing := [*lacks(lessons[id_])])} == {}


def test_each_lesson_has_a_case_or_a_document() -> None:
    catalogue = real()
    for id_, lesson in catalogue.lessons.items():
        evidence = catalogue.evidence[f"lesson/{id_}"]
        assert evidence.cases or lesson.documented_in, id_
