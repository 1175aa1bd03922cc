"""Hints that suggest what was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_MOST_CANDIDATES = 5000
"""With more candidates than this no hint is sought, because it would take too long."""

_MOST_LISTED = 20


def closest(word: str, words: Iterable[str]) -> str:
    """Return the one of all valid words that was probably meant; empty if none is close."""
    candidates = sorted(words)
    if len(candidates) > _MOST_CANDIDATES:
        return ""
    lowered = {candidate.lower(): candidate for candidate in candidates}
    if word.lower() in lowered:
        return lowered[word.lower()]
    longer = [candidate for candidate in candidates if candidate.startswith(word)]
    if len(longer) == 1:
        return longer[0]
    found = difflib.get_close_matches(word, candidates, n=1, cutoff=0.6)
    return found[0] if found else ""


def nearest(word: str, words: Iterable[str]) -> str:
    """Return the hint ``did you mean …?`` for a wrong word; empty if no valid word is close."""
    return did_you_mean(closest(word, words))


def nearest_reference(text: str, references: Iterable[str]) -> str:
    """Return a hint that suggests the valid reference that was probably meant.

    A part is looked up in the same record, or by its full id in records with a similar name; a
    record is looked up among those of its kind, or by its full id among all. ``text`` is a broken
    reference, or an id without its kind.
    """
    page, hash_, part = text.partition("#")
    known = list(references)
    if hash_:
        inside = {
            reference.partition("#")[2] for reference in known if reference.startswith(f"{page}#")
        }
        meant = closest(part, inside)
        if meant:
            return did_you_mean(f"{page}#{meant}")
        same = {
            reference.partition("#")[0] for reference in known if reference.endswith(f"#{part}")
        }
        meant = closest(page, same) or (next(iter(same)) if len(same) == 1 else "")
        return did_you_mean(f"{meant}#{part}") if meant else ""
    kind, slash, id_ = page.rpartition("/")
    pages = [reference for reference in known if "#" not in reference]
    same = {
        reference.partition("/")[0] for reference in pages if reference.partition("/")[2] == id_
    }
    meant = closest(kind, same) or (next(iter(same)) if len(same) == 1 else "")
    if meant:
        return did_you_mean(f"{meant}/{id_}")
    if slash:
        of_kind = {
            reference.partition("/")[2] for reference in pages if reference.startswith(f"{kind}/")
        }
        meant = closest(id_, of_kind)
        return did_you_mean(f"{kind}/{meant}") if meant else ""
    meant = closest(id_, {reference.partition("/")[2] for reference in pages})
    return did_you_mean(
        next((reference for reference in pages if reference.partition("/")[2] == meant), "")
    )


def with_article(noun: str) -> str:
    """Return a noun with its indefinite article."""
    return f"{'an' if noun[:1].lower() in tuple('aeiou') else 'a'} {noun}"


def one_of(words: Iterable[str]) -> str:
    """Return a hint that lists the valid words; empty if there are none or too many to read."""
    listed = list(words)
    return f"one of {', '.join(listed)}" if 0 < len(listed) <= _MOST_LISTED else ""


def did_you_mean(word: str) -> str:
    """Return a hint that suggests a word; empty if the word is."""
    return f"did you mean {word!r}?" if word else ""
