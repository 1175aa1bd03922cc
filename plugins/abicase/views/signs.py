"""The lessons with which patches are compared, with their signs and texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from abicase.catalogue.model import Catalogue
from abicase.schema.addresses import Site
from abicase.schema.argument import Checker, Lesson, Sign
from abicase.text.plaintext import sentences
from abicase.text.prose import convert


@dataclass(frozen=True, slots=True)
class SignedLesson:
    """A lesson that has signs, or tools that check it."""

    reference: str
    title: str
    address: str
    """The address by which it is cited."""
    ask: str
    """The rule as a request."""
    why: str
    """The reason, in one sentence."""
    signs: Sequence[Sign]
    """The signs, each with the paths where it is looked for."""
    checked_by: Sequence[Checker]
    paths: Sequence[str]
    """Patterns of the paths that define the kinds of interface to which it applies."""


def signed_lessons(catalogue: Catalogue, site: Site) -> Iterator[SignedLesson]:
    """Yield the lessons of a casebook that have signs or tools, in their order."""
    paths = {kind.id: kind.paths for kind in catalogue.casebook.interfaces}
    for lesson in catalogue.lessons.values():
        if not lesson.signs and not lesson.checked_by:
            continue
        usual = tuple(dict.fromkeys(chain.from_iterable(paths[kind] for kind in lesson.applies)))
        yield SignedLesson(
            f"lesson/{lesson.id}",
            lesson.title,
            site.cited(catalogue.items[f"lesson/{lesson.id}"]),
            _ask(lesson),
            _why(lesson),
            [sign.model_copy(update={"paths": sign.paths or usual}) for sign in lesson.signs],
            lesson.checked_by,
            usual,
        )


def _ask(lesson: Lesson) -> str:
    return lesson.cite.ask if lesson.cite else convert(lesson.do).plain


def _why(lesson: Lesson) -> str:
    if lesson.cite:
        return lesson.cite.why
    return sentences(convert(lesson.why).plain, 1)
