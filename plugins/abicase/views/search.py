"""Finds items by words, by path and by kind of interface.

The ranking is a plain one: BM25 over the words of an item, where a word in a title counts as
several in a text. :data:`WEIGHTS` and :data:`KIND_WEIGHTS` are all there is to tune.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Any

from abicase.catalogue.model import Catalogue
from abicase.problems.suggestions import nearest
from abicase.schema.items import Item, source_title

FOUND = ("lesson", "claim", "stage", "case", "event", "finding", "pair", "axis", "pattern", "term")
"""The kinds of items that are found, in the order in which equals are shown."""

WEIGHTS = {"title": 5.0, "name": 4.0, "applies": 3.0, "statement": 2.0, "text": 1.0, "source": 0.5}
"""How many times a word counts, by where it stands."""

KIND_WEIGHTS = {"lesson": 1.8, "claim": 1.3, "stage": 1.2, "case": 1.2}
"""What is made to be cited stands before what only bears it out; all others count once."""

# Those of BM25: how soon a repeated word stops to count, and how much a long text is held against.
_SATURATION = 1.2
_LENGTH = 0.5

_COMMON = frozenset(
    re.findall(
        r"\w+",
        """a an and are as at be by can do for from had has have if in into is it its no not of on
        or that the their them then there they this to was were what when which who will with""",
    )
)
_WORD = re.compile(r"[a-z0-9_]+")
_COMMIT = re.compile(r"\b([0-9a-f]{12})[0-9a-f]{1,28}\b")  # as long as sources are known by
_PATH = re.compile(r"[\w.+-]+(?:/[\w.+*-]+)+/?")
_ENDINGS = ("able", "ing", "ion", "ed", "e")


@cache
def stem(word: str) -> str:
    """A word without its commonest endings: "sizes", "sized" and "size" are the same."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith("ss") and len(word) > 3:
        word = word[:-1]
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] and word[-1] in "bdgmnprt" else word


def stems(text: str) -> list[str]:
    """The words of a text that say something, without their endings.

    A name such as ``perf_event_open`` counts as a whole and by its parts.
    """
    found = []
    for word in _WORD.findall(text.lower()):
        parts = word.split("_") if "_" in word.strip("_") else ()
        found += [stem(one) for one in (word, *parts) if len(one) > 1 and one not in _COMMON]
    return found


@dataclass(frozen=True, slots=True)
class Hit:
    """An item that was found."""

    item: Item
    title: str
    """Its title; of a finding, the case and the axis; of a pair, the two cases."""
    score: float


@dataclass(frozen=True, slots=True)
class _Entry:
    item: Item
    title: str
    counts: Mapping[str, float]
    """The weighted count of each stem."""
    length: float
    paths: frozenset[str]
    interfaces: frozenset[str]
    """The kinds of interface it is about."""
    pairs: frozenset[tuple[str, str]] = field(default=frozenset())
    """Words of the title that follow each other."""


class Index:
    """All that can be found in a casebook."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._entries = [
            _entry(catalogue, item) for item in catalogue.items.values() if item.kind in FOUND
        ]
        self._frequency = Counter(stem for entry in self._entries for stem in entry.counts)
        self._mean = sum(entry.length for entry in self._entries) / max(len(self._entries), 1)
        self._words = {stem(word): word for entry in self._entries for word in _words_of(entry)}

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
        plain = (_COMMIT.sub(r"\1", word) for word in words if "/" not in word)
        order = list(dict.fromkeys(stem for word in plain for stem in stems(word)))
        known = {word: self._meant(word) for word in order}
        hits = []
        for entry in self._entries:
            if kinds and entry.item.kind not in kinds:
                continue
            if interface and interface not in entry.interfaces:
                continue
            weight = KIND_WEIGHTS.get(entry.item.kind, 1.0)
            scores = [self._score(entry, known[word]) for word in order]
            scores += [_path_score(entry, path) for path in paths]
            matched = sum(score > 0 for score in scores)
            if words and not matched:
                continue
            score = sum(scores) * (matched / len(scores)) ** 2 if scores else 1.0
            score += sum(pair in entry.pairs for pair in pairwise(order))
            hits.append(Hit(entry.item, entry.title, score * weight))
        place = {kind: number for number, kind in enumerate(FOUND)}
        # Equals stay in the order of the catalogue, lessons before cases.
        return sorted(hits, key=lambda hit: (-round(hit.score, 6), place[hit.item.kind]))

    def nearest(self, words: Iterable[str]) -> str:
        """What was probably meant by words of which none is known, for a hint."""
        for word in words:
            hint = nearest(word.lower(), set(self._words.values()))
            if hint:
                return hint
        return ""

    def _meant(self, word: str) -> tuple[str, ...]:
        """The stem, or where nothing holds it those that begin with it."""
        if word in self._frequency or len(word) < 3:
            return (word,)
        return tuple(sorted(known for known in self._frequency if known.startswith(word)))

    def _score(self, entry: _Entry, meant: tuple[str, ...]) -> float:
        best = 0.0
        for word in meant:
            count = entry.counts.get(word, 0.0)
            if count:
                frequency = self._frequency[word]
                rarity = math.log(1 + (len(self._entries) - frequency + 0.5) / (frequency + 0.5))
                length = 1 - _LENGTH + _LENGTH * entry.length / self._mean
                weight = count * (_SATURATION + 1) / (count + _SATURATION * length)
                best = max(best, rarity * weight)
        return best


def _words_of(entry: _Entry) -> Iterator[str]:
    yield from (word for word in _WORD.findall(entry.title.lower()) if word not in _COMMON)


def _path_score(entry: _Entry, path: str) -> float:
    """How well a path is met: whole, as a folder above or below, by how much of it."""
    wanted = [part for part in path.split("/") if part not in ("", ".", "*", "**")]
    best = 0.0
    for mine in entry.paths:
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
    """What speaks for an item says what it is good for, in the words of those who met it."""
    evidence = catalogue.evidence.get(item.reference)
    return [("source", one.event.title) for one in evidence.speaking_for] if evidence else []


def _entry(catalogue: Catalogue, item: Item) -> _Entry:
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
        interfaces = value.abi.kinds
        texts += [("name", value.name), ("text", value.summary)]
        texts += [("statement", line) for line in value.abi.surface]
        paths += [*value.abi.paths, *(p.where for side in value.sides for p in side.periods)]
        texts += [("text", side.name) for side in value.sides]
    elif item.owner and item.kind in ("event", "finding"):
        case = catalogue.cases[item.owner]
        interfaces = case.abi.kinds
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
    counts: defaultdict[str, float] = defaultdict(float)
    for where, text in texts:
        for one in stems(text):
            counts[one] += WEIGHTS[where]
    paths += [text for _, text in texts]
    return _Entry(
        item,
        title,
        counts,
        sum(counts.values()),
        frozenset(match for path in paths for match in _PATH.findall(path)),
        frozenset(interfaces),
        frozenset(pairwise(stems(title))),
    )


def as_json(hits: Iterable[Hit], addresses: dict[str, str]) -> list[dict[str, Any]]:
    """What was found, for programs.

    Args:
        hits: The items.
        addresses: The address of each, by its reference.
    """
    return [
        {
            "reference": hit.item.reference,
            "kind": hit.item.kind,
            "title": hit.title,
            "address": addresses[hit.item.reference],
            "score": round(hit.score, 3),
        }
        for hit in hits
    ]
