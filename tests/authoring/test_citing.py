"""`abicase source add` with real git repositories."""

from __future__ import annotations

import datetime
import json
import subprocess
from pathlib import Path

import pytest

from abicase.source.reading import read
from conftest import Run
from test_verify import Repository

pytestmark = pytest.mark.slow


@pytest.fixture
def clone(tmp_path: Path) -> Repository:
    """Return a repository: v1.0 has two commits, v1.1 a third, and a fourth has no release."""
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
    given = () if "--git" in options else ("--git", f"teapot={clone.path}")
    arguments = ("source", "add", "pour", "--commit", commit, *given, *options)
    return run("abicase", *arguments, cwd=book)


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
    assert "It was committed on 2020-02-02; the date is the author date." in result.stdout
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
    assert "    how: read from a clone\n# of the events\nevents:  # these\n" in text
    assert run("abicase", "fmt", "--check", path, cwd=book).returncode == 0
    codes = [line.split(": ")[2] for line in run("abicase", "check", cwd=book).stdout.splitlines()]
    assert codes == ["unused-source"]

    again = add(run, book, clone, second, "--id", "other")
    assert again.returncode == 0
    assert (
        again.stdout
        == f"cases/pour.yml already has the commit {second}, as the source 'it-s-hot-now-commit'.\n"
    )
    assert path.read_text("utf-8") == text

    third = add(run, book, clone, clone.git("rev-parse", "v1.1"))
    assert "  add-it-and-all-that-belongs-to-commit:\n" in third.stdout
    assert "\n    release: v1.1\n" in third.stdout
    late = add(run, book, clone, "HEAD", "--id", "late")
    assert "The release is left out: no listed release contains it." in late.stdout
    assert read(book).entries["case", "pour"].record.sources["late"].release is None


