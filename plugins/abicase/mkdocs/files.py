"""The files of the site as MkDocs knows them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc

from abicase.edition import Edition
from abicase.outputs.feeds import Visit, to_be_found
from abicase.render.navigation import titles_of
from abicase.render.renderer import Rendered
from abicase.render.themed import marked
from abicase.source.folders import is_input

INCLUDED = InclusionLevel.INCLUDED  # whatever its name is
_ID = re.compile(r'<[^>]* id="([^"]+)"')


class GeneratedPage(Page):
    """A page whose HTML is there already."""

    rendered: Rendered

    def read_source(self, config: MkDocsConfig) -> None:
        """Give MkDocs the front matter; there is no Markdown."""
        self.markdown = ""
        self.meta = marked(self.rendered.front)

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Give MkDocs the HTML, its table of contents and its anchors."""
        self.content = self.rendered.body
        self.toc = get_toc(self.rendered.contents)
        self.present_anchor_ids = set(_ID.findall(self.rendered.body))


def leave_out(files: Files, docs: str, *inputs: str | None) -> None:
    """Take records and templates out of the site; pages stay, wherever they lie."""
    makes_the_site = is_input(Path(docs), [Path(folder) for folder in inputs if folder])
    for file in files:
        path = file.abs_src_path or ""
        if path and not file.is_documentation_page() and makes_the_site(path):
            file.inclusion = InclusionLevel.EXCLUDED


def add(files: Files, edition: Edition, config: MkDocsConfig) -> None:
    """Add the files of an edition, except for those that the site brings itself."""
    taken = {file.dest_uri for file in files}
    for file in (*_pages(edition, config), *_outputs(edition, config)):
        if file.dest_uri not in taken:
            files.append(file)


def _pages(edition: Edition, config: MkDocsConfig) -> Iterator[File]:
    titles = titles_of(config.nav)
    for rendered in edition.rendered:
        page = rendered.page
        file = File.generated(config, page.file, content=rendered.markdown)
        if page.record:
            record = edition.catalogue.files[page.record]
            file.edit_uri = os.path.relpath(record, config.docs_dir).replace(os.sep, "/")
        if config.nav is not None and page.file not in titles:
            file.inclusion = InclusionLevel.NOT_IN_NAV
        GeneratedPage(titles.get(page.file), file, config).rendered = rendered
        yield file


def _outputs(edition: Edition, config: MkDocsConfig) -> Iterator[File]:
    for output in edition.outputs:
        yield File.generated(config, output.file, content=output.text, inclusion=INCLUDED)


def visits(files: Files) -> Iterator[Visit]:
    """The pages for the sitemap; what others have made has no date that every build agrees on."""
    for file in files.documentation_pages():
        page = file.page
        if page is not None and page.canonical_url and to_be_found(page.meta):
            day = page.rendered.page.dated if isinstance(page, GeneratedPage) else None
            yield Visit(page.canonical_url, day)
