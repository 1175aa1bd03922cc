"""``abicase verify`` with real git repositories."""

from __future__ import annotations

import datetime
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from conftest import Run, without_git

pytestmark = pytest.mark.slow

AUTHOR = "Ada Example"


class Repository:
    """A git repository for a test."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str, date: str = "2020-01-10", author: str = AUTHOR) -> str:
        environment = {
            **without_git(),
            "GIT_AUTHOR_NAME": author,
            "GIT_AUTHOR_EMAIL": "ada@example.org",
            "GIT_AUTHOR_DATE": f"{date}T23:30:00-0800",
            "GIT_COMMITTER_NAME": "Some Committer",
            "GIT_COMMITTER_EMAIL": "committer@example.org",
            "GIT_COMMITTER_DATE": "2020-02-02T12:00:00+0000",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_CONFIG_SYSTEM": "/dev/null",
        }
        result = subprocess.run(
            ["git", "-C", self.path, *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return result.stdout.strip()

    def commit(self, subject: str, date: str = "2020-01-10", author: str = AUTHOR) -> str:
        file = self.path / "src" / "pour.c"
        file.parent.mkdir(exist_ok=True)
        with file.open("a", encoding="utf-8") as stream:
            stream.write(f"{subject}\n")
        self.git("add", "-A")
        self.git(
            "commit", "--quiet", "-m", f"{subject}\n\nBody: pour: add it", date=date, author=author
        )
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Return a repository: v1.0 has two commits, v1.1 a third."""
    repository = Repository(tmp_path / "teapot")
    repository.commit("Begin", date="2019-12-01")
    repository.commit("pour: add it")
    repository.git("tag", "v1.0")
    repository.commit("steep: add it", date="2020-05-05")
    repository.git("tag", "v1.1")
    return repository


def cited(book: Path, commit: str, **changes: str) -> None:
    """Make the small casebook cite one commit, with fields changed."""
    path = book / "cases" / "pour.yml"
    text = path.read_text("utf-8").replace("0123456789abcdef0123456789abcdef01234567", commit)
    begin, end = text.index("  first-commit:"), text.index("  split-mail:")
    block = text[begin:end]
    for field, value in changes.items():
        quoted = json.dumps(value, ensure_ascii=False)
        block, count = re.subn(rf"(?m)^    {field}: .*$", f"    {field}: {quoted}", block)
        assert count == 1
    path.write_text(text[:begin] + block + text[end:], encoding="utf-8")


def verified(run: Run, book: Path, *arguments: str) -> tuple[int, list[str], str]:
    result = run("abicase", "verify", "--records", book, *arguments, cwd=book.parent)
    assert "Traceback" not in result.stderr
    return result.returncode, result.stdout.splitlines(), result.stderr.splitlines()[-1]


def test_what_is_right_is_confirmed(book: Path, repository: Repository, run: Run) -> None:
    cited(book, repository.git("rev-parse", "v1.0"))
    code, lines, summary = verified(run, book, "--git", f"teapot={repository.path}")
    # The casebook also cites src/steep.c at v1.1, which this repository has not.
    assert lines == [
        "records/cases/steep.yml:25:3: wrong: sources.code: there is no file 'src/steep.c' at v1.1"
    ]
    assert (code, summary) == (1, "1 confirmed, 1 wrong, 0 not checked.")
    code, lines, summary = verified(run, book, "--git", f"teapot={repository.path}", "pour")
    assert (code, lines, summary) == (0, [], "1 confirmed, 0 wrong, 0 not checked.")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"subject": "pour: add them"}, "the subject is 'pour: add it', not 'pour: add them'"),
        ({"author": "Ada Exampel"}, "the author is 'Ada Example', not 'Ada Exampel'"),
        ({"date": "2020-01-11"}, "the author's date is 2020-01-10, not 2020-01-11"),
        ({"release": "v1.1"}, "v1.0 already contains it, before v1.1"),
        (
            {"subject": "Begin", "author": "B"},
            "the subject is 'pour: add it', not 'Begin'; the author is 'Ada Example', not 'B'",
        ),
    ],
)
def test_what_is_wrong_is_said(
    book: Path, repository: Repository, run: Run, changes: dict[str, str], message: str
) -> None:
    cited(book, repository.git("rev-parse", "v1.0"), **changes)
    code, lines, _ = verified(run, book, "--git", f"teapot={repository.path}", "pour")
    assert (code, lines) == (
        1,
        [f"records/cases/pour.yml:22:3: wrong: sources.first-commit: {message}"],
    )


