"""The options of the plugin in ``mkdocs.yml``. The reference shows the texts below them."""

from __future__ import annotations

from dataclasses import dataclass

DISPUTES = ("revision", "contact", "dispute_form", "dispute_guide")
"""The options that belong to :class:`~abicase.schema.addresses.Site`."""


@dataclass(frozen=True)
class Options:
    """The options, with their defaults."""

    records: str = "casestudies"
    """The folder of records, relative to ``mkdocs.yml``; commands read this option, too."""
    templates: str = ""
    """A folder, relative to ``mkdocs.yml``, whose templates replace those of the same name."""
    navigation_limit: int = 20
    """The largest section listed in the navigation; of a larger one, only the index is listed."""
    reference: bool = False
    """True if the site has this reference, under ``reference/``."""
    revision: str = ""
    """The revision of the records, shown in the notes on disputes. It is not read from git."""
    contact: str = ""
    """A mail address for disputes; without it, no page offers one."""
    dispute_form: str = ""
    """The address of a form for disputes; ``{item}`` and ``{revision}`` in it are filled in."""
    dispute_guide: str = ""
    """The hand-written page on how to dispute a statement, such as ``guide.md#dispute``."""
