"""Creating sources for a case from a commit, a mail or an article."""

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
    """Something can't be turned into a source or an event; the message says why."""


@dataclass(frozen=True, slots=True)
class Found:
    """A commit, a mail or an article, with the data for its source."""

    name: str
    """Its name in messages, as in ``the commit 0123…``."""
    fields: dict[str, str]
    """The fields of the source."""
    remarks: tuple[str, ...] = ()
    """The reasons why the release is left out, and the differences from the commit."""
    kind: str = ""
    """The probable kind of event; empty if unknown."""
    id: str = ""
    """The id that the author chose; empty to derive it from the subject."""

    @property
    def form(self) -> str:
        """Return the field that determines the kind of source."""
        return next(name for name in SOURCES if name in self.fields)

    def checked(self, how: str, day: str) -> Found:
        """Return a copy that was checked in another way."""
        return replace(self, fields={**self.fields, "checked": day, "how": how})

    @property
    def subject(self) -> str:
        """Return its subject or title."""
        return self.fields.get("subject") or self.fields["title"]


@dataclass(frozen=True, slots=True)
class Cited:
    """A source of a case."""

    id: str
    found: Found
    new: bool
    """True if it is new to the case."""


def cite(case: Case, found: Iterable[Found], *, for_events: bool = False) -> list[Cited]:
    """Give ids to new sources, and find those that the case already has.

    If the chosen ids are for events, the kind is appended for the source.

    Returns:
        A source for each, in the same order.

    Raises:
        NotCited: A chosen id is already taken.
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
    """Return whether a source of the case cites the same thing."""
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
    """Return the ids that are taken in a case."""
    ids = {event.id for event in case.events} | {side.id for side in case.sides}
    return ids | set(case.sources) | set(case.findings) | RESERVED


_PREFIX = re.compile(
    r"^(?:\s*(?:\[[^\]]*\]|re:|fwd:|[\w./-]+(?:, ?[\w./-]+)*:(?=\s)))*\s*", re.IGNORECASE
)
"""The prefix of a subject: tags in brackets, ``Re:``, the names of parts."""


def bare_subject(subject: str) -> str:
    """Return a subject without its prefix."""
    return _PREFIX.sub("", subject)


def words_of(subject: str, most: int = 30) -> str:
    """Return an id made from the words of a subject, with a maximum length."""
    id_ = ""
    plain = unicodedata.normalize("NFKD", bare_subject(subject)).encode("ascii", "ignore").decode()
    for word in re.findall(r"[a-z0-9]+", plain.lower()):
        if len(id_) + 1 + len(word) > most:
            break
        id_ += ("-" if id_ else "") + word
    try:
        return str(TypeAdapter(Id).validate_python(id_))
    except ValidationError:  # there are no words, or Windows reserves the only one
        return f"{id_}-change".strip("-")


def told(form: str, given: Mapping[str, str]) -> Found:
    """Return a source for something that can't be looked up: a mail without a file, or an article.

    Args:
        form: The field that determines the kind of source.
        given: The fields that the author gives; missing ones say TODO.

    Raises:
        NotCited: One of the values is not valid in a source.
    """
    model = SOURCES[form]
    fields = {
        field.name: given.get(field.name, "TODO")
        for field in fields_of(model)
        if field.required or field.name in given
    }
    try:
        model.model_validate(fields)
    except ValidationError as error:
        for error_ in error.errors():
            name = str(error_["loc"][0])
            if name in given:
                hint = error_.get("ctx", {}).get("hint")
                raise NotCited(
                    f"its {name}: {error_['msg']}" + (f" ({hint})" if hint else "")
                ) from None
    return Found(f"the {form} {fields[form]}", fields)


def chosen_id(id_: str, taken: Collection[str]) -> str:
    """Return the id that the author of a case chose.

    Raises:
        NotCited: It is already taken.
    """
    if id_ in taken:
        raise NotCited(f"the id {id_!r} is already taken in this case, or reserved for pages")
    return id_


def free_id(id_: str, taken: Collection[str]) -> str:
    """Return an id, with a number appended if it is taken."""
    number = 1
    while (numbered := id_ if number == 1 else f"{id_}-{number}") in taken:
        number += 1
    return numbered
