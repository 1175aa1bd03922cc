"""Sources of a case that are made of what they cite: a commit, a mail or an article."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from pydantic import TypeAdapter, ValidationError

from abicase.schema.case import SOURCES, ArticleSource, Case, CommitSource, MailSource
from abicase.schema.fields import Id
from abicase.schema.items import RESERVED
from abicase.schema.shapes import fields_of
from abicase.source.placeholders import is_open


class NotCited(Exception):
    """Something can't be made a source or an event; the message says why."""


@dataclass(frozen=True, slots=True)
class Found:
    """A commit, a mail or an article, and the source that it makes."""

    name: str
    """Its name in a message, as in ``the commit 0123…``."""
    fields: dict[str, str]
    """The fields of the source."""
    remarks: tuple[str, ...] = ()
    """Why the release is left out, and in what the source differs from the commit."""
    kind: str = ""
    """The kind of event that it probably is; empty where nothing says so."""
    id: str = ""
    """The id that its author chose; empty where one is made from the subject."""

    @property
    def form(self) -> str:
        """The field that says what kind of source it is."""
        return next(name for name in SOURCES if name in self.fields)

    def checked(self, how: str, day: str) -> Found:
        """The same, checked in another way."""
        return replace(self, fields={**self.fields, "checked": day, "how": how})

    @property
    def subject(self) -> str:
        """Its subject or title."""
        return self.fields.get("subject") or self.fields["title"]


@dataclass(frozen=True, slots=True)
class Cited:
    """A source of a case."""

    id: str
    found: Found
    new: bool
    """True where the case does not have it yet."""


def cite(case: Case, found: Iterable[Found], *, for_events: bool = False) -> list[Cited]:
    """Give ids to new sources, and find those that the case has already.

    Args:
        case: The case.
        found: What is to be cited.
        for_events: Whether the chosen ids are for events; a source then gets its kind behind it.

    Returns:
        A source for each.

    Raises:
        NotCited: A chosen id is taken.
    """
    taken = ids_of(case)
    there = dict(case.sources)
    cited: list[Cited] = []
    known: dict[tuple[str, str], str] = {}
    for one in found:
        key = (one.fields.get("repository", ""), one.fields[one.form])
        old = known.get(key) or next((i for i, s in there.items() if _is_of(s, one)), "")
        if old:
            cited.append(Cited(old, one, new=False))
            continue
        if one.id and not for_events:
            new = chosen_id(one.id, taken)
        else:
            words = "rename-me" if is_open(one.subject) else words_of(one.id or one.subject)
            new = free_id(f"{words}-{one.form}", taken)
        known[key] = new
        taken.add(new)
        cited.append(Cited(new, one, new=True))
    return cited


def _is_of(source: object, found: Found) -> bool:
    """Return whether a source of the case cites the same."""
    if isinstance(source, MailSource):
        return source.mail == found.fields.get("mail")
    if isinstance(source, ArticleSource):
        return source.article == found.fields.get("article")
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


def words_of(subject: str, most: int = 30) -> str:
    """An id from the words of a subject, of at most so many characters."""
    id_ = ""
    plain = unicodedata.normalize("NFKD", bare_subject(subject)).encode("ascii", "ignore").decode()
    for word in re.findall(r"[a-z0-9]+", plain.lower()):
        if len(id_) + 1 + len(word) > most:
            break
        id_ += ("-" if id_ else "") + word
    try:
        return str(TypeAdapter(Id).validate_python(id_))
    except ValidationError:  # there are no words, or Windows reserves the one there is
        return f"{id_}-change".strip("-")


def told(form: str, given: Mapping[str, str]) -> Found:
    """Begin a source of what can't be looked up: a mail without a file, or an article.

    Args:
        form: The field that says what kind of source it is.
        given: The fields that its author tells; those that are missing say TODO.

    Returns:
        What makes it a source.

    Raises:
        NotCited: A source can't hold one of the values.
    """
    model = SOURCES[form]
    fields = {
        one.name: given.get(one.name, "TODO")
        for one in fields_of(model)
        if one.required or one.name in given
    }
    try:
        model.model_validate(fields)
    except ValidationError as error:
        for one in error.errors():
            name = str(one["loc"][0])
            if name in given:
                hint = one.get("ctx", {}).get("hint")
                raise NotCited(
                    f"its {name}: {one['msg']}" + (f" ({hint})" if hint else "")
                ) from None
    return Found(f"the {form} {fields[form]}", fields)


def chosen_id(id_: str, taken: Collection[str]) -> str:
    """An id that the author of a case chose.

    Raises:
        NotCited: It is taken.
    """
    if id_ in taken:
        raise NotCited(f"the id {id_!r} is taken in this case, or pages use it for themselves")
    return id_


def free_id(id_: str, taken: Collection[str]) -> str:
    """An id, with a number where it is taken."""
    number = 1
    while (numbered := id_ if number == 1 else f"{id_}-{number}") in taken:
        number += 1
    return numbered
