"""Looking up commits in a clone to cite them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from abicase.authoring.sources import Found, NotCited
from abicase.provenance.git import GitRepository, MissingObject, as_line
from abicase.schema.case import Case, CommitSource
from abicase.source.reading import Reading

_MOST = 100
"""The maximum number of commits in a range; a longer range is probably a mistake."""


class Clone:
    """A clone of a repository that the records know."""

    def __init__(self, reading: Reading, repository: str, path: Path) -> None:
        """Open a clone of a repository, given by its id.

        Raises:
            GitError: It is not a readable git repository, or git is not installed.
        """
        self._git = GitRepository(path)
        self._repository = repository
        self._releases = reading.entries["repository", repository].record.releases

    def look_up(self, names: Iterable[tuple[str, str]], case: Case, today: str) -> list[Found]:
        """Look up commits: all of them, or none.

        Args:
            names: Ids or their beginnings, other names that git knows, and ranges of commits,
                each with the id that the author chose for it, which may be empty.
            case: The case that will cite them.
            today: The date of the check.

        Returns:
            The data for each source, without duplicates; a range begins with its oldest commit.

        Raises:
            NotCited: One of them does not exist, or can't be a source.
            GitError: Git can't read the clone.
        """
        named: dict[str, str] = {}  # a commit in a range can also be named separately
        found: list[Found] = []
        failures = []
        for name, chosen in names:
            try:
                for id_ in self._named(name, chosen):
                    named[id_] = chosen or named.get(id_, "")
            except NotCited as failure:
                failures.append(str(failure))
        for id_, chosen in named.items():
            try:
                found.append(replace(self._found(id_, case, today), id=chosen))
            except NotCited as failure:
                failures.append(str(failure))
        if failures:
            raise NotCited("\n".join(failures))
        return found

    def _named(self, name: str, chosen: str) -> list[str]:
        match = re.fullmatch(r"(.*?)(\.{2,3})(.*)", name)
        if not match:
            return [self._commit(name)]
        first, dots, last = (self._commit(match[1] or "HEAD"), match[2], match[3] or "HEAD")
        ids = self._git.range(first, dots, self._commit(last))
        if not ids:
            raise NotCited(f"the range {name} has no commits; write the older end first")
        if len(ids) > _MOST:
            raise NotCited(f"the range {name} has {len(ids)} commits; the maximum is {_MOST}")
        if chosen and len(ids) > 1:
            raise NotCited(f"{chosen!r} can't be the id of all {len(ids)} commits of {name}")
        return ids

    def _commit(self, name: str) -> str:
        limit = f"; this clone {self._git.limit}, and may lack it" if self._git.limit else ""
        if not re.fullmatch(r"[0-9a-fA-F]{4,64}", name):
            id_ = self._git.resolve(name)
            if not id_:
                raise NotCited(
                    f"{name!r} names no commit in this clone of {self._repository}{limit}"
                )
            return id_
        object_, kind = self._git.objects([name.lower()])[name.lower()]
        if kind == "ambiguous":
            raise NotCited(
                f"several objects in {self._repository} begin with {name}; give more digits"
            )
        if kind == "missing":
            raise NotCited(f"there is no commit {name} in this clone of {self._repository}{limit}")
        if kind != "commit":
            raise NotCited(f"{name} is not a commit but a {kind}")
        return object_

    def _found(self, id_: str, case: Case, today: str) -> Found:
        commit = self._git.commit(id_)
        release, unknown = self._first_release(id_, commit.date)
        fields = {
            "commit": id_,
            "repository": self._repository,
            "subject": as_line(commit.subject),
            "author": as_line(commit.author),
            "date": commit.date,
            **({"release": release} if release else {}),
            "checked": today,
            "how": "read from a clone",
        }
        for name in ("subject", "author", "date"):
            if not fields[name]:
                raise NotCited(f"{id_} has no {name}, which a source needs, so it can't be added")
        try:
            CommitSource.model_validate(fields)
        except ValidationError as error:
            first = error.errors()[0]
            raise NotCited(f"{id_} can't be added: its {first['loc'][0]}: {first['msg']}") from None
        remarks = [f"The release is left out: {unknown}."] if unknown else []
        if commit.guessed:
            remarks.append(
                "The commit is not in UTF-8 and does not say so; it was read as Windows-1252."
            )
        for name, whole in (("subject", commit.subject), ("author", commit.author)):
            if fields[name] != whole.strip():
                remarks.append(f"Characters that records can't hold were removed from the {name}.")
        if _days_between(commit.date, commit.committed) > 1:
            remarks.append(
                f"It was committed on {commit.committed}; the date is the author date. Give both in"
                " the text if the difference matters."
            )
        kind = "change" if self._touches(id_, case.interface.paths) else ""
        return Found(f"the commit {id_}", fields, tuple(remarks), kind)

    def _touches(self, id_: str, files: Iterable[str]) -> bool:
        """Return whether a commit changes one of some files; folders are not considered."""
        try:
            return not self._git.changed(id_).isdisjoint(files)
        except MissingObject:
            return False

    def _first_release(self, commit: str, date: str) -> tuple[str, str]:
        """Return the first release that contains a commit, or the reason why none can be named."""
        git, releases = self._git, self._releases
        if not releases:
            return (
                "",
                f"the record of {self._repository} lists no releases to search",
            )
        if not set(releases) & git.tags:
            return "", "this clone has none of the releases' tags; git fetch --tags gets them"
        for tag in sorted(releases, key=lambda tag: releases[tag].order):
            if releases[tag].last.isoformat() < date:
                continue  # the release was made before the commit was written
            if tag not in git.tags:
                return "", f"this clone lacks the tag {tag}, which may be the first to contain it"
            if git.contains(tag, commit):
                return tag, ""
            if git.shallow:
                return "", f"this clone is shallow, and may lack commits between {tag} and it"
        return "", "no listed release contains it"


def _days_between(day: str, other: str) -> int:
    """Return the number of days between two dates; 0 if one of them is not a date."""
    try:
        return abs((date.fromisoformat(day) - date.fromisoformat(other)).days)
    except ValueError:
        return 0
