"""The plugin's options in ``mkdocs.yml``. The reference shows the texts below them."""

from __future__ import annotations

import os

from mkdocs.config import config_options as c
from mkdocs.config.base import Config, ValidationError

from abicase.schema.addresses import revision_of


class _Folder(c.Dir):
    """A folder that can disappear during a preview; an empty name stays empty."""

    def run_validation(self, value: object) -> str:
        return super().run_validation(value) if value != "" else ""


class _Revision(c.Type[str]):
    """A text, or the number that YAML makes of a commit id with digits only."""

    def run_validation(self, value: object) -> str:
        try:
            return revision_of(value, os.environ.get("REVISION", ""))
        except ValueError as error:
            raise ValidationError(str(error)) from None


class AbicaseConfig(Config):  # type: ignore[no-untyped-call]
    """The plugin's options in ``mkdocs.yml``."""

    records = c.Dir(default="casestudies")
    """The folder of records, relative to ``mkdocs.yml``; commands read this option, too."""
    templates = c.Optional(_Folder())
    """A folder, relative to ``mkdocs.yml``, whose templates replace those of the same name."""
    navigation_limit = c.Type(int, default=20)
    """The largest section listed in the navigation; of a larger one, only the index is listed."""
    reference = c.Type(bool, default=False)
    """True if the site has this reference, under ``reference/``."""
    revision = _Revision(str, default="")
    """The revision of the records, shown in the notes on disputes. It is not read from git."""
    contact = c.Type(str, default="")
    """A mail address for disputes; without it, no page offers one."""
    dispute_form = c.Type(str, default="")
    """The address of a form for disputes; ``{item}`` and ``{revision}`` in it are filled in."""
    dispute_guide = c.Type(str, default="")
    """The hand-written page on how to dispute a statement, such as ``guide.md#dispute``."""
