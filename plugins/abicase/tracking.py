"""What a page was made from: notes what its template reads, and tells when that has changed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from abicase.cache import digest
from abicase.catalogue import Catalogue, Witness
from abicase.records import Case

Value = TypeVar("Value")

_RECORDS = {
    "cases": "case",
    "patterns": "pattern",
    "axes": "axis",
    "claims": "claim",
    "lessons": "lesson",
    "pairs": "pair",
}
_DERIVED = ("items", "evidence", "counts", "evidence_by_case", "pairs_by_case")
_EVERY = "*"
EVERYTHING = _EVERY
"""All records."""
TOLD = "told"
"""Of the evidence on an item what a reply can tell: events, their sources, names of their cases."""
TITLES = f"titles/{_EVERY}"
"""The titles of all events, by whose words replies are chosen."""
RATINGS = f"ratings/{_EVERY}"
"""Of all cases the name, the pattern and the ratings, by which they are set against each other."""
NAMES = f"names/{_EVERY}"
"""Of all items the title, and of cases what a list of them shows."""


LABEL = frozenset({"id", "name", "title", "pattern", "reviewed", "draft"})
"""What lists show of a case, and what hardly changes when a record is edited."""

Told = tuple[str, dict[str, str]]
"""Of a case the digest of its file, and of each event, by its id, that of what a reply can tell."""


class Tracked(Mapping[str, Value]):
    """A collection of a catalogue that notes what is read from it."""

    def __init__(
        self, what: str, values: Mapping[str, Value], reads: set[str], every: str = ""
    ) -> None:
        self._what = what
        self._values = values
        self._reads = reads
        self._every = every or what + _EVERY

    def __getitem__(self, key: str) -> Value:
        self._reads.add(self._what + key)
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        self._reads.add(self._every)
        return iter(self._values)

    def __len__(self) -> int:
        self._reads.add(self._every)
        return len(self._values)

    def values(self) -> Any:
        """The values; reading them is reading all there is."""
        self._reads.add(self._every)
        return self._values.values()

    def items(self) -> Any:
        """Keys and values; reading them is reading all there is."""
        self._reads.add(self._every)
        return self._values.items()


class Cases(Tracked[Case]):
    """The cases of a catalogue, each of which notes what is read of it."""

    def __init__(self, values: Mapping[str, Case], reads: set[str]) -> None:
        super().__init__("case/", values, reads)
        self._seen: dict[str, Any] = {}

    def __getitem__(self, key: str) -> Any:
        self._reads.add(f"label/{key}")
        seen = self._seen.get(key)
        if seen is None:
            seen = self._seen[key] = _Case(self._values[key], self._reads)
        return seen


class _Case:
    """Stands in for a case, and notes what is read of it but its label, which whoever has it knows.

    Each finding and all events are noted apart; whatever else is read is the whole case.
    """

    def __init__(self, case: Case, reads: set[str]) -> None:
        self._case = case
        self._reads = reads
        self._events, self._whole = f"events/{case.id}", f"case/{case.id}"
        self.findings = Tracked(f"items/case/{case.id}#", case.findings, reads, self._whole)
        vars(self).update({name: getattr(case, name) for name in LABEL})

    def __getattr__(self, name: str) -> Any:
        self._reads.add(self._events if name == "events" else self._whole)
        return getattr(self._case, name)


def tracked(catalogue: Catalogue, reads: set[str]) -> Catalogue:
    """The same catalogue, noting what is read from it.

    Args:
        catalogue: The catalogue.
        reads: Gets the names of what is read, as :class:`Digests` knows them.

    Returns:
        A catalogue for templates. The casebook and the repositories are read by nearly every page,
        and so are not noted.
    """
    collections = {**_RECORDS, **{name: name for name in _DERIVED}}
    noting: dict[str, Any] = {
        name: Tracked(f"{what}/", getattr(catalogue, name), reads)
        for name, what in collections.items()
    }
    noting["cases"] = Cases(catalogue.cases, reads)
    return dataclasses.replace(catalogue, **noting)


class Digests:
    """Digests of everything that a template can read, by the names that tracking gives it."""

    def __init__(
        self,
        catalogue: Catalogue,
        files: Mapping[str, str],
        before: Mapping[str, Told] | None = None,
        read: Mapping[str, str] | None = None,
    ) -> None:
        """Prepare.

        Args:
            catalogue: The catalogue.
            files: The digest of the file of each record, by reference.
            before: What :attr:`told` was in an earlier build.
            read: What :meth:`of` told there.
        """
        self._read = read or {}
        self._before = before or {}
        self._told_of: dict[str, Told] = {}
        self._catalogue = catalogue
        self._files = files
        self._known: dict[str, str] = {}

    def of(self, name: str) -> str:
        """The digest of something; empty where there is no such thing."""
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = self._made(name)[:24]
        return known

    def together(self, names: Iterable[str]) -> str:
        """One digest of several things."""
        return digest("\n".join(f"{name} {self.of(name)}" for name in sorted(names)))

    def _made(self, name: str) -> str:
        what, _, key = name.partition("/")
        if name[-1] == _EVERY and (whole := self._of_all(name)) is not None:
            return whole
        if what in (TOLD, "evidence", "counts"):
            return self._weighed(what, key) if key in self._catalogue.evidence else ""
        if key == _EVERY:
            # A derived collection is made of all records.
            prefix = "" if what in _DERIVED else f"{what}/"
            some = sorted(item for item in self._files.items() if item[0].startswith(prefix))
            return digest(*(part for item in some for part in item))
        if what in ("label", "events"):
            case = self._catalogue.cases.get(key)
            return self._of_part(name, key, _part(case, what)) if case else ""
        if what == "items":
            return self._of_item(name, key)
        if what == "evidence_by_case":
            return self.of(f"case/{key}")
        if what == "pairs_by_case":
            pairs = self._catalogue.pairs_by_case.get(key, ())
            return self.together(f"pair/{pair.id}" for pair in pairs)
        return self._files.get(name, "")

    def _of_item(self, name: str, reference: str) -> str:
        item = self._catalogue.items.get(reference)
        if item is None:
            return ""
        if item.kind in ("event", "finding"):
            return self._of_part(name, item.owner, item.value)
        owner = "pattern" if item.kind == "stage" else "case"
        return self.of(f"{owner}/{item.owner}" if item.owner else item.reference)

    def _of_part(self, name: str, case: str, part: Any) -> str:
        """The digest of a part of a case; it is long to say all that it holds, and few change."""
        whole = f"case/{case}"
        same = self._read.get(whole) == self.of(whole)
        return (self._read.get(name) if same else None) or digest(repr(part))

    def _of_all(self, name: str) -> str | None:
        """The digest of something about all records; None for the name of anything else."""
        cases = self._catalogue.cases.values()
        if name == EVERYTHING:
            return digest(*(part for item in sorted(self._files.items()) for part in item))
        if name == TITLES:
            return digest(*(event.title for case in cases for event in case.events))
        if name == RATINGS:
            return digest(*(part for case in cases for part in _ratings(case)))
        if name == NAMES:
            items = self._catalogue.items.values()
            shown = ((case.id, case.name, case.pattern.label, case.reviewed) for case in cases)
            return digest(
                *(part for item in items for part in (item.reference, item.title)),
                *map(repr, shown),
            )
        return None

    def _weighed(self, what: str, reference: str) -> str:
        """The digest of the evidence on an item, as closely as it was looked at."""
        if what == "counts":
            return digest(repr(self._catalogue.counts[reference]))
        found = self._catalogue.evidence[reference]
        if what == TOLD:
            told_for = map(self._told, found.speaking_for)
            return digest(*told_for, "", *map(self._told, found.speaking_against))
        return digest(*self._of(found.speaking_for), "", *self._of(found.speaking_against))

    def _told(self, witness: Witness) -> str:
        case, event = witness.case, witness.event
        told = self._told_of.get(case.id)
        if told is None:
            before, known = self._before.get(case.id, ("", {}))
            now = self._files[f"case/{case.id}"]
            # It is long to say of an event all that a reply can tell, and few records change.
            told = self._told_of[case.id] = (now, known if before == now else {})
        known_of_case = told[1]
        if event.id not in known_of_case:
            sources = [case.sources[id_] for id_ in event.sources]
            own = (case.name, case.pattern.label, event, sources)
            known_of_case[event.id] = digest(repr(own))[:16]
        return witness.reference + known_of_case[event.id]

    @property
    def told(self) -> dict[str, Told]:
        """What is to be given to the digests of the next build."""
        return self._told_of

    def _of(self, witnesses: Iterable[Witness]) -> Iterator[str]:
        for witness in witnesses:
            yield witness.reference
            yield self.of(f"case/{witness.case.id}")


def _part(case: Case, part: str) -> Any:
    return case.events if part == "events" else [getattr(case, name) for name in sorted(LABEL)]


def _ratings(case: Case) -> Iterator[str]:
    yield from (case.id, case.name, case.pattern.label, repr(case.draft))
    for axis, finding in sorted(case.findings.items()):
        yield f"{axis}={finding.rating}"
