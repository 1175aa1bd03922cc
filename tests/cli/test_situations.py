"""Seven reviews in a terminal: one command finds the rule, the next prints the reply."""

from __future__ import annotations

import pytest

from conftest import ROOT, Run, real
from queries import SITUATIONS


@pytest.mark.slow
@pytest.mark.parametrize(("query", "wanted"), SITUATIONS, ids=[query for query, _ in SITUATIONS])
def test_a_reviewer_finds_and_cites(query: str, wanted: str, run: Run) -> None:
    site = ("--site-url", "https://casebook.example/")
    result = run("abicase", "find", *query.split(), "-n", "3", *site, cwd=ROOT)
    assert f"lesson/{wanted}\n" in result.stdout
    reply = run("abicase", "cite", f"lesson/{wanted}", *site, cwd=ROOT).stdout
    lines = reply.splitlines()
    lesson = real().lessons[wanted]
    assert lesson.cite is not None
    assert " ".join(lines).startswith(lesson.cite.ask)
    assert lines[-1].startswith(f"Link: https://casebook.example/L/{wanted}/ # as of 2026-")
    assert len(lines) <= 20
