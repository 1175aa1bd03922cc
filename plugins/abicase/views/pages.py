"""The list of all pages, each with its contents.

To add a kind of page, yield it here and add its template to ``render/templates/``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from abicase.catalogue.model import Catalogue, NamedCase
from abicase.schema.addresses import address_of, checklist_of
from abicase.text.words import COMMON
from abicase.views.comparison import comparison
from abicase.views.distribution import distributions
from abicase.views.index import index
from abicase.views.lesson_list import lesson_list
from abicase.views.overview import overview
from abicase.views.page import Page
from abicase.views.pagination import (
    CASES,
    FIRST,
    PAIRS,
    STAGES,
    ByPattern,
    Chunk,
    ListPart,
    RatedCase,
    answers,
    by_pattern,
    cut,
    evidence,
    list_parts,
    listed,
)
from abicase.views.reach import reach
from abicase.views.strips import strips
from abicase.views.witnesses import first_witnesses

LESSONS_FIRST = 4
"""The boost of lessons in the site's search, so that they come before their evidence."""


def pages(catalogue: Catalogue) -> Iterator[Page]:
    """Yield each generated page of a casebook once; a section begins with its index page."""

    def one(reference: str, **options: Any) -> Page:
        item = catalogue.items[reference]
        return Page(address_of(item).page, f"{item.kind}.md.jinja", record=reference, **options)

    cases = by_pattern(catalogue)
    yield from _cases(catalogue, cases)
    for case in catalogue.cases.values():
        yield one(f"case/{case.id}", name=case.name, dated=catalogue.dated(f"case/{case.id}"))
    yield from _compare(catalogue, cases)
    for pair in catalogue.pairs.values():
        names = " / ".join(catalogue.cases[case].name for case in pair.cases)
        yield one(f"pair/{pair.id}", name=names, searched=False, without=("toc",))
    yield from _patterns(catalogue, cases)
    yield Page("axes/index.md", "axes.md.jinja")
    for axis in catalogue.axes.values():
        page = one(f"axis/{axis.id}", name=axis.title, searched=False)
        yield from _answers(catalogue, page, axis.id, cases)
    layout = strips(catalogue)
    yield Page("claims/index.md", "claims.md.jinja", {"layout": layout}, without=("toc",))
    for claim in catalogue.claims.values():
        context = {"origin": listed(catalogue.origin(claim)), "layout": layout}
        page = one(f"claim/{claim.id}", context=context, without=("toc",))
        yield from _weighed(catalogue, page)
    if catalogue.casebook.terms or any(r.startswith("term/") for r in catalogue.ledger.permalinks):
        yield Page("glossary.md", "glossary.md.jinja")
    yield from _index(catalogue)
    context = {"listed": lesson_list(catalogue), "common": " ".join(sorted(COMMON))}
    yield Page("lessons/index.md", "lessons.md.jinja", context, without=("toc",))
    for kind in catalogue.casebook.interfaces:
        file = checklist_of(kind.id)
        yield Page(file, "checklist.md.jinja", {"kind": kind}, searched=False)
    for lesson in catalogue.lessons.values():
        reference = f"lesson/{lesson.id}"
        dated = catalogue.dated(reference)
        page = one(reference, dated=dated, boost=LESSONS_FIRST, without=("toc",))
        yield from _weighed(catalogue, page)


# The pages that list things. Their context has the values that they show of many records, so that
# a page is rendered again only if one of these has changed.


def _part(page: Page, part: ListPart[Any], **more: Any) -> Page:
    """Return a page for a part of a list: the page itself, or one that continues it."""
    if part.number == 1:
        return replace(page, context={**page.context, "part": part, **more})
    context = {**page.context, "part": part}
    return replace(page, file=part.here.file, context=context, searched=False, dated=None, name="")


def _list(page: Page, below: str, chunks: Iterable[Chunk[Any]], **more: Any) -> Iterator[Page]:
    for part in list_parts(page.file, below, chunks):
        yield _part(page, part, **more)


def _cases(catalogue: Catalogue, cases: list[Chunk[ByPattern]]) -> Iterator[Page]:
    page = Page("cases/index.md", "cases.md.jinja", without=("navigation", "toc"))
    for part in list_parts(page.file, "cases/all", cases):
        context = {"overview": overview(catalogue, part.shown)}
        yield _part(replace(page, context=context), part, reach=reach(catalogue))


