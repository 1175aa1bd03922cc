"""Cached copies of files from the web, for when they can't be reached."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Generic, TypeVar

from abicase.incremental.store import Store, StoredResult
from abicase.memo import digest
from abicase.provenance import web

Read = TypeVar("Read")

_TEXT, _STATE = "copy/text", "copy/state"

MOST_BYTES = 128_000_000
"""The maximum size of a file that is read."""
TIMEOUT = 10.0
"""The time in seconds without an answer after which a copy is used."""


@dataclass(frozen=True, slots=True)
class Fetched(Generic[Read]):
    """A file from the web, after reading it."""

    value: Read
    """The result of reading it."""
    seen: str
    """The time at which the file on the web had these contents, as YYYY-MM-DD HH:MM UTC."""
    problem: str
    """The reason why a copy was used; empty if none was."""


def fetch(address: str, store: Store, read: Callable[[str], Read]) -> Fetched[Read]:
    """Fetch a file by http or https, or use the cached copy if it is unchanged or out of reach.

    ``read`` converts the text, and raises ValueError if the text can't be right, which counts as no
    answer.

    Raises:
        NoAnswer: It can't be reached, or is wrong, and there is no copy of it.
    """
    copy = _kept(store)
    try:
        text, validators = _asked(address, copy)
        value = read(text)
    except (web.NoAnswer, ValueError) as problem:
        try:
            if copy is not None:
                return Fetched(read(copy.text), copy.seen, str(problem))
        except ValueError:  # the copy is from another version
            pass
        raise web.NoAnswer(str(problem), getattr(problem, "status", 0)) from None
    seen = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC")
    _keep(store, _Copy(text, seen, validators), known=copy)
    return Fetched(value, seen, "")


@dataclass(frozen=True, slots=True)
class _Copy:
    """The text of a file when it was last fetched."""

    text: str
    seen: str
    validators: dict[str, str]
    """The headers of a conditional request."""


def _kept(store: Store) -> _Copy | None:
    text, state = store.get(_TEXT), store.get(_STATE)
    if text is None or state is None or text.key != state.key:
        return None
    return _Copy(text.value, state.value["seen"], state.value["validators"])


def _keep(store: Store, copy: _Copy, known: _Copy | None) -> None:
    key = digest(copy.text)
    if known is None or known.text != copy.text:
        store.put(_TEXT, StoredResult(key, {}, copy.text))
    state = {"seen": copy.seen, "validators": copy.validators}
    store.put(_STATE, StoredResult(key, {}, state))
    store.save()


def _asked(address: str, copy: _Copy | None) -> tuple[str, dict[str, str]]:
    """Return the text of a file, and the headers for the next conditional request."""
    headers = copy.validators if copy else {}
    try:
        answer = web.get(
            address, purpose="reads a casebook", most=MOST_BYTES, timeout=TIMEOUT, headers=headers
        )
    except web.NoAnswer as problem:
        if copy is None or problem.status != HTTPStatus.NOT_MODIFIED:
            raise
        return copy.text, copy.validators
    if not answer.whole:
        raise web.NoAnswer(f"the file is larger than {MOST_BYTES} bytes")
    pairs = (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified"))
    validators = {ask: answer.headers[told] for ask, told in pairs if told in answer.headers}
    return answer.data.decode("utf-8"), validators
