"""A memo that keeps results in a store, valid as long as all their inputs are unchanged."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from abicase.incremental.store import Store, StoredResult
from abicase.incremental.tracking import Trace
from abicase.memo import digest

_RESULT = "result/"
"""The prefix under which a trace records that another result was used."""


class StoredMemo:
    """A memo that keeps results in a store, each with a trace of what was read to compute it.

    A result that uses another one depends on that one's value, not on what was read for it: a page
    with a reply is still valid if the reply was written again with the same text. Asking for the
    inner results first saves work, but is not needed for correctness: a page whose reply is out of
    date, and not yet written again, is rendered again.
    """

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
        self._results: dict[str, tuple[str, Any]] = {}
        """The keys and values of this build's results."""
        self._digests: dict[str, str] = {}
        """The digests of results, computed on demand."""

    def __call__(self, name: str, key: str, make: Callable[[], Any]) -> Any:
        """Return a stored or new result, see :class:`abicase.memo.Memo`."""
        key = digest(self._common, key)
        known = self._results.get(name)
        if known is None or known[0] != key:
            result = self._valid(name, key)
            if result is None:
                result = self._made(name, key, make)
            else:
                self.kept.add(name)
            known = self._results[name] = (key, result.value)
            self._digests.pop(name, None)
        self._trace.note(_RESULT + name)
        return known[1]

    def _made(self, name: str, key: str, make: Callable[[], Any]) -> StoredResult:
        with self._trace.reading() as names:
            value = make()
        made = StoredResult(key, {read: self._digest(read) for read in sorted(names)}, value)
        self._store.put(name, made)
        return made

    def _valid(self, name: str, key: str | None = None) -> StoredResult | None:
        """Return the stored result, with any or one key, if what was read for it is unchanged."""
        stored = self._store.get(name)
        if stored is None or key not in (None, stored.key):
            return None
        valid = all(self._digest(read) == known for read, known in stored.reads.items())
        return stored if valid else None

    def _digest(self, read: str) -> str:
        """Return the current digest of what was read; empty for a result that is out of date."""
        if not read.startswith(_RESULT):
            return self._digest_of(read)
        name = read.removeprefix(_RESULT)
        if name not in self._digests:
            known = self._results.get(name)
            if known is None and (stored := self._valid(name)) is not None:
                # Which key the function would be called with now is not known. It is this one if
                # nothing else that the outer result depends on has changed.
                known = (stored.key, stored.value)
            self._digests[name] = digest(known[0], json.dumps(known[1])) if known else ""
        return self._digests[name]
