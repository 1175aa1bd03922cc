"""All that a site shows of one reading of the records, rendered; what is kept is not made again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from abicase.catalogue.model import Catalogue
from abicase.incremental.cache import program, tree
from abicase.incremental.store import Store
from abicase.incremental.stored import StoredMemo
from abicase.incremental.tracking import Digests, Trace, traced
from abicase.memo import digest
from abicase.outputs.feeds import FEED
from abicase.outputs.files import Output, outputs
from abicase.render.handwritten import Expander
from abicase.render.headings import HtmlHeadings, TocOptions
from abicase.render.renderer import Rendered, Renderer
from abicase.schema.addresses import Site
from abicase.views.page import Page


@dataclass(frozen=True, slots=True)
class Edition:
    """Pages and files, ready for a site generator."""

    catalogue: Catalogue
    """The records."""
    site: Site
    """Where it is published."""
    rendered: list[Rendered]
    """The pages."""
    outputs: list[Output]
    """The files beside them."""
    kept: int
    """How many pages an earlier run has left."""
    expander: Expander
    """Expands hand-written pages."""

    @property
    def feed(self) -> str:
        """The whole address of the feed; empty where there is none."""
        return next((self.site.url + one.file for one in self.outputs if one.file == FEED), "")


def make_edition(
    root: Path,
    catalogue: Catalogue,
    pages: Sequence[Page],
    site: Site,
    toc: TocOptions,
    templates: Path | None,
    store: Store,
) -> Edition:
    """Render everything.

    Args:
        root: The folder of the records.
        catalogue: The records.
        pages: The pages to render.
        site: Where they are published.
        toc: How the site writes headings.
        templates: A folder whose templates stand in for those of the same name.
        store: Keeps what was made.

    Returns:
        The edition.

    Raises:
        TemplateProblem: A template is missing or wrong.
    """
    common = digest(
        program(), tree(templates) if templates else "", repr((site, toc)), _shared(root, catalogue)
    )
    trace = Trace()
    memo = StoredMemo(store, common, trace, Digests(catalogue))
    noting = traced(catalogue, trace)
    renderer = Renderer(noting, templates, site, partial(HtmlHeadings, toc), memo)
    rendered = [renderer.page(page) for page in pages]
    return Edition(
        catalogue=catalogue,
        site=site,
        rendered=rendered,
        outputs=list(outputs(noting, renderer, memo)),
        kept=sum(f"page/{page.file}" in memo.kept for page in pages),
        expander=Expander(catalogue, renderer),
    )


def _shared(root: Path, catalogue: Catalogue) -> str:
    """A digest of what goes into every page: the files beside the records, the repositories."""
    parts: list[str | bytes] = []
    for path in sorted(root.iterdir()):
        if path.is_file():
            parts += [path.name, path.read_bytes()]
    for id_ in catalogue.repositories:
        parts += [id_, catalogue.digests[f"repository/{id_}"]]
    return digest(*parts)
