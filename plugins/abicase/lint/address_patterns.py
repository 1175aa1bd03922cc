"""Address patterns: those of repositories and of the mail archive can be filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from abicase.lint.records import RecordSet
from abicase.lint.rule import rule
from abicase.problems.problem import Problem

PATTERN_PLACEHOLDERS = {
    "commit": {"commit"},
    "file": {"path", "at"},
    "mail_archive": {"message_id"},
}
"""The placeholders of each field that is an address pattern."""


@rule("bad-pattern")
def address_patterns_have_their_placeholders(records: RecordSet) -> Iterator[Problem]:
    """The address patterns of repositories and of the mail archive can be filled in."""
    for entry in records.every():
        if entry.kind not in ("repository", "casebook"):
            continue
        for name, wanted in PATTERN_PLACEHOLDERS.items():
            pattern = getattr(entry.record, name, None)
            if pattern is not None and set(re.findall(r"\{([^}]*)\}", pattern)) != wanted:
                braces = " and ".join(f"{{{word}}}" for word in sorted(wanted))
                message = f"the pattern has to have {braces}, and no other placeholder"
                yield from entry.tell("bad-pattern", (name,), message)
