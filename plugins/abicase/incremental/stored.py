"""A memo that keeps results in a store, valid as long as all their inputs are unchanged."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from abicase.incremental.store import Store, StoredResult
from abicase.incremental.tracking import Trace
from abicase.memo import digest

_RESULT = "result/"
"""The prefix of the name under which a result notes that another one went into it."""


class StoredMemo:
    """A memo that keeps results in a store, each with a trace of what was read to compute it.

    A result that uses another one depends on that one's value, not on what was read for it: a page
    with a reply is still valid if the reply was written again with the same text. So a build asks
    for replies before pages.
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
        self._results: dict[str, StoredResult] = {}
        """The results of this build."""
        self._digests: dict[str, str] = {}
        """The digests of results, as far as they were needed."""

    def __call__(self, name: str, key: str, make: Callable[[], Any]) -> Any:
        """Return a stored or new result, see :class:`abicase.memo.Memo`."""
        key = digest(self._common, key)
        result = self._results.get(name)
        if result is None or result.key != key:
            result = self._held(name)
            if result is not None and result.key == key:
                self.kept.add(name)
            else:
                result = self._made(name, key, make)
            self._results[name] = result
            self._digests.pop(name, None)
        self._trace.note(_RESULT + name)
        return result.value

    def _made(self, name: str, key: str, make: Callable[[], Any]) -> StoredResult:
        with self._trace.reading() as read:
            value = make()
        made = StoredResult(key, {read_: self._digest(read_) for read_ in sorted(read)}, value)
        self._store.put(name, made)
        return made

    def _held(self, name: str) -> StoredResult | None:
        """Return the stored result of a name if everything that was read for it is unchanged."""
        stored = self._store.get(name)
        if stored is None:
            return None
        holds = all(self._digest(read) == known for read, known in stored.reads.items())
        return stored if holds else None

    def _digest(self, read: str) -> str:
        """Return the digest of something that was read; empty for a result that does not hold."""
        if not read.startswith(_RESULT):
            return self._digest_of(read)
        name = read.removeprefix(_RESULT)
        if name not in self._digests:
            result = self._results.get(name) or self._held(name)
            # With its key, which the caller makes from what it has read itself.
            self._digests[name] = digest(result.key, json.dumps(result.value)) if result else ""
        return self._digests[name]
