"""`abicase source add` against real git repositories made here."""

from __future__ import annotations

import datetime
import subprocess
from pathlib import Path

import pytest

from abicase.reading import read
from conftest import Run
from test_verify import Repository

pytestmark = pytest.mark.slow


@pytest.fixture
def clone(tmp_path: Path) -> Repository:
    """v1.0 holds two commits, v1.1 a third, and a fourth has no release."""
    repository = Repository(tmp_path / "teapot")
    repository.commit("Begin", date="2019-12-01")
    repository.commit('pour: it\'s "hot" # now: ж', author="Zoë O'Example")
    repository.git("tag", "v1.0")
    repository.commit("lib: steep: add it and all that belongs to it, at last", date="2020-05-05")
    repository.git("tag", "v1.1")
    repository.commit("later", date="2020-08-01")
    return repository


def add(
    run: Run, book: Path, clone: Repository, commit: str, *options: str
) -> subprocess.CompletedProcess[str]:
    return run(
        "abicase",
        "source",
        "add",
        "pour",
        "--commit",
        commit,
        "--git",
        f"teapot={clone.path}",
        *options,
        cwd=book,
    )


def test_it_fills_in_what_the_clone_says(book: Path, clone: Repository, run: Run) -> None:
    path = book / "cases" / "pour.yml"
    text = path.read_text("utf-8")
    path.write_text(
        text.replace("events:\n", "# of the events\nevents: # these\n"), encoding="utf-8"
    )
    before = read(book).entries["case", "pour"].record
    second = clone.git("rev-parse", "v1.0")
    result = add(run, book, clone, second[:7])
    assert result.returncode == 0, result.stderr
    assert b"\r" not in path.read_bytes()
    assert (
        "Written to cases/pour.yml:\n\n  it-s-hot-now-commit:\n    commit: " + second
        in result.stdout
    )
    assert "Cite it where it proves something: sources: [it-s-hot-now-commit]" in result.stdout
    after = read(book).entries["case", "pour"].record
    source = after.sources["it-s-hot-now-commit"]
    assert source.subject == 'pour: it\'s "hot" # now: ж'
    assert (source.commit, source.author, source.date.text, source.release) == (
        second,
        "Zoë O'Example",
        "2020-01-10",
        "v1.0",
    )
    assert source.checked.text == datetime.datetime.now(datetime.UTC).date().isoformat()
    assert list(after.sources)[-1] == "it-s-hot-now-commit"
    rest = {id_: one for id_, one in after.sources.items() if id_ != "it-s-hot-now-commit"}
    assert after.model_copy(update={"sources": rest}) == before
    text = path.read_text("utf-8")
    assert "    how: read from a clone\n# of the events\nevents: # these\n" in text
    assert run("abicase", "fmt", "--check", path, cwd=book).returncode == 0
    codes = [line.split(": ")[2] for line in run("abicase", "check", cwd=book).stdout.splitlines()]
    assert codes == ["unused-source"]

    again = add(run, book, clone, second, "--id", "other")
    assert again.returncode == 0
    assert (
        again.stdout
        == "cases/pour.yml has this commit already, as the source 'it-s-hot-now-commit'.\n"
    )
    assert path.read_text("utf-8") == text

    third = add(run, book, clone, clone.git("rev-parse", "v1.1"))
    assert "  add-it-and-all-that-belongs-to-commit:\n" in third.stdout
    assert "\n    release: v1.1\n" in third.stdout
    late = add(run, book, clone, clone.git("rev-parse", "HEAD"), "--id", "late")
    assert "The release is left out: no release that the record lists contains it." in late.stdout
    assert read(book).entries["case", "pour"].record.sources["late"].release is None


def test_what_can_not_be_cited(book: Path, clone: Repository, run: Run) -> None:
    text = (book / "cases" / "pour.yml").read_text("utf-8")
    commit = clone.git("rev-parse", "v1.1")
    tree = clone.git("rev-parse", "v1.1^{tree}")
    for identity, options, status, message in (
        ("f" * 40, (), 1, "there is no commit " + "f" * 40),
        ("HEAD", (), 1, "'HEAD' is no commit id"),
        (tree, (), 1, "is no commit but a tree"),
        (commit, ("--id", "first"), 1, "the id 'first' is taken in 'pour'"),
        (commit, ("--id", "Bad Id"), 2, "did you mean 'bad-id'?"),
        (
            commit,
            ("--git", "teapto=/x"),
            2,
            "there is no repository 'teapto' (did you mean 'teapot'?)",
        ),
        (commit, ("--git", "teapot=/nowhere"), 1, "/nowhere is no git repository"),
        (commit, ("--git", "teapot"), 2, "is not of the form REPOSITORY=PATH"),
    ):
        result = add(run, book, clone, identity, *options)
        assert result.returncode == status, (identity, options, result.stderr)
        assert message in " ".join(result.stderr.split())
        assert "Traceback" not in result.stderr
    assert (book / "cases" / "pour.yml").read_text("utf-8") == text
    result = run(
        "abicase",
        "source",
        "add",
        "puor",
        "--commit",
        commit,
        "--git",
        f"teapot={clone.path}",
        cwd=book,
    )
    assert "there is no case 'puor' (did you mean 'pour'?)" in result.stderr


def test_short_ids_that_are_ambiguous(book: Path, clone: Repository, run: Run) -> None:
    seen: dict[str, str] = {}
    for number in range(2000):
        commit = clone.git("commit-tree", "-m", f"n {number}", "HEAD^{tree}")
        if commit[:4] in seen:
            break
        seen[commit[:4]] = commit
    result = add(run, book, clone, commit[:4])
    assert result.returncode == 1
    assert "give more digits" in result.stderr


def test_a_shallow_clone_without_tags(
    book: Path, clone: Repository, tmp_path: Path, run: Run
) -> None:
    subprocess.run(
        [
            "git",
            "clone",
            "-q",
            "--depth",
            "1",
            "--no-tags",
            f"file://{clone.path}",
            tmp_path / "shallow",
        ],
        check=True,
        capture_output=True,
    )
    clone.path = tmp_path / "shallow"
    result = add(run, book, clone, clone.git("rev-parse", "HEAD"))
    assert result.returncode == 0, result.stderr
    assert "The release is left out: this clone has none of the tags" in result.stdout
    result = add(run, book, clone, "1234567")
    assert "this clone is shallow" in result.stderr


def test_lines_end_as_they_did(book: Path, clone: Repository, run: Run) -> None:
    path = book / "cases" / "pour.yml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert add(run, book, clone, clone.git("rev-parse", "v1.0")).returncode == 0
    data = path.read_bytes()
    assert b"it-s-hot-now-commit" in data
    assert data.count(b"\n") == data.count(b"\r\n")
