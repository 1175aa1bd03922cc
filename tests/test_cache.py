"""What is kept between runs: never stale, never trusted blindly, never in the way."""

from __future__ import annotations

import datetime
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

import abicase
from abicase.cache import Cache
from abicase.catalogue import load, load_reading
from abicase.finished import anchors, hold, put_back
from abicase.parsed import Parsed
from abicase.problems import Problem
from abicase.reading import Reading
from abicase.searched import entries
from conftest import SMALL

TODAY = datetime.date(2024, 6, 1)

PROGRAMS = Path(sys.executable).parent
CONFIGURATION = """\
site_name: Tea
site_url: !ENV [SITE_URL, ""]
theme: {name: material, font: false, custom_dir: overrides, palette: {primary: teal}}
nav:
  - Home: index.md
  - about.md
  - Patterns: patterns/index.md
  - Cases: "abicase:cases"
  - Compare: "abicase:compare"
  - Axes: "abicase:axes"
  - Claims: "abicase:claims"
  - Lessons: "abicase:lessons"
plugins: [search, abicase: {records: records, templates: templates, navigation_limit: 9}]
markdown_extensions: [attr_list, toc: {permalink: true}]
validation: {links: {anchors: warn}}
"""


def run(
    program: str, project: Path, *more: str, kept: str | Path = "off", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a program in a project, with a cache or without."""
    result = subprocess.run(
        [PROGRAMS / program, *more],
        cwd=project,
        env={
            **os.environ,
            "NO_MKDOCS_2_WARNING": "1",
            "ABICASE_CACHE": str(kept),
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert "Traceback" not in result.stderr
    return result


def contents(site: Path) -> dict[str, bytes]:
    files = (path for path in site.rglob("*") if path.is_file())
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in files}


def times(kept: Path) -> dict[Path, int]:
    """When the lists of what is kept were written, but for that of what stands on the site."""
    found = {path: path.stat().st_mtime_ns for path in kept.rglob("[!s]*.json")}
    assert not found or len(found) > 4
    return found


class Project:
    """A site with a cache; :meth:`built` holds what it builds against a build without."""

    def __init__(self, folder: Path, name: str = "mkdocs") -> None:
        self.folder = folder / "project"
        self.kept = folder / "kept"
        self.clean = folder / "clean"
        self.name = name
        self.environment: dict[str, str] = {}
        shutil.copytree(SMALL, self.folder / "records", ignore=shutil.ignore_patterns("*.md"))
        for other in ("templates", "overrides", "docs/assets"):
            (self.folder / other).mkdir(parents=True)
        self.write("mkdocs.yml", CONFIGURATION)
        self.write(
            "docs/index.md", "# Tea\n\n[pour](cases/pour.md#first)\n\n<!-- abicase: matrix -->\n"
        )
        self.write("docs/about.md", "# About\n\nTea.\n")
        self.write("docs/assets/own.css", "p { color: teal }\n")

    def write(self, file: str, text: str) -> None:
        (self.folder / file).write_text(text, encoding="utf-8")

    def replace(self, file: str, old: str, new: str) -> None:
        text = (self.folder / file).read_text("utf-8")
        assert old in text
        self.write(file, text.replace(old, new, 1))

    def touch(self, file: str) -> None:
        """Change a file, but neither its length nor its time."""
        path = self.folder / file
        status, text = path.stat(), path.read_text("utf-8")
        path.write_text(text.swapcase(), encoding="utf-8")
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    def built(self) -> tuple[int, int]:
        """Build with the cache and without; how many pages were kept, of how many."""
        ours = run(self.name, self.folder, "build", "--strict", kept=self.kept, **self.environment)
        theirs = run(
            self.name, self.folder, "build", "--strict", "-d", str(self.clean), **self.environment
        )
        assert ours.returncode == theirs.returncode == 0, ours.stderr + theirs.stderr
        cached, clean = contents(self.folder / "site"), contents(self.clean)
        assert sorted(cached) == sorted(clean)
        assert [name for name in clean if cached[name] != clean[name]] == []
        told = re.search(r"(\d+) of (\d+) pages", ours.stderr)
        assert told
        return int(told[1]), int(told[2])


def record(file: str, old: str, new: str) -> Callable[[Project], None]:
    return lambda project: project.replace(f"records/{file}.yml", old, new)


def option(old: str, new: str) -> Callable[[Project], None]:
    return lambda project: project.replace("mkdocs.yml", old, new)


def file(name: str, text: str) -> Callable[[Project], None]:
    return lambda project: project.write(name, text)


def environment(name: str, value: str) -> Callable[[Project], None]:
    return lambda project: project.environment.update({name: value})


def without(name: str) -> Callable[[Project], None]:
    return lambda project: (project.folder / name).unlink()


def another_program(project: Project) -> None:
    """The package in another version, with another template."""
    copy = project.folder.parent / "program"
    package = shutil.copytree(Path(abicase.__file__).parent, copy / "abicase")
    template = package / "templates" / "axes.md.jinja"
    template.write_text(template.read_text("utf-8").replace("same questions", "few questions"))
    project.environment["PYTHONPATH"] = str(copy)


def another_version_of_a_package(project: Project) -> None:
    place = project.folder.parent / "program"
    place.mkdir(exist_ok=True)
    (place / "theme-1.0.dist-info").mkdir()
    project.environment["PYTHONPATH"] = str(place)


BLOCKS = "{% block title %}T{% endblock %}{% block description %}D{% endblock %}"
AXES = '{% extends "page.md.jinja" %}' + BLOCKS + "{% block body %}@{% endblock %}"
MAIN = '{% extends "base.html" %}{% block announce %}@{% endblock %}'
DESCRIPTIONS = "{% for item in nav.pages if item.meta %}{{ item.meta.description }}{% endfor %}"

PAIR = (SMALL / "pairs" / "pour-vs-steep.yml").read_text("utf-8")
LEDGER = """\
permalinks:
  case/pour: {{at: cases/pour/, since: 2026-11-24}}
  lesson/name-the-unit: {{at: lessons/name-the-unit/, since: 2026-11-24}}
{}"""
GONE = """\
  case/pour#gone: {at: "cases/pour/#gone", since: 2026-11-24, state: withdrawn, on: 2026-11-25,
    because: It was told twice.}
