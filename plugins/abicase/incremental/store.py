"""A store of earlier results, in one file that may be deleted at any time.

It is in the user's own cache folder and never in the project, so that nobody can send results
along with a change to a project. Each entry has a digest of itself, and nothing in it is ever
executed. Damaged or unreadable entries count as missing.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from abicase.incremental.cache import opened_folder, part
from abicase.memo import digest

_COLUMNS = "(name TEXT PRIMARY KEY, proof TEXT, key TEXT, reads TEXT, value TEXT)"
_WAIT = 2.0
"""The time in seconds to wait for another process that is writing."""


@dataclass(frozen=True, slots=True)
class StoredResult:
    """A result, with what it was computed from."""

    key: str
    """A digest of all inputs, except for what was read."""
    reads: dict[str, str]
    """The digest of everything that was read, by name: from the catalogue, and other results."""
    value: Any
    """The result, which must be JSON serializable."""


class Store:
    """The results for one project, by name."""

    def __init__(
        self, folder: Path | None, project: str, note: Callable[[str], None] = lambda _: None
    ) -> None:
        """Open the store.

        Args:
            folder: The folder of the cache; None for a store that keeps nothing.
            project: A text that identifies the project.
            note: Receives the reason if nothing is kept.
        """
        self._note = note
        self._used: set[str] = set()
        self._database: sqlite3.Connection | None = None
        self._path = opened_folder(folder, note) if folder else None
        if self._path is not None:
            self._path = part(self._path, project)
            with self._without_errors():
                with contextlib.suppress(FileNotFoundError):
                    os.utime(self._path)  # files that nobody uses for long are deleted
                self._database = sqlite3.connect(self._path, timeout=_WAIT, isolation_level=None)
                self._database.execute(f"CREATE TABLE IF NOT EXISTS entry {_COLUMNS}")
                # New entries wait outside the file, so that other processes need not wait for
                # them, and outside memory, because they are as large as the site.
                self._database.execute("PRAGMA temp_store = FILE")
                self._database.execute("PRAGMA temp.journal_mode = OFF")
                self._database.execute(f"CREATE TEMP TABLE fresh {_COLUMNS}")

    def get(self, name: str) -> StoredResult | None:
        """Return the entry with a name; None if there is none."""
        name = _plain(name)
        self._used.add(name)
        for table in ("fresh", "entry"):
            row = self._row(table, name)
            if row is not None and row[0] == _proof(name, *row[1:]):
                return StoredResult(row[1], json.loads(row[2]), json.loads(row[3]))
        return None

    def put(self, name: str, entry: StoredResult) -> None:
        """Keep an entry; :meth:`save` writes it to the file."""
        name = _plain(name)
        self._used.add(name)
        if self._database is not None:
            texts = (entry.key, _json(entry.reads), _json(entry.value))
            row = (name, _proof(name, *texts), *texts)
            with self._without_errors():
                self._database.execute("INSERT OR REPLACE INTO fresh VALUES (?, ?, ?, ?, ?)", row)

    def save(self) -> None:
        """Write new entries to the file; of the kinds that were used, delete unused entries."""
        if self._database is None:
            return
        with self._without_errors(), self._database as database:
            there = {name for (name,) in database.execute("SELECT name FROM entry")}
            kinds = {_kind(name) for name in self._used}
            gone = [(name,) for name in there - self._used if _kind(name) in kinds]
            if gone or database.execute("SELECT 1 FROM fresh LIMIT 1").fetchone():
                database.execute("BEGIN IMMEDIATE")
                database.execute("INSERT OR REPLACE INTO entry SELECT * FROM fresh")
                database.executemany("DELETE FROM entry WHERE name = ?", gone)
                database.execute("DELETE FROM fresh")
        self._used.clear()

    def close(self) -> None:
        """Close the file."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def _row(self, table: str, name: str) -> tuple[str, ...] | None:
        row: tuple[str, ...] | None = None
        if self._database is not None:
            query = f"SELECT proof, key, reads, value FROM {table} WHERE name = ?"  # noqa: S608
            with self._without_errors():
                row = self._database.execute(query, (name,)).fetchone()
        return row

    @contextlib.contextmanager
    def _without_errors(self) -> Iterator[None]:
        """Continue without the store if its file can't be used."""
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            self._note(f"nothing is kept in the cache {self._path}: {error}")
            self.close()
            # These come from the environment: no permission, no space, or another process's lock.
            ours = not isinstance(error, OSError | sqlite3.OperationalError)
            if ours and self._path is not None:
                with contextlib.suppress(OSError):
                    self._path.unlink()


def _plain(name: str) -> str:
    """Return a name for SQLite; it may contain a path that is not UTF-8."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _kind(name: str) -> str:
    return name.partition("/")[0]


def _proof(*texts: object) -> str:
    return digest(*map(str, texts))


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))  # in ASCII, because a path may not be UTF-8
