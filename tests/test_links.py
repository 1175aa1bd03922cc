"""Permalinks: a history of changes, after which every published address still answers.

The site is built with two themes; then each promise is broken in turn, on a copy.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import SMALL, Run
from crawl import faults

ABICASE = Path(sys.executable).with_name("abicase")
THEMES = ("material", "mkdocs")


def do(project: Path, *command: str | Path) -> str:
    result = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def git(project: Path, *arguments: str) -> str:
    return do(project, "git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org", *arguments)


def commit(project: Path, message: str) -> None:
    git(project, "add", "--all")
    git(project, "commit", "-q", "-m", message)


def edit(path: Path, *edits: tuple[str, str]) -> None:
    text = path.read_text("utf-8")
    for old, new in edits:
        assert old in text, f"{old!r} is not in {path}"
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def rename(path: Path, new: str) -> Path:
    edit(path, (f"id: {path.stem}", f"id: {new}"))
    return path.rename(path.with_stem(new))


def retire(project: Path, day: int, *options: str) -> str:
    return do(project, ABICASE, "links", "retire", "--on", f"2024-06-0{day}", *options)


def small_project(folder: Path) -> Path:
    """A project around the small casebook, in a git repository of its own."""
    shutil.copytree(SMALL, folder / "casestudies", ignore=shutil.ignore_patterns("*.md"))
    (folder / "docs").mkdir()
    (folder / "docs" / "index.md").write_text("# Tea\n", encoding="utf-8")
    for theme in THEMES:
        (folder / f"{theme}.yml").write_text(
            f"site_name: Tea\nsite_url: https://tea.example/\nsite_dir: site-{theme}\n"
            f"theme: {{name: {theme}}}\nplugins: [search, abicase]\n",
            encoding="utf-8",
        )
    git(folder, "init", "-q")
    return folder


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that has published, then renamed, moved, split and withdrawn; built twice."""
    project = small_project(tmp_path_factory.mktemp("history") / "project")
    records = project / "casestudies"
    pour, steep = records / "cases" / "pour.yml", records / "cases" / "steep.yml"
    publish = (ABICASE, "links", "publish")
    assert do(project, *publish, "--on", "2024-05-06") == "33 permalinks added.\n"
    edit(records / "permalinks.yml", ("permalinks:\n", "permalinks:\n  # the beginning\n"))
    commit(project, "Publish")

    # An event, a stage and a program get better ids.
    edit(pour, ("unit-named", "unit-given"), ("stage/change-it", "stage/change-both"))
    edit(pour, ("id: kettle", "id: the-kettle"))
    edit(records / "patterns" / "together.yml", ("id: change-it", "id: change-both"))
    because = ("--because", "A better *id* & <name>.")
    retire(project, 1, "case/pour#unit-named", "--moved", "case/pour#unit-given", *because)
    retire(project, 1, "stage/change-it", "--moved", "stage/change-both", *because)
    retire(project, 1, "case/pour#kettle", "--moved", "case/pour#the-kettle", *because)
    commit(project, "Rename")

    # A claim moves.
    rename(records / "claims" / "faster.yml", "settles-sooner")
    edit(pour, ("claim/faster", "claim/settles-sooner"))
    retire(
        project, 2, "claim/faster", "--moved", "claim/settles-sooner", "--because", "It said more."
    )
    commit(project, "Move a claim")

    # A lesson is split.
    lesson = rename(records / "lessons" / "name-the-unit.yml", "unit-in-the-name")
    shutil.copy(lesson, lesson.with_stem("one-unit"))
    edit(lesson.with_stem("one-unit"), ("id: unit-in-the-name", "id: one-unit"))
    both = "lesson/one-unit, lesson/unit-in-the-name"
    edit(pour, ("lesson/name-the-unit", both), ("[stage/try-it,", f"[stage/try-it, {both},"))
    edit(steep, ("lesson/name-the-unit", both))
    new = ("--split", "lesson/one-unit", "--split", "lesson/unit-in-the-name")
    retire(project, 3, "lesson/name-the-unit", *new, "--because", "It was two.")
    commit(project, "Split a lesson")

    # A case is withdrawn, and its pair; one of its sources is another one's now.
    steep.unlink()
    (records / "pairs" / "pour-vs-steep.yml").unlink()
    edit(pour, ("; see [the other](case/steep)", ""))
    retire(
        project, 4, "case/steep#blog", "--moved", "case/pour#split-mail", "--because", "The same."
    )
    gone = ("case/steep", "pair/pour-vs-steep", "--withdrawn", "--many")
    retire(project, 4, *gone, "--because", "It rested on a forgery.")
    edit(pour, ("sources: [first-commit, counted]", "sources: [first-commit]"))
    text = re.sub(r"(?s)  counted:\n.*?events:\n", "events:\n", pour.read_text("utf-8"))
    pour.write_text(text, encoding="utf-8")
    retire(project, 5, "case/pour#counted", "--withdrawn", "--because", "It was counted wrongly.")
    do(project, *publish, "--on", "2024-06-06")
    commit(project, "Withdraw a case")

    for theme in THEMES:
        do(project, ABICASE.with_name("mkdocs"), "build", "--strict", "-f", f"{theme}.yml")
    return project


def test_the_ledger_is_kept_as_people_left_it(project: Path) -> None:
    text = (project / "casestudies" / "permalinks.yml").read_text("utf-8")
    assert "many_retired_on: [2024-06-04]\npermalinks:\n  # the beginning\n" in text
    keys = re.findall(r"(?m)^  ([^#:\s]+(?:#[^:]+)?):", text)
    assert keys == sorted(keys)
    published = git(project, "show", "HEAD~4:casestudies/permalinks.yml")
    assert set(re.findall(r"(?m)^  (\S+): \{at: (\S+), since: 2024-05-06", published)) <= set(
        re.findall(r"(?m)^  (\S+): \{at: (\S+), since: 2024-05-06", text)
    )


@pytest.mark.slow
@pytest.mark.parametrize("theme", THEMES)
def test_everything_still_answers(project: Path, theme: str, run: Run) -> None:
    result = run("abicase", "links", "check", f"site-{theme}", "--history", cwd=project)
    assert result.stdout == "All 43 permalinks answer.\n", result.stdout
    assert result.returncode == 0
    site = project / f"site-{theme}"
    assert [fault for fault in faults(site) if "loads https://" not in fault] == []
    for file in ("search/search_index.json", "sitemap.xml", "cases/index.html", "index.html"):
        text = (site / file).read_text("utf-8")
        for address in ("cases/steep/", "claims/faster/", "lessons/name-the-unit/", "L/"):
            assert address not in text, f"{address} is still in {file}"
