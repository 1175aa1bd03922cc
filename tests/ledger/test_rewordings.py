"""Rewordings: a published statement that changes its words says so, wherever it is shown."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import Run, loaded
from test_links import commit, do, edit, git, permalinks, small_project

DOUBT = "A mail doubted that the place mattered."
SLIGHTLY = "A mail doubted whether the place mattered."
OTHERWISE = "Nobody has ever written to the list about it."


@pytest.fixture(scope="module")
def published_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = small_project(tmp_path_factory.mktemp("rewordings"))
    do(project, "abicase", "links", "publish", "--on", "2024-05-06")
    commit(project, "Publish")
    return project


@pytest.fixture
def published(published_once: Path, tmp_path: Path) -> Path:
    """A project with a ledger, committed on its only branch."""
    return shutil.copytree(published_once, tmp_path / "project")


def pour(project: Path) -> Path:
    return project / "casestudies" / "cases" / "pour.yml"


def line_of(project: Path, reference: str) -> str:
    text = permalinks(project).read_text("utf-8")
    (line,) = re.findall(rf"(?m)^  {re.escape(reference)}: (.*)$", text)
    return str(line)


@pytest.mark.slow
def test_the_ledger_says_when_a_statement_was_reworded(published: Path) -> None:
    publish = ("abicase", "links", "publish", "--on", "2024-06-01")
    first = line_of(published, "case/pour#doubt")
    assert re.fullmatch(r"\{at: \S+, since: 2024-05-06, wording: \"?[0-9a-f]{12}\"?\}", first)
    ledger = permalinks(published).read_text("utf-8")
    kinds = {re.split("[/#]", line)[0] for line in ledger.splitlines() if " wording: " in line}
    assert kinds == {"  case", "  claim", "  lesson", "  pair", "  stage"}
    assert "wording" not in line_of(published, "case/pour#first-commit")

    # Markup is no wording.
    edit(pour(published), (DOUBT, DOUBT.replace("the place", "[the place](#first)")))
    assert do(published, *publish) == "0 permalinks added.\n"
    assert permalinks(published).read_text("utf-8") == ledger

    edit(pour(published), ("doubted that [the", "doubted whether [the"))
    edit(pour(published), ("speed: {rating: fast", "speed: {rating: slow"))
    assert do(published, *publish) == "0 permalinks added.\n2 statements were reworded.\n"
    after = line_of(published, "case/pour#doubt")
    pattern = r"\{at: \S+, since: 2024-05-06, wording: \"?([0-9a-f]{12})\"?, reworded: 2024-06-01\}"
    assert re.fullmatch(pattern, after)
    assert "reworded: 2024-06-01" in line_of(published, "case/pour#speed")
    changed = set(ledger.splitlines()) ^ set(permalinks(published).read_text("utf-8").splitlines())
    assert len(changed) == 4
    assert do(published, *publish) == "0 permalinks added.\n"
    assert do(published, "abicase", "check").endswith("No problems.\n")
    ledger_now = loaded(published / "casestudies").ledger
    assert str(ledger_now.as_of("case/pour#doubt")) == "2024-06-01"


def test_a_ledger_without_wordings_gets_them(published: Path) -> None:
    ledger = permalinks(published)
    text = ledger.read_text("utf-8")
    ledger.write_text(re.sub(", wording: [^,}]*", "", text), encoding="utf-8")
    assert "wording:" not in ledger.read_text("utf-8")
    do(published, "abicase", "check")
    edit(pour(published), (DOUBT, OTHERWISE))
    count = text.count("wording:")
    said = do(published, "abicase", "links", "publish")
    assert said == f"0 permalinks added.\n{count} wordings noted.\n"
    assert ledger.read_text("utf-8").count("wording:") == count
    assert "reworded:" not in ledger.read_text("utf-8")


def test_what_is_rewritten_is_asked_about(published: Path, run: Run) -> None:
    before = permalinks(published).read_text("utf-8")
    edit(pour(published), (DOUBT, OTHERWISE), ("Nobody has counted its users.", "It is unknown."))
    commit(published, "Rewrite")
    publish = ("abicase", "links", "publish", "--on", "2024-06-01")
    result = run(*publish, cwd=published)
    assert (result.returncode, result.stdout) == (1, "")
    doubt, outcome, total = result.stderr.splitlines()
    assert re.fullmatch(
        r"casestudies/permalinks\.yml:\d+:3: error: rewritten: permalinks\.'case/pour#doubt':"
        r" \d\d% of its words changed since it was published"
        r" \(if it means the same: abicase links publish --reworded case/pour#doubt; if not, give"
        r" the new statement its own id, then abicase links retire case/pour#doubt --withdrawn"
        r" --because TEXT\)",
        doubt,
    )
    # The id of a finding is that of its axis.
    assert outcome.endswith("same: abicase links publish --reworded case/pour#outcome)")
    assert total == "2 errors."
    assert permalinks(published).read_text("utf-8") == before

    wrong = {
        "case/pour#first": "the wording of case/pour#first has not changed since it was published",
        "case/pour#dubt": "'case/pour#dubt' is not in the ledger (did you mean 'case/pour#doubt'?)",
    }
    for reference, said in wrong.items():
        result = run(*publish, "--reworded", reference, cwd=published)
        assert (result.returncode, result.stdout) == (2, "")
        assert said in result.stderr

    same = ("--reworded", "case/pour#doubt", "--reworded", "case/pour#outcome")
    assert do(published, *publish, *same).endswith("\n2 statements were reworded.\n")
    assert "reworded: 2024-06-01" in line_of(published, "case/pour#doubt")


@pytest.mark.parametrize("answer", ["y", "n"])
def test_somebody_at_a_terminal_is_asked(published: Path, answer: str) -> None:
    edit(pour(published), (DOUBT, OTHERWISE))
    terminal, stdin = pty.openpty()
    os.write(terminal, f"{answer}\n".encode())
    program = Path(sys.executable).with_name("abicase")
    result = subprocess.run(
        [program, "links", "publish"],
        cwd=published,
        stdin=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    os.close(stdin)
    os.close(terminal)
    assert f"  was: A caller doubts it / {DOUBT}\n" in result.stdout
    assert f"  is: A caller doubts it / {OTHERWISE}\n" in result.stdout
    assert "Does it still mean the same? [y/N]: " in result.stdout
    assert result.returncode == (0 if answer == "y" else 1)
    assert ("reworded: " in line_of(published, "case/pour#doubt")) == (answer == "y")


def test_without_the_published_wording_it_is_asked_about(published: Path, run: Run) -> None:
    edit(pour(published), (DOUBT, SLIGHTLY))
    shutil.rmtree(published / ".git")
    result = run("abicase", "links", "publish", cwd=published)
    assert result.returncode == 1
    assert "published wording was not found: " in result.stderr
    assert "is not a git repository" in result.stderr
    done = run("abicase", "links", "publish", "--reworded", "case/pour#doubt", cwd=published)
    assert done.returncode == 0


@pytest.mark.slow
def test_the_site_says_what_was_reworded(published: Path, run: Run) -> None:
    edit(published / "mkdocs.yml", ("site_dir", "repo_url: https://github.com/ada/tea\nsite_dir"))
    build = ("mkdocs", "build", "--strict", "-f", "mkdocs.yml")
    check = ("abicase", "links", "check", "site-mkdocs")
    edit(pour(published), (DOUBT, SLIGHTLY))
    do(published, *build)
    result = run(*check, cwd=published)
    assert result.returncode == 1
    assert re.fullmatch(
        r"casestudies/permalinks\.yml:\d+:3: error: reworded: permalinks\.'case/pour#doubt':"
        r" case/pour#doubt was reworded since it was published \(on the branch that is published:"
        r" abicase links publish, and commit casestudies/permalinks\.yml\)\n",
        result.stdout,
    )
    result = run(*check, "--allow-unpublished", cwd=published)
    assert result.returncode == 0
    assert result.stderr == "Note: case/pour#doubt was reworded since it was published.\n"

    site = published / "site-mkdocs"
    before = (site / "cases" / "pour" / "index.html").read_text("utf-8")
    assert "earlier--wordings" not in before
    do(published, "abicase", "links", "publish", "--on", "2024-06-01")
    do(published, *build)
    do(published, *check)
    page = (site / "cases" / "pour" / "index.html").read_text("utf-8")
    shown = re.sub("<[^>]+>", "", page)
    assert "First published 6 May 2024, reworded 1 Jun 2024Evidence against" in shown
    assert "cite · first published 6 May 2024" in shown  # a finding that was not
    assert page.count('href="#earlier--wordings"') == page.count('id="earlier--wordings"') == 1
    assert "abicase history case/pour#doubt" in shown
    history = "https://github.com/ada/tea/commits/HEAD/casestudies/cases/pour.yml"
    assert f'href="{history}"' in page
    assert "earlier--wordings" not in (site / "lessons/name-the-unit/index.html").read_text("utf-8")

    reply = (site / "cases" / "pour" / "reply" / "doubt.txt").read_text("utf-8")
    assert reply.endswith("\nhttps://tea.example/cases/pour/#doubt (as of 2024-06-01)\n")
    reply = (site / "lessons" / "name-the-unit" / "reply.txt").read_text("utf-8")
    assert "https://tea.example/L/name-the-unit/" in reply
    assert "as of 2024-05-06" in reply
    case = json.loads((site / "api/v1/cases/pour.json").read_text("utf-8"))["case"]
    (doubt,) = [event for event in case["events"] if event["id"] == "doubt"]
    assert (doubt["published"], doubt["reworded"]) == ("2024-05-06", "2024-06-01")
    assert "reworded" not in case
    feed = (site / "feed.xml").read_text("utf-8")
    assert feed.count("<updated>2024-06-01T00:00:00Z</updated>") == 2  # of the case, and the feed
    sitemap = (site / "sitemap.xml").read_text("utf-8")
    assert re.search(r"cases/pour/</loc>\s*<lastmod>2024-06-01</lastmod>", sitemap)


# History


@pytest.fixture(scope="module")
def reworded(tmp_path_factory: pytest.TempPathFactory, published_once: Path) -> Path:
    """A project in which a statement was reworded twice, once on a branch, and then moved."""
    project = shutil.copytree(published_once, tmp_path_factory.mktemp("history") / "project")
    main = git(project, "symbolic-ref", "--short", "HEAD").strip()
    git(project, "checkout", "-q", "-b", "branch")
    edit(pour(project), (DOUBT, "A mail dubted whether the place mattered."))
    commit(project, "Reword with a mistake")
    edit(pour(project), ("dubted", "doubted"))
    commit(project, "Correct it")
    git(project, "checkout", "-q", main)
    git(project, "merge", "-q", "--no-ff", "--no-edit", "branch")
    do(project, "abicase", "links", "publish", "--on", "2024-06-01")
    commit(project, "Publish")
    edit(pour(project), ("id: doubt", "id: a-doubt"), ("event: doubt", "event: a-doubt"))
    moved = ("case/pour#doubt", "--moved", "case/pour#a-doubt", "--because", "Clearer.")
    do(project, "abicase", "links", "retire", "--on", "2024-06-02", *moved)
    commit(project, "Rename")
    edit(pour(project), ("place mattered", "place *matters*"))
    commit(project, "Reword again")
    return project


def history(project: Path, item: str) -> list[str]:
    """The last text of each wording that the command gives."""
    made = do(project, "abicase", "history", item, "--format", "json")
    return [row["texts"]["text"] for row in json.loads(made)["wordings"]]


@pytest.mark.slow
def test_history_tells_each_wording(reworded: Path, run: Run) -> None:
    wordings = ["A mail doubted whether the place matters.", SLIGHTLY, DOUBT]
    assert history(reworded, "case/pour#a-doubt") == wordings
    assert history(reworded, "https://tea.example/cases/pour/#a-doubt") == wordings
    day = git(reworded, "log", "-1", "--format=%cd", "--date=format-local:%Y-%m-%d").strip()
    commits = git(reworded, "log", "--first-parent", "--format=%h", "--abbrev=12").split()
    text = do(reworded, "abicase", "history", "case/pour#a-doubt")
    assert text == (
        "case/pour#a-doubt: first published 2024-06-02\n"
        f"\n{day}  commit {commits[0]}\n    A caller doubts it\n    {wordings[0]}\n"
        f"\n{day}  commit {commits[3]}\n    A caller doubts it\n    {wordings[1]}\n"
        f"\n{day}  commit {commits[4]}\n    A caller doubts it\n    {wordings[2]}\n"
    )
    old = do(reworded, "abicase", "history", "case/pour#doubt")
    assert old.startswith(
        "case/pour#doubt: first published 2024-05-06, reworded 2024-06-01,"
        " moved 2024-06-02 to case/pour#a-doubt\n"
    )
    assert [line for line in old.splitlines() if "mattered" in line] == [
        f"    {wordings[1]}",
        f"    {wordings[2]}",
    ]
    assert history(reworded, "S/try-it") == history(reworded, "stage/try-it")
    made = json.loads(do(reworded, "abicase", "history", "lesson/name-the-unit", "-f", "json"))
    assert made["complete"] is True
    assert (made["reference"], made["published"]) == ("lesson/name-the-unit", "2024-05-06")
    assert len(made["wordings"]) == 1
    for item, said in {
        "case/pour#dubt": "there is no item 'case/pour#dubt', and none was published under",
        "axis/speed": "axis/speed has no wording: only lesson, claim, stage, case, event, f",
    }.items():
        result = run("abicase", "history", item, cwd=reworded)
        assert (result.returncode, result.stdout) == (2, "")
        assert said in result.stderr


def test_history_of_a_record_whose_file_was_renamed(reworded: Path, tmp_path: Path) -> None:
    project = shutil.copytree(reworded, tmp_path / "project")
    records = project / "casestudies"
    old, new = records / "claims" / "faster.yml", records / "claims" / "sooner.yml"
    edit(old, ("id: faster", "id: sooner"))
    old.rename(new)
    edit(pour(project), ("claim/faster", "claim/sooner"))
    moved = ("claim/faster", "--moved", "claim/sooner", "--because", "Shorter.")
    do(project, "abicase", "links", "retire", *moved)
    commit(project, "Rename a claim")
    title = loaded(records).claims["sooner"].title
    edit(new, (f"title: {title}", "title: Being near makes it sooner"))
    made = do(project, "abicase", "history", "claim/sooner")
    assert made.count("\nNot committed yet\n    Being near makes it sooner\n") == 1
    assert made.count(f"    {title}\n") == 1
    assert made.count("  commit ") == 1


@pytest.mark.parametrize("lacks", ["git", "repository", "history"])
def test_history_says_what_it_could_not_read(
    reworded: Path, tmp_path: Path, run: Run, lacks: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "project"
    if lacks == "history":
        git(tmp_path, "clone", "-q", "--depth", "1", f"file://{reworded}", str(project))
    else:
        shutil.copytree(reworded, project)
    if lacks == "git":
        monkeypatch.setenv("PATH", str(project / "nowhere"))
    if lacks == "repository":
        shutil.rmtree(project / ".git")
    result = run("abicase", "history", "case/pour#a-doubt", cwd=project)
    assert result.returncode == 3
    assert "    A mail doubted whether the place matters.\n" in result.stdout
    assert SLIGHTLY not in result.stdout
    said = {"git": "this needs git", "repository": "not a git repo", "history": "is shallow"}
    assert said[lacks] in result.stderr