def test_what_can_not_be_cited(book: Path, clone: Repository, run: Run) -> None:
    text = (book / "cases" / "pour.yml").read_text("utf-8")
    commit = clone.git("rev-parse", "v1.1")
    tree = clone.git("rev-parse", "v1.1^{tree}")
    for identity, options, status, message in (
        ("f" * 40, (), 1, "there is no commit " + "f" * 40),
        ("HAED", (), 1, "'HAED' names no commit in this clone of teapot"),
        ("--all", (), 1, "'--all' names no commit"),
        ("v1.0..v1.0", (), 1, "the range v1.0..v1.0 has no commits; write the older end first"),
        ("v1.0..v9", (), 1, "'v9' names no commit"),
        (tree, (), 1, "is not a commit but a tree"),
        (commit, ("--id", "first"), 1, "the id 'first' is already taken in this case"),
        (f"{commit}=first", (), 1, "the id 'first' is already taken in this case"),
        (f"{commit}=Bad Id", (), 2, "did you mean 'bad-id'?"),
        ("v1.0~1..v1.1=both", (), 1, "'both' can't be the id of all 2 commits of v1.0~1..v1.1"),
        (commit, ("--id", "Bad Id"), 2, "did you mean 'bad-id'?"),
        (
            commit,
            ("--git", "teapto=/x"),
            2,
            "there is no repository 'teapto' (did you mean 'teapot'?)",
        ),
        (commit, ("--git", "teapot=/nowhere"), 1, "/nowhere is not a git repository"),
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


def made(
    clone: Repository,
    message: bytes,
    author: bytes = b"Ada <a@example.org> 1578657600 +0000",
    *headers: bytes,
) -> str:
    """Create a commit with exactly these bytes, which may be anything that git can store."""
    tree = clone.git("rev-parse", "HEAD^{tree}").encode()
    lines = [b"tree " + tree, b"author " + author, b"committer A <a@b> 1578657600 +0000", *headers]
    command = ["git", "-C", str(clone.path), "hash-object", "-w", "-t", "commit", "--stdin"]
    command.append("--literally")
    data = b"\n".join(lines) + b"\n\n" + message
    result = subprocess.run(command, input=data, capture_output=True, check=True)
    commit = result.stdout.decode().strip()
    clone.git("update-ref", f"refs/heads/odd-{commit}", commit)
    return commit


LATIN = "pour: käse".encode("latin-1")
HELD = {
    "pour:\tadd it": "pour: add it",
    "\ttab": "tab",
    "pour:  two  blanks": "pour:  two  blanks",
    "pour: \x1b[1mbold\x1b[0m": "pour: [1mbold[0m",
    "pour: a\u200bdd": "pour: add",
    "\ufeffpour": "pour",
    "pour: \u202eback\u2028 line": "pour: back line",
    "pour: no\u00a0break": "pour: no\u00a0break",
    "folded\nsubject": "folded subject",
    "carriage\r\n\r\nreturn": None,
    "# comment": "# comment",
    "- list: {a, b} [c] &d *e !f %g @h `i` | > ? ~": None,
    "'single' \"double\" back\\slash \\u0007": None,
    "null": "null",
    "2020-01-01": "2020-01-01",
    "\U0001f375 \u6ce8\u3050 \ue000 \ufffd": None,
    "nul\0in it": "nul",
    "x" * 800: None,
    "word " * 159: ("word " * 159).strip(),
    "<b>&amp;</b> {{ 1 }} {% raw %}": None,
}


def test_odd_commits_are_added_and_confirmed(book: Path, clone: Repository, run: Run) -> None:
    commits = {made(clone, subject.encode()): held for subject, held in HELD.items()}
    latin = "pour: k\u00e4se"
    commits[made(clone, LATIN)] = latin
    commits[made(clone, LATIN, b"A <a> 1578657600 +0000", b"encoding ISO-8859-1")] = latin
    commits[made(clone, LATIN, b"A <a> 1578657600 +0000", b"encoding no-such-one")] = latin
    commits[made(clone, b"a\x93quote\x94", b"J\xf6rg <a@b> 1578657600 -0800")] = (
        "a\u201cquote\u201d"
    )
    repeated = [word for commit in commits for word in ("--commit", commit)]
    arguments = ("--git", f"teapot={clone.path}")
    result = run("abicase", "source", "add", "pour", *repeated, *arguments, cwd=book)
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("read as Windows-1252.") == 3
    assert "Characters that records can't hold were removed from the subject." in result.stdout
    sources = read(book).entries["case", "pour"].record.sources.values()
    subjects = {s.commit: s.subject for s in sources if hasattr(s, "commit")}
    for commit, held in commits.items():
        assert subjects[commit] == held or held is None, held
    path = book / "cases" / "pour.yml"
    assert run("abicase", "fmt", "--check", path, cwd=book).returncode == 0
    ids = ", ".join(read(book).entries["case", "pour"].record.sources)
    text = path.read_text("utf-8").replace("sources: [first-commit, counted]", f"sources: [{ids}]")
    path.write_text(text, "utf-8")
    result = run("abicase", "verify", "pour", "--format", "json", *arguments, cwd=book)
    rows = [row for row in json.loads(result.stdout) if row["source"] != "first-commit"]
    assert len(rows) == len(commits)
    assert [row for row in rows if row["result"] != "confirmed"] == []


def test_what_no_record_can_hold(book: Path, clone: Repository, run: Run) -> None:
    text = (book / "cases" / "pour.yml").read_text("utf-8")
    good = clone.git("rev-parse", "v1.0")
    wrong = {
        made(clone, b""): "has no subject, which a source needs, so it can't be added",
        made(clone, b"\t\x01 \n"): "has no subject",
        made(clone, b"x" * 801): "its subject: String should have at most 800 characters",
        made(clone, b"x", b" <a@b> 1578657600 +0000"): "has no author",
        made(clone, b"x", b"Ada <a@b>"): "has no date",
        made(clone, b"x", b"Ada <a@b> 999999999999 +0000"): "its date: ",
    }
    for commits in ([c] for c in wrong):
        result = add(run, book, clone, good, "--commit", *commits)
        assert result.returncode == 1, result.stdout
        assert "Traceback" not in result.stderr
        assert wrong[commits[0]] in " ".join(result.stderr.split())
    result = run(
        "abicase", "source", "add", "pour", "--git", f"teapot={clone.path}",
        *(word for commit in [*wrong, good] for word in ("--commit", commit)), cwd=book,
    )  # fmt: skip
    assert all(commit in result.stderr for commit in wrong), "all of them are named at once"
    assert (book / "cases" / "pour.yml").read_text("utf-8") == text, "all are added, or none"


def test_several_commits(book: Path, clone: Repository, run: Run) -> None:
    first, second = clone.git("rev-parse", "v1.0"), clone.git("rev-parse", "v1.1")
    result = add(run, book, clone, first, "--commit", f"{second}=steep", "--commit", first[:10])
    assert result.returncode == 0, result.stderr
    sources = read(book).entries["case", "pour"].record.sources
    assert [s.commit for s in list(sources.values())[-2:]] == [first, second]
    ids = list(sources)[-2:]
    assert ids == ["it-s-hot-now-commit", "steep"]
    assert f"sources: [{', '.join(ids)}]" in result.stdout
    again = add(run, book, clone, f"{first}=hot", "--commit", "v1.0~1..v1.1")
    assert f"already has the commit {second}, as the source 'steep'." in again.stdout
    assert "sources: [" not in again.stdout
    result = add(run, book, clone, first, "--commit", second, "--id", "both")
    assert result.returncode == 2
    assert "--id is for a single source" in " ".join(result.stderr.split())


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
    assert "The release is left out: this clone has none of the releases' tags" in result.stdout
    result = add(run, book, clone, "1234567")
    assert "this clone is shallow" in result.stderr


def test_lines_end_as_they_did(book: Path, clone: Repository, run: Run) -> None:
    path = book / "cases" / "pour.yml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert add(run, book, clone, clone.git("rev-parse", "v1.0")).returncode == 0
    data = path.read_bytes()
    assert b"it-s-hot-now-commit" in data
    assert data.count(b"\n") == data.count(b"\r\n")


def test_what_yaml_reads_otherwise_is_not_made_to_look_meant(
    book: Path, clone: Repository, run: Run
) -> None:
    path = book / "cases" / "pour.yml"
    text = path.read_text("utf-8").replace('["void pour(int ms)"]', "[void pour(int a, int b)]")
    path.write_text(text, encoding="utf-8")
    result = add(run, book, clone, clone.git("rev-parse", "v1.0"))
    assert result.returncode == 1
    assert "the case has to be corrected first: cases/pour.yml:12:13: " in result.stderr
    assert path.read_text("utf-8") == text