"""

EDITS: Mapping[str, Callable[[Project], None]] = {
    "nothing": lambda _: None,
    "a case": record("cases/pour", "Both halves came", "Both parts came"),
    "the title of a case": record("cases/steep", "a function that was", "one that was"),
    "the summary of a case": record("cases/pour", "its release; see", "the release; see"),
    "the name of a case": record("cases/steep", "name: steep()", "name: Steep()"),
    "the title of an event": record("cases/pour", "title: It goes in", "title: It goes in with units"),
    "a rating": record("cases/steep", "rating: slow", "rating: fast"),
    "a source": record("cases/pour", "author: Ada", "author: Eve"),
    "a pattern": record("patterns/apart", "title: Apart", "title: Far apart"),
    "an axis": record("axes/speed", "title: Speed", "title: Pace"),
    "a claim": record("claims/faster", "settle sooner", "settle soon"),
    "a lesson": record("lessons/name-the-unit", "title: Name the unit", "title: Name units"),
    "a pair": record("pairs/pour-vs-steep", "Both take", "Either takes"),
    "a repository": record("repositories/teapot", "v1.1: 2020-09-15", "v1.1: 2020-09-16"),
    "the casebook": record("casebook", "title: Callers", "title: Users"),
    "a record less": without("records/pairs/pour-vs-steep.yml"),
    "a record more": file("records/pairs/pour-vs-steep.yml", PAIR),
    "the ledger": file("records/permalinks.yml", LEDGER.format("")),
    "what went from it": file("records/permalinks.yml", LEDGER.format(GONE)),
    "nothing, but the site is gone": lambda p: shutil.rmtree(p.folder / "site"),
    "nothing, but a page is touched": lambda p: p.touch("site/compare/pour-vs-steep/index.html"),
    "nothing, but a reply is touched": lambda p: p.touch("site/cases/pour/reply.txt"),
    "nothing, but files are added": lambda p: p.write("site/cases/pour/more.txt", "more"),
    "a template of the site": file("templates/axes.md.jinja", AXES.replace("@", "Mine.")),
    "that template again": file("templates/axes.md.jinja", AXES.replace("@", "*Mine* anew.")),
    "no template any more": without("templates/axes.md.jinja"),
    "a template of the theme": file("overrides/main.html", MAIN.replace("@", "News")),
    "that one again": file("overrides/main.html", MAIN.replace("@", "{{ pages|length }}")),
    "one that shows descriptions": file("overrides/main.html", MAIN.replace("@", DESCRIPTIONS)),
    "a summary that it shows": record("cases/pour", "the release; see", "that release; see"),
    "and again": file("overrides/main.html", MAIN.replace("@", "Other news")),
    "the colours": option("primary: teal", "primary: red"),
    "a feature of the theme": option("font: false,", "font: false, features: [navigation.tabs],"),
    "the name of the site": option("site_name: Tea", "site_name: More tea"),
    "a style sheet": option("nav:", "extra_css: [assets/own.css]\nnav:"),
    "what is in it": file("docs/assets/own.css", "p { color: green }\n"),
    "a script": option("nav:", "extra_javascript: [assets/own.js]\nnav:"),
    "a title in the navigation": option("Patterns:", "Ways:"),
    "the navigation limit": option("navigation_limit: 9", "navigation_limit: 1"),
    "an extension of Markdown": option("permalink: true", "permalink: '#'"),
    "the edit button": option("nav:", "repo_url: https://git.example/tea\nedit_uri: edit/main/\nnav:"),
    "the home page": lambda p: p.replace("docs/index.md", "# Tea", "# Tea\n\nWelcome."),
    "a hand-written page": file("docs/about.md", "# About\n\nMore tea.\n"),
    "its title": file("docs/about.md", "# About us\n\nMore tea.\n"),
    "its front matter": file("docs/about.md", "---\nicon: material/tea\n---\n# About us\n"),
    "the address of the site": environment("SITE_URL", "https://tea.example/book/"),
    "addresses without folders": option("nav:", "use_directory_urls: false\nnav:"),
    "another plugin": option("plugins: [search,", "plugins: [search, tags,"),
    "without it": option("plugins: [search, tags,", "plugins: [search,"),
    "no search": option("plugins: [search,", "plugins: ["),
    "no navigation": lambda p: p.write("mkdocs.yml", CONFIGURATION.split("nav:")[0] + "plugins:" + CONFIGURATION.split("plugins:")[1]),
    "a package beside it": another_version_of_a_package,
    "the program": another_program,
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mkdocs", "properdocs"])
def test_no_page_is_ever_stale(tmp_path: Path, name: str) -> None:
    """One kind of input after the other is edited; each site is what a clean build makes of it."""
    project = Project(tmp_path, name)
    kept, of = project.built()
    assert kept == 0
    # ProperDocs runs the same code; a few kinds tell whether it does so in the same way.
    for what, edit in list(EDITS.items())[: None if name == "mkdocs" else 4]:
        lists = times(project.kept)
        edit(project)
        try:
            kept, of = project.built()
        except AssertionError as error:
            raise AssertionError(f"after an edit of {what}") from error
        if what.startswith("nothing"):
            assert kept == of
            if what == "nothing":
                assert times(project.kept) == lists, "nothing is written again"
        elif what in ("a case", "the summary of a case", "the home page", "what is in it"):
            assert kept > 0, what
        elif what in (
            "a summary that it shows",
            "the program",
            "a package beside it",
            "the colours",
            "another plugin",
        ):
            assert kept == 0, what


@pytest.mark.slow
def test_a_cache_is_never_trusted(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.built()
    there = [path for path in project.kept.rglob("*") if path.is_file()]
    assert len(there) > 10
    for number, path in enumerate(there):
        data = path.read_bytes()
        damaged = (data[:-3], data.replace(b"cache 1 ", b"cache 0 "), data[:-9] + b"<script>!", b"")
        path.write_bytes(damaged[number % 4])
    kept, _ = project.built()
    assert kept == 0
    kept, of = project.built()
    assert kept == of


@pytest.mark.slow
def test_a_build_goes_on_without_a_cache(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.kept.write_text("no folder")
    assert project.built()[0] == 0
    result = run("mkdocs", project.folder, "build", "--strict", kept=project.kept)
    assert "is not used" in result.stderr


def test_a_folder_that_others_can_write_to_is_not_used(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    notes: list[str] = []
    cache = Cache(tmp_path, "part", notes.append)
    cache.write("a", b"content")
    assert cache.read("a") is None
    assert not cache.used
    assert notes == [f"the cache {tmp_path} is not used: others can write to it"]


def test_what_cannot_be_kept_is_not(tmp_path: Path) -> None:
    notes: list[str] = []
    root = tmp_path / "kept"
    cache = Cache(root, "part", notes.append)
    root.chmod(0o700)
    (root / "part").write_text("in the way")
    cache.write("a", b"content")
    cache.write("b", b"content")
    assert cache.read("a") is None
    assert len(notes) == 1
    assert "nothing is kept" in notes[0]


@pytest.mark.slow
def test_check_tells_the_same_from_the_cache(book: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    for old, new in (
        ("", ""),
        ("lane: library", "lane: librar"),
        ("lane: librar\n", "lane: library\n"),
        ("(#unit-named)", "(#unit-name)"),
        ("id: unit-named", "id: unit-name"),
    ):
        path = book / "cases" / "pour.yml"
        path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")
        clean = run("abicase", book, "check", "--records", ".", "--no-cache", kept=kept)
        for _ in range(2):
            result = run("abicase", book, "check", "--records", ".", kept=kept)
            assert (result.stdout, result.stderr) == (clean.stdout, clean.stderr)
            assert result.returncode == clean.returncode
    (book / "axes" / "speed.yml").unlink()  # what was good may not be so without it
    result = run("abicase", book, "check", "--records", ".", kept=kept)
    assert "there is no axis 'speed'" in result.stdout


WAYS_TO_GO_WRONG: Mapping[str, tuple[str, str, str]] = {
    "nothing": ("cases/pour", "", ""),
    "a text": ("cases/pour", "Both halves came", "Both <b>parts</b> came"),
    "no YAML": ("axes/speed", "title: Speed", "title: 'Speed"),
    "YAML again": ("axes/speed", "title: 'Speed", "title: Speed"),
    "a key twice": ("cases/steep", "name: steep()", "name: steep()\nname: steep()"),
    "a key once": ("cases/steep", "name: steep()\nname", "name"),
    "what others name": ("cases/pour", "id: unit-named", "id: unit-name"),
    "more of it": ("claims/faster", "id: faster", "id: fast"),
    "a draft": ("claims/faster", "id: fast", "id: faster\ndraft: true"),
    "no draft": ("claims/faster", "\ndraft: true", ""),
    "an axis that others rate": ("axes/speed", "id: speed", "id: speeds"),
    "the casebook": ("casebook", "id: callers", "id: caller"),
    "all but the text mended": ("axes/speed", "id: speeds", "id: speed"),
}


def test_every_way_of_reading_tells_the_same(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anew, side by side, from the cache, and from what was read before."""

    def read(places: int, kept: Cache | None = None, before: Reading | None = None) -> Reading:
        monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(places)))
        reading, problems = load_reading(book, TODAY, kept=kept, before=before)
        told.append(problems)
        return reading

    monkeypatch.setattr("abicase.reading._LEAST", 1)
    monkeypatch.setattr("abicase.checks._LEAST", 1)
    caches = [Cache(tmp_path / "kept", name, pytest.fail) for name in ("one", "two", "three")]
    before = read_and_kept = None
    told: list[list[Problem]] = []
    counts = set()
    for what, (file, old, new) in WAYS_TO_GO_WRONG.items():
        path = book / f"{file}.yml"
        text = path.read_text("utf-8")
        assert old in text, what
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        told.clear()
        anew = read(1)
        before = read(1, before=before)
        read_and_kept = read(1, caches[0], read_and_kept)
        readings = [read(3), read(1, caches[1]), read(3, caches[2]), before, read_and_kept]
        assert [problems for problems in told if problems != told[0]] == [], what
        for reading in readings:
            records = {key: entry.record for key, entry in reading.entries.items()}
            assert records == {key: entry.record for key, entry in anew.entries.items()}
            assert list(records) == list(anew.entries)
        counts.add(len(told[0]))
    assert 0 in counts
    assert len(counts) > 4


