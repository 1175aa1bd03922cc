"""Finds items by words, by path and by kind of interface.

The words are indexed and ranked by SQLite (FTS5 and its BM25), in memory: :data:`WEIGHTS` and
:data:`KIND_WEIGHTS` are all there is to tune.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from abicase.catalogue.model import Catalogue
from abicase.problems.suggestions import nearest
from abicase.schema.items import Item, source_title
from abicase.text.words import words as words_of

FOUND = ("lesson", "claim", "stage", "case", "event", "finding", "pair", "axis", "pattern", "term")
"""The kinds of items that are found, in the order in which equals are shown."""

WEIGHTS = {"title": 5.0, "name": 4.0, "applies": 3.0, "statement": 2.0, "text": 1.0, "source": 0.5}
"""How much a word counts, by the column it stands in."""

KIND_WEIGHTS = {"lesson": 1.8, "claim": 1.3, "stage": 1.2, "case": 1.2}
"""What is made to be cited stands before what only bears it out; all others count once."""

_COMMIT = re.compile(r"\b([0-9a-f]{12})[0-9a-f]{1,28}\b")  # as long as sources are known by
_PATH = re.compile(r"[\w.+-]+(?:/[\w.+*-]+)+/?")


class NoFullTextSearch(Exception):
    """This Python's SQLite lacks FTS5; the message says so."""


@dataclass(frozen=True, slots=True)
class Findable:
    """An item with all that finds it."""

    reference: str
    kind: str
    texts: Mapping[str, str]
    """Its texts, by the columns they stand in."""
    paths: Sequence[str]
    """The paths that it names."""
    interfaces: Sequence[str]
    """The kinds of interface it is about."""

    @property
    def title(self) -> str:
        """Its title; of a finding, the case and the axis; of a pair, the two cases."""
        return self.texts.get("title", "")


@dataclass(frozen=True, slots=True)
class Hit:
    """An item that was found."""

    item: Findable
    score: float


class SearchIndex:
    """All that can be found in a casebook."""

    def __init__(self, findable: Sequence[Findable]) -> None:
        """Index a casebook.

        Args:
            findable: The items, in the order in which equals are shown.

        Raises:
            NoFullTextSearch: SQLite lacks FTS5.
        """
        self._findable = findable
        self._tables = sqlite3.connect(":memory:")
        rows = [
            (number, *(one.texts.get(name, "") for name in WEIGHTS))
            for number, one in enumerate(findable)
        ]
        try:
            self._fill("stems", "porter unicode61", rows)
            self._fill("words", "unicode61", rows)  # a stem is not how a word begins
        except sqlite3.OperationalError as error:
            self.close()
            raise NoFullTextSearch(
                f"the SQLite {sqlite3.sqlite_version} of this Python cannot search texts ({error})"
            ) from error

    def close(self) -> None:
        """Drop the index."""
        self._tables.close()

    def _fill(self, table: str, tokenizer: str, rows: Iterable[tuple[object, ...]]) -> None:
        columns = ", ".join(WEIGHTS)
        self._tables.execute(
            f"CREATE VIRTUAL TABLE {table} USING fts5({columns}, tokenize='{tokenizer}')"
        )
        bm25 = f"bm25({', '.join(map(str, WEIGHTS.values()))})"
        self._tables.execute(
            f"INSERT INTO {table} ({table}, rank) VALUES ('rank', ?)",  # noqa: S608 - all ours
            (bm25,),
        )
        places = ", ".join("?" * len(WEIGHTS))
        self._tables.executemany(
            f"INSERT INTO {table} (rowid, {columns}) VALUES (?, {places})",  # noqa: S608 - as above
            rows,
        )

    def find(
        self, words: Sequence[str], kinds: Sequence[str] = (), interface: str = ""
    ) -> list[Hit]:
        """Find items, best first.

        Args:
            words: Words and paths; a word with a slash is a path.
            kinds: The kinds of items that are wanted; all if empty.
            interface: The kind of interface that an item has to be about; any if empty.

        Returns:
            All that hold any of the words, those with more of them first; without words, all
            that are about the interface.
        """
        paths = [word for word in words if "/" in word]
        text = " ".join(word for word in words if "/" not in word)
        plain = list(dict.fromkeys(words_of(_COMMIT.sub(r"\1", text))))
        found = [self._score(word) for word in plain]
        together = [self._matches(f'title: "{one} {next_}"') for one, next_ in pairwise(plain)]
        hits = []
        for number, one in enumerate(self._findable):
            if kinds and one.kind not in kinds:
                continue
            if interface and interface not in one.interfaces:
                continue
            scores = [score.get(number, 0.0) for score in found]
            scores += [_path_score(one.paths, path) for path in paths]
            matched = sum(score > 0 for score in scores)
            if words and not matched:
                continue
            score = sum(scores) * (matched / len(scores)) ** 2 if scores else 1.0
            score += sum(number in rows for rows in together)
            hits.append(Hit(one, score * KIND_WEIGHTS.get(one.kind, 1.0)))
        place = {kind: number for number, kind in enumerate(FOUND)}
        # Equals stay in the order of the catalogue, lessons before cases.
        return sorted(hits, key=lambda hit: (-round(hit.score, 6), place[hit.item.kind]))

    def nearest(self, words: Iterable[str]) -> str:
        """Guess what was meant by words of which none is known, for a hint."""
        known = {word for one in self._findable for word in words_of(one.title)}
        plain = (word.lower() for word in words if "/" not in word)
        return next((hint for word in plain if (hint := nearest(word, known))), "")

    def _score(self, word: str) -> dict[int, float]:
        """Rate how well items match a word; where none has it, those with what begins with it."""
        found = self._matches(f'"{word}"')
        return found if found or len(word) < 3 else self._matches(f'"{word}"*', "words")

    def _matches(self, query: str, table: str = "stems") -> dict[int, float]:
        found = self._tables.execute(
            f"SELECT rowid, -rank FROM {table} WHERE {table} MATCH ?",  # noqa: S608 - as above
            (query,),
        )
        return dict(found.fetchall())