def _compare(catalogue: Catalogue, cases: list[Chunk[ByPattern]]) -> Iterator[Page]:
    wide = ("navigation", "toc")
    page = Page(
        "compare/index.md",
        "compare.md.jinja",
        {"compared": comparison(catalogue)},
        searched=False,
        without=wide,
        name="Compare",
    )
    named = [
        tuple(
            (pair, *(catalogue.cases[case].name for case in catalogue.pairs[pair].cases))
            for pair in some
        )
        for some in cut(tuple(catalogue.pairs), PAIRS)
    ]
    chunks = [
        Chunk(some, *(" / ".join(pair[1:]) for pair in (some[0], some[-1])) if some else ())
        for some in named
    ]
    pairs = list_parts(page.file, "compare/pairs", chunks)
    yield from _list(page, "compare/all", cases, pairs=pairs[0])
    for part in pairs[1:]:
        yield _part(Page("", "pairs.md.jinja"), part)


def _patterns(catalogue: Catalogue, cases: list[Chunk[ByPattern]]) -> Iterator[Page]:
    page = Page("patterns/index.md", "patterns.md.jinja")
    many = sum(
        len(found.speaking_for) + len(found.speaking_against)
        for reference, found in catalogue.evidence.items()
        if reference.startswith("stage/")
    )
    stages = {
        stage.id: list_parts(
            page.file,
            f"patterns/{stage.id}",
            evidence(catalogue, f"stage/{stage.id}", FIRST if many > STAGES else many),
        )
        for pattern in catalogue.patterns.values()
        for stage in pattern.stages
    }
    names: dict[str, list[NamedCase]] = {}
    for case in catalogue.cases.values():
        names.setdefault(case.pattern.label, []).append(NamedCase.of(case))
    with_cases = [pattern for pattern in catalogue.patterns if pattern in names]
    context = {
        "patterns_with_cases": with_cases,
        "figures_of_cases": distributions(catalogue, with_cases),
        "figures_page": "patterns/figures.md" if len(cases) > 1 else "",
        "names": {pattern: tuple(some[:CASES]) for pattern, some in names.items()},
        "case_counts": {pattern: len(some) for pattern, some in names.items()},
        "evidence": {stage: some[0] for stage, some in stages.items()},
    }
    yield replace(page, context=context)
    if len(cases) > 1:
        figures = Page("patterns/figures.md", "figures.md.jinja", searched=False)
        yield from _list(figures, "patterns/figures", cases)
    for stage, some in stages.items():
        item = catalogue.items[f"stage/{stage}"]
        context = {"about": item.reference}
        for part in some[1:]:
            yield _part(Page("", "evidence.md.jinja", context, f"pattern/{item.owner}"), part)


def _answers(
    catalogue: Catalogue, page: Page, axis: str, cases: list[Chunk[ByPattern]]
) -> Iterator[Page]:
    parts = list_parts(page.file, f"axes/{axis}", cases)
    given: dict[str, list[RatedCase]] = {}
    for answer in answers(catalogue, axis, parts):
        given.setdefault(answer.rating, []).append(answer)
    for part in parts:
        yield _part(page, part, answers=given)


def _weighed(catalogue: Catalogue, page: Page) -> Iterator[Page]:
    """Yield the page of a claim or a lesson, and the pages that continue its evidence."""
    folder = page.file.removesuffix(".md")
    first, *others = list_parts(page.file, folder, evidence(catalogue, page.record))
    strongest = catalogue.named(catalogue.items[page.record].value)
    yield _part(page, first, sides=first_witnesses(first.shown, strongest))
    for part in others:
        context = {"about": page.record}
        yield _part(replace(page, template="evidence.md.jinja", context=context), part)


def _index(catalogue: Catalogue) -> Iterator[Page]:
    found = index(catalogue)
    page = Page("index/index.md", "index.md.jinja", {"letters": found.letters}, searched=False)
    yield page
    letters = tuple((letter.name, letter.file) for letter in found.letters)
    for letter, part in found.pages:
        context = {"letter": letter.name, "letters": letters, "part": part}
        yield Page(part.here.file, "letter.md.jinja", context, searched=False)
