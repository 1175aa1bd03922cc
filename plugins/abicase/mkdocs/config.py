"""The options of the plugin as MkDocs checks them; :class:`Options` describes them."""

from __future__ import annotations

import os

from mkdocs.config import config_options as c
from mkdocs.config.base import Config, ValidationError

from abicase.schema.addresses import revision_of
from abicase.schema.options import Options


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
    """The options of the plugin."""

    records = c.Dir(default=Options.records)
    templates = _Folder(default=Options.templates)
    navigation_limit = c.Type(int, default=Options.navigation_limit)
    reference = c.Type(bool, default=Options.reference)
    revision = _Revision(str, default=Options.revision)
    contact = c.Type(str, default=Options.contact)
    dispute_form = c.Type(str, default=Options.dispute_form)
    dispute_guide = c.Type(str, default=Options.dispute_guide)
