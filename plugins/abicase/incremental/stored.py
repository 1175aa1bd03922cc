"""The memo of a project: a result is right if all that went into it is as it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from abicase.incremental.store import Entry, Store
from abicase.incremental.tracking import Trace
from abicase.memo import digest


class StoredMemo:
    """A memo that keeps results in a store, each with what was read to make it."""

    def __init__(
        self,
        store: Store,
        common: str,
        trace: Trace | None = None,
        digest_of: Callable[[str], str] = lambda _: "",
    ) -> None:
        """Set it up for one build.

        Args:
            store: Keeps the results.
            common: A digest of what goes into everything: package, templates, options.
            trace: Notes what is read of the catalogue.
            digest_of: Tells what the catalogue holds now under a name that was noted.
        """
        self._store = store
        self._common = common
        self._trace = trace or Trace()
        self._digest_of = digest_of
        self.kept: set[str] = set()
        """The names of the results that were there already."""

    def __call__(self, name: str, key: str, make: Callable[[], Any]) -> Any:
        """See :class:`abicase.memo.Memo`."""
        key = digest(self._common, key)
        entry = self._store.get(name)
        if entry is not None and entry.key == key and self._holds(entry):
            self._trace.note(*entry.reads)
            self.kept.add(name)
            return entry.value
        with self._trace.reading() as read:
            value = make()
        reads = {one: self._digest_of(one) for one in sorted(read)}
        self._store.put(name, Entry(key, reads, value))
        return value

    def _holds(self, entry: Entry) -> bool:
        return all(self._digest_of(one) == known for one, known in entry.reads.items())
