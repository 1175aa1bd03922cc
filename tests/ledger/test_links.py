"""Permalinks: a history of changes, after which every published address still answers.

The site is built with two themes; then each promise is broken in turn, on a copy.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import warm
from abicase.schema.records import KINDS
from conftest import ROOT, SMALL, Run
from crawl import defects
from sites import once

pytestmark = pytest.mark.slow

WRONGLY = "It was *counted* & <b>wrongly</b> {: #merged } {{ 7*7 }}."
THEMES = ("material", "mkdocs")


def do(project: Path, *command: str | Path) -> str:
    program, *arguments = map(str, command)
    if program in ("abicase", "mkdocs"):
        result = warm.run(program, arguments, project, os.environ)
    else:
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
    return do(project, "abicase", "links", "retire", "--on", f"2024-06-0{day}", *options)


def permalinks(project: Path) -> Path:
    return project / "casestudies" / "permalinks.yml"


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
    return once(tmp_path_factory, "history", write_history)


def write_history(folder: Path) -> None:
    project = small_project(folder)
    records = project / "casestudies"
    pour, steep = records / "cases" / "pour.yml", records / "cases" / "steep.yml"
    publish = ("abicase", "links", "publish")
    added = do(project, *publish, "--on", "2024-05-06")
    count = permalinks(project).read_text("utf-8").count("since: 2024-05-06")
    assert added == f"{count} permalinks added.\n"
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
    retire(project, 4, *gone, "--because", "Its only source was a forgery.")
    edit(pour, ("sources: [first-commit, counted]", "sources: [first-commit]"))
    text = re.sub(r"(?s)  counted:\n.*?events:\n", "events:\n", pour.read_text("utf-8"))
    pour.write_text(text, encoding="utf-8")
    retire(project, 5, "case/pour#counted", "--withdrawn", "--because", WRONGLY)
    do(project, *publish, "--on", "2024-06-06")
    commit(project, "Withdraw a case")

    for theme in THEMES:
        do(project, "mkdocs", "build", "--strict", "-f", f"{theme}.yml")


def test_the_ledger_is_kept_as_people_left_it(project: Path) -> None:
    text = (project / "casestudies" / "permalinks.yml").read_text("utf-8")
    assert "many_retired_on: [2024-06-04]\npermalinks:\n  # the beginning\n" in text
    keys = re.findall(r"(?m)^  ([^#:\s]+(?:#[^:]+)?):", text)
    assert keys == sorted(keys)
    published = git(project, "show", "HEAD~4:casestudies/permalinks.yml")
    assert set(re.findall(r"(?m)^  (\S+): \{at: (\S+), since: 2024-05-06", published)) <= set(
        re.findall(r"(?m)^  (\S+): \{at: (\S+), since: 2024-05-06", text)
    )


@pytest.mark.parametrize("theme", THEMES)
def test_everything_still_answers(project: Path, theme: str, run: Run) -> None:
    result = run("abicase", "links", "check", f"site-{theme}", "--history", cwd=project)
    count = permalinks(project).read_text("utf-8").count("{at: ")
    assert result.stdout == f"All {count} permalinks resolve.\n", result.stdout
    assert result.returncode == 0
    site = project / f"site-{theme}"
    assert [defect for defect in defects(site) if "loads https://" not in defect] == []
    gone = ("cases/steep/", "claims/faster/", "lessons/name-the-unit/", "compare/pour-vs-steep/")
    for file in ("search/search_index.json", "sitemap.xml", "cases/index.html", "index.html"):
        text = (site / file).read_text("utf-8")
        for address in gone:
            assert address not in text, f"{address} is still in {file}"
    found = json.loads((site / "search" / "search_index.json").read_text("utf-8"))["docs"]
    assert not [entry for entry in found if entry["location"].startswith(("L/", "C/", "S/"))]
    assert "/L/" not in (site / "sitemap.xml").read_text("utf-8")


@pytest.fixture
def broken(project: Path, tmp_path: Path) -> Path:
    """A copy of the project with its sites, for a test to break."""
    return shutil.copytree(project, tmp_path / "project")


BREAKS = [
    ("cases/pour/index.html", "", "case/pour': there is no cases/pour/index.html (restore it, or"),
    (
        "cases/pour/index.html",
        'id="doubt"',
        "case/pour#doubt': cases/pour/ has no anchor 'doubt' (restore it, or record what became of"
        " it: abicase links retire --records ",
    ),
    ("cases/pour/index.html", 'id="unit-named"', "has no anchor 'unit-named' (build the site with"),
    ("cases/pour/index.html", 'id="counted"', "case/pour#counted': cases/pour/ has no anchor"),
    (
        "cases/pour/index.html",
        "It was *counted* &amp; &lt;b&gt;wrongly&lt;/b&gt;",
        "cases/pour/ does not say why it is with",
    ),
    ("patterns/index.html", 'id="change-it"', "stage/change-it': patterns/ has no anchor"),
    ("claims/faster/index.html", "", "claim/faster': there is no claims/faster/index.html (build"),
    ("claims/faster/index.html", "noindex", "claims/faster/ is moved but open to search engines"),
    ("claims/faster/index.html", "../settles-sooner/", "does not link to claims/settles-sooner/"),
    ("claims/faster/index.html", "2024-06-02", "does not say since when it is moved (the page has"),
    ("lessons/name-the-unit/index.html", "../one-unit/", "does not link to lessons/one-unit/"),
    ("cases/steep/index.html", 'id="guessed"', "cases/steep/ has no anchor 'guessed' (build"),
    (
        "cases/steep/index.html",
        "Its only source was a forgery.",
        "does not say why it is withdrawn",
    ),
    ("cases/steep/index.html", "../pour/#split-mail", "does not link to cases/pour/#split-mail"),
    ("L/one-unit/index.html", "", "L/one-unit': there is no L/one-unit/index.html (build the"),
    (
        "S/try-it/index.html",
        "../../patterns/#try-it",
        "S/try-it/ does not link to patterns/#try-it",
    ),
    ("C/faster/index.html", "../../claims/settles-sooner/", "does not link to claims/settles-s"),
]
"""A file of the site, what is taken out of it (all of it where nothing is named), what is said."""


@pytest.mark.parametrize(("file", "taken", "said"), BREAKS)
def test_what_does_not_answer_is_named(
    project: Path, tmp_path: Path, file: str, taken: str, said: str, run: Run
) -> None:
    site = shutil.copytree(project / "site-mkdocs", tmp_path / "site")
    if taken:
        edit(site / file, (taken, ""))
    else:
        (site / file).unlink()
    result = run("abicase", "links", "check", site, "--ledger", permalinks(project))
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    lines = result.stdout.splitlines()
    assert any(said in line and ": error: broken-permalink: " in line for line in lines), lines
    numbered = permalinks(project).read_text("utf-8").splitlines()
    for line in lines:  # each names its line of the ledger
        number, what = re.search(r"yml:(\d+):3: .*?permalinks\.'([^']+)'", line).groups()  # type: ignore[union-attr]
        assert numbered[int(number) - 1].startswith(f"  {what}: ")


LEDGER_BREAKS = [
    ("to: claim/settles-sooner", "to: claim/nowhere", "claim/nowhere, which is not in the ledger"),
    ("to: claim/settles-sooner", "to: case/steep", "leads to case/steep, which was itself withdr"),
    (
        "to: case/pour#split-mail",
        "to: case/pour#unit-named",
        "which was itself moved (make it lead to case/pour#unit-given)",
    ),
    (
        "many_retired_on: [2024-06-04]",
        "many_retired_on: []",
        "permalinks were retired on 2024-06-04",
    ),
    ("  axis/speed: {at: axes/speed/, since: 2024-05-06}\n", "", "axis/speed, published on 2024-"),
    ("at: axes/speed/, since: 2024-05-06", "at: axes/speed/, since: 2024-05-07", "put both back"),
    ("at: L/one-unit/", "at: L/other/", "L/one-unit': it was L/one-unit/, since"),
]


@pytest.mark.parametrize(("old", "new", "said"), LEDGER_BREAKS)
def test_the_ledger_can_not_be_bent(broken: Path, old: str, new: str, said: str, run: Run) -> None:
    edit(permalinks(broken), (old, new))
    for committed in (False, True):
        if committed:
            commit(broken, "Bend the ledger")
        result = run("abicase", "links", "check", "site-mkdocs", "--history", cwd=broken)
        assert result.returncode == 1
        assert said in result.stdout
        assert "Traceback" not in result.stderr


def test_what_is_gone_has_to_be_told(broken: Path, run: Run) -> None:
    """Who renames or reuses something published learns at once what to do."""
    pour = broken / "casestudies" / "cases" / "pour.yml"
    edit(pour, ("id: doubt", "id: a-doubt"), ("event: doubt", "event: a-doubt"))
    result = run("abicase", "check", cwd=broken)
    remedy = "abicase links retire case/pour#doubt --moved case/pour#a-doubt --because TEXT"
    assert "error: lost-permalink: permalinks.'case/pour#doubt': " in result.stdout
    assert remedy in result.stdout
    before = permalinks(broken).read_text("utf-8")
    result = run("abicase", "links", "publish", cwd=broken)
    assert result.returncode == 1
    assert remedy in result.stderr
    assert permalinks(broken).read_text("utf-8") == before
    retire(broken, 7, "case/pour#doubt", "--moved", "case/pour#a-doubt", "--because", "Clearer.")
    assert run("abicase", "check", cwd=broken).returncode == 0
    edit(pour, ("id: merged", "id: doubt"))
    result = run("abicase", "check", cwd=broken)
    assert "error: reused-id: permalinks.'case/pour#doubt': this was moved on 2024-06-07" in (
        result.stdout
    )


def test_what_moves_again_is_led_on(broken: Path) -> None:
    """No address leads to another one, however often things move."""
    records = broken / "casestudies"
    rename(records / "claims" / "settles-sooner.yml", "sooner")
    edit(records / "cases" / "pour.yml", ("claim/settles-sooner", "claim/sooner"))
    because = ("--because", "Shorter.")
    said = retire(broken, 8, "claim/settles-sooner", "--moved", "claim/sooner", *because)
    assert said == (
        "C/sooner: published\nclaim/faster: moved to claim/sooner\n"
        "claim/settles-sooner: moved to claim/sooner\nclaim/sooner: published\n"
    )
    text = permalinks(broken).read_text("utf-8")
    assert 'moved, to: claim/sooner, on: 2024-06-02, because: "It said more."}' in text
    rename(records / "cases" / "pour.yml", "pouring")
    for path in records.rglob("*.yml"):
        if path != permalinks(broken):
            path.write_text(path.read_text("utf-8").replace("case/pour", "case/pouring"), "utf-8")
    retire(broken, 9, "case/pour", "--moved", "case/pouring", "--many", *because)
    text = permalinks(broken).read_text("utf-8")
    assert re.search(
        r"case/pour#first: \{at: cases/pour/#first, since: 2024-05-06, [^,]*\}\n", text
    )
    assert (
        "case/pour#kettle: {at: cases/pour/#kettle, since: 2024-05-06, state: moved, to: case/pouring#the-kettle,"
        in text
    )
    # What went with its page goes on with what it has become there.
    pouring = records / "cases" / "pouring.yml"
    edit(
        pouring,
        ("id: first\n", "id: begun\n"),
        ("[first,", "[begun,"),
        ("event: first", "event: begun"),
    )
    retire(broken, 9, "case/pouring#first", "--moved", "case/pouring#begun", *because)
    do(broken, "mkdocs", "build", "--strict", "-f", "mkdocs.yml")
    assert do(broken, "abicase", "links", "check", "site-mkdocs", "--history").startswith("All ")
    left = (broken / "site-mkdocs" / "cases" / "pour" / "index.html").read_text("utf-8")
    assert re.search(r'<li id="first">.*href="\.\./pouring/#begun"', left)


REFUSED = [
    (("case/pour#dubt", "--withdrawn"), "not in the ledger (did you mean 'case/pour#doubt'?)"),
    (("case/pour#doubt", "--withdrawn"), "case/pour#doubt is still in the records"),
    (("case/steep", "--withdrawn"), "case/steep was already withdrawn on 2024-06-04"),
    (("C/faster", "--withdrawn"), "C/faster follows claim/faster; retire that"),
    (("axis/gone", "--moved", "axis/sped"), "there is no 'axis/sped' (did you mean 'axis/speed'?)"),
    (("axis/gone", "--split", "axis/speed"), "a split item leads 'to' several items"),
    (("axis/gone",), "give one of --moved, --split and --withdrawn"),
    (("axis/gone", "--withdrawn", "--moved", "axis/speed"), "give one of --moved"),
    (("axis/gone", "--withdrawn", "--on", "soon"), "'soon' is not a date"),
    (
        ("axis/gone", "--withdrawn", "--because", "a\nb"),
        "--because: the text must be on a single line",
    ),
]


@pytest.mark.parametrize(("options", "said"), REFUSED)
def test_what_can_not_be_retired(
    broken: Path, options: tuple[str, ...], said: str, run: Run
) -> None:
    edit(
        permalinks(broken),
        ("  axis/o", "  axis/gone: {at: axes/gone/, since: 2024-05-06}\n  axis/o"),
    )
    before = permalinks(broken).read_text("utf-8")
    because = () if "--because" in options else ("--because", "x")
    result = run("abicase", "links", "retire", *because, *options, cwd=broken)
    assert (result.returncode, result.stdout) == (2, "")
    assert said in result.stderr
    assert permalinks(broken).read_text("utf-8") == before


def test_a_ledger_that_people_have_laid_out(broken: Path, run: Run) -> None:
    """Only the lines in question change; what can't be edited by lines is left alone."""
    ledger = permalinks(broken)
    edit(
        ledger,
        (
            "  axis/speed: {at: axes/speed/, since: 2024-05-06}\n",
            "\n  # the second axis\n  axis/speed:\n    at: axes/speed/\n    since: 2024-05-06 # first\n"
            "  # a case\n",
        ),
    )
    text = ledger.read_text("utf-8")
    ledger.write_text(re.sub(r"(cases/pour/#doubt, .*)", r"\1 # doubted", text), encoding="utf-8")
    before = ledger.read_text("utf-8")
    rename(broken / "casestudies" / "axes" / "speed.yml", "pace")
    pour = broken / "casestudies" / "cases" / "pour.yml"
    edit(
        pour,
        ("speed: {rating", "pace: {rating"),
        ("id: doubt", "id: a-doubt"),
        ("event: doubt", "event: a-doubt"),
    )
    because = ("--because", 'Pace is meant: "how fast".')
    retire(broken, 7, "axis/speed", "--moved", "axis/pace", *because)
    retire(broken, 7, "case/pour#speed", "--moved", "case/pour#pace", *because)
    retire(broken, 7, "case/pour#doubt", "--moved", "case/pour#a-doubt", *because)
    text = ledger.read_text("utf-8")
    assert (
        "  axis/pace: {at: axes/pace/, since: 2024-06-07}\n\n  # the second axis\n"
        "  axis/speed: {at: axes/speed/, since: 2024-05-06, state: moved, to: axis/pace,"
        ' on: 2024-06-07, because: "Pace is meant: \\"how fast\\"."} # first\n  # a case\n'
    ) in text
    assert ' on: 2024-06-07, because: "Pace is meant: \\"how fast\\"."} # doubted\n' in text
    changed = set(before.splitlines()) - set(text.splitlines())
    assert len(changed) == 5, "three of the axis, one of the finding, one of the event"
    assert run("abicase", "check", cwd=broken).returncode == 0
    ledger.write_text("permalinks: {axis/pace: {at: axes/pace/, since: 2024-06-07}}\n", "utf-8")
    result = run("abicase", "links", "publish", cwd=broken)
    assert result.returncode == 2
    assert "permalinks.yml does not have one permalink per line" in result.stderr


