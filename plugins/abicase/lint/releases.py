"""Releases: their names, and the days on which they were made."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from abicase.lint.chronology import out_of_order
from abicase.schema.case import Case, CommitSource
from abicase.schema.fields import Day

_MANY_LATE = 3  # dates that make the day of their release doubtful


@dataclass
class Releases:
    """The releases of all repositories."""

    default: str
    """The repository whose releases are named by tag alone; may be empty."""
    days: Mapping[str, Mapping[str, Day]]
    """The day of each tag, by repository."""
    cases: Sequence[Case]
    """The contents of the releases."""
    today: datetime.date

    def of(self, repository: str) -> Mapping[str, Day]:
        """Return a repository's tags with their days; empty if none are listed."""
        return self.days.get(repository, {})

    def split(self, release: str) -> tuple[str, str]:
        """Return the repository and the tag of a release, written as a tag or as repository/tag."""
        repository, slash, tag = release.rpartition("/")
        return repository if slash else self.default, tag

    def day(self, release: str) -> Day | None:
        """Return the day of a release, written as a tag or as repository/tag."""
        repository, tag = self.split(release)
        return self.of(repository).get(tag)

    def written(self, repository: str, tag: str) -> str:
        """Return a release in the form that events use."""
        return tag if self.split(tag) == (repository, tag) else f"{repository}/{tag}"

    def is_late(self, day: Day, repository: str, tag: str) -> bool:
        """Return whether a date is after its release, unless the release's day is in doubt."""
        released = self.of(repository).get(tag)
        late = released is not None and day.first > released.last
        return late and (repository, tag) not in self.misdated

    @cached_property
    def misdated(self) -> Mapping[tuple[str, str], list[tuple[str, Day]]]:
        """Return the releases dated before most of their contents, with the later items of each."""
        late: dict[tuple[str, str], dict[tuple[str, str], tuple[str, Day]]] = {}
        other: dict[tuple[str, str], set[tuple[str, str]]] = {}
        for case, part, day, repository, tag in self._carried():
            released = self.of(repository).get(tag)
            if released is None:
                continue
            witness = (case, day.text)  # an event and its commit count once
            if released.last < day.first <= self.today:
                of_release = late.setdefault((repository, tag), {})
                of_release.setdefault(witness, (f"case/{case}#{part}", day))
            else:
                other.setdefault((repository, tag), set()).add(witness)
        return {
            release: list(witnesses.values())
            for release, witnesses in late.items()
            if len(witnesses) > len(other.get(release, ()))
            and (len(witnesses) >= _MANY_LATE or self._is_out_of_order(*release))
        }

    def _is_out_of_order(self, repository: str, tag: str) -> bool:
        """Return whether the day of a release is out of order among those listed with it."""
        days = self.of(repository)
        return list(days).index(tag) in out_of_order(list(days.values()))

    def _carried(self) -> Iterator[tuple[str, str, Day, str, str]]:
        """Yield the contents of releases: case, part, date, and the repository and tag."""
        for case in self.cases:
            for event in case.events:
                if event.release is not None:
                    yield case.id, event.id, event.date, *self.split(event.release)
            for id_, source in case.sources.items():
                if isinstance(source, CommitSource) and source.release is not None:
                    yield case.id, id_, source.date, source.repository, source.release