def _path_score(paths: Iterable[str], path: str) -> float:
    """Rate how well a path is met: whole, as a folder above or below, by how much of it."""
    wanted = [part for part in path.split("/") if part not in ("", ".", "*", "**")]
    best = 0.0
    for mine in paths:
        parts = [part for part in mine.split("/") if part not in ("", ".", "*", "**")]
        common = 0
        for one, other in zip(wanted, parts, strict=False):
            if one != other:
                break
            common += 1
        if not common or common < min(len(wanted), len(parts)):
            # The end of a wanted path may be the beginning of a name: include/api/some
            rest = wanted[common:], parts[common:]
            if not (len(rest[0]) == 1 and rest[1] and rest[1][0].startswith(rest[0][0])):
                continue
        best = max(best, 10.0 * (common + (wanted == parts)) / (max(len(wanted), len(parts)) + 1))
    return best


def _title(catalogue: Catalogue, item: Item) -> str:
    if item.kind == "finding":
        return f"{catalogue.cases[item.owner].name}: {catalogue.axes[item.id].title}"
    if item.kind == "pair":
        return " / ".join(catalogue.cases[id_].name for id_ in item.value.cases)
    return item.title


def _titles_for(catalogue: Catalogue, item: Item) -> list[tuple[str, str]]:
    """Collect the titles of events for an item: its uses, in the words of those who met them."""
    evidence = catalogue.evidence.get(item.reference)
    return [("source", one.event.title) for one in evidence.speaking_for] if evidence else []


def findable(catalogue: Catalogue) -> list[Findable]:
    """Collect all that can be found in a catalogue."""
    return [_findable(catalogue, item) for item in catalogue.items.values() if item.kind in FOUND]


def _findable(catalogue: Catalogue, item: Item) -> Findable:
    title = _title(catalogue, item)
    texts: list[tuple[str, str]] = [("title", title), ("name", item.id)]
    paths: list[str] = []
    interfaces: tuple[str, ...] = ()
    value = item.value
    if item.kind == "lesson":
        interfaces = value.applies
        texts += [("statement", value.do), ("text", value.why), ("text", value.limits)]
        texts += _titles_for(catalogue, item)
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
    columns = {name: " | ".join(text for at, text in texts if at == name) for name in WEIGHTS}
    return Findable(
        item.reference,
        item.kind,
        {name: text for name, text in columns.items() if text},
        sorted({match for path in paths for match in _PATH.findall(path)}),
        sorted(interfaces),
    )


def as_json(hits: Iterable[Hit], addresses: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return what was found, for programs.

    Args:
        hits: The items.
        addresses: The address of each, by its reference.
    """
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