def test_a_place_of_a_split_is_named_once(broken: Path, run: Run) -> None:
    before = permalinks(broken).read_text("utf-8")
    twice = ("--split", "case/pour#first", "--split", "case/pour#first", "--because", "x")
    result = run("abicase", "links", "retire", "case/pour#second", *twice, cwd=broken)
    assert result.returncode == 2
    assert "--split names a place twice" in result.stderr
    assert permalinks(broken).read_text("utf-8") == before


def test_without_a_ledger(book: Path, run: Run, tmp_path: Path) -> None:
    result = run("abicase", "links", "check", tmp_path, cwd=book)
    assert result.returncode == 2
    assert "there is no ledger 'permalinks.yml'; abicase links publish creates it" in result.stderr
    assert run("abicase", "links", "publish", "--flat-urls", cwd=book).returncode == 0
    text = (book / "permalinks.yml").read_text("utf-8")
    assert "case/pour#first: {at: cases/pour.html#first, since: " in text
    assert run("abicase", "links", "publish", cwd=book).stdout == "0 permalinks added.\n"
    result = run("abicase", "links", "check", tmp_path, "--history", cwd=book)
    assert result.returncode == 2
    assert "is not a git repository" in result.stderr


# Drafts, and what is not committed yet


def add_case(project: Path, name: str) -> Path:
    """A finished case that is not published yet."""
    records = project / "casestudies"
    text = (records / "cases" / "pour.yml").read_text("utf-8")
    text = text.replace("id: pour\n", f"id: {name}\n").replace("name: pour()", f"name: {name}()")
    path = records / "cases" / f"{name}.yml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A project whose ledger is committed on the branch main."""
    project = small_project(tmp_path / "published")
    (project / ".gitattributes").write_text((ROOT / ".gitattributes").read_text("utf-8"), "utf-8")
    git(project, "symbolic-ref", "HEAD", "refs/heads/main")
    do(project, "abicase", "links", "publish", "--on", "2024-05-06")
    commit(project, "Publish")
    return project


