"""House style: texts use the words that the casebook prefers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from abicase.lint.records import RecordSet
from abicase.lint.rule import rule
from abicase.problems.problem import Problem
from abicase.schema.shapes import walk
from abicase.source.misread import takes_words
from abicase.source.reading import Entry
from abicase.text.house_style import HouseStyle

_style_of = lru_cache(4)(HouseStyle)  # built once for all records of a casebook


@rule("house-style", finished={"house-style"})
def texts_keep_to_the_house_style(records: RecordSet, entry: Entry) -> Iterator[Problem]:
    """No text has a word or phrase that the casebook avoids."""
    casebook = records.casebook
    if casebook is None or not casebook.record.house_style or entry.kind == "casebook":
        return
    style = _style_of(casebook.record.house_style)
    for path, text, shape, _ in walk(entry.record):
        # Titles and subjects of sources are quoted.
        if not takes_words(shape) or path[0] == "sources" or entry.hides(path):
            continue
        for avoided in style.avoided(text):
            place = entry.document.find(path, avoided.words, avoided.before)
            message = f"{avoided.words!r} is not in the casebook's style"
            hint = f"write {avoided.use}"
            yield entry.document.problem_at(place, "house-style", path, message, hint)