def test_records_are_taken_over_where_their_files_are_the_same(book: Path) -> None:
    first, _ = load(book, TODAY)
    path = book / "cases" / "pour.yml"
    path.write_text(path.read_text("utf-8").replace("Both halves", "Both parts"), "utf-8")
    second, problems = load(book, TODAY, before=first)
    assert first is not None
    assert second is not None
    assert problems == []
    assert "Both parts" in str(second.cases["pour"])
    assert {id_ for id_, case in second.cases.items() if case is not first.cases[id_]} == {"pour"}
    assert second.claims["faster"] is first.claims["faster"]
    assert second.converter is first.converter


def test_a_verdict_holds_only_where_and_when_it_was_given(book: Path, tmp_path: Path) -> None:
    cache = Cache(tmp_path / "kept", "part", pytest.fail)
    reading, _ = load_reading(book, TODAY, kept=cache)
    kept = Parsed(cache)
    every = {entry.digest for entry in reading.all_files()}
    assert kept.good(reading.within, TODAY) == every
    assert kept.good(reading.within, TODAY + datetime.timedelta(1)) == every
    assert kept.good(reading.within, TODAY - datetime.timedelta(1)) == set()
    assert kept.good(reading.within[::-1], TODAY) == set()
    # What lay in the future on an earlier day is said, though the record was good before.
    early = datetime.date(2021, 1, 1)
    for before in (None, reading):
        _, problems = load_reading(book, early, kept=cache, before=before)
        assert "future-date" in {problem.code for problem in problems}


