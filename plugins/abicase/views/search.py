"""Search for items by words, by path and by kind of interface.

:mod:`abicase.views.ranking` weighs the words; only :data:`KIND_WEIGHTS` can be tuned here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from abicase.catalogue.model import Catalogue
from abicase.problems.suggestions import nearest
from abicase.schema.items import Item, source_title
from abicase.text.words import words as words_of
from abicase.views.ranking import COLUMNS, Table, asked, score, tables, total

FOUND = ("lesson", "claim", "stage", "case", "event", "finding", "pair", "axis", "pattern", "term")
"""The kinds of items that are found, in the order in which equals are shown."""

KIND_WEIGHTS = {"lesson": 8, "claim": 2, "stage": 2, "case": 2}
"""The factor for the words of a kind, so that items to cite come before their evidence."""

_COMMIT = re.compile(r"\b([0-9a-f]{12})[0-9a-f]{1,28}\b")  # the length in which sources give them
_PATH = re.compile(r"[\w.+-]+(?:/[\w.+*-]+)+/?")


@dataclass(frozen=True, slots=True)
class Findable:
    """An item with everything that it can be found by."""

    reference: str
    kind: str
    texts: Mapping[str, str]
    """Its texts, by their columns."""
    paths: Sequence[str]
    """The paths that it names."""
    interfaces: Sequence[str]
    """The kinds of interface it is about."""

    @property
    def title(self) -> str:
        """Its title; for a finding, the case and the axis; for a pair, the two cases."""
        return self.texts.get("title", "")


@dataclass(frozen=True, slots=True)
class Hit:
    """An item that was found."""

    item: Findable
    score: float


class SearchIndex:
    """An index of everything that can be found in a casebook."""

    def __init__(self, findable: Sequence[Findable]) -> None:
        """Index a casebook."""
        self._findable = findable
        # Lessons are weighed against each other, as on the lessons page.
        lessons = [one for one in findable if one.kind == "lesson"]
        others = [one for one in findable if one.kind != "lesson"]
        self._tables: dict[str, Table] = {
            one.reference: table
            for weighed_together in (lessons, others)
            for one, table in zip(
                weighed_together, tables([one.texts for one in weighed_together]), strict=True
            )
        }

    def find(
        self, words: Sequence[str], kinds: Sequence[str] = (), interface: str = ""
    ) -> list[Hit]:
        """Find items, best first.

        Args:
            words: Words and paths; a word with a slash is a path.
            kinds: The kinds of items that are wanted; all if empty.
            interface: The kind of interface that items have to be about; any if empty.

        Returns:
            All items with any of the words, those with more of them first; without words, all
            items about the interface.
        """
        paths = [word for word in words if "/" in word]
        text = " ".join(word for word in words if "/" not in word)
        plain = asked(_COMMIT.sub(r"\1", text))
        hits = []
        for one in self._findable:
            if kinds and one.kind not in kinds:
                continue
            if interface and interface not in one.interfaces:
                continue
            weight = KIND_WEIGHTS.get(one.kind, 1)
            scores = [weight * points for points in score(self._tables[one.reference], plain)]
            scores += [_path_score(one.paths, path) for path in paths]
            if words and not any(scores):
                continue
            hits.append(Hit(one, total(scores) if scores else float(weight)))
        place = {kind: number for number, kind in enumerate(FOUND)}
        return sorted(hits, key=lambda hit: (-hit.score, place[hit.item.kind], hit.item.reference))

    def nearest(self, words: Iterable[str]) -> str:
        """Guess a known word for unknown ones, for a hint."""
        known = {word for one in self._findable for word in words_of(one.title)}
        plain = (word.lower() for word in words if "/" not in word)
        return next((hint for word in plain if (hint := nearest(word, known))), "")


def _path_score(paths: Iterable[str], path: str) -> int:
    """Score the match of a path: the whole path, or a folder above or below, by its length."""
    wanted = [part for part in path.split("/") if part not in ("", ".", "*", "**")]
    best = 0
    for own_path in paths:
        parts = [part for part in own_path.split("/") if part not in ("", ".", "*", "**")]
        common = 0
        for one, other in zip(wanted, parts, strict=False):
            if one != other:
                break
            common += 1
        if not common or common < min(len(wanted), len(parts)):
            # The end of a wanted path can be the start of a name: include/api/some
            rest = wanted[common:], parts[common:]
            if not (len(rest[0]) == 1 and rest[1] and rest[1][0].startswith(rest[0][0])):
                continue
        points = 500 * (common + (wanted == parts)) // (max(len(wanted), len(parts)) + 1)
        best = max(best, points)
    return best


def _title(catalogue: Catalogue, item: Item) -> str:
    if item.kind == "finding":
        return f"{catalogue.cases[item.owner].name}: {catalogue.axes[item.id].title}"
    if item.kind == "pair":
        return " / ".join(catalogue.cases[id_].name for id_ in item.value.cases)
    return item.title


def _titles_for(catalogue: Catalogue, item: Item) -> list[tuple[str, str]]:
    """Collect the titles of the events that are evidence for an item, as further search terms."""
    evidence = catalogue.evidence.get(item.reference)
    return [("source", one.event.title) for one in evidence.speaking_for] if evidence else []


def findable(catalogue: Catalogue) -> list[Findable]:
    """Collect everything that can be found in a catalogue."""
    return [_findable(catalogue, item) for item in catalogue.items.values() if item.kind in FOUND]


def findable_lessons(catalogue: Catalogue) -> list[Findable]:
    """Collect the lessons of a catalogue, as :func:`findable` does."""
    lessons = (catalogue.items[f"lesson/{id_}"] for id_ in catalogue.lessons)
    return [_findable(catalogue, item) for item in lessons]


def _findable(catalogue: Catalogue, item: Item) -> Findable:
    title = _title(catalogue, item)
    texts: list[tuple[str, str]] = [("title", title), ("name", item.id)]
    paths: list[str] = []
    interfaces: tuple[str, ...] = ()
    value = item.value
    if item.kind == "lesson":
        interfaces = value.applies
        texts += [("keywords", word) for word in value.keywords]
        texts += [("text", document.file) for document in value.documented_in]
        texts += [("statement", value.do), ("text", value.why), ("text", value.limits)]
    elif item.kind == "case":
        interfaces = value.interface.kinds
        texts += [("name", value.name), ("text", value.summary)]
        texts += [("statement", line) for line in value.interface.surface]
        paths += [*value.interface.paths, *(p.where for side in value.sides for p in side.periods)]
        texts += [("text", side.name) for side in value.sides]
    elif item.owner and item.kind in ("event", "finding"):
        case = catalogue.cases[item.owner]
        interfaces = case.interface.kinds
        texts += [("text", case.name), ("text", value.text)]
        if item.kind == "event":
            for source in (case.sources[id_] for id_ in value.sources):
                texts.append(("source", source_title(source)))
                texts.append(("source", getattr(source, "commit", "")[:12]))
                paths.append(getattr(source, "file", ""))
            texts += [("text", value.reading or "")]
        else:
            texts += [("text", catalogue.axes[item.id].question)]
    elif item.kind == "pair":
        texts += [("text", value.because), ("text", value.shows)]
    else:
        texts += _titles_for(catalogue, item)
        texts += [
            ("statement", getattr(value, name, "") or "")
            for name in ("statement", "question", "summary", "text", "means")
        ]
    if item.kind in ("lesson", "case"):
        kinds = [kind for kind in catalogue.casebook.interfaces if kind.id in interfaces]
        texts += [("applies", f"{kind.id} {kind.title}") for kind in kinds]
    paths += [text for _, text in texts]
    columns = {name: " | ".join(text for at, text in texts if at == name) for name in COLUMNS}
    return Findable(
        item.reference,
        item.kind,
        {name: text for name, text in columns.items() if text},
        sorted({match for path in paths for match in _PATH.findall(path)}),
        sorted(interfaces),
    )


def as_json(hits: Iterable[Hit], addresses: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return search results as JSON; the addresses are given by the references of the items."""
    return [
        {
            "reference": hit.item.reference,
            "kind": hit.item.kind,
            "title": hit.item.title,
            "address": addresses[hit.item.reference],
            "score": round(hit.score, 3),
        }
        for hit in hits
    ]