DRAFTS = ("case", "pattern", "axis", "claim", "lesson", "pair", "repository")


def test_drafts_never_enter_the_ledger(published: Path, run: Run) -> None:
    """Neither do their parts and short addresses, whatever kind of record they are."""
    before = permalinks(published).read_text("utf-8")
    assert set(DRAFTS) == set(KINDS)
    for kind in DRAFTS:
        name = ("pour", "brew") if kind == "pair" else ("brew",)
        do(published, "abicase", "new", kind, *name)
    result = run("abicase", "links", "publish", cwd=published)
    assert result.stdout == "0 permalinks added.\n", result.stderr
    assert result.stderr == "7 drafts were left out.\n"
    assert permalinks(published).read_text("utf-8") == before
    rename(published / "casestudies" / "lessons" / "name-the-unit.yml", "name-the-units")
    options = ("lesson/name-the-unit", "--moved", "lesson/brew", "--because", "x")
    for path in (published / "casestudies").rglob("*.yml"):
        if path != permalinks(published):
            text = path.read_text("utf-8")
            path.write_text(text.replace("lesson/name-the-unit", "lesson/name-the-units"), "utf-8")
    result = run("abicase", "links", "retire", *options, cwd=published)
    assert result.returncode == 2
    assert "lesson/brew is a draft; finish it first" in result.stderr
    assert permalinks(published).read_text("utf-8") == before


