"""Checks on the web that the addresses of sources still show what the records say.

A page that responds proves little: an address may show another page by now. So the page is also
searched for the subject or title. Each run checks a few addresses, slowly, beginning with those
that were checked longest ago.
"""

from __future__ import annotations

import html
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from abicase.provenance import web
from abicase.provenance.remarks import Remark
from abicase.schema.addresses import commit_at, file_in, mail_in
from abicase.schema.case import (
    ArticleSource,
    CommitSource,
    CountSource,
    FileSource,
    MailSource,
    MeasurementSource,
    SpecificationSource,
)
from abicase.schema.casebook import Casebook
from abicase.source.reading import Entry, Reading
from abicase.source.writing import write

Result = Literal["same", "changed", "moved", "gone", "unreachable"]

MOST_BYTES = 4_000_000
"""The maximum number of bytes to read from a page."""
TIMEOUT = 20.0
"""The time in seconds without an answer after which an address counts as unreachable."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A source that links to an address."""

    entry: Entry
    """The case that cites it."""
    source: str
    """Its id in that case."""
    expected: str
    """The text that the page must show: the subject or the title."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of checking an address."""

    address: str
    result: Result
    message: str
    """The difference that was found; empty if there is none."""
    citations: tuple[Citation, ...]
    """The sources that the outcome applies to."""

    def remarks(self) -> list[Remark]:
        """Return the outcome as remarks, one for each source; none if the page is unchanged."""
        if self.result == "same":
            return []
        message = f"{self.address}: {self.message}"
        return [Remark(c.entry, c.source, self.result, message) for c in self.citations]

    def row(self) -> dict[str, Any]:
        """Return the outcome as a JSON object."""
        return {
            "address": self.address,
            "result": self.result,
            "message": self.message,
            "sources": [f"case/{c.entry.record.id}#{c.source}" for c in self.citations],
        }


def addresses(reading: Reading) -> dict[str, list[Citation]]:
    """Return the distinct web addresses of all sources, each with its sources.

    Sources without an address, or with one that the casebook does not allow, are left out.
    """
    assert reading.casebook is not None
    casebook: Casebook = reading.casebook.record
    repositories = {entry.record.id: entry.record for entry in reading.of("repository")}
    found: dict[str, list[Citation]] = {}
    for entry in reading.of("case"):
        for id_, source in entry.record.sources.items():
            if isinstance(source, MeasurementSource | CountSource):
                continue  # a command has no address
            address, expected = _address(source, casebook.mail_archive or "", repositories)
            if not address or (address.startswith("http://") and not casebook.allow_http):
                continue
            found.setdefault(address, []).append(Citation(entry, id_, expected))
    return found


def _address(source: Any, archive: str, repositories: Mapping[str, Any]) -> tuple[str, str]:
    if isinstance(source, CommitSource):
        pattern = repositories[source.repository].commit or ""
        return commit_at(pattern, source.commit), source.subject
    if isinstance(source, MailSource):
        return mail_in(archive, source.mail), source.subject
    if isinstance(source, FileSource):
        pattern = repositories[source.repository].file or ""
        return file_in(pattern, source.file, source.at), PurePosixPath(source.file).name
    assert isinstance(source, ArticleSource | SpecificationSource)
    address = source.article if isinstance(source, ArticleSource) else source.specification
    return address, source.title


def ask(
    found: Mapping[str, list[Citation]],
    asked: Mapping[str, str],
    limit: int,
    per_minute: float,
    wait: Callable[[float], None] = time.sleep,
) -> Iterator[Outcome]:
    """Check some addresses.

    Args:
        found: The addresses, with their sources.
        asked: The date on which each address was last checked, if it was.
        limit: The number of addresses to check, beginning with those checked longest ago.
        per_minute: The number of addresses per minute.
        wait: A function that waits for some seconds.

    Yields:
        The outcomes; for an address with several sources, one for each result.
    """
    for number, address in enumerate(sorted(found, key=lambda a: (asked.get(a, ""), a))[:limit]):
        if number:
            wait(60 / per_minute)
        yield from _compare(address, found[address])


def _compare(address: str, citations: list[Citation]) -> Iterator[Outcome]:
    result, said = fetch(address)
    if result != "same":
        yield Outcome(address, result, said, tuple(citations))
        return
    shown = _letters(said)
    same = tuple(c for c in citations if _letters(c.expected) in shown)
    if same:
        yield Outcome(address, "same", "", same)
    for citation in citations:
        if citation not in same:
            message = f"the page does not show {citation.expected!r}"
            yield Outcome(address, "changed", message, (citation,))


def fetch(address: str) -> tuple[Result, str]:
    """Fetch a page.

    Returns:
        ``same`` and the text of the page; or another result, and the reason.
    """
    purpose = "checks the links of a casebook, a few in a minute"
    try:
        answer = web.get(address, purpose=purpose, most=MOST_BYTES, timeout=TIMEOUT, headers={})
    except web.Moved as moved:
        return "moved", str(moved)
    except web.NoAnswer as problem:
        return ("gone" if problem.status in (404, 410) else "unreachable"), str(problem)
    try:
        return "same", answer.data.decode(answer.charset or "utf-8", "replace")
    except LookupError:
        return "same", answer.data.decode("utf-8", "replace")


def _letters(text: str) -> str:
    """Return the letters and digits of a text or page, ignoring punctuation, blanks and markup."""
    text = re.sub(r"(?is)<(script|style)\b.*?</\1\s*>", " ", text)
    text = html.unescape(re.sub(r"</?[a-zA-Z!][^>]*>", "", text))
    return re.sub(r"[\W_]+", "", text).casefold()


# The days of earlier checks


class NoStateError(Exception):
    """A file was not written by :func:`write_state`."""


def read_state(path: Path) -> dict[str, str]:
    """Return the date on which each address was last checked; empty if there is no such file.

    Raises:
        NoStateError: It contains something else, and must not be overwritten.
        OSError: It can't be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
        held = json.loads(text) if text.strip() else {}
    except FileNotFoundError:
        return {}
    except ValueError:
        raise NoStateError from None
    if not isinstance(held, dict) or not all(isinstance(day, str) for day in held.values()):
        raise NoStateError
    return held


def write_state(path: Path, asked: Mapping[str, str]) -> None:
    """Write the date on which each address was last checked."""
    write(path, json.dumps(asked, indent=1, sort_keys=True) + "\n")
