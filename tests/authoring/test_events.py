"""`abicase event add` with real git repositories."""

from __future__ import annotations

from pathlib import Path

import pytest

from abicase.authoring.events import begin
from abicase.authoring.sources import Found, cite
from abicase.schema.case import Case
from abicase.source.reading import read
from conftest import ROOT, SMALL, Run
from test_verify import Repository

pytestmark = pytest.mark.slow

MAIL = ROOT / "tests" / "authoring" / "mail.eml"


@pytest.fixture
def clone(tmp_path: Path) -> Repository:
    """Create commits before, between and after the events of the small casebook."""
    repository = Repository(tmp_path / "teapot")
    repository.commit("lib: Begin.", date="2019-12-01")
    repository.commit("pour: vring_init is 'hot': # now", date="2020-01-11")
    repository.git("tag", "v1.0")
    (repository.path / "notes").write_text("elsewhere\n", encoding="utf-8")
    repository.git("add", "notes")
    repository.git("commit", "--quiet", "-m", "later", date="2020-08-01")
    return repository


def case(book: Path, id_: str) -> Case:
    record = read(book).entries["case", id_].record
    assert isinstance(record, Case)
    return record


@pytest.mark.parametrize(
    ("subject", "id_", "title"),
    [
        ("lib: pour: Name the unit.", "name-the-unit", "Name the unit"),
        ("Re: [PATCH v2 1/3] mm, slab: add kmem_x()", "add-kmem-x", "Add kmem_x()"),
        ("con", "con-change", "Con"),
        ("pour: \u6ce8\u3050", "change", "\u6ce8\u3050"),
        ("[PATCH]", "change", "[PATCH]"),
        ("x" * 800, "change", "X" + "x" * 109),
        ("word " * 100, "word-word-word-word-word", "Word" + " word" * 21),
    ],
)
def test_a_subject_makes_an_id_and_a_title(subject: str, id_: str, title: str) -> None:
    record = case(SMALL, "pour")
    mail = {"mail": "a@b", "subject": subject.strip(), "date": "2020-01-01"}
    (begun,) = begin(record, cite(record, [Found("the mail", mail)]), "linux", "", "")
    assert (begun.id, begun.fields["title"]) == (f"rename-me-{id_}", f"TODO {title}")


def test_commits_become_events_where_their_dates_belong(
    book: Path, clone: Repository, run: Run
) -> None:
    path = book / "cases" / "pour.yml"
    text = path.read_text("utf-8")
    text = text.replace("  - id: unit-named\n", "  # about the unit\n  - id: unit-named # this\n")
    path.write_text(text, encoding="utf-8")
    call = ("abicase", "event", "add", "pour", "--git", f"teapot={clone.path}")
    names = ("--commit", "v1.0~1..HEAD", "--commit", "v1.0~1=begun", "--commit", "v1.0=unit-hot")
    result = run(*call, *names, cwd=book)
    assert result.returncode == 0, result.stderr
    commits = [clone.git("rev-parse", name) for name in ("v1.0", "HEAD", "v1.0~1")]
    events = case(book, "pour").events
    assert [event.id for event in events] == [
        "begun", "first", "unit-hot", "unit-named", "merged", "doubt", "rename-me-later",
    ]  # fmt: skip
    made = {event.id: event for event in events}
    sources = case(book, "pour").sources
    cited = [sources[made[id_].sources[0]] for id_ in ("unit-hot", "rename-me-later", "begun")]
    assert [getattr(source, "commit", "") for source in cited] == commits
    releases = [made[id_].release for id_ in ("begun", "unit-hot", "rename-me-later")]
    assert releases == ["v1.0", "v1.0", None]
    text = path.read_text("utf-8")
    assert (
        "  - id: unit-hot\n    date: 2020-01-11\n    release: v1.0\n"
        "    kind: TODO change\n    lane: TODO\n"
        "    title: \"TODO vring_init is 'hot': # now\"\n    text: TODO\n"
        "    sources: [unit-hot-commit]\n"
        "  # about the unit\n  - id: unit-named  # this\n"
    ) in text
    assert "    kind: TODO change\n    lane: TODO\n    title: TODO Begin\n" in text
    assert "    kind: TODO\n    lane: TODO\n    title: TODO Later\n" in text
    assert run("abicase", "fmt", "--check", path, cwd=book).returncode == 0
    found = run("abicase", "check", path, cwd=book)
    assert found.returncode == 1, "what says TODO can't be published"
    assert [line.split(": ")[2] for line in found.stdout.splitlines()] == ["placeholder"] * 13
    assert "(delete TODO to accept 'change', or write one of proposal, " in found.stdout

    again = run(*call, "--commit", "HEAD~2..HEAD", "--commit", commits[0][:8], cwd=book)
    assert again.returncode == 0
    assert f"already has the commit {commits[0]}, in the event 'unit-hot'" in again.stdout
    assert f"already has the commit {commits[1]}, in the event 'rename-me-later'" in again.stdout
    assert path.read_text("utf-8") == text

    for wrong, status, message in (
        (("--commit", "HEAD", "--kind", "chnge"), 2, "(did you mean 'change'?)"),
        (("--commit", "HEAD", "--lane", "libary"), 2, "there is no lane 'libary' (did you mean"),
        (("--commit", "HEAD", "--commit", "f" * 40), 1, "there is no commit ffff"),
        (("--commit", "HEAD~2..HEAD=both"), 1, "'both' can't be the id of all 2 commits"),
        (("--commit", "HEAD=Bad Id"), 2, "(did you mean 'bad-id'?)"),
        ((), 2, "name commits or mails with --commit or --mail"),
    ):
        result = run(*call, *wrong, cwd=book)
        assert (result.returncode, result.stdout) == (status, "")
        assert message in " ".join(result.stderr.split())
    assert path.read_text("utf-8") == text, "all are added, or none"


def test_a_new_case_is_begun_with_them(book: Path, clone: Repository, run: Run) -> None:
    assert run("abicase", "new", "case", "fresh", cwd=book).returncode == 0
    path = book / "cases" / "fresh.yml"
    begun = path.read_text("utf-8")
    call = (
        "abicase", "event", "add", "fresh", "--git", f"teapot={clone.path}",
        "--commit", "v1.0~1..v1.0", "--kind", "change", "--lane", "joint", "--mail", f"{MAIL}=spout",
    )  # fmt: skip
    assert run(*call, cwd=book).returncode == 0
    fresh = case(book, "fresh")
    assert [(one.id, one.date.text, one.kind, one.lane) for one in fresh.events] == [
        ("rename-me-vring-init-is-hot-now", "2020-01-11", "change", "joint"),
        ("spout", "2020-01-31", "change", "joint"),
    ]
    assert len(fresh.sources) == 2
    text = path.read_text("utf-8")
    assert "# The events, by date.\nevents:\n  - id: rename-me-vring" in text
    assert "# The sources, each with an id" in text
    assert text.count("rename-me", text.index("\nsources:")) == 1
    assert run("abicase", "check", "cases/fresh.yml", cwd=book).returncode == 0

    # Anything written into them is kept, even a comment.
    for old, new in (
        ("    title: TODO\n    # A description", "    title: TODO # pour\n    # A description"),
    ):
        assert begun.count(old) == 1
        path.write_text(begun.replace(old, new), encoding="utf-8")
    assert run(*call, cwd=book).returncode == 0
    assert [one.id for one in case(book, "fresh").events][1:] == [
        "spout",
        "rename-me-event",
    ]
    assert "    title: TODO  # pour\n" in path.read_text("utf-8")