def test_what_was_published_can_not_become_a_draft(published: Path, run: Run) -> None:
    """It is said once, not of each part."""
    add_case(published, "brew")
    do(published, "abicase", "links", "publish", "--on", "2024-05-07")
    edit(
        published / "casestudies" / "cases" / "brew.yml", ("id: brew\n", "id: brew\ndraft: true\n")
    )
    result = run("abicase", "check", cwd=published)
    lost = [line for line in result.stdout.splitlines() if "lost-permalink" in line]
    assert len(lost) == 1, result.stdout
    assert (
        "'case/brew': this was published on 2024-05-07, but is now a draft (its ledger entry is not"
        in lost[0]
    )
    commit(published, "Publish too early")
    result = run("abicase", "check", cwd=published)
    lost = [line for line in result.stdout.splitlines() if "lost-permalink" in line]
    assert len(lost) == 1, result.stdout
    assert (
        "'case/brew': this was published on 2024-05-07, but is now a draft (finish it and remove"
        in lost[0]
    )


@pytest.mark.parametrize("staged", [False, True])
@pytest.mark.parametrize("is_new", [False, True])
def test_what_is_not_committed_can_be_undone(
    published: Path, run: Run, *, is_new: bool, staged: bool
) -> None:
    """The command that publishes and the check both say how, and what they say works."""
    if is_new:
        git(published, "rm", "-q", "--cached", "casestudies/permalinks.yml")
        permalinks(published).unlink()
        git(published, "commit", "-q", "-m", "Nothing is published")
    before = "" if is_new else permalinks(published).read_text("utf-8")
    case = add_case(published, "brew")
    result = run("abicase", "links", "publish", cwd=published)
    undo = "rm" if is_new else "git checkout HEAD --"
    undo += " casestudies/permalinks.yml"
    assert result.stderr == (
        f"Once committed, they are kept forever. To undo this before then: {undo}\n"
    )
    if staged:
        git(published, "add", "--all")
    rename(case, "boil")
    for command in (("check",), ("links", "publish")):
        result = run("abicase", *command, cwd=published / "casestudies" / "cases")
        assert result.returncode == 1
        lost = [
            line
            for line in (result.stdout + result.stderr).splitlines()
            if "lost-permalink" in line
        ]
        assert len(lost) == 1
        assert "'case/brew': this was published on " in lost[0]
        assert (
            " is not in the records (its ledger entry is not committed yet; delete it, or"
            in lost[0]
        )
    lost = run("abicase", "check", cwd=published).stdout.splitlines()
    assert lost[0].endswith(
        f"(its ledger entry is not committed yet; delete it, or all such entries: {undo})"
    )
    do(published, "sh", "-c", undo)
    assert (permalinks(published).read_text("utf-8") if not is_new else "") == before
    assert run("abicase", "check", cwd=published).returncode == 0


