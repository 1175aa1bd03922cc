"""`abicase list`: the ids that records can name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import Run


def test_ids_and_titles(book: Path, run: Run) -> None:
    result = run("abicase", "list", cwd=book)
    assert (result.returncode, result.stderr) == (0, "")
    counts = dict(line.split() for line in result.stdout.splitlines())
    for word, listed in (
        (
            "cases",
            [
                "pour   pour(): a function that took & <gave>",
                "steep  steep(): a function that was released first",
            ],
        ),
        ("patterns", ["together  Together", "apart     Apart"]),
        ("pairs", ["pour-vs-steep  pour() and steep()"]),
        ("lanes", ["library  Library", "joint    Library and callers", "callers  Callers"]),
        ("interfaces", ["function     Function", "file-format  File format"]),
    ):
        assert run("abicase", "list", word, cwd=book).stdout.splitlines() == listed
        assert counts[word] == str(len(listed))
    assert counts.keys() == {
        "axes", "cases", "claims", "groups", "interfaces", "kinds", "lanes", "lessons", "pairs", "patterns",
        "repositories", "stages", "trees",
    }  # fmt: skip
    kinds = run("abicase", "list", "kinds", cwd=book).stdout.splitlines()
    assert kinds[0] == "proposal       Proposal"
    assert len(kinds) == int(counts["kinds"])
    rows = json.loads(run("abicase", "list", "stages", "-f", "json", cwd=book).stdout)
    assert rows[0] == {"id": "try-it", "title": "Somebody tries it", "draft": False}
    rows = json.loads(run("abicase", "list", "-f", "json", cwd=book).stdout)
    assert {"kind": "stages", "count": int(counts["stages"])} in rows
    result = run("abicase", "list", "lesson", cwd=book)
    assert result.returncode == 2
    assert "there is no list of 'lesson' (did you mean 'lessons'?)" in result.stderr


def test_drafts_and_broken_records(book: Path, run: Run) -> None:
    path = book / "cases" / "steep.yml"
    path.write_text(path.read_text("utf-8").replace("\nname", "\ndraft: true\nname"), "utf-8")
    (book / "claims" / "faster.yml").write_text("id: [", encoding="utf-8")
    result = run("abicase", "list", "cases", cwd=book)
    assert result.returncode == 0
    assert result.stdout.endswith("steep(): a function that was released first  (draft)\n")
    for arguments, shown in ((["claims"], ""), (["claims", "-f", "json"], "[]\n")):
        result = run("abicase", "list", *arguments, cwd=book)
        assert (result.returncode, result.stdout) == (3, shown)
        assert "Left out because of errors: claims/faster.yml" in result.stderr
    assert run("abicase", "list", cwd=book).returncode == 3


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("abicase list l", ["lessons", "lanes"]),
        ("abicase event add p", ["pour"]),
        ("abicase event add pour --lane jo", ["joint"]),
        ("abicase event add pour --kind com", ["compatibility", "comment"]),
        ("abicase event checked pour un", ["unit-named"]),
    ],
)
def test_completion(
    words: str, wanted: list[str], book: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_ABICASE_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split()) - 1))
    result = run("abicase", cwd=book)
    assert [line.partition(",")[2] for line in result.stdout.splitlines()] == wanted
