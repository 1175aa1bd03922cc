"""`abicase check --mbox`: patches from mails, made by git itself."""

from __future__ import annotations

import base64
import os
import subprocess
from pathlib import Path

import pytest

from conftest import Run

pytestmark = pytest.mark.slow

ENVIRONMENT = {
    **{k: v for k, v in os.environ.items() if not k.startswith("GIT_")},
    "GIT_AUTHOR_NAME": "Ada Example",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada Example",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


def git(folder: Path, *arguments: str) -> str:
    result = subprocess.run(
        ["git", *arguments], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=True
    )
    return result.stdout


@pytest.fixture
def repository(book: Path) -> Path:
    """A repository with the small book in the folder ``records``."""
    top = book.parent
    (top / "README").write_text("hello\n", encoding="utf-8")
    git(top, "init", "-q", "-b", "main")
    git(top, "add", ".")
    git(top, "commit", "-q", "-m", "Begin")
    return top


def mails(top: Path, *edits: tuple[str, str, str]) -> str:
    """One mail for each change of a file; the repository is put back as it was."""
    for file, old, new in edits:
        path = top / file
        text = path.read_text("utf-8") if path.exists() else ""
        assert old in text
        path.write_text(text.replace(old, new) if old else new, encoding="utf-8")
        git(top, "add", ".")
        git(top, "commit", "-q", "-m", f"Änder {file}\n\n--- a/not/a/patch\nFrom here on.")
    box = git(top, "format-patch", "--stdout", f"HEAD~{len(edits)}")
    git(top, "reset", "-q", "--hard", f"HEAD~{len(edits)}")
    return box


POUR = "records/cases/pour.yml"


def test_problems_of_the_patched_files(repository: Path, run: Run) -> None:
    box = mails(
        repository,
        (POUR, "kind: merge", "kind: mergers"),
        ("README", "hello", "hello again"),
        ("records/lessons/stir.yml", "", "id: stirr\n"),
    )
    (repository / "box").write_text(box, encoding="utf-8")
    before = git(repository, "status", "--porcelain", "--ignored")
    for cwd, records in ((repository, "records"), (repository / "records", ".")):
        result = run(
            "abicase", "check", "--mbox", repository / "box", "--records", records, cwd=cwd
        )
        assert result.returncode == 1
        prefix = "records/" if records == "records" else ""
        lines = result.stdout.splitlines()
        assert lines[0].startswith(
            f"{prefix}cases/pour.yml:67:11: error: unknown-word: events[merged].kind:"
        )
        assert any(
            line.startswith(f"{prefix}lessons/stir.yml:1:1: error: missing-field") for line in lines
        )
        assert "Traceback" not in result.stderr
    assert git(repository, "status", "--porcelain", "--ignored") == before, "nothing is touched"


def test_a_good_patch(repository: Path, run: Run) -> None:
    box = mails(repository, (POUR, "It was merged.", "It was merged in spring. Ä"))
    (repository / "records" / "claims" / "broken.yml").write_text("id: [", encoding="utf-8")
    encoded = base64.encodebytes(box[box.index("diff --git") :].encode()).decode()
    whole = f"From: a@example.org\nSubject: x\nContent-Type: text/x-patch; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{encoded}"
    for text in (box, box.replace("\n", "\r\n"), box[box.index("diff --git") :], whole):
        (repository / "box").write_bytes(text.encode())
        result = run("abicase", "check", "--mbox", "box", "--records", "records", cwd=repository)
        assert (result.returncode, result.stdout) == (0, "No problems.\n"), result.stderr


def test_what_a_patch_breaks_elsewhere(repository: Path, run: Run) -> None:
    (repository / "box").write_text(
        mails(repository, (POUR, "  - id: doubt\n", "  - id: doubts\n")), encoding="utf-8"
    )
    result = run("abicase", "check", "--mbox", "box", "--records", "records", cwd=repository)
    assert [line.split(": ")[0] for line in result.stdout.splitlines()] == [
        "records/claims/faster.yml:4:26"
    ]


def test_a_patch_that_does_not_apply(repository: Path, run: Run) -> None:
    box = mails(repository, (POUR, "It was merged.", "It was merged in spring."))
    path = repository / POUR
    path.write_text(
        path.read_text("utf-8").replace("It was merged.", "It went in."), encoding="utf-8"
    )
    (repository / "box").write_text(box, encoding="utf-8")
    result = run("abicase", "check", "--mbox", "box", "--records", "records", cwd=repository)
    assert (
        result.stdout
        == "records/cases/pour.yml:67:1: error: patch: the patch does not apply here\n"
    )
    path.unlink()
    result = run("abicase", "check", "--mbox", "box", "--records", "records", cwd=repository)
    assert (
        "records/cases/pour.yml:1:1: error: patch: the patch does not apply: No such file"
        in result.stdout
    )
    assert result.returncode == 1


NEW = "diff --git a/{0} b/{0}\nnew file mode {1}\nindex 0000000..1111111\n--- /dev/null\n+++ b/{0}\n@@ -0,0 +1 @@\n+{2}\n"


@pytest.mark.parametrize(
    ("patch", "message"),
    [
        (NEW.format("records/cases/x.yml", "120000", "/etc/passwd"), "the patch makes or changes a symbolic link"),
        (NEW.format("records/../../x.yml", "100644", "id: x"), "the patch leads out of the folder"),
        (NEW.format("../x.yml", "100644", "id: x"), "the patch leads out of the folder"),
        ("--- /dev/null\n+++ b/records/../../x.yml\n@@ -0,0 +1 @@\n+id: x\n", "can't be applied: "),
        ("--- /dev/null\n+++ b//tmp/abicase-x.yml\n@@ -0,0 +1 @@\n+id: x\n", "changes no file in records"),
        (f"diff --git a/{POUR} b/records/cases/y.yml\nsimilarity index 100%\ncopy from {POUR}\ncopy to records/cases/y.yml\n", "copies files"),
        (f"diff --git a/{POUR} b/{POUR}\nindex 1111111..2222222 100644\nGIT binary patch\nliteral 0\nHcmV?d00001\n", "holds binary data"),
        (f"--- a/{POUR}\n+++ b/{POUR}\n@@ nonsense\n", "the patch can't be applied"),
        ("Subject: hello\n\nNo patch.\n", "box holds no patch"),
        ("", "box holds no patch"),
        ("diff --git a/README b/README\n--- a/README\n+++ b/README\n@@ -1 +1 @@\n-hello\n+x\n", "changes no file in records"),
        ("a" * 10_000_001, "more than 10,000,000 bytes"),
    ],
)  # fmt: skip
def test_hostile_patches(repository: Path, run: Run, patch: str, message: str) -> None:
    (repository / "box").write_text(patch, encoding="utf-8")
    before = sorted(repository.rglob("*"))
    outside = sorted(path.name for path in repository.parent.iterdir())
    result = run("abicase", "check", "--mbox", "box", "--records", "records", cwd=repository)
    assert result.returncode in (1, 2)
    assert message in result.stdout + result.stderr
    assert "Traceback" not in result.stderr
    assert sorted(repository.rglob("*")) == before
    assert sorted(path.name for path in repository.parent.iterdir()) == outside
    assert not Path("/tmp/abicase-x.yml").exists()