@pytest.mark.parametrize("gone", ["git", "repository", "commit"])
def test_where_git_can_not_tell_nothing_is_said_of_it(
    published: Path, run: Run, monkeypatch: pytest.MonkeyPatch, gone: str
) -> None:
    if gone == "git":
        monkeypatch.setenv("PATH", str(published / "nowhere"))
    elif gone == "repository":
        shutil.rmtree(published / ".git")
    else:
        git(published, "update-ref", "-d", "HEAD")
    rename(add_case(published, "brew"), "brewed")
    result = run("abicase", "links", "publish", cwd=published)
    assert (result.returncode, result.stderr) == (0, "")
    rename(published / "casestudies" / "cases" / "brewed.yml", "boiled")
    result = run("abicase", "check", cwd=published)
    assert "'case/brewed': this was published on " in result.stdout
    assert "case/brewed --moved case/boiled --because TEXT" in result.stdout
    assert "Traceback" not in result.stderr


# What is on the site and not in the ledger


def test_what_has_no_permalink_is_one_line(broken: Path, run: Run) -> None:
    """Whoever builds what nobody has published learns it at once, with the command."""
    add_case(broken, "brew")
    do(broken, "mkdocs", "build", "--strict", "-f", "mkdocs.yml")
    check = ("abicase", "links", "check", "site-mkdocs")
    result = run(*check, cwd=broken)
    assert result.returncode == 1
    line = result.stdout.splitlines()[0]
    assert result.stdout == f"{line}\n"
    assert re.fullmatch(
        r"casestudies/permalinks\.yml:\d+:1: error: unpublished: permalinks: \d+ permalinks are"
        r" missing, such as that of case/brew \(on the branch that is published: abicase links"
        r" publish, and commit casestudies/permalinks\.yml\)",
        line,
    )
    (found,) = json.loads(run(*check, "--format", "json", cwd=broken).stdout)
    assert (found["code"], found["severity"]) == ("unpublished", "error")
    assert str(found["line"]) == line.split(":")[1]
    assert run(*check, "--format", "github", cwd=broken).stdout.startswith("::error file=cases")
    result = run(*check, "--ledger", permalinks(broken), cwd=broken.parent / "project")
    assert f"abicase links publish -r {broken / 'casestudies'}, and" in result.stdout
    result = run(*check, "--allow-unpublished", cwd=broken)
    assert result.returncode == 0
    assert re.fullmatch(r"All \d+ permalinks resolve\.\n", result.stdout)
    assert re.match(r"Note: \d+ permalinks are missing, such as that of case/br", result.stderr)
    do(broken, "abicase", "links", "publish")
    assert run(*check, cwd=broken).returncode == 0


