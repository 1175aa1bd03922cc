"""The site's files, in the form of MkDocs."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc

from abicase.edition import Edition
from abicase.memo import digest
from abicase.outputs.feeds import Visit, to_be_found
from abicase.outputs.files import MISSING
from abicase.render.navigation import titles_of
from abicase.render.renderer import Rendered, with_front
from abicase.source.folders import is_input

INCLUDED = InclusionLevel.INCLUDED  # whatever its name is
_ID = re.compile(r'<[^>]* id="([^"]+)"')


class _Made(File):
    """A file that this plugin has generated.

    With ``--dirty``, the live preview leaves it alone if its input is unchanged.
    """

    def __init__(
        self,
        config: MkDocsConfig,
        place: str,
        content: str,
        made_from: Sequence[str],
        shown: Mapping[str, str] | None,
        inclusion: InclusionLevel = InclusionLevel.UNDEFINED,
    ) -> None:
        directories = config.use_directory_urls
        super().__init__(place, None, config.site_dir, directories, inclusion=inclusion)
        self.generated_by = "abicase"
        self.content_string = content
        self.state = digest(*made_from) if shown is not None else ""
        """A digest of its input; empty if it is not needed."""
        self._is_shown = shown is not None and shown.get(place) == self.state

    def is_modified(self) -> bool:
        """Return whether the file has to be written again."""
        return not self._is_shown


def fill(page: Page, rendered: Rendered) -> str:
    """Set the HTML, the table of contents and the anchors of a generated page."""
    page.toc = get_toc(rendered.contents)
    page.present_anchor_ids = set(_ID.findall(rendered.body))
    return rendered.body


def leave_out(files: Files, docs: str, *inputs: str | None) -> None:
    """Remove records and templates from the site; pages stay, wherever they are."""
    makes_the_site = is_input(Path(docs), [Path(folder) for folder in inputs if folder])
    for file in files:
        path = file.abs_src_path or ""
        if path and not file.is_documentation_page() and makes_the_site(path):
            file.inclusion = InclusionLevel.EXCLUDED


def add(
    files: Files, edition: Edition, config: MkDocsConfig, shown: Mapping[str, str] | None
) -> dict[str, Rendered]:
    """Add the files of an edition, except for those that the site itself has.

    Args:
        files: The files of the site.
        edition: The edition.
        config: The configuration of the site.
        shown: The states of the files that a live preview shows (see :func:`states`); None if
            all are written anyway.

    Returns:
        The pages that were added, by their Markdown file, which only has their front matter.
    """
    taken = {file.dest_uri for file in files}
    own_theme = config.theme.custom_dir
    if own_theme and Path(own_theme, MISSING).is_file():
        taken.add(MISSING)
    listed = titles_of(config.nav)
    around = repr((edition.nav, edition.notice))
    added = {}
    for rendered in edition.rendered:
        page = rendered.page
        parts = (around, repr(rendered.front), rendered.body, repr(rendered.contents))
        file = _Made(config, page.file, with_front(rendered.front, ""), parts, shown)
        if page.record:
            record = edition.catalogue.files[page.record]
            file.edit_uri = os.path.relpath(record, config.docs_dir).replace(os.sep, "/")
        if config.nav is not None and page.file not in listed:
            file.inclusion = InclusionLevel.NOT_IN_NAV
        if file.dest_uri not in taken:
            files.append(file)
            added[file.src_uri] = rendered
    for output in edition.outputs:
        if output.file not in taken:
            text = output.text
            files.append(_Made(config, output.file, text, (text,), shown, INCLUDED))
    return added


def states(files: Files) -> dict[str, str]:
    """Return the states of all generated files, by the place of the file."""
    return {file.src_uri: file.state for file in files if isinstance(file, _Made)}


def version(config: MkDocsConfig, files: Files) -> None:
    """Add a digest of the content to the address of each style sheet and script of the site.

    A browser can then keep them for a long time, and loads them again when they change. Only the
    query of the address changes, so a cached page still finds its file by the old address.
    """
    held = {file.dest_uri: file for file in files}

    def versioned(path: str) -> str:
        file = held.get(path)
        return f"{path}?v={digest(file.content_bytes)[:8]}" if file else path

    config.extra_css = [versioned(path) for path in config.extra_css]
    for number, script in enumerate(config.extra_javascript):
        if isinstance(script, str):
            config.extra_javascript[number] = versioned(script)
        else:
            script.path = versioned(script.path)


def visits(files: Files, ours: Mapping[str, Rendered]) -> Iterator[Visit]:
    """Yield the pages for the sitemap; other pages have no date that is the same in every build."""
    for file in files.documentation_pages():
        page = file.page
        if page is not None and page.canonical_url and to_be_found(page.meta):
            rendered = ours.get(file.src_uri)
            yield Visit(page.canonical_url, rendered.page.dated if rendered else None)
