"""A page before it is rendered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from abicase.schema.fields import Day


@dataclass(frozen=True, slots=True)
class Page:
    """A page before it is rendered."""

    file: str
    """The Markdown file that makes the page, such as ``cases/one.md``; its address follows."""
    template: str
    """The name of its template."""
    context: Mapping[str, Any] = field(default_factory=dict)
    """What the template gets besides the catalogue and the record."""
    record: str = ""
    """The reference of the record that the page shows; may be empty."""
    searched: bool = True
    """Whether the page is in the search index; pages that repeat others are not."""
    boost: int = 0
    """How much the theme's search puts it before other pages; 0 for not at all."""
    dated: Day | None = None
    """The day for the sitemap and the feed: of a case its review, of a lesson its publication."""
    without: tuple[str, ...] = ()
    """What the theme leaves out for width: ``toc``, ``navigation``."""
    name: str = ""
    """Its name in the navigation; empty where the title serves."""
