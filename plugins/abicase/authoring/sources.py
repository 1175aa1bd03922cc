"""Sources of a case that are made of what they cite: a commit in a clone, or a mail."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from abicase.schema.case import Case, CommitSource, MailSource
from abicase.schema.fields import Id
from abicase.schema.items import RESERVED
from abicase.source.placeholders import is_open


class NotCited(Exception):
    """Something can't be made a source or an event; the message says why."""


@dataclass(frozen=True, slots=True)
class Found:
    """A commit or a mail, and the source that it makes."""

    name: str
    """Its name in a message, as in ``the commit 0123…``."""
    fields: dict[str, str]
    """The fields of the source."""
    remarks: tuple[str, ...] = ()
    """Why the release is left out, and in what the source differs from the commit."""
    kind: str = ""
    """The kind of event that it probably is; empty where nothing says so."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A source of a case."""

    id: str
    found: Found
    new: bool
    """True where the case does not have it yet."""


def cite(case: Case, found: Iterable[Found], id_: str = "") -> list[Cited]:
    """Give ids to new sources, and find those that the case has already.

    Args:
        case: The case.
        found: What is to be cited.
        id_: The id of the source, where there is one; made from the subject when empty.

    Returns:
        A source for each.

    Raises:
        NotCited: The id is taken.
    """
    taken = ids_of(case)
    if id_ and id_ in taken:
        raise NotCited(f"the id {id_!r} is taken in {case.id!r}, or pages use it for themselves")
    there = dict(case.sources)
    cited: list[Cited] = []
    known: dict[tuple[str, str], str] = {}
    for one in found:
        key = (one.fields.get("repository", ""), one.fields.get("commit") or one.fields["mail"])
        old = known.get(key) or next((i for i, s in there.items() if _is_of(s, one)), "")
        if old:
            cited.append(Cited(old, one, new=False))
            continue
        suffix = "commit" if "commit" in one.fields else "mail"
        subject = one.fields["subject"]
        words = "rename-me" if is_open(subject) else words_of(subject)
        known[key] = new = id_ or free_id(f"{words}-{suffix}", taken)
        taken.add(new)
        cited.append(Cited(new, one, new=True))
    return cited


def _is_of(source: object, found: Found) -> bool:
    """Return whether a source of the case cites that commit or mail."""
    if isinstance(source, MailSource):
        return source.mail == found.fields.get("mail")
    if isinstance(source, CommitSource):
        whole = found.fields.get("commit", "")
        same = source.repository == found.fields.get("repository")
        return same and whole.startswith(source.commit)
    return False


def ids_of(case: Case) -> set[str]:
    """The ids that nothing else in a case can have."""
    ids = {event.id for event in case.events} | {side.id for side in case.sides}
    return ids | set(case.sources) | set(case.findings) | RESERVED


_PREFIX = re.compile(
    r"^(?:\s*(?:\[[^\]]*\]|re:|fwd:|[\w./-]+(?:, ?[\w./-]+)*:(?=\s)))*\s*", re.IGNORECASE
)
"""What stands before the words of a subject: tags in brackets, ``Re:``, the names of parts."""


def bare_subject(subject: str) -> str:
    """A subject without what stands before its words."""
    return _PREFIX.sub("", subject)


def words_of(subject: str) -> str:
    """An id from the words of a subject, of at most 30 characters."""
    id_ = ""
    plain = unicodedata.normalize("NFKD", bare_subject(subject)).encode("ascii", "ignore").decode()
    for word in re.findall(r"[a-z0-9]+", plain.lower()):
        if len(id_) + 1 + len(word) > 30:
            break
        id_ += ("-" if id_ else "") + word
    try:
        return str(TypeAdapter(Id).validate_python(id_))
    except ValidationError:  # there are no words, or Windows reserves the one there is
        return f"{id_}-change".strip("-")


def free_id(id_: str, taken: Collection[str]) -> str:
    """An id, with a number where it is taken."""
    number = 1
    while (numbered := id_ if number == 1 else f"{id_}-{number}") in taken:
        number += 1
    return numbered
