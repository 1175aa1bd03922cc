"""A catalogue that records what is read from it, to find the inputs of each page."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from abicase.catalogue.model import Catalogue
from abicase.memo import digest
from abicase.schema.records import KINDS

Value = TypeVar("Value")

_RECORDS = {folder: kind for kind, (folder, _) in KINDS.items() if kind != "repository"}
"""The collections of records, each with its kind of record."""
_DERIVED = (
    *("items", "evidence", "counts", "evidence_by_case", "pairs_by_case", "titles", "examples"),
)
"""The collections that are derived from records."""
_ALL, _KEYS = "*", "?"


class Trace:
    """A recorder of the names that are read."""

    def __init__(self) -> None:
        self._open: list[set[str]] = []

    def note(self, *names: str) -> None:
        """Record that something was read."""
        if self._open:
            self._open[-1].update(names)

    @contextmanager
    def reading(self) -> Iterator[set[str]]:
        """Collect what is read in the block.

        Yields:
            The names, complete at the end of the block. They are not added to a surrounding block.
        """
        names: set[str] = set()
        self._open.append(names)
        try:
            yield names
        finally:
            self._open.pop()


class _Noting(Mapping[str, Value]):
    """A collection of a catalogue that records what is read from it."""

    def __init__(self, name: str, values: Mapping[str, Value], trace: Trace) -> None:
        self._name = name
        self._values = values
        self._trace = trace

    def __getitem__(self, key: str) -> Value:
        self._trace.note(f"{self._name}/{key}")
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        self._trace.note(f"{self._name}/{_KEYS}")
        return iter(self._values)

    def __len__(self) -> int:
        self._trace.note(f"{self._name}/{_KEYS}")
        return len(self._values)

    def values(self) -> Any:
        """Return the values."""
        self._trace.note(f"{self._name}/{_ALL}")
        return self._values.values()

    def items(self) -> Any:
        """Return the keys with their values."""
        self._trace.note(f"{self._name}/{_ALL}")
        return self._values.items()


def traced(catalogue: Catalogue, trace: Trace) -> Catalogue:
    """Return the same catalogue, recording what is read from it by the names of :class:`Digests`.

    Returns:
        A catalogue for templates. The casebook, the repositories and the ledger are not traced,
        because nearly every page shows something from them.
    """
    names = {**_RECORDS, **{name: name for name in _DERIVED}}
    noting: dict[str, Any] = {
        collection: _Noting(name, getattr(catalogue, collection), trace)
        for collection, name in names.items()
    }
    return dataclasses.replace(catalogue, **noting)


class Digests:
    """The digests of a catalogue's current contents, by the names that :func:`traced` records."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._known: dict[str, str] = {}
        self._derived: dict[str, Callable[[str], str]] = {
            "items": self._item,
            "evidence_by_case": lambda case: self._records([f"case/{case}"]),
            "pairs_by_case": self._pairs,
        }

    def __call__(self, name: str) -> str:
        """Return the digest of what a name refers to."""
        if name not in self._known:
            self._known[name] = self._made(*name.split("/", 1))
        return self._known[name]

    def _made(self, collection: str, key: str) -> str:
        if key == _KEYS:
            folder = KINDS[collection][0] if collection in KINDS else collection
            return digest(*getattr(self._catalogue, folder))
        if collection in ("evidence", "titles", "examples", "counts"):  # by their values
            values: Mapping[str, Any] = getattr(self._catalogue, collection)
            return digest(repr(dict(values) if key == _ALL else values.get(key)))
        if key != _ALL and collection in self._derived:
            return self._derived[collection](key)
        if key != _ALL:
            return self._records([f"{collection}/{key}"])
        prefix = "" if collection in self._derived else f"{collection}/"
        return self._records(name for name in self._catalogue.digests if name.startswith(prefix))

    def _records(self, names: Iterable[str]) -> str:
        records = self._catalogue.digests
        return digest(*(part for name in sorted(names) for part in (name, records.get(name, ""))))

    def _item(self, reference: str) -> str:
        item = self._catalogue.items.get(reference)
        if item is not None and item.owner:  # a part of a record
            return digest(repr(item))
        return self._records([reference])

    def _pairs(self, case: str) -> str:
        pairs = self._catalogue.pairs_by_case.get(case, ())
        return self._records(f"pair/{pair.id}" for pair in pairs)
