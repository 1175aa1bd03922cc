"""Wordings: the words of a statement that people cite, each with a digest that identifies it.

Only words count: markup, links and the layout of the YAML can change without a new wording.
Ledgers keep the digests, so the input of the digests must stay the same.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from abicase.memo import digest
from abicase.text.prose import convert

_STATED = {
    "lesson": (["title", "cite.ask", "cite.limit"], ["do"]),
    "claim": (["title"], ["statement"]),
    "stage": (["title"], ["text"]),
    "case": (["title"], ["summary"]),
    "event": (["title"], ["text", "reading"]),
    "finding": (["rating"], ["text"]),
    "pair": (["headline"], ["shows"]),
}
"""The fields with the statement of an item, by its kind: those without markup, then those with it;
``cite.ask`` is the field ``ask`` of the part ``cite``."""

_WORD = re.compile(r"\w+")

STATEMENTS = tuple(_STATED)
"""The kinds of items that state something and can be cited."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a statement at one time."""

    texts: Mapping[str, str]
    """Its texts without markup, each on one line, by the fields of the record that have one."""

    @property
    def digest(self) -> str:
        """The beginning of a digest, as the ledger keeps it."""
        return digest(*(part for pair in self.texts.items() for part in pair))[:12]

    def change_from(self, old: Wording) -> float:
        """Measure the difference from an earlier wording of the same statement, from 0 to 1.

        It is the share of all words of both that are not in both in the same order.
        """
        before, after = (_WORD.findall(" ".join(one.texts.values())) for one in (old, self))
        return 1 - difflib.SequenceMatcher(None, before, after, autojunk=False).ratio()


def wording_of(kind: str, statement: Any) -> Wording | None:
    """Return the wording of an item; None for one that states nothing.

    ``statement`` is the record or part of one: an instance of its class, or what YAML has there,
    which can be anything.
    """
    plain, marked_up = _STATED.get(kind, ((), ()))
    texts = {name: " ".join(_text(statement, name).split()) for name in plain}
    texts |= {name: convert(_text(statement, name)).plain for name in marked_up}
    texts = {name: text for name, text in texts.items() if text}
    return Wording(texts) if texts else None


def _text(statement: Any, name: str) -> str:
    value = statement
    for step in name.split("."):
        value = value.get(step) if isinstance(value, Mapping) else getattr(value, step, None)
    return value if isinstance(value, str) else ""