@pytest.mark.parametrize("listed", [None, "", "[]", '{"links": [{"reference": 3}]}'])
def test_a_site_that_does_not_list_its_items(broken: Path, run: Run, listed: str | None) -> None:
    """Items that could not be looked at are reported, and don't pass."""
    file = broken / "site-mkdocs" / "api" / "v1" / "links.json"
    file.unlink()
    if listed is not None:
        file.write_text(listed, encoding="utf-8")
    result = run("abicase", "links", "check", "site-mkdocs", cwd=broken)
    assert result.returncode == 3
    assert result.stderr == (
        "site-mkdocs/api/v1/links.json is missing or is not a list of items,"
        " so it was not checked that each item has a permalink.\n"
    )
    result = run("abicase", "links", "check", "site-mkdocs", "--allow-unpublished", cwd=broken)
    assert (result.returncode, result.stderr) == (0, "")


# Branches


def answers(project: Path) -> str:
    """Check the records, build the site, and hold it against the ledger and its history."""
    do(project, "abicase", "check")
    do(project, "mkdocs", "build", "--strict", "-f", "mkdocs.yml")
    return do(project, "abicase", "links", "check", "site-mkdocs", "--history")


def test_an_id_that_changed_on_a_branch_was_never_published(published: Path, run: Run) -> None:
    git(published, "checkout", "-q", "-b", "brew")
    case = add_case(published, "brew")
    do(published, "abicase", "links", "publish", "--on", "2024-05-07")
    commit(published, "Add brew, and publish it too early")
    rename(case, "boil")
    git(published, "checkout", "main", "--", "casestudies/permalinks.yml")
    commit(published, "Call it boil")
    git(published, "checkout", "-q", "main")
    (published / "docs" / "more.md").write_text("# More\n", encoding="utf-8")
    commit(published, "Do something else")
    git(published, "merge", "-q", "--no-edit", "brew")
    do(published, "abicase", "links", "publish", "--on", "2024-05-08")
    commit(published, "Publish boil")
    assert answers(published).startswith("All ")
    # What main itself had is missed all the same, and so is what a merge takes out.
    git(published, "checkout", "-q", "-b", "less")
    text = permalinks(published).read_text("utf-8")
    permalinks(published).write_text(re.sub(r"(?m)^  case/boil#first: .*\n", "", text), "utf-8")
    commit(published, "Take a line out")
    git(published, "checkout", "-q", "main")
    git(published, "merge", "-q", "--no-ff", "--no-edit", "less")
    result = run("abicase", "links", "check", "site-mkdocs", "--history", cwd=published)
    assert "case/boil#first, published on 2024-05-08" in result.stdout