def test_a_release_that_does_not_contain_it(book: Path, repository: Repository, run: Run) -> None:
    cited(book, repository.git("rev-parse", "v1.1"), subject="steep: add it", date="2020-02-28")
    _, lines, _ = verified(run, book, "--git", f"teapot={repository.path}", "pour")
    assert "v1.0 does not contain it" in lines[0]
    assert "the author's date is 2020-05-05, not 2020-02-28" in lines[0]


def test_a_vague_date_and_a_short_id_suffice(book: Path, repository: Repository, run: Run) -> None:
    cited(book, repository.git("rev-parse", "v1.0")[:12], date="2020-01")
    assert verified(run, book, "--git", f"teapot={repository.path}", "pour")[0] == 0


def test_a_rewritten_history(book: Path, repository: Repository, run: Run) -> None:
    cited(book, "f" * 40)
    commit = repository.git("rev-parse", "v1.0")
    code, lines, _ = verified(run, book, "--git", f"teapot={repository.path}", "pour")
    assert code == 1
    assert lines[0].endswith(
        f"there is no commit {'f' * 40}; was the history rewritten?"
        f" a commit with the same subject and author is {commit}"
    )


def test_a_commit_that_never_was(book: Path, repository: Repository, run: Run) -> None:
    cited(book, "f" * 40, subject="pour: as well")
    code, lines, _ = verified(run, book, "--git", f"teapot={repository.path}", "pour")
    assert code == 1
    assert lines[0].endswith(f"there is no commit {'f' * 40}, and none with its subject and author")


def test_an_id_that_became_ambiguous(book: Path, repository: Repository, run: Run) -> None:
    for text in (COLLISION_1, COLLISION_2):
        subprocess.run(
            ["git", "-C", repository.path, "hash-object", "-w", "--stdin"],
            input=text.encode(),
            stdout=subprocess.DEVNULL,
            check=True,
        )
    cited(book, COLLISION)
    code, lines, _ = verified(run, book, "--git", f"teapot={repository.path}", "pour")
    assert code == 1
    assert lines[0].endswith(f"the id {COLLISION} has become ambiguous; give more digits")


# Two blobs whose ids begin with the same twelve digits, found by search.
COLLISION_1, COLLISION_2, COLLISION = "25605289", "30413073", "0f472c68964d"


def test_an_id_of_something_else(book: Path, repository: Repository, run: Run) -> None:
    cited(book, repository.git("rev-parse", "v1.0^{tree}"))
    _, lines, _ = verified(run, book, "--git", f"teapot={repository.path}", "pour")
    assert "is not a commit but a tree" in lines[0]


def test_what_could_not_be_checked_is_no_pass(
    book: Path, repository: Repository, run: Run, tmp_path: Path
) -> None:
    commit = repository.git("rev-parse", "v1.0")
    cited(book, commit)
    other = Repository(tmp_path / "other")
    other.commit("Begin")
    (book / "repositories" / "other.yml").write_text(
        (book / "repositories" / "teapot.yml")
        .read_text("utf-8")
        .replace("id: teapot", "id: other"),
        encoding="utf-8",
    )
    code, lines, summary = verified(run, book, "--git", f"other={other.path}", "pour")
    assert (code, summary) == (3, "0 confirmed, 0 wrong, 1 not checked.")
    assert lines[0].endswith("no clone of 'teapot' was given")

    shallow = tmp_path / "shallow"
    subprocess.run(
        ["git", "clone", "-q", "--depth=1", "--branch=main", f"file://{repository.path}", shallow],
        check=True,
    )
    code, lines, _ = verified(run, book, "--git", f"teapot={shallow}", "pour")
    assert code == 3
    assert "the history of this clone does not reach it" in lines[0]

    repository.git("tag", "-d", "v1.0")
    code, lines, _ = verified(run, book, "--git", f"teapot={repository.path}", "pour")
    assert code == 3
    assert lines[0].endswith("the rest is confirmed, but this clone has no tag v1.0")

    repository.git("tag", "-d", "v1.1")
    code, lines, _ = verified(run, book, "--git", f"teapot={repository.path}", "steep")
    assert (code, lines[0].rpartition(": ")[2]) == (3, "this clone has no v1.1")


