"""What good records hold, kept between runs, so that their YAML is not parsed again.

A record is known by the digest of its file and the file's name; its contents are kept as JSON. With
them stands what was around the records when they were found good, and on which day. They are kept
in some entries of the cache rather than one, so that an edit of one record rewrites little.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass

from abicase.cache import Cache, program

_FOLDER = "records"
_BUCKETS = "0123456789abcdef"  # what a digest can begin with


@dataclass(frozen=True, slots=True)
class _Bucket:
    """The records whose digests begin with the same digit."""

    within: str
    day: str
    places: Mapping[str, tuple[int, int]]
    """Where the contents of each record begin and end, by its digest."""


class Parsed:
    """The records that were good, by digest."""

    def __init__(self, cache: Cache) -> None:
        """Look up what there is.

        Args:
            cache: Where it is kept.
        """
        self._cache = cache
        self._contents: dict[str, bytes] = {}
        self._buckets = {name: self._read(name) for name in _BUCKETS}

    def __contains__(self, digest: str) -> bool:
        """Whether the contents of a record are known."""
        bucket = self._buckets[digest[0]]
        return bucket is not None and digest in bucket.places

    def get(self, digest: str) -> bytes | None:
        """The contents of a record as JSON; None where they are not known."""
        name = digest[0]
        bucket = self._buckets[name]
        if bucket is None or digest not in bucket.places:
            return None
        if name not in self._contents:
            again = self._read(name)
            if again is None or digest not in again.places:
                return None
            self._buckets[name] = bucket = again
        begin, end = bucket.places[digest]
        return self._contents[name][begin:end]

    def let_go(self) -> None:
        """Free the memory; what is asked for later is read again."""
        self._contents.clear()

    def good(self, within: str, today: datetime.date) -> set[str]:
        """The digests of the records that are good in some surroundings.

        Args:
            within: A digest of the surroundings.
            today: The day that counts as today; what was good on a later one may not be so.
        """
        day = today.isoformat()
        buckets = (bucket for bucket in self._buckets.values() if bucket is not None)
        same = (one for one in buckets if one.within == within and one.day <= day)
        return {digest for bucket in same for digest in bucket.places}

    def keep(
        self,
        within: str,
        today: datetime.date,
        good: set[str],
        anew: Mapping[str, bytes],
    ) -> None:
        """Keep what is good now, and nothing else.

        Args:
            within: A digest of the surroundings in which it is good.
            today: The day that counts as today.
            good: The digests of the good records.
            anew: The contents of those that were not known, as JSON.
        """
        by_name: dict[str, list[str]] = {name: [] for name in _BUCKETS}
        for digest in sorted(good):
            by_name[digest[0]].append(digest)
        for name, digests in by_name.items():
            bucket = self._buckets[name]
            if bucket is None:
                changed = bool(digests)
            else:
                changed = bucket.within != within or bucket.places.keys() != set(digests)
            if changed:
                self._write(name, within, today.isoformat(), digests, anew)
        self.let_go()

    def _read(self, name: str) -> _Bucket | None:
        data = self._cache.read(f"{_FOLDER}/{name}")
        if data is None:
            return None
        head, _, contents = data.partition(b"\n")
        its_program, within, day, lengths = json.loads(head)
        if its_program != program():
            return None
        self._contents[name] = contents
        return _Bucket(within, day, _places(lengths))

    def _write(
        self, name: str, within: str, day: str, digests: list[str], anew: Mapping[str, bytes]
    ) -> None:
        contents = {digest: anew.get(digest) or self.get(digest) for digest in digests}
        there = {digest: made for digest, made in contents.items() if made is not None}
        lengths = {digest: len(made) for digest, made in there.items()}
        head = json.dumps([program(), within, day, lengths], separators=(",", ":")).encode()
        self._cache.write(f"{_FOLDER}/{name}", b"\n".join((head, b"".join(there.values()))))
        self._contents.pop(name, None)
        self._buckets[name] = _Bucket(within, day, _places(lengths))


def _places(lengths: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    places: dict[str, tuple[int, int]] = {}
    end = 0
    for digest, length in lengths.items():
        places[digest] = (end, end + length)
        end += length
    return places