def test_ledgers_of_two_branches_become_one(published: Path) -> None:
    """Both add lines at the same place, for which git has nothing to ask."""
    for name in ("brew", "infuse"):
        git(published, "checkout", "-q", "-b", name, "main")
        add_case(published, name)
        do(published, "abicase", "links", "publish", "--on", "2024-05-07")
        commit(published, f"Add {name}")
    git(published, "checkout", "-q", "main")
    for name in ("infuse", "brew"):
        git(published, "merge", "-q", "--no-edit", name)
    assert answers(published).startswith("All ")
    text = permalinks(published).read_text("utf-8")
    assert "  case/brew: {" in text
    assert "  case/infuse: {" in text
    assert do(published, "abicase", "links", "publish") == "0 permalinks added.\n"


def test_a_branch_that_is_never_merged_leaves_nothing(published: Path, run: Run) -> None:
    """Its ledger comes along to main where it is not committed; that is said with the way back."""
    git(published, "checkout", "-q", "-b", "brew")
    add_case(published, "brew")
    commit(published, "Add brew")
    do(published, "abicase", "links", "publish", "--on", "2024-05-07")
    git(published, "checkout", "-q", "main")
    result = run("abicase", "check", cwd=published)
    assert result.returncode == 1
    assert result.stdout.count("lost-permalink") == 1
    assert "git checkout HEAD -- casestudies/permalinks.yml" in result.stdout
    do(published, "git", "checkout", "HEAD", "--", "casestudies/permalinks.yml")
    assert answers(published).startswith("All ")