def test_formats(book: Path, repository: Repository, run: Run) -> None:
    cited(book, repository.git("rev-parse", "v1.0"), author="Somebody: else, 100%")
    arguments = ("--git", f"teapot={repository.path}")
    _, lines, _ = verified(run, book, *arguments, "--format", "json")
    rows = json.loads("\n".join(lines))
    assert [(row["case"], row["source"], row["result"]) for row in rows] == [
        ("pour", "first-commit", "wrong"),
        ("steep", "code", "wrong"),
    ]
    _, lines, _ = verified(run, book, *arguments, "--format", "github", "pour")
    assert lines == [
        "::error file=records/cases/pour.yml,line=22,col=3,title=wrong::sources.first-commit: "
        "the author is 'Ada Example', not 'Somebody: else, 100%25'"
    ]


def test_days_are_recorded_only_on_request(book: Path, repository: Repository, run: Run) -> None:
    cited(book, repository.git("rev-parse", "v1.0"))
    path = book / "cases" / "pour.yml"
    before = path.read_text("utf-8")
    verified(run, book, "--git", f"teapot={repository.path}")
    assert path.read_text("utf-8") == before
    verified(run, book, "--git", f"teapot={repository.path}", "--record")
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    assert path.read_text("utf-8") == before.replace("checked: 2024-05-01", f"checked: {today}", 1)
    assert "2024-05-01" in (book / "cases" / "steep.yml").read_text("utf-8"), "a wrong one is kept"


def test_wrong_calls(book: Path, repository: Repository, run: Run, tmp_path: Path) -> None:
    for arguments, message in (
        (["--git", "teapot"], "not of the form REPOSITORY=PATH"),
        (["--git", f"teapto={repository.path}"], "did you mean 'teapot'?"),
        (["--git", f"teapot={tmp_path}"], "is not a git repository"),
        (["--git", f"teapot={repository.path}", "poor"], "did you mean 'pour'?"),
        ([], "Missing option '--git'"),
    ):
        result = run("abicase", "verify", "--records", book, *arguments)
        assert result.returncode == 2
        assert message in result.stderr


def test_a_hostile_clone_runs_nothing(book: Path, repository: Repository, run: Run) -> None:
    cited(book, repository.git("rev-parse", "v1.0"))
    witness = repository.path / "ran"
    script = repository.path / "script"
    script.write_text(f"#!/bin/sh\ntouch {witness}\n", encoding="utf-8")
    script.chmod(0o755)
    repository.git("config", "core.fsmonitor", str(script))
    for key in ("core.pager", "gpg.program", "core.sshCommand"):
        repository.git("config", key, str(script))
    repository.git("config", "log.showSignature", "true")
    # A partial clone would fetch what it lacks.
    repository.git("config", "extensions.partialClone", "origin")
    repository.git("config", "remote.origin.promisor", "true")
    repository.git("config", "remote.origin.url", f"ext::{script}")
    repository.git("config", "protocol.ext.allow", "always")
    hooks = repository.path / ".git" / "hooks"
    shutil.rmtree(hooks, ignore_errors=True)
    hooks.mkdir()
    shutil.copy(script, hooks / "post-checkout")
    verified(run, book, "--git", f"teapot={repository.path}")
    path = book / "cases" / "pour.yml"
    text = path.read_text("utf-8")
    path.write_text(re.sub(r"(?m)^    commit: .*$", f"    commit: {'e' * 40}", text), "utf-8")
    verified(run, book, "--git", f"teapot={repository.path}")
    assert not witness.exists()


def test_only_the_clone_itself_is_asked(
    book: Path, repository: Repository, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cited(book, repository.git("rev-parse", "v1.0"))
    other = Repository(tmp_path / "other")
    monkeypatch.setenv("GIT_DIR", str(other.path / ".git"))
    assert verified(run, book, "--git", f"teapot={repository.path}", "pour")[0] == 0
    result = run("abicase", "verify", "--records", book, "--git", f"teapot={repository.path}/src")
    assert result.returncode == 2
    assert "is not a git repository" in result.stderr
