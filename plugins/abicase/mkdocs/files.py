"""The site's files, in the form of MkDocs."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel

from abicase.edition import Edition
from abicase.memo import digest
from abicase.outputs.files import MISSING
from abicase.render.navigation import files_in
from abicase.render.renderer import Rendered, with_front


class _Made(File):
    """A file that this plugin has generated."""

    state = ""
    """A digest of its input, if that is needed."""
    is_shown = False
    """True if a live preview with ``--dirty`` shows it already."""

    def is_modified(self) -> bool:
        """Return whether the file has to be written again."""
        return not self.is_shown


def add(
    files: Files, edition: Edition, config: MkDocsConfig, shown: Mapping[str, str] | None
) -> dict[str, Rendered]:
    """Add the files of an edition, except for those that the site itself has.

    Return the added pages by their Markdown file, which only has their front matter. ``shown`` has
    the :func:`states` of the files that a live preview shows; None if all are written anyway.
    """
    pages: dict[str, Rendered] = {}
    taken = {file.dest_uri for file in files}
    own_theme = config.theme.custom_dir
    if own_theme and Path(own_theme, MISSING).is_file():
        taken.add(MISSING)

    def added(place: str, text: str, level: InclusionLevel, *made_from: str) -> File | None:
        file = _Made.generated(config, place, content=text, inclusion=level)
        if file.dest_uri in taken:
            return None
        assert isinstance(file, _Made)
        if shown is not None:
            file.state = digest(*made_from)
            file.is_shown = shown.get(place) == file.state
        files.append(file)
        return file

    listed = files_in(config.nav)
    around = repr((edition.nav, edition.notice))
    for one in edition.rendered:
        place, front = one.page.file, with_front(one.front, "")
        unlisted = config.nav is not None and place not in listed
        level = InclusionLevel.NOT_IN_NAV if unlisted else InclusionLevel.UNDEFINED
        file = added(place, front, level, around, front, one.body, repr(one.contents))
        if file is not None:
            pages[place] = one
            if one.page.record:
                record = edition.catalogue.files[one.page.record]
                file.edit_uri = os.path.relpath(record, config.docs_dir).replace(os.sep, "/")
    for output in edition.outputs:
        added(output.file, output.text, InclusionLevel.INCLUDED, output.text)
    return pages


def states(files: Files) -> dict[str, str]:
    """Return the states of all generated files, by their place."""
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
