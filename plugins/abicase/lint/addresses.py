"""Addresses of sources: their patterns must be complete, and the addresses must be https."""

from __future__ import annotations

import re
from collections.abc import Iterator

from abicase.lint.records import RecordSet
from abicase.lint.rule import rule
from abicase.problems.problem import CASEBOOK_FILE, Problem
from abicase.schema.addresses import document_at
from abicase.schema.argument import Lesson
from abicase.schema.case import CommitSource, FileSource, MailSource
from abicase.schema.fields import Holds, is_address, no_https
from abicase.schema.records import KINDS
from abicase.schema.shapes import walk
from abicase.source.reading import Entry
from abicase.source.yamltext import Path

PATTERN_PLACEHOLDERS = {
    "commit": {"commit"},
    "file": {"path", "at"},
    "mail_archive": {"message_id"},
}
"""The placeholders of each field that is an address pattern."""


@rule("bad-pattern")
def address_patterns_have_their_placeholders(records: RecordSet) -> Iterator[Problem]:
    """The address patterns of repositories and of the mail archive have their placeholders."""
    for entry in records.every():
        if entry.kind not in ("repository", "casebook"):
            continue
        for name, wanted in PATTERN_PLACEHOLDERS.items():
            pattern = getattr(entry.record, name, None)
            if pattern is not None and set(re.findall(r"\{([^}]*)\}", pattern)) != wanted:
                braces = " and ".join(f"{{{word}}}" for word in sorted(wanted))
                message = f"the pattern must have {braces}, and no other placeholder"
                yield from entry.tell("bad-pattern", (name,), message)
        for number, documents in enumerate(getattr(entry.record, "documents", ())):
            for name in ("file", "address"):
                if re.findall(r"\{([^}]*)\}", getattr(documents, name)) != ["page"]:
                    message = "the pattern must have {page} once, and no other placeholder"
                    yield from entry.tell("bad-pattern", ("documents", number, name), message)


@rule("missing-field", kind="case")
def sources_can_be_linked(records: RecordSet, entry: Entry) -> Iterator[Problem]:
    """Every source of a case has an address pattern for its kind."""
    seen: set[tuple[str, str]] = set()
    for id_, source in entry.record.sources.items():
        if isinstance(source, MailSource) and not is_address(source.mail):
            holder, file, field = records.casebook, CASEBOOK_FILE, "mail_archive"
        elif isinstance(source, CommitSource | FileSource):
            holder = records.entry("repository", source.repository)
            file = f"{KINDS['repository'][0]}/{source.repository}.yml"
            field = "commit" if isinstance(source, CommitSource) else "file"
        else:
            continue
        if holder is None or getattr(holder.record, field) or (file, field) in seen:
            continue
        seen.add((file, field))  # reported once per case
        if holder.sound:  # otherwise it may be there under a mistyped name
            braces = "".join(f"/{{{word}}}" for word in sorted(PATTERN_PLACEHOLDERS[field]))
            message = f"this can't be linked: {file} has no field {field!r}"
            hint = f"add {field}: https://…{braces}"
            yield from entry.tell("missing-field", ("sources", id_), message, hint, key=True)


@rule("bad-link")
def links_are_https(records: RecordSet, entry: Entry) -> Iterator[Problem]:
    """Addresses of sources begin with ``https://``, unless the casebook allows ``http://``."""
    allowed = records.casebook is None or records.casebook.record.allow_http
    if allowed or "http://" not in entry.document.text:
        return
    for path, text, shape, _ in walk(entry.record):
        if Holds.LINK in shape.metadata and text.startswith("http://"):
            yield from entry.tell("bad-link", path, *no_https(text))


@rule("missing-field", kind="lesson")
def documents_can_be_linked(records: RecordSet, entry: Entry) -> Iterator[Problem]:
    """Every document that states a lesson has an address."""
    casebook = records.casebook
    if casebook is None or casebook.lacks("documents"):
        return
    lesson: Lesson = entry.record
    for number, document in enumerate(lesson.documented_in):
        if document_at(casebook.record.documents, document.file) is None:
            message = f"this can't be linked: no documents of {CASEBOOK_FILE} fit {document.file!r}"
            hint = "add them: {file: 'docs/{page}', address: 'https://…/{page}'}"
            path: Path = ("documented_in", number, "file")
            yield from entry.tell("missing-field", path, message, hint)
