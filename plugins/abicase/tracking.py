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
TOLD = "told"
"""Of the evidence on an item what a reply can tell: events, their sources, names of their cases."""
TITLES = f"titles/{_EVERY}"
"""The titles of all events, by whose words replies are chosen."""
RATINGS = f"ratings/{_EVERY}"
"""Of all cases the name, the pattern and the ratings, by which they are set against each other."""


class Tracked(Mapping[str, Value]):
    """A collection of a catalogue that notes what is read from it."""

    def __init__(self, what: str, values: Mapping[str, Value], reads: set[str]) -> None:
        self._what = what
        self._values = values
        self._reads = reads

    def __getitem__(self, key: str) -> Value:
        self._reads.add(f"{self._what}/{key}")
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        self._reads.add(f"{self._what}/{_EVERY}")
        return iter(self._values)

    def __len__(self) -> int:
        self._reads.add(f"{self._what}/{_EVERY}")
        return len(self._values)

    def values(self) -> Any:
        """The values; reading them is reading all there is."""
        self._reads.add(f"{self._what}/{_EVERY}")
        return self._values.values()

    def items(self) -> Any:
        """Keys and values; reading them is reading all there is."""
        self._reads.add(f"{self._what}/{_EVERY}")
        return self._values.items()


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
        name: Tracked(what, getattr(catalogue, name), reads) for name, what in collections.items()
    }
    return dataclasses.replace(catalogue, **noting)


class Digests:
    """Digests of everything that a template can read, by the names that tracking gives it."""

    def __init__(self, catalogue: Catalogue, files: Mapping[str, str]) -> None:
        """Prepare.

        Args:
            catalogue: The catalogue.
            files: The digest of the file of each record, by reference.
        """
        self._catalogue = catalogue
        self._files = files
        self._known: dict[str, str] = {}

    def of(self, name: str) -> str:
        """The digest of something; empty where there is no such thing."""
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = self._made(name)
        return known

    def together(self, names: Iterable[str]) -> str:
        """One digest of several things."""
        return digest(*(part for name in sorted(names) for part in (name, self.of(name))))

    def _made(self, name: str) -> str:
        what, _, key = name.partition("/")
        cases = self._catalogue.cases.values()
        if name == TITLES:
            return digest(*(event.title for case in cases for event in case.events))
        if name == RATINGS:
            return digest(*(part for case in cases for part in _ratings(case)))
        if what in (TOLD, "evidence", "counts"):
            return self._weighed(what, key) if key in self._catalogue.evidence else ""
        if key == _EVERY:
            # A derived collection is made of all records.
            prefix = "" if what in _DERIVED else f"{what}/"
            some = sorted(item for item in self._files.items() if item[0].startswith(prefix))
            return digest(*(part for item in some for part in item))
        if what == "items":
            item = self._catalogue.items.get(key)
            if item is None:
                return ""
            owner = "pattern" if item.kind == "stage" else "case"
            return self.of(f"{owner}/{item.owner}" if item.owner else item.reference)
        if what == "evidence_by_case":
            return self.of(f"case/{key}")
        if what == "pairs_by_case":
            pairs = self._catalogue.pairs_by_case.get(key, ())
            return self.together(f"pair/{pair.id}" for pair in pairs)
        return self._files.get(name, "")

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
        known = self._known.get(witness.reference)
        if known is None:
            case, event = witness.case, witness.event
            sources = [case.sources[id_] for id_ in event.sources]
            own = (case.name, case.pattern.label, event, sources)
            known = self._known[witness.reference] = witness.reference + repr(own)
        return known

    def _of(self, witnesses: Iterable[Witness]) -> Iterator[str]:
        for witness in witnesses:
            yield witness.reference
            yield self.of(f"case/{witness.case.id}")


def _ratings(case: Case) -> Iterator[str]:
    yield from (case.id, case.name, case.pattern.label, repr(case.draft))
    for axis, finding in sorted(case.findings.items()):
        yield f"{axis}={finding.rating}"
