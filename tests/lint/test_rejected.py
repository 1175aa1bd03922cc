"""Records that must be rejected, with the exact problems expected.

Each file in ``rejected/`` changes one file of the small casebook and lists what ``abicase check`` prints.
``UPDATE_GOLDEN=1`` writes the lists again; read the difference.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
import yaml

from abicase.problems.codes import CODES
from conftest import ROOT, Run

REJECTED = sorted((ROOT / "tests" / "rejected").glob("*.yml"))
NOT_BY_RECORDS = {
    "directive",
    "patch",
    "template",
    "broken-permalink",
    "content-policy",
    "dead-link",
    "invalid-html",
    "other-host",
    "reworded",
    "rewritten",
    "taken-out",
    "unpublished",
    "untried-sign",
}
"""Codes of problems in hand-written pages, in templates, in patches, on built sites and in the history of the
ledger; see test_handwritten, test_render, test_patches, test_links, test_rewordings and
test_inspect."""
NOT_BY_TEXT = {"encoding", "huge-file", "unreadable"}
"""Codes of files that can't be written in YAML; see the tests below."""
NOT_BY_ONE_FILE = {"refuted"}
"""Codes of problems that take many records; see the tests below."""


def change(book: Path, path: Path) -> None:
    """Change a file of the small casebook as a file in ``rejected/`` says."""
    case = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    target = book / case["file"]
    if "text" in case:
        target.parent.mkdir(exist_ok=True)
        target.write_text(case["text"], encoding="utf-8")
    for edit in case.get("edits", ()):
        before = target.read_text(encoding="utf-8")
        assert edit["replace"] in before, "the edit has nothing to replace"
        target.write_text(before.replace(edit["replace"], edit["by"]), encoding="utf-8")


@pytest.mark.parametrize("path", REJECTED, ids=lambda path: path.stem)
def test_rejected(path: Path, book: Path, run: Run) -> None:
    text = path.read_text(encoding="utf-8")
    change(book, path)
    result = run("abicase", "check", cwd=book)
    assert "Traceback" not in result.stderr
    problems = [re.sub(r"\d+ days ago", "N days ago", line) for line in result.stdout.splitlines()]
    assert result.returncode == any(": error: " in problem for problem in problems)
    if os.environ.get("UPDATE_GOLDEN"):
        head = text[: re.search(r"^problems:\n", text, re.MULTILINE).end()]  # type: ignore[union-attr]
        lines = "".join(f"  - >-\n    {problem}\n" for problem in problems)
        path.write_text(head + lines, encoding="utf-8")
    assert problems == yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)["problems"]


def test_every_code_is_shown_at_work() -> None:
    shown = set()
    for path in REJECTED:
        shown |= set(re.findall(r": (?:error|warning): ([a-z-]+):", path.read_text("utf-8")))
    assert shown == set(CODES) - NOT_BY_RECORDS - NOT_BY_TEXT - NOT_BY_ONE_FILE


def test_a_finding_that_no_longer_holds(book: Path, run: Run) -> None:
    """Three cases of one pattern are fast, and three of the other slow."""
    with (book / "casebook.yml").open("a", encoding="utf-8") as casebook:
        casebook.write("finding: {text: No place is ahead, axis: speed, on: 2024-01-01}\n")
    assert run("abicase", "check", cwd=book).stdout == "No problems.\n"
    for name in ("pour", "steep"):
        text = (book / "cases" / f"{name}.yml").read_text("utf-8")
        for number in (2, 3):
            more = text.replace(f"id: {name}\n", f"id: {name}-{number}\n", 1)
            (book / "cases" / f"{name}-{number}.yml").write_text(more, encoding="utf-8")
    result = run("abicase", "check", cwd=book)
    assert (
        ": warning: refuted: finding.text: the patterns now differ on 'speed': 'fast' is "
        "3 of 3 together, 0 of 3 apart (write what the records show now)"
    ) in result.stdout


def test_files_that_are_no_text(book: Path, run: Run) -> None:
    (book / "cases" / "latin.yml").write_bytes(b"id: latin\nname: caf\xe9\n")
    (book / "cases" / "huge.yml").write_bytes(b"a" * 1_000_001)
    (book / "cases" / "link.yml").symlink_to("/etc/hostname")
    (book / "cases" / "nowhere.yml").symlink_to("/does/not/exist")
    os.mkfifo(book / "cases" / "pipe.yml")
    (book / "casebook.yml").unlink()
    result = run("abicase", "check", "--records", book, cwd=book.parent, timeout=20)
    assert result.stdout.splitlines() == [
        "records/casebook.yml:1:1: error: unreadable: the file is missing; it has the settings that all records share"
        " (create it with abicase new casebook TITLE --records records)",
        "records/cases/huge.yml:1:1: error: huge-file: the file has more than 1,000,000 bytes",
        "records/cases/latin.yml:2:10: error: encoding: byte 0xe9 is not valid UTF-8 (save the file as UTF-8)",
        "records/cases/link.yml:1:1: error: unreadable: this is not a regular file",
        "records/cases/nowhere.yml:1:1: error: unreadable: this is not a regular file",
        "records/cases/pipe.yml:1:1: error: unreadable: this is not a regular file",
    ]


def test_folders_that_are_not_looked_into(book: Path, run: Run) -> None:
    assert run("abicase", "check", cwd=book).stdout == "No problems.\n"
    elsewhere = (book / "lessons").rename(book.parent / "elsewhere")
    (book / "lessons").symlink_to(elsewhere)
    (book / "nowhere").symlink_to("/does/not/exist")
    (book / "away").symlink_to(book.parent)
    (book / ".hidden").symlink_to(elsewhere)
    result = run("abicase", "check", cwd=book)
    link = "this is a symbolic link to a folder, and links are not followed (make it a folder, and put the records themselves into it)"
    assert result.returncode == 1
    assert result.stdout.splitlines() == [
        f"away:1:1: error: unreadable: {link}",
        f"lessons:1:1: error: unreadable: {link}",
    ], "one cause, said once: what leads to a lesson is not judged"


def test_a_link_is_seen_though_nothing_else_changes(book: Path, run: Run) -> None:
    shutil.rmtree(book / "pairs")
    assert run("abicase", "check", cwd=book).stdout == "No problems.\n"
    (book / "pairs").symlink_to(book.parent)
    assert run("abicase", "check", cwd=book).stdout.startswith("pairs:1:1: error: unreadable: ")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read(book: Path, run: Run) -> None:
    (book / "pairs").chmod(0)
    result = run("abicase", "check", cwd=book)
    (book / "pairs").chmod(0o700)
    assert result.returncode == 1
    assert (
        "pairs:1:1: error: unreadable: the folder can't be read: Permission denied" in result.stdout
    )
