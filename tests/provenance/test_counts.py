"""Counts in records, repeated by ``abicase verify`` in real git repositories."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from abicase.outputs.documents import documents
from abicase.provenance import git
from abicase.render.renderer import Renderer
from abicase.schema.addresses import Site
from abicase.schema.case import CountSource
from conftest import Run, loaded
from test_verify import Repository

pytestmark = pytest.mark.slow

COUNTS: list[dict[str, Any]] = [
    {"commits": "v1.1", "result": 4},
    {"commits": "v1.0..v1.1", "result": 2},
    {"commits": "v1.1~2", "result": 2},
    {"commits": "v1.1", "touching": ["tools"], "result": 2},
    {"commits": "v1.1", "touching": ["src/*.c"], "also": ["tools"], "result": 1},
    {"commits": "v1.1", "author": "Bea|Cid", "result": 1},
    {"commits": "v1.1", "message": "^POUR:", "ignore_case": True, "result": 2},
    {"commits": "v1.1", "message": "^pour:", "invert": True, "result": 2},
    {"commits": "v1.1", "since": "2020-01-10", "until": "2020", "result": 3},
    {"commits": "v1.1", "touching": ["src"], "also": ["tools"], "until": "2020-05", "result": 1},
    {"commits": "v1.1", "full_history": True, "no_merges": True, "touching": ["src"], "result": 3},
    {"matches": "^[a-z]+: ", "at": "v1.1", "count": "lines", "result": 3},
    {"matches": "p[a-z]*r", "at": "v1.1", "count": "texts", "result": 1},
    {"matches": "add", "at": "v1.1", "count": "texts", "result": 1},
    {"matches": "^", "at": "v1.1", "below": ["src/*.c", "tools"], "count": "files", "result": 2},
    {"matches": "nothing", "at": "v1.0", "count": "lines", "result": 0},
    {"matches": "--open-files-in-pager=touch pwned", "at": "v1.1", "count": "files", "result": 0},
    {"commits": "v1.1", "touching": ["!tools"], "result": 3},
    {"commits": "v1.1", "touching": ["src"], "also": ["!src"], "result": 1},
    {"matches": "^", "at": "v1.1", "below": ["t*", "!tools/*"], "count": "files", "result": 0},
    {"matches": "^", "at": "v1.1", "below": ["!tools"], "count": "files", "result": 1},
]


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Return a repository: v1.0 has two commits; of v1.1's two, one is in both folders."""
    repository = Repository(tmp_path / "teapot")
    repository.commit("Begin", date="2019-12-01")
    repository.commit("pour: add it")
    repository.git("tag", "v1.0")
    tool = repository.path / "tools" / "kettle"
    tool.parent.mkdir()
    tool.write_text("steep: in the tool\n", encoding="utf-8")
    repository.commit("pour: and its caller", date="2020-05-05")
    tool.write_text("steep: in the tool\npour again\n", encoding="utf-8")
    repository.git("add", "-A")
    repository.git("commit", "-q", "-m", "tools: again", author="Bea Example", date="2020-06-01")
    repository.git("tag", "v1.1")
    return repository


def counted(book: Path, *counts: dict[str, Any]) -> Path:
    """Give the small casebook some counts, and nothing else to verify."""
    path = book / "cases" / "pour.yml"
    text = path.read_text("utf-8")
    begin, end = text.index("  counted:\n"), text.index("events:\n")
    measured = json.dumps([{"what": "of them"} | count for count in counts])
    source = f"  counted:\n    measured: {measured}\n    repository: teapot\n"
    source += "    checked: 2024-05-03\n    how: counted\n"
    path.write_text(text[:begin] + source + text[end:], encoding="utf-8")
    return path


def verified(run: Run, book: Path, clone: Path) -> tuple[int, list[str]]:
    """Return the exit status, and the lines about counts."""
    result = run("abicase", "verify", "pour", "--git", f"teapot={clone}", "-r", book)
    assert "Traceback" not in result.stderr
    lines = [line for line in result.stdout.splitlines() if "sources.counted" in line]
    return result.returncode, lines


