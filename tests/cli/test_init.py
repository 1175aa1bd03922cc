"""`abicase init`: a casebook on any domain, in a folder of its own."""

from __future__ import annotations

import json
import os
import pty
import re
import sys
from pathlib import Path

import pytest
import yaml

from conftest import ROOT, Run, started
from domains import FIRST_DOMAIN

MORE = re.compile(r"(?i)\b(?:perf|virtio)\b")
MERGED = re.compile(r"\bmerged?\b")
"""Words about merging, which also happens to branches and names a kind of event."""
SKELETON = ROOT / "plugins" / "abicase" / "authoring" / "skeleton"
TITLE = 'Formats: "old" #1 & <b>'
DRAFTED, FINISHED = "casestudies/cases/beacon.yml", "casestudies/cases/tally.yml"


def held(folder: Path) -> dict[str, str]:
    """Every file of a folder, with its text."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in files}


def test_a_whole_casebook(tmp_path: Path, run: Run) -> None:
    result = run("abicase", "init", "of formats/new", "--title", TITLE)
    assert result.returncode == 0, result.stderr
    project = tmp_path / "of formats" / "new"
    begun = held(project)
    count, _, folder = result.stdout.splitlines()[0].partition(" files written to ")
    assert (int(count), folder) == (len(begun), "of formats/new")
    assert "cd 'of formats/new' && make serve\n" in result.stdout
    assert result.stdout.count("\n  - ") == 3

    records = [path.split("/")[1] for path in begun if path.startswith("casestudies/")]
    assert {kind: records.count(kind) for kind in records} == {
        "casebook.yml": 1,
        "axes": 2,
        "patterns": 2,
        "claims": 1,
        "lessons": 1,
        "cases": 2,
    }
    assert "\ndraft: true\n" in begun[DRAFTED]
    assert "draft:" not in begun[FINISHED]
    for name, text in begun.items():
        assert not FIRST_DOMAIN.search(MERGED.sub("", text)), name
        assert not MORE.search(text), name
        if name.startswith("casestudies/"):
            assert re.search(r"(?mi)^ *# .*\bexample\b", text), f"{name} does not say what it is"
    assert json.loads(begun[".vscode/settings.json"])["yaml.schemas"]
    assert yaml.load(begun["mkdocs.yml"], yaml.BaseLoader)["site_name"] == TITLE
    assert yaml.load(begun["casestudies/casebook.yml"], yaml.BaseLoader)["title"] == TITLE
    assert re.search(r"(?m)^mkdocs-abicase @ \S+$", begun["requirements.txt"])

    assert run("abicase", "check", cwd=project).stdout == "No problems.\n"
    assert run("abicase", "fmt", "--check", cwd=project).returncode == 0


@pytest.mark.parametrize(
    ("noted", "requirement"),
    [
        (
            {"url": "https://git.example/a.git", "vcs_info": {"vcs": "git", "commit_id": "1f"}},
            "# .venv/bin/pip freeze > requirements.txt\ngit+https://git.example/a.git@1f\n",
        ),
        (
            {"url": "file:///a/b.whl", "archive_info": {}},
            "that of a repository or a wheel.\nmkdocs-abicase @ file:///a/b.whl\n",
        ),
        (None, "\nmkdocs-abicase==7.1\n"),
    ],
)
def test_the_package_is_required_from_where_it_came(
    tmp_path: Path,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    noted: dict[str, str] | None,
    requirement: str,
) -> None:
    installed = tmp_path / "lib" / "mkdocs_abicase-7.1.dist-info"
    installed.mkdir(parents=True)
    (installed / "METADATA").write_text("Name: mkdocs-abicase\nVersion: 7.1\n", encoding="utf-8")
    if noted:
        (installed / "direct_url.json").write_text(json.dumps(noted), encoding="utf-8")
    (tmp_path / "new").mkdir()
    abicase = Path(sys.executable).with_name("abicase")
    code = (
        f"import sys; sys.path.insert(0, {str(installed.parent)!r});"
        f" sys.argv = [{str(abicase)!r}, 'init', 'new'];"
        " from abicase.cli.main import main; main()"
    )
    result = run("python", "-c", code)
    assert result.returncode == 0, result.stderr
    assert requirement in (tmp_path / "new" / "requirements.txt").read_text("utf-8")


def test_nothing_is_overwritten(tmp_path: Path, run: Run) -> None:
    project = tmp_path / "project"
    (project / "docs").mkdir(parents=True)
    (project / "README.md").write_text("Mine\n", encoding="utf-8")
    (tmp_path / "file").write_text("Mine\n", encoding="utf-8")
    (tmp_path / "nowhere").symlink_to("gone/away")
    (tmp_path / "cloned" / ".git").mkdir(parents=True)
    before = held(tmp_path)
    for arguments, message in (
        (["project"], "project contains 'README.md'; name a new folder"),
        (["project", "--yes"], "begin with abicase new casebook TITLE"),
        (["file"], "'file' is a file"),
        (["file/below"], "file/below can't be written: Not a directory"),
        (["nowhere"], "nowhere can't be read: No such file or directory"),
        (["new", "--title", "a\nb"], "the title must be a single line of text"),
        (["new", "--title", " "], "the title must be a single line of text"),
        (["new", "--title", "a", "--title", "b"], "--title takes one value, but is given twice"),
    ):
        result = run("abicase", "init", *arguments)
        assert (result.returncode, result.stdout) == (2, ""), result.stderr
        assert message in " ".join(result.stderr.split()), arguments
        assert held(tmp_path) == before
    assert run("abicase", "init", ".", cwd=tmp_path / "cloned").returncode == 0
    assert (tmp_path / "cloned" / "casestudies").is_dir(), "an empty clone is an empty folder"


@pytest.mark.parametrize(
    ("typed", "more", "status", "title"),
    [
        (b"Tea\n", [], 0, "Tea"),
        (b"\n", [], 0, "Tea bags"),
        (b"", ["--yes"], 0, "Tea bags"),
        (b"\x04", [], 130, None),
    ],
)
def test_the_title_is_asked_for_in_a_terminal(
    tmp_path: Path, typed: bytes, more: list[str], status: int, title: str | None
) -> None:
    ours, theirs = pty.openpty()
    command = [str(Path(sys.executable).with_name("abicase")), "init", "tea-bags", *more]
    process = started(command, cwd=tmp_path, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    printed = b""
    while True:
        try:
            if not (some := os.read(ours, 1000)):
                break
        except OSError:  # the other end is closed
            break
        if typed and b"Title [Tea bags]: " in printed + some:
            os.write(ours, typed)
            typed = b""
        printed += some
    os.close(ours)
    assert process.wait(60) == status, printed
    assert b"Traceback" not in printed
    assert (tmp_path / "tea-bags").exists() == (title is not None)
    if title is not None:
        book = (tmp_path / "tea-bags" / "casestudies" / "casebook.yml").read_text("utf-8")
        assert f"\ntitle: {title}\n" in book


def test_what_this_project_has_too_is_the_same() -> None:
    """So that a fix here reaches the casebooks that are begun."""

    def matched(pattern: str, file: str) -> list[list[str]]:
        return [
            re.findall(pattern, (folder / file).read_text("utf-8")) for folder in (ROOT, SKELETON)
        ]

    for file, pattern in (
        ("Makefile", r"(?m)^(?:begin|finish) = .*(?:\\\n.*)*"),
        ("overrides/main.html", r"(?m)^\{% block \w+ %\}.*replace.*"),
        ("overrides/main.html", r"(?s)\{% block extrahead %\}.*?\{% endblock %\}"),
        (".gitattributes", r"(?m)^.* merge=union$"),
        ("mkdocs.yml", r"(?m)^validation:\n(?: .*\n)+"),
        (".vscode/settings.json", r'(?s)"yaml\.schemas": \{.*?\}'),
    ):
        ours, theirs = matched(pattern, file)
        assert theirs, file
        assert theirs == ours


def test_its_hooks_are_its_checks() -> None:
    hooks = yaml.safe_load((SKELETON / ".pre-commit-config.yaml").read_text("utf-8"))
    entries = [hook["entry"] for hook in hooks["repos"][0]["hooks"]]
    makefile = (SKELETON / "Makefile").read_text("utf-8")
    checks = re.findall(r"(?m)^check:.*\n((?:\t.*\n)+)", makefile)[0]
    checks = checks.replace(" --format $(ABICASE_FORMAT)", "").replace("\t$(BIN)/", ".venv/bin/")
    assert checks.splitlines() == entries
