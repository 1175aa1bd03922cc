"""Earlier wordings of statements, from the git history of their records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from abicase.provenance.git import Change, GitRepository
from abicase.schema.records import KINDS
from abicase.source.folders import work_tree
from abicase.source.yamltext import STRANGE
from abicase.text.wording import Wording, wording_of

_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # makes texts and nothing else


@dataclass(frozen=True, slots=True)
class PastWording:
    """A wording and the commit that introduced it."""

    wording: Wording
    commit: str
    """The full id."""
    day: str
    """The committer's date in UTC, YYYY-MM-DD."""
    place: int
    """The number of commits after it."""


class WordingHistory:
    """Finds earlier wordings in the repository that holds the records."""

    def __init__(self, records: Path) -> None:
        """Open the repository.

        Raises:
            GitError: There is no git, or no repository that it can read.
        """
        self._records = records.resolve()
        self._root = work_tree(self._records) or self._records
        self._repository = GitRepository(self._root)
        self._record = cache(self._parsed)
        self._changes = cache(self._changes_of)
        self.shallow = self._repository.shallow
        """True if the clone has only the last part of the history."""

    def of(self, names: Sequence[str]) -> list[PastWording]:
        """Find all wordings that an item had, given its reference and those that it had before.

        Returns:
            The wordings that were committed, the newest first, each with its first commit.

        Raises:
            GitError: The history can't be read.
        """
        found: dict[str, PastWording] = {}
        current, *former = names
        for past in self._versions(current):
            found.setdefault(past.commit, past)
        begun = max((past.place for past in found.values()), default=-1)
        for name in former:
            for past in self._versions(name):
                if past.place > begun:  # later changes at the old place are not its own
                    found.setdefault(past.commit, past)
        wordings: list[PastWording] = []
        for past in sorted(found.values(), key=lambda one: one.place):
            if wordings and wordings[-1].wording == past.wording:
                wordings.pop()
            wordings.append(past)
        return wordings

    def with_digest(self, name: str, digest: str) -> Wording | None:
        """Return the newest wording of an item with a digest, or None if there is none.

        Raises:
            GitError: The history can't be read.
        """
        wordings = (past.wording for past in self._versions(name))
        return next((wording for wording in wordings if wording.digest == digest), None)

    def _versions(self, name: str) -> Iterator[PastWording]:
        """Yield the wording of an item after each change of its file, the newest first."""
        for file in self._files(name):
            for change in self._changes(file):
                if change.after:
                    kind, statement = _statement(self._record(change.after), name)
                    wording = wording_of(kind, statement)
                    if wording is not None:
                        yield PastWording(wording, change.commit, change.day, change.place)

    def _files(self, name: str) -> Iterable[Path]:
        kind, _, id_ = name.partition("#")[0].partition("/")
        if kind == "stage":  # it can move from one pattern to another
            return sorted((self._records / KINDS["pattern"][0]).glob("*.yml"))
        return [self._records / KINDS[kind][0] / f"{id_}.yml"] if kind in KINDS else []

    def _changes_of(self, file: Path) -> list[Change]:
        changes = self._repository.changes(file.relative_to(self._root).as_posix())
        # A record that started as a copy does not share the history of the original.
        begun = next((n for n, change in enumerate(changes, 1) if change.kind == "C"), None)
        return changes[:begun]

    def _parsed(self, blob: str) -> Any:
        text = self._repository.contents([blob])[0].decode("utf-8", "replace")
        try:
            return yaml.load(STRANGE.sub("", text), _Loader)  # noqa: S506 - see _Loader
        except (yaml.YAMLError, RecursionError):
            return None


def _statement(record: Any, name: str) -> tuple[str, Any]:
    """Find an item in the contents of a record's file.

    Returns:
        The kind of the item and the part that states it; an empty kind or None if it is missing.
    """
    page, _, part = name.partition("#")
    kind, _, id_ = page.partition("/")
    if not isinstance(record, Mapping):
        return "", None
    if kind == "stage":
        return kind, _with_id(record.get("stages"), id_)
    if not part:
        return kind, record
    findings = record.get("findings")
    if isinstance(findings, Mapping) and part in findings:
        return "finding", findings[part]
    return "event", _with_id(record.get("events"), part)


def _with_id(parts: Any, id_: str) -> Any:
    parts = parts if isinstance(parts, list) else []
    return next((one for one in parts if isinstance(one, Mapping) and one.get("id") == id_), None)
