"""The theme of a site, set up faster than MkDocs does it.

With Material, MkDocs lists 14,000 icons on each build, to leave out every one of them; and its
search compiles the words of the theme's language three times. Together that takes as long as to
make the pages that an edit of a record changes.
"""

from __future__ import annotations

import os

import jinja2
from mkdocs.theme import Theme

from abicase.compiled import Compiled


class QuickTheme(Theme):
    """A theme whose templates are compiled once, and of which only those are listed that are shown.

    Args:
        theme: The theme as it was configured.
        compiled: Its compiled templates.
    """

    def __init__(self, theme: Theme, compiled: Compiled) -> None:
        vars(self).update(vars(theme))
        self._compiled = compiled

    def get_env(self) -> jinja2.Environment:
        """The templates, as MkDocs sets them up."""
        env: jinja2.Environment = super().get_env()
        env.bytecode_cache = self._compiled
        if type(env.loader) is jinja2.FileSystemLoader:
            env.loader = _Visible(env.loader.searchpath)
        return env


class _Visible(jinja2.FileSystemLoader):
    """Loads all templates, and lists all but the hidden ones, which no site gets."""

    def list_templates(self) -> list[str]:
        found: set[str] = set()
        for folder in self.searchpath:
            for below, folders, files in os.walk(folder):
                folders[:] = [name for name in folders if name[0] != "."]
                path = os.path.relpath(below, folder).replace(os.sep, "/")
                found.update(files if path == "." else (f"{path}/{name}" for name in files))
        return sorted(found)
