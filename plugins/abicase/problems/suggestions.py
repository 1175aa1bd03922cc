"""Hints that name what was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_MOST_CANDIDATES = 5000
"""Among more words than these no hint is sought: it would take longer than it helps."""

_MOST_LISTED = 20


def closest(word: str, words: Iterable[str]) -> str:
    """The word that was probably meant.

    Args:
        word: The word that was written.
        words: All words that could have been written.

    Returns:
        One of the words; an empty text when none is near.
    """
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
    """A hint that names the word that was probably meant.

    Args:
        word: The word that was written.
        words: All words that could have been written.

    Returns:
        ``did you mean …?``, or an empty text when nothing is near.
    """
    return did_you_mean(closest(word, words))


def nearest_reference(text: str, references: Iterable[str]) -> str:
    """A hint that names the item that was probably meant, of which something was written.

    A part is looked for in the same record, or by its whole id in records of a similar name; a
    record among those of its kind, or by its whole id among all.

    Args:
        text: A reference to nothing, or an id without its kind.
        references: All references that could have been written.
    """
    page, hash_, part = text.partition("#")
    known = list(references)
    if hash_:
        inside = {one.partition("#")[2] for one in known if one.startswith(f"{page}#")}
        meant = closest(part, inside)
        if meant:
            return did_you_mean(f"{page}#{meant}")
        same = {one.partition("#")[0] for one in known if one.endswith(f"#{part}")}
        meant = closest(page, same) or (next(iter(same)) if len(same) == 1 else "")
        return did_you_mean(f"{meant}#{part}") if meant else ""
    kind, slash, id_ = page.rpartition("/")
    pages = [one for one in known if "#" not in one]
    same = {one.partition("/")[0] for one in pages if one.partition("/")[2] == id_}
    meant = closest(kind, same) or (next(iter(same)) if len(same) == 1 else "")
    if meant:
        return did_you_mean(f"{meant}/{id_}")
    if slash:
        of_kind = {one.partition("/")[2] for one in pages if one.startswith(f"{kind}/")}
        meant = closest(id_, of_kind)
        return did_you_mean(f"{kind}/{meant}") if meant else ""
    meant = closest(id_, {one.partition("/")[2] for one in pages})
    return did_you_mean(next((one for one in pages if one.partition("/")[2] == meant), ""))


def with_article(noun: str) -> str:
    """A noun with its indefinite article."""
    return f"{'an' if noun[:1].lower() in tuple('aeiou') else 'a'} {noun}"


def one_of(words: Iterable[str]) -> str:
    """The hint that lists what can be written; empty where that is nothing, or too much to read."""
    listed = list(words)
    return f"one of {', '.join(listed)}" if 0 < len(listed) <= _MOST_LISTED else ""


def did_you_mean(word: str) -> str:
    """The hint that a word was probably meant; an empty text for none."""
    return f"did you mean {word!r}?" if word else ""
