"""Pages before they are rendered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from abicase.schema.fields import Day


@dataclass(frozen=True, slots=True)
class Page:
    """A page before it is rendered."""

    file: str
    """The Markdown file of the page, such as ``cases/one.md``, which determines its address."""
    template: str
    """The name of its template."""
    context: Mapping[str, Any] = field(default_factory=dict)
    """The template's context in addition to the catalogue and the record."""
    record: str = ""
    """The reference of the record that the page shows; can be empty."""
    searched: bool = True
    """True if the page is in the search index; pages that repeat other pages are not."""
    boost: int = 0
    """The boost in the theme's search; 0 for none."""
    dated: Day | None = None
    """The day for the sitemap and the feed: a case's review, or a lesson's publication."""
    without: tuple[str, ...] = ()
    """The sidebars that the theme leaves out for more width: ``toc``, ``navigation``."""
    name: str = ""
    """Its name in the navigation; empty to use the title."""
