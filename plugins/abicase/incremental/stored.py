"""A memo that keeps results in a store, valid as long as all their inputs are unchanged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from abicase.incremental.store import Store, StoredResult
from abicase.incremental.tracking import Trace
from abicase.memo import digest


class StoredMemo:
    """A memo that keeps results in a store, each with a trace of what was read to compute it."""

    def __init__(
        self,
        store: Store,
        common: str,
        trace: Trace | None = None,
        digest_of: Callable[[str], str] = lambda _: "",
    ) -> None:
        """Set the memo up for one build.

        Args:
            store: Keeps the results.
            common: A digest of the common inputs: package, templates, options.
            trace: Records what is read from the catalogue.
            digest_of: Returns the digest of the catalogue's current contents under a traced name.
        """
        self._store = store
        self._common = common
        self._trace = trace or Trace()
        self._digest_of = digest_of
        self.kept: set[str] = set()
        """The names of the results that were already stored."""

    def __call__(self, name: str, key: str, make: Callable[[], Any]) -> Any:
        """Return a stored or new result, see :class:`abicase.memo.Memo`."""
        key = digest(self._common, key)
        entry = self._store.get(name)
        if entry is not None and entry.key == key and self._holds(entry):
            self._trace.note(*entry.reads)
            self.kept.add(name)
            return entry.value
        with self._trace.reading() as read:
            value = make()
        reads = {name_: self._digest_of(name_) for name_ in sorted(read)}
        self._store.put(name, StoredResult(key, reads, value))
        return value

    def _holds(self, entry: StoredResult) -> bool:
        return all(self._digest_of(name) == known for name, known in entry.reads.items())
