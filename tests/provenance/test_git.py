"""Repositories as data: missing objects, user settings, failures."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from abicase.source.reading import read
from conftest import ROOT, Run
from test_verify import Repository, cited, verified

pytestmark = pytest.mark.slow

FILE = """  old:
    file: src/pour.c
    repository: teapot
    at: v1.0
    checked: 2024-05-01
    how: looked
events:
"""


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Return a repository: v1.0 has two commits, v1.1 a third; it supports partial clones."""
    repository = Repository(tmp_path / "teapot")
    repository.commit("Begin", date="2019-12-01")
    repository.commit("pour: käse", author="José")
    repository.git("tag", "v1.0")
    repository.commit("steep: add it", date="2020-05-05")
    repository.git("tag", "v1.1")
    repository.git("config", "uploadpack.allowFilter", "true")
    return repository


@pytest.fixture
def citing(book: Path, repository: Repository) -> Path:
    """Return the small casebook, in which a case cites the second commit and a file at its tag."""
    cited(book, repository.git("rev-parse", "v1.0"), subject="pour: käse", author="José")
    path = book / "cases" / "pour.yml"
    text = path.read_text("utf-8").replace("events:\n", FILE, 1)
    path.write_text(
        text.replace("[first-commit, counted]", "[first-commit, counted, old]"), "utf-8"
    )
    return book


def cloned(repository: Repository, *options: str) -> Path:
    """Clone over a transport, so that the clone can be partial."""
    target = repository.path.with_name("clone")
    subprocess.run(
        ["git", "clone", "-q", *options, f"file://{repository.path}", target], check=True
    )
    return target


