"""The lessons page: each lesson once, in its group, with its search terms."""

from __future__ import annotations

from dataclasses import dataclass

from abicase.catalogue.model import Catalogue
from abicase.schema.argument import Lesson
from abicase.views.ranking import Table, tables
from abicase.views.search import findable_lessons


@dataclass(frozen=True, slots=True)
class LessonRow:
    """A lesson in the list."""

    lesson: str
    """Its id."""
    cases: int
    """The number of cases with evidence on it, on either side."""
    table: str
    """Its search terms: words without their endings, each with its weight (``size:309``)."""


@dataclass(frozen=True, slots=True)
class LessonGroup:
    """The lessons of a group."""

    id: str
    """The anchor of the group."""
    title: str
    """Its heading; empty if the casebook has no groups."""
    about: str
    rows: tuple[LessonRow, ...]


def lesson_list(catalogue: Catalogue) -> tuple[LessonGroup, ...]:
    """List the lessons of a casebook by their groups; those without one come last."""
    found = findable_lessons(catalogue)
    weighed = dict(
        zip([one.reference for one in found], tables([one.texts for one in found]), strict=True)
    )
    rows: dict[str, list[LessonRow]] = {}
    for lesson in catalogue.lessons.values():
        row = _row(catalogue, lesson, weighed[f"lesson/{lesson.id}"])
        rows.setdefault(lesson.group or "", []).append(row)
    groups = [
        LessonGroup(group.id, group.title, group.about, tuple(rows[group.id]))
        for group in catalogue.casebook.groups
        if group.id in rows
    ]
    rest = (
        [LessonGroup("ac--other", "Others" if groups else "", "", tuple(rows[""]))]
        if "" in rows
        else []
    )
    return (*groups, *rest)


def _row(catalogue: Catalogue, lesson: Lesson, table: Table) -> LessonRow:
    evidence = catalogue.evidence[f"lesson/{lesson.id}"]
    shown = " ".join(f"{word}:{number}" for word, number in sorted(table.items()))
    return LessonRow(lesson.id, len(evidence.cases), shown)
