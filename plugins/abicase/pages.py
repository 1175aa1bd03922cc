"""Which pages there are, and what each shows.

To add a kind of page: yield it here, and put its template into ``templates/``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from abicase.addresses import address_of
from abicase.catalogue import Catalogue
from abicase.fields import Day


@dataclass(frozen=True, slots=True)
class Page:
    """A page before it is rendered."""

    file: str
    """The Markdown file that makes the page, such as ``cases/one.md``; its address follows."""
    template: str
    """The name of its template."""
    context: Mapping[str, Any] = field(default_factory=dict)
    """What the template gets besides the catalogue."""
    record: str = ""
    """The reference of the record that the page shows, for the edit button; may be empty."""
    searched: bool = True
    """Whether the page is in the search index; pages that repeat others are not."""
    dated: Day | None = None
    """The day for the sitemap and the feed: of a case its review, of a lesson its publication."""
    without: tuple[str, ...] = ()
    """What the theme leaves out for width: ``toc``, ``navigation``."""
    name: str = ""
    """Its name in the navigation; empty where the title serves."""


def pages(catalogue: Catalogue) -> Iterator[Page]:
    """All generated pages of a casebook.

    Args:
        catalogue: The records.

    Yields:
        Each page once; sections begin with their index page.
    """

    def one(reference: str, **options: Any) -> Page:
        item = catalogue.items[reference]
        context = {item.kind: item.value, "record": item.value}
        template = f"{item.kind}.md.jinja"
        return Page(address_of(item).page, template, context, record=reference, **options)

    yield Page("cases/index.md", "cases.md.jinja")
    for case in catalogue.cases.values():
        yield one(f"case/{case.id}", name=case.name, dated=case.reviewed)
    yield Page(
        "compare/index.md", "compare.md.jinja", searched=False, without=("navigation", "toc")
    )
    for pair in catalogue.pairs.values():
        names = " / ".join(catalogue.cases[case].name for case in pair.cases)
        yield one(f"pair/{pair.id}", name=names, searched=False, without=("toc",))
    yield Page("patterns/index.md", "patterns.md.jinja")
    yield Page("axes/index.md", "axes.md.jinja")
    for axis in catalogue.axes.values():
        yield one(f"axis/{axis.id}", name=axis.title, searched=False)
    yield Page("claims/index.md", "claims.md.jinja")
    for claim in catalogue.claims.values():
        yield one(f"claim/{claim.id}")
    if catalogue.casebook.terms or any(r.startswith("term/") for r in catalogue.ledger.permalinks):
        yield Page("glossary.md", "glossary.md.jinja")
    yield Page("index/index.md", "index.md.jinja", searched=False)
    yield Page("lessons/index.md", "lessons.md.jinja")
    for lesson in catalogue.lessons.values():
        reference = f"lesson/{lesson.id}"
        yield one(reference, dated=catalogue.ledger.published(reference))
