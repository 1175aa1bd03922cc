"""The ABI Casebook: case-study records in, a comparison site out.

Data flows one way: files are read (``source``) into records (``schema``), which are checked
(``lint``) and resolved into a sealed catalogue (``catalogue``). From it, pages are chosen
(``views``) and rendered (``render``), and files are written next to them (``outputs``). ``edition``
does all of this at once, ``mkdocs`` passes the result to MkDocs, and ``cli`` is the command.

The names exported here are the stable interface for other programs:

>>> from pathlib import Path
>>> from abicase import load
>>> catalogue, problems = load(Path("casestudies"))
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from abicase.catalogue.loading import load
    from abicase.catalogue.model import Catalogue
    from abicase.problems.problem import Problem

__version__ = "0.1.0"
__all__ = ["Catalogue", "Problem", "__version__", "load"]

_PLACES = {
    "Catalogue": "abicase.catalogue.model",
    "Problem": "abicase.problems.problem",
    "load": "abicase.catalogue.loading",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for: the command starts without it."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_PLACES[name]), name)