def test_what_is_counted_again_is_equal(
    book: Path, repository: Repository, run: Run, tmp_path: Path
) -> None:
    counted(book, *COUNTS)
    assert verified(run, book, repository.path)[1] == []
    assert not list(tmp_path.rglob("pwned"))
    source = loaded(book).cases["pour"].sources["counted"]
    assert isinstance(source, CountSource)
    for one in source.measured:  # so does the command that the page shows
        shown = subprocess.run(
            ["sh", "-c", one.command], cwd=repository.path, capture_output=True, check=True
        )
        assert (int(shown.stdout), shown.stderr) == (one.result, b""), one.command
    # What a repository is configured to print does not change what is counted.
    repository.git("config", "grep.patternType", "fixed")
    repository.git("config", "grep.lineNumber", "true")
    repository.git("config", "color.grep", "always")
    repository.git("config", "core.worktree", str(tmp_path))
    assert verified(run, book, repository.path)[1] == []


def test_another_number_is_a_problem_at_its_place(
    book: Path, repository: Repository, run: Run
) -> None:
    path = counted(book, COUNTS[0], COUNTS[3] | {"result": 7})
    code, lines = verified(run, book, repository.path)
    line = path.read_text("utf-8").splitlines()[38]
    assert (code, lines) == (
        1,
        [
            f"records/cases/pour.yml:39:{line.rindex('7') + 1}: wrong: sources.counted.measured[1]"
            ".result: the number is 2, not 7, by git rev-list v1.1 -- tools | wc -l"
        ],
    )


@pytest.mark.parametrize(
    ("options", "count", "message"),
    [
        (["--depth=1"], COUNTS[0], "this clone is shallow, and may lack commits of v1.1"),
        (["--depth=1"], COUNTS[2], "this clone has no v1.1~2, and is shallow"),
        (["--no-tags"], COUNTS[0], "this clone has no v1.1"),
        (["--filter=tree:0"], COUNTS[3], "lacks data that this needs"),
        (["--filter=blob:none"], COUNTS[11], "lacks data that this needs"),
        ([], {"commits": "v1.1~9", "result": 1}, "v1.1~9 is not a commit"),
        ([], {"commits": "0123456789ab", "result": 1}, "this clone has no 0123456789ab"),
    ],
)
def test_what_a_clone_lacks_is_not_counted(
    book: Path, repository: Repository, run: Run, options: list[str], count: Any, message: str
) -> None:
    repository.git("config", "uploadpack.allowFilter", "true")
    clone = book.parent / "clone"
    address = f"file://{repository.path}"
    command = ["git", "clone", "-q", "--no-checkout", *options, address, str(clone)]
    subprocess.run(command, check=True, capture_output=True)
    if "--depth=1" in options:
        subprocess.run(["git", "-C", clone, "tag", "v1.1", "-f"], check=True, capture_output=True)
    counted(book, count)
    _, (line,) = verified(run, book, clone)
    assert message in line
    assert (": wrong: " in line) == ("not a commit" in message)


@pytest.mark.parametrize(
    ("script", "message"),
    [("exec sleep 60", "took more than 0.2 seconds"), ("exec yes", "printed more than 1,000")],
)
def test_a_command_that_does_not_end_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, message: str
) -> None:
    fake = tmp_path / "git"
    fake.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(git, "_SECONDS", 0.2 if "sleep" in script else 60)
    monkeypatch.setattr(git, "_BYTES", 1000)
    begun = time.monotonic()
    with pytest.raises(git.GitError, match=message):
        git.run("grep", limited=True)
    assert time.monotonic() - begun < 30


def test_pages_and_the_api_have_number_and_command(book: Path, run: Run, tmp_path: Path) -> None:
    counted(book, COUNTS[4] | {"what": "commits to both"}, COUNTS[11])
    out = tmp_path / "out"
    assert run("abicase", "render", out, "-r", book).returncode == 0
    page = (out / "cases" / "pour.md").read_text("utf-8")
    command = "git rev-list v1.1 -- &#39;src/*.c&#39; | git diff-tree --stdin --root -r -s"
    assert command in page
    assert "1 commits to both; 3 of them" in page, "next to the event"
    catalogue, site = loaded(book), Site("https://tea.example/")
    files = dict(documents(catalogue, site, Renderer(catalogue, site=site).reply))
    case = json.loads(files["api/v1/cases/pour.json"])["case"]
    (source,) = [one for one in case["sources"] if one["id"] == "counted"]
    assert source["source_kind"] == "measurement"
    assert (source["result"], source["at"]) == ("1 commits to both; 3 of them", "v1.1")
    assert [one["result"] for one in source["counts"]] == [1, 3]
    assert source["counts"][0]["also"] == ["tools"]
    assert source["command"] == "; ".join(one["command"] for one in source["counts"])