def lacking(clone: Path) -> set[str]:
    """Return the objects that a partial clone lacks."""
    command = ["git", "-C", str(clone), "rev-list", "--objects", "--all", "--missing=print"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return {line for line in listed.splitlines() if line.startswith("?")}


def test_only_one_module_runs_git() -> None:
    modules = (ROOT / "plugins").rglob("*.py")
    starting = {m.name for m in modules if "import subprocess" in m.read_text("utf-8")}
    assert starting == {"git.py", "inspection.py", "matching.py"}, "the others run no git"


# What is not there


def test_a_file_is_there_without_its_contents(
    citing: Path, repository: Repository, run: Run
) -> None:
    clone = cloned(repository, "--filter=blob:none", "--no-checkout")
    before = lacking(clone)
    assert before
    assert verified(run, citing, "--git", f"teapot={clone}", "pour")[:2] == (0, [])
    assert lacking(clone) == before, "nothing was fetched"


def test_a_file_in_folders_that_are_not_there_is_not_judged(
    citing: Path, repository: Repository, run: Run
) -> None:
    clone = cloned(repository, "--filter=tree:0", "--no-checkout")
    before = lacking(clone)
    code, lines, summary = verified(run, citing, "--git", f"teapot={clone}", "pour")
    assert (code, summary) == (3, "1 confirmed, 0 wrong, 1 not checked.")
    assert "unchecked: sources.old: not read: " in lines[0]
    assert lacking(clone) == before, "nothing was fetched"


def test_a_commit_that_a_partial_clone_does_not_have_is_not_fetched(
    book: Path, repository: Repository, run: Run
) -> None:
    clone = cloned(repository, "--filter=blob:none")
    cited(book, repository.commit("pour: add it, later"), date="2020-01")
    code, lines, _ = verified(run, book, "--git", f"teapot={clone}", "pour")
    assert code == 1
    assert "there is no commit" in lines[0]


def test_a_shallow_clone_does_not_tell_what_a_release_lacks(
    citing: Path, repository: Repository, run: Run
) -> None:
    clone = cloned(repository, "--depth=1", "--branch=main", "--no-tags")
    fetch = ["git", "-C", str(clone), "fetch", "-q", "--depth=1", "origin"]
    subprocess.run([*fetch, "refs/tags/v1.0:refs/tags/v1.0"], check=True)
    subprocess.run([*fetch, "refs/tags/v1.1:refs/tags/v1.1"], check=True)
    path = citing / "cases" / "pour.yml"
    path.write_text(path.read_text("utf-8").replace("release: v1.0", "release: v1.1"), "utf-8")
    code, lines, _ = verified(run, citing, "--git", f"teapot={clone}", "pour")
    assert code == 3
    assert "the rest is confirmed, but this clone is shallow" in lines[0]


def test_no_first_release_is_taken_from_a_shallow_clone(
    book: Path, repository: Repository, run: Run
) -> None:
    first = repository.git("rev-parse", "v1.0~1")
    repository.git("tag", "first", first)
    clone = cloned(repository, "--depth=1", "--branch=main")
    for tag in ("first", "v1.0", "v1.1"):
        fetch = ["git", "-C", str(clone), "fetch", "-q", "--depth=1", "origin", "tag", tag]
        subprocess.run(fetch, check=True)
    arguments = ("--commit", first, "--git", f"teapot={clone}")
    result = run("abicase", "source", "add", "pour", *arguments, cwd=book)
    assert result.returncode == 0, result.stderr
    assert "this clone is shallow, and may lack commits between v1.0 and it" in result.stdout
    assert "    release:" not in result.stdout


def test_a_commit_on_a_branch_that_was_not_cloned(
    book: Path, repository: Repository, run: Run
) -> None:
    clone = cloned(repository, "--single-branch", "--branch=main")
    repository.git("checkout", "-qb", "other")
    cited(book, repository.commit("pour: add it", date="2019-12-02"))
    code, lines, _ = verified(run, book, "--git", f"teapot={clone}", "pour")
    assert code == 3
    assert lines[0].endswith("and has only some of the branches")


def test_a_path_that_is_not_utf_8(citing: Path, repository: Repository, run: Run) -> None:
    odd = os.fsdecode(os.fsencode(repository.path.parent) + b"/tea\xe9")
    shutil.move(repository.path, odd)
    assert verified(run, citing, "--git", f"teapot={odd}", "pour")[:2] == (0, [])


def test_a_first_release_is_not_confirmed_without_the_one_before(
    book: Path, repository: Repository, run: Run
) -> None:
    later = repository.git("rev-parse", "v1.1")
    cited(book, later, subject="steep: add it", date="2020-05-05", release="v1.1")
    repository.git("tag", "-d", "v1.0")
    path = book / "repositories" / "teapot.yml"
    text = path.read_text("utf-8")
    assert verified(run, book, "--git", f"teapot={repository.path}", "pour")[0] == 0, "too early"
    path.write_text(re.sub(r"(?m)^(\s+v1\.0:).*$", r"\1 2020-05-20", text), "utf-8")
    code, lines, _ = verified(run, book, "--git", f"teapot={repository.path}", "pour")
    assert code == 3
    assert lines[0].endswith("has no tag v1.0, which may contain it before v1.1")


def test_a_damaged_object_is_not_missing(citing: Path, repository: Repository, run: Run) -> None:
    commit = repository.git("rev-parse", "v1.0")
    loose = repository.path / ".git" / "objects" / commit[:2] / commit[2:]
    loose.chmod(0o644)
    loose.write_bytes(b"damaged")
    code, lines, _ = verified(run, citing, "--git", f"teapot={repository.path}", "pour")
    assert code == 3
    assert all("unchecked: " in line and "not read: " in line for line in lines)
    assert len(lines) == 2


def published(book: Path, run: Run) -> Path:
    """Return a repository whose ledger lost an entry in the last commit, with its site."""
    project = Repository(book.parent / "project")
    shutil.copytree(book, project.path / "records")
    records = project.path / "records"
    assert run("abicase", "links", "publish", "-r", records).returncode == 0
    project.git("add", "-A")
    project.git("commit", "-qm", "Publish")
    ledger = records / "permalinks.yml"
    text = ledger.read_text("utf-8")
    ledger.write_text(re.sub(r"(?m)^  L/.*\n", "", text, count=1), "utf-8")
    project.git("commit", "-qam", "Take out")
    project.git("config", "uploadpack.allowFilter", "true")
    (project.path / "site").mkdir()
    return project.path


def history(run: Run, project: Path) -> tuple[int, str, str]:
    """Return the problems with the history; the empty site has others anyway."""
    arguments = ("links", "check", "site", "--ledger", "records/permalinks.yml", "--history")
    result = run("abicase", *arguments, cwd=project)
    assert "Traceback" not in result.stderr
    taken = "\n".join(line for line in result.stdout.splitlines() if "taken-out" in line)
    return result.returncode, taken, result.stderr


def test_versions_of_the_ledger_that_are_not_there(book: Path, run: Run) -> None:
    project = published(book, run)
    assert history(run, project)[1]
    for options, why in (
        (("--filter=blob:none",), "this clone lacks 1 of 2 versions of it"),
        (("--depth=1",), "this clone is shallow and has only part of it"),
    ):
        clone = project.with_name("part")
        command = ["git", "clone", "-q", *options, f"file://{project}", str(clone)]
        subprocess.run(command, check=True)
        (clone / "site").mkdir()
        _, taken, said = history(run, clone)
        assert taken == ""
        assert f"The ledger's history was not read, or not all of it: {why}." in said
        shutil.rmtree(clone)


def test_a_ledger_that_is_in_no_commit(book: Path, run: Run) -> None:
    project = published(book, run)
    shutil.rmtree(project / ".git")
    subprocess.run(["git", "init", "-q", project], check=True)
    assert "not all of it: it is not in any commit yet." in history(run, project)[2]


# What the user has set


def hostile(repository: Repository, home: Path) -> dict[str, str]:
    """Yield settings, refs and files that change the output of git commands."""
    mailmap = home / "mailmap"
    mailmap.write_text("Somebody Else <ada@example.org>\n", encoding="utf-8")
    settings = {
        "alias.cat-file": "!echo", "alias.rev-list": "!echo", "column.ui": "always",
        "color.ui": "always", "core.abbrev": "4", "core.quotePath": "true",
        "core.useReplaceRefs": "true", "diff.external": "false", "diff.noprefix": "true",
        "diff.orderFile": "/nowhere", "diff.relative": "true", "diff.renames": "false",
        "format.pretty": "%h", "grep.patternType": "perl", "i18n.commitEncoding": "ISO-8859-1",
        "i18n.logOutputEncoding": "ISO-8859-1", "log.date": "relative", "log.decorate": "full",
        "log.follow": "true", "log.mailmap": "true", "log.showRoot": "false",
        "log.showSignature": "true", "mailmap.file": str(mailmap), "tag.sort": "-refname",
    }  # fmt: skip
    config = home / "gitconfig"
    for key, value in settings.items():
        subprocess.run(["git", "config", "--file", config, key, value], check=True)
        repository.git("config", key, value)
    second, third = (repository.git("rev-parse", tag) for tag in ("v1.0", "v1.1"))
    for digits in (second, second[:12]):
        repository.git("update-ref", f"refs/heads/{digits}", third)
        repository.git("update-ref", f"refs/tags/{digits}", third)
    repository.git("update-ref", "refs/heads/v1.0", third)
    repository.git("update-ref", f"refs/replace/{second}", third)
    info = repository.path / ".git" / "info"
    info.mkdir(exist_ok=True)
    (info / "grafts").write_text(f"{third}\n", encoding="utf-8")
    return {
        "GIT_CONFIG_GLOBAL": str(config), "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "color.ui",
        "GIT_CONFIG_VALUE_0": "always", "GIT_DIR": "/nowhere", "LC_ALL": "C", "LANGUAGE": "de",
        "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "utf-8",
    }  # fmt: skip


def test_no_setting_changes_an_answer(
    citing: Path, repository: Repository, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    second = repository.git("rev-parse", "v1.0")
    shortened = shutil.copytree(citing, tmp_path / "shortened")
    path = shortened / "cases" / "pour.yml"
    path.write_text(path.read_text("utf-8").replace(second, second[:12]), "utf-8")
    rewritten = shutil.copytree(citing, tmp_path / "rewritten")
    path = rewritten / "cases" / "pour.yml"
    path.write_text(path.read_text("utf-8").replace(second, "f" * 40), "utf-8")

    def answers() -> list[object]:
        clone = f"teapot={repository.path}"
        found: list[object] = [
            verified(run, book, "--git", clone, "pour") for book in (citing, shortened, rewritten)
        ]
        for digits in (second, second[:12]):
            book = shutil.copytree(rewritten, tmp_path / "added")
            arguments = ("source", "add", "pour", "--commit", digits, "--git", clone)
            result = run("abicase", *arguments, cwd=book)
            assert result.returncode == 0, result.stderr
            found += [result.stdout, (book / "cases" / "pour.yml").read_text("utf-8")]
            shutil.rmtree(book)
        return found

    before = answers()
    settings = hostile(repository, tmp_path)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert answers() == before


def test_no_setting_changes_the_history_of_a_ledger(
    book: Path, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    project = published(book, run)
    repository = Repository.__new__(Repository)
    repository.path = project
    repository.git("mv", "records", "käse")
    repository.git("commit", "-qm", "Move")
    repository.git("mv", "käse", "records")
    repository.git("commit", "-qm", "Move back")
    repository.git("tag", "v1.0", "HEAD~2")
    repository.git("tag", "v1.1")
    before = history(run, project)
    assert "was removed" in before[1]
    for name, value in hostile(repository, tmp_path).items():
        monkeypatch.setenv(name, value)
    assert history(run, project) == before


def test_a_repository_with_ids_of_64_digits(book: Path, tmp_path: Path, run: Run) -> None:
    path = tmp_path / "teapot"
    subprocess.run(["git", "init", "-q", "--object-format=sha256", path], check=True)
    repository = Repository.__new__(Repository)
    repository.path = path
    commit = repository.commit("pour: add it")
    repository.git("tag", "v1.0")
    assert len(commit) == 64
    cited(book, commit)
    assert verified(run, book, "--git", f"teapot={path}", "pour")[:2] == (0, [])
    assert run("abicase", "check", cwd=book).returncode == 0
    second = repository.commit("pour: add more")
    for digits in (second[:50], second, second.upper()):
        arguments = ("source", "add", "pour", "--commit", digits, "--git", f"teapot={path}")
        assert run("abicase", *arguments, cwd=book).returncode == 0
    assert read(book).entries["case", "pour"].record.sources["add-more-commit"].commit == second


# What fails


def calls(citing: Path, repository: Path) -> list[list[str]]:
    """Yield every command that runs git."""
    clone = ["--git", f"teapot={repository}"]
    mails = citing.parent / "mails"
    mails.write_text(
        "--- a/records/cases/pour.yml\n+++ b/records/cases/pour.yml\n@@ -1 +1 @@\n-a\n+b\n", "utf-8"
    )
    ledger = ["--ledger", str(citing / "permalinks.yml"), "--history"]
    return [
        ["verify", "-r", str(citing), *clone, "pour"],
        ["source", "add", "pour", "-r", str(citing), *clone, "--commit", "12345678"],
        ["links", "check", str(citing), *ledger],
        ["check", "-r", str(citing), "--mbox", str(mails)],
    ]


def test_git_is_not_installed(
    citing: Path, repository: Repository, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run("abicase", "links", "publish", "-r", citing)
    commands = calls(citing, repository.path)
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    for command in commands:
        result = run("abicase", *command)
        assert result.returncode not in (0, 3)
        said = " ".join(result.stderr.split())
        assert said.endswith("this needs git, which is not installed, or not in PATH"), said


def test_a_command_that_fails_is_no_empty_answer(
    citing: Path, repository: Repository, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    real = shutil.which("git")
    project = published(citing, run)
    folder = tmp_path / "bin"
    folder.mkdir()
    git = folder / "git"
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    clone = ("--git", f"teapot={repository.path}", "pour")
    commands = ("rev-parse", "for-each-ref", "cat-file", "rev-list", "merge-base", "ls-tree")
    for command in commands:
        git.write_text(
            f'#!/bin/sh\nfor one; do [ "$one" = {command} ] && {{ echo "fatal: no luck" >&2;'
            f' exit 128; }}; done\nexec {real} "$@"\n',
            encoding="utf-8",
        )
        git.chmod(0o755)
        code, lines, summary = verified(run, citing, *clone)
        assert code in (2, 3), (command, lines)
        assert "no luck" in "\n".join([*lines, summary])
        assert not [line for line in lines if ": wrong: " in line]
    for command in ("rev-list", "diff-tree", "cat-file", "rev-parse"):
        text = re.sub(r"= \S+ \]", f"= {command} ]", git.read_text("utf-8"))
        git.write_text(text, encoding="utf-8")
        assert "no luck" in history(run, project)[2], command
