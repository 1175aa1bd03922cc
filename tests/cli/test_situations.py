"""Seven reviews in a terminal: one command finds the rule, the next prints the reply."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import ROOT, Run, real
from queries import SITUATIONS


@pytest.mark.slow
def test_a_reviewer_finds_and_cites(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ABICASE_CACHE", str(tmp_path / "kept"))  # like a reviewer's
    site = ("--site-url", "https://casebook.example/")
    for query, wanted in SITUATIONS:
        result = run("abicase", "find", *query.split(), "-n", "3", *site, cwd=ROOT)
        assert f"lesson/{wanted}\n" in result.stdout, query
        reply = run("abicase", "cite", f"lesson/{wanted}", *site, cwd=ROOT).stdout
        lines = reply.splitlines()
        lesson = real().lessons[wanted]
        assert lesson.cite is not None
        assert " ".join(lines).startswith(lesson.cite.ask)
        assert lines[-1].startswith(f"Link: https://casebook.example/L/{wanted}/ # as of 2026-")
        assert len(lines) <= 20
