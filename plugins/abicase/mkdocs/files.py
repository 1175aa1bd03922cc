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


class _Shown(File):
    """A file that a live preview with ``--dirty`` shows already, and does not write again."""

    def is_modified(self) -> bool:
        """Return False, whatever the dates of files are."""
        return False


def add(
    files: Files, edition: Edition, config: MkDocsConfig, shown: Mapping[str, str] | None
) -> tuple[dict[str, Rendered], dict[str, str]]:
    """Add the files of an edition, except for those that the site itself has.

    ``shown`` has the states of the files that a live preview shows; None if all are written anyway.

    Returns:
        The added pages, which only have their front matter, and the states of all added files, by
        their place. A state is a digest of the input of a file.
    """
    pages: dict[str, Rendered] = {}
    states: dict[str, str] = {}
    taken = {file.dest_uri for file in files}
    own_theme = config.theme.custom_dir
    if own_theme and Path(own_theme, MISSING).is_file():
        taken.add(MISSING)

    def added(place: str, text: str, level: InclusionLevel, *made_from: str) -> File | None:
        state = digest(*made_from) if shown is not None else ""
        kind = _Shown if shown and shown.get(place) == state else File
        file = kind.generated(config, place, content=text, inclusion=level)
        if file.dest_uri in taken:
            return None
        files.append(file)
        states[place] = state
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
    return pages, states


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