def test_what_is_kept_of_records_is_made_anew_where_it_is_damaged(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes: list[str] = []
    reading, _ = load_reading(book, TODAY, kept=Cache(tmp_path / "kept", "part", notes.append))
    files = sorted((tmp_path / "kept" / "part" / "records").iterdir())
    assert len(files) > 3
    for file in files:
        file.write_bytes(file.read_bytes().replace(b"pour", b"puor"))
    again, problems = load_reading(book, TODAY, kept=Cache(tmp_path / "kept", "part", notes.append))
    assert (again.entries.keys(), problems) == (reading.entries.keys(), [])
    assert len(notes) == 1
    assert "damaged" in notes[0]
    cache = Cache(tmp_path / "kept", "part", pytest.fail)
    assert Parsed(cache).good(reading.within, TODAY)
    monkeypatch.setattr("abicase.parsed.program", lambda: "another")
    assert not Parsed(cache).good(reading.within, TODAY)


def test_the_cache_can_be_cleared(book: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    run("abicase", book, "check", "--records", ".", kept=kept)
    assert kept.is_dir()
    assert run("abicase", book, "cache", "clear", kept=kept).returncode == 0
    assert not kept.exists()
    assert "is not there" in run("abicase", book, "cache", "clear", kept=kept).stdout
    assert run("abicase", book, "cache", "clear", kept="off").returncode == 2


# Finished HTML


def test_finished_html_is_held_back() -> None:
    page = '# T { #t }\n\n<div id="a">\n<p>x</p>\n\n# no heading\n</div>\n\n## U\n\n<p>y</p>\n\n<p>z</p>\n'
    markdown, held = hold(page)
    assert held == ('<div id="a">\n<p>x</p>\n\n# no heading\n</div>', "<p>y</p>\n\n<p>z</p>")
    assert markdown == "# T { #t }\n\n<!--abicase 0-->\n\n\n## U\n\n<!--abicase 1-->\n\n"
    assert put_back("<h1>T</h1><!--abicase 0--><!--abicase 1-->", held) == (
        "<h1>T</h1>" + held[0] + held[1]
    )
    assert anchors(held) == {"a"}


@pytest.mark.parametrize(
    "page",
    [
        "Some *text*, and <div>in it</div>\n",
        "<div>\n\n*never closed*\n",
        "<div markdown>\n\n*text*\n\n</div>\n",
        "<p>one</p>\n*two*\n",
        "</div>\n",
        "only *text*\n",
    ],
)
def test_what_markdown_has_to_see_is_left(page: str) -> None:
    assert hold(page) == (page, ())


def test_the_entries_of_a_page_for_the_search() -> None:
    page = (
        "# A &#42; { #top }\n\n<p>One &amp; <code>two</code></p>\n\n## B { #b }\n\n"
        "<div data-search-exclude><div>no</div></div>\n\n<ul><li>three</li><li>four</li></ul>\n"
    )
    assert entries("a/", *hold(page)) == [
        {"location": "a/", "title": "A *", "text": "One &amp; two"},
        {"location": "a/#b", "title": "B", "text": "three four"},
    ]
