"""Asks on the web whether the addresses of sources still show what the records say.

That a page answers says little: an address can show another page by now. So the subject or title is
looked for in the page as well. A few addresses are asked in each run, those first that were asked
longest ago, and slowly.
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

from abicase.problems.reporters import Level
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
"""No more of a page is read than this."""
TIMEOUT = 20.0
"""Seconds without an answer after which an address counts as unreachable."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A source that leads to an address."""

    entry: Entry
    """The case that cites it."""
    source: str
    """Its id in that case."""
    expected: str
    """What the page has to show: the subject or the title."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of asking one address."""

    address: str
    result: Result
    message: str
    """What was found instead; empty where it is the same."""
    citations: tuple[Citation, ...]
    """The sources that this is said of."""

    def remarks(self) -> list[Remark]:
        """The answer as people are told of it: once for each source, where it is not the same."""
        if self.result == "same":
            return []
        severity: Level = "notice" if self.result == "unreachable" else "warning"
        message = f"{self.address}: {self.message}"
        return [Remark(c.entry, c.source, severity, self.result, message) for c in self.citations]

    def row(self) -> dict[str, Any]:
        """The answer as a JSON object."""
        return {
            "address": self.address,
            "result": self.result,
            "message": self.message,
            "sources": [f"case/{c.entry.record.id}#{c.source}" for c in self.citations],
        }


def addresses(reading: Reading) -> dict[str, list[Citation]]:
    """The distinct outside addresses of all sources, each with the sources that lead to it.

    Sources that have none, or one that the casebook does not allow, are left out.
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
    """Ask some addresses.

    Args:
        found: The addresses, with the sources that lead to them.
        asked: The day on which each was asked last, as far as it was.
        limit: How many are asked, those first that were asked longest ago.
        per_minute: How many are asked in a minute.
        wait: Waits some seconds.

    Yields:
        What became of each; where several sources lead to it, one for each result.
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
            message = f"it answers, but does not show {citation.expected!r}"
            yield Outcome(address, "changed", message, (citation,))


def fetch(address: str) -> tuple[Result, str]:
    """Ask for a page.

    Args:
        address: Its address.

    Returns:
        ``same`` and the text of the page; or what else became of it, and why.
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
    """The letters and digits of a text or a page: pages differ in signs, blanks and markup."""
    text = re.sub(r"(?is)<(script|style)\b.*?</\1\s*>", " ", text)
    text = html.unescape(re.sub(r"</?[a-zA-Z!][^>]*>", "", text))
    return re.sub(r"[\W_]+", "", text).casefold()


# What was asked when


class NoStateError(Exception):
    """A file is something else than what :func:`write_state` has written."""


def read_state(path: Path) -> dict[str, str]:
    """The day on which each address was asked last; none where there is no such file.

    Args:
        path: The file.

    Raises:
        NoStateError: It holds something else, and must not be written over.
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
    """Keep the day on which each address was asked last."""
    write(path, json.dumps(asked, indent=1, sort_keys=True) + "\n")
