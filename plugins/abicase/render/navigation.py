"""The navigation of a site, in which the names of sections are replaced by their pages."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from typing import Any

from abicase.problems.suggestions import nearest
from abicase.render.themed import as_html
from abicase.schema.addresses import Site
from abicase.views.page import Page

PREFIX = "abicase:"
"""The prefix of a section in the navigation: ``abicase:cases`` is the section ``cases``."""


class MisplacedError(Exception):
    """An error about a page without a place on the site; the message says why."""


def no_address_twice(pages: Iterable[Page], site: Site, taken: Mapping[str, str]) -> None:
    """Check that no hand-written page has the address of a generated one.

    ``taken`` has the files that the site already has, each with its origin.

    Raises:
        MisplacedError: A page has one.
    """
    for page in pages:
        other = taken.get(site.file_of(page.file))
        if other is not None:
            message = f"{other!r} and the generated {page.file!r} have the same address"
            raise MisplacedError(f"{message}; rename the first one")


def expanded(nav: Any, pages: Iterable[Page], most: int, *, lenient: bool) -> Any:
    """Replace the name of each section by the files of its pages.

    Args:
        nav: The navigation, in the form of MkDocs.
        pages: All generated pages.
        most: The largest section whose pages are listed; of a larger one, only the index is.
        lenient: Whether a missing section is left out.

    Raises:
        MisplacedError: A section is missing.
    """
    sections: dict[str, list[Page]] = {}
    for page in pages:
        sections.setdefault(posixpath.dirname(page.file), []).append(page)

    def expand(entry: Any) -> Any:
        if isinstance(entry, list):
            return [part for item in entry for part in _as_list(expand(item))]
        if isinstance(entry, Mapping):
            return {key: expand(value) for key, value in entry.items()}
        if not (isinstance(entry, str) and entry.startswith(PREFIX)):
            return entry
        name = entry.removeprefix(PREFIX).strip()
        if name not in sections and lenient:
            return []
        if name not in sections:
            known = sorted(filter(None, sections))
            hint = nearest(name, known) or f"there are {', '.join(known)}"
            raise MisplacedError(f"nav: there is no section {name!r} ({hint})")
        members = sections[name]
        if len(members) - 1 > most:
            members = members[:1]
        return [{as_html(page.name): page.file} if page.name else page.file for page in members]

    return None if nav is None else expand(nav)


def _as_list(entry: Any) -> list[Any]:
    return entry if isinstance(entry, list) else [entry]


def files_in(nav: Any) -> set[str]:
    """Return the files that a navigation names."""
    if isinstance(nav, str):
        return {nav}
    entries = nav.values() if isinstance(nav, Mapping) else nav or ()
    return {file for entry in entries for file in files_in(entry)}
