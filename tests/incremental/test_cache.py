"""The cache between runs: never stale, never trusted blindly, never in the way."""

from __future__ import annotations

import datetime
import logging
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config

import abicase
import warm
from abicase.catalogue.loading import load_reading
from abicase.incremental.store import Store, StoredResult
from abicase.incremental.stored import StoredMemo
from abicase.memo import Memo, no_memo
from abicase.problems.problem import Problem
from abicase.source.reading import Reading
from conftest import SMALL

TODAY = datetime.date(2024, 6, 1)

CONFIGURATION = """\
site_name: Tea
site_url: !ENV [SITE_URL, ""]
theme: {name: null, custom_dir: overrides, features: [], palette: {primary: teal}}
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
THEME = """\
<!doctype html>
<html><head><title>{{ page.title }} - {{ config.site_name }}</title>
<meta name="options" content="{{ config.theme.palette }} {{ config.theme.features }}">
{% for path in config.extra_css %}<link rel="stylesheet" href="{{ path|url }}">{% endfor %}
{% for path in config.extra_javascript %}{{ path|script_tag }}{% endfor %}
</head><body>{% block announce %}{% endblock %}
{% for item in nav %}{{ item }}{% endfor %}
<a href="{{ page.edit_url }}">Edit</a>
{{ page.toc }}{{ page.content }}
</body></html>
"""
"""A theme with the usual elements that is fast to render."""


def run(
    program: str, project: Path, *more: str, kept: str | Path = "off", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a program in a project, with or without a cache."""
    variables = {"ABICASE_CACHE": str(kept), **environment}
    result = warm.run(program, more, project, {**os.environ, **variables})
    assert "Traceback" not in result.stderr
    return result


def contents(site: Path) -> dict[str, bytes]:
    files = (path for path in site.rglob("*") if path.is_file())
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in files}


def kept_file(kept: Path) -> Path:
    """Return the one file that holds the results."""
    (file,) = kept.glob("*.sqlite")
    return file


class Project:
    """A site with a cache; :meth:`built` compares its builds with ones without a cache."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "project"
        self.kept = folder / "kept"
        self.clean = folder / "clean"
        self.environment: dict[str, str] = {}
        shutil.copytree(SMALL, self.folder / "records", ignore=shutil.ignore_patterns("*.md"))
        for other in ("templates", "overrides", "docs/assets"):
            (self.folder / other).mkdir(parents=True)
        self.write("mkdocs.yml", CONFIGURATION)
        self.write("overrides/base.html", THEME)
        self.write("overrides/main.html", '{% extends "base.html" %}')
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

    def build(self, site: Path, kept: str | Path) -> str:
        """Build in this process, as ``mkdocs build --strict`` does, and return its messages."""
        environment = {"ABICASE_CACHE": str(kept), **self.environment}
        with pytest.MonkeyPatch.context() as patch, said_by_mkdocs() as said:
            for name, value in environment.items():
                patch.setenv(name, value)
            config = load_config(str(self.folder / "mkdocs.yml"), strict=True, site_dir=str(site))
            config.plugins.on_startup(command="build", dirty=False)
            try:
                build(config)
            finally:
                config.plugins.on_shutdown()
        return "\n".join(said)

    def built(self, *, edited: bool = True) -> tuple[int, int]:
        """Build with the cache, and also without it if anything was edited since.

        Returns:
            How many pages were kept, of how many.
        """
        said = self.build(self.folder / "site", self.kept)
        if edited:
            self.build(self.clean, "off")
        cached, clean = contents(self.folder / "site"), contents(self.clean)
        assert sorted(cached) == sorted(clean)
        assert [name for name in clean if cached[name] != clean[name]] == []
        told = re.search(r"(\d+) of (\d+) pages", said)
        assert told
        return int(told[1]), int(told[2])


class Commanded(Project):
    """A site with the most common theme, built by a host's command."""

    def __init__(self, folder: Path, host: str) -> None:
        super().__init__(folder)
        self.host = host
        self.replace("mkdocs.yml", "name: null,", "name: material, font: false,")
        for name in ("base.html", "main.html"):
            (self.folder / "overrides" / name).unlink()

    def build(self, site: Path, kept: str | Path) -> str:
        """Build with the command, and return its messages."""
        options = ("build", "--strict", "-d", str(site))
        result = run(self.host, self.folder, *options, kept=kept, **self.environment)
        assert result.returncode == 0, result.stderr
        return result.stderr


@contextmanager
def said_by_mkdocs() -> Iterator[list[str]]:
    """Collect all messages of MkDocs and its plugins in the block."""
    said: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    logger, listener = logging.getLogger("mkdocs"), Listener()
    level = logger.level
    logger.addHandler(listener)
    logger.setLevel(logging.INFO)
    try:
        yield said
    finally:
        logger.setLevel(level)
        logger.removeHandler(listener)


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
    """Return the package in another version, with another template."""
    copy = project.folder.parent / "program"
    package = shutil.copytree(Path(abicase.__file__).parent, copy / "abicase")
    template = package / "render" / "templates" / "axes.md.jinja"
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
    "that template again": file("templates/axes.md.jinja", AXES.replace("@", "*Mine* again.")),
    "no template any more": without("templates/axes.md.jinja"),
    "a template of the theme": file("overrides/main.html", MAIN.replace("@", "News")),
    "that one again": file("overrides/main.html", MAIN.replace("@", "{{ pages|length }}")),
    "one that shows descriptions": file("overrides/main.html", MAIN.replace("@", DESCRIPTIONS)),
    "a summary that it shows": record("cases/pour", "the release; see", "that release; see"),
    "and again": file("overrides/main.html", MAIN.replace("@", "Other news")),
    "the colours": option("primary: teal", "primary: red"),
    "a feature of the theme": option("features: []", "features: [navigation.tabs]"),
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
    "another plugin": option("plugins: [search,", "plugins: [search, material/tags,"),
    "without it": option("plugins: [search, material/tags,", "plugins: [search,"),
    "no search": option("plugins: [search,", "plugins: ["),
    "no navigation": lambda p: p.write("mkdocs.yml", CONFIGURATION.split("nav:")[0] + "plugins:" + CONFIGURATION.split("plugins:")[1]),
}  # fmt: skip
COMMANDED: Mapping[str, Callable[[Project], None]] = {
    **{what: EDITS[what] for what in ("nothing", "a case", "a template of the theme")},
    "a package next to it": another_version_of_a_package,
    "the program": another_program,
}
"""Edits for a build by command: on the way from records and theme to pages, and in the code."""


NOT_OURS = ("the home page", "what is in it", "the colours", "another plugin", "a style sheet")
"""Edits of the inputs to the frame that the theme puts around pages."""
EVERYTHING = (
    *("the casebook", "a repository", "the ledger", "the program", "a package next to it"),
    *("a template of the site", "an extension of Markdown", "the address of the site"),
)
"""Edits of the inputs to each page."""


def never_stale(project: Project, edits: Mapping[str, Callable[[Project], None]]) -> None:
    """After each kind of edit, the site is the same as a clean build."""
    kept, of = project.built()
    assert kept == 0
    for what, edit in edits.items():
        before = kept_file(project.kept).read_bytes() if what == "nothing" else b""
        edit(project)
        try:
            kept, of = project.built(edited=not what.startswith("nothing"))
        except AssertionError as error:
            raise AssertionError(f"after an edit of {what}") from error
        if what == "nothing":
            assert kept_file(project.kept).read_bytes() == before, "nothing is written again"
        if what.startswith("nothing") or what in NOT_OURS:
            assert kept == of, what
        elif what in ("a case", "the summary of a case", "a rating"):
            assert 0 < kept < of, what
        elif what in EVERYTHING:
            assert kept == 0, what


@pytest.mark.first
@pytest.mark.slow
def test_no_page_is_ever_stale(tmp_path: Path) -> None:
    never_stale(Project(tmp_path), EDITS)


@pytest.mark.first
@pytest.mark.slow
@pytest.mark.parametrize(
    ("host", "edits"), [("mkdocs", COMMANDED), ("properdocs", {"a case": EDITS["a case"]})]
)
def test_no_page_of_a_command_is_stale(
    tmp_path: Path, host: str, edits: Mapping[str, Callable[[Project], None]]
) -> None:
    never_stale(Commanded(tmp_path, host), edits)


@pytest.mark.slow
def test_a_cache_is_never_trusted(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.built()
    file = kept_file(project.kept)
    data = file.read_bytes()
    cut_off = [data[: int(len(data) * share)] for share in (0, 0.001, 0.2, 0.5, 0.9)]
    for damaged in (*cut_off, data[:-3], data.replace(b"teapot", b"<b>pot"), b"x" * 9000):
        file.write_bytes(damaged)
        project.built(edited=False)
    project.built(edited=False)  # a run in which the file was no good has kept nothing
    kept, of = project.built(edited=False)
    assert kept == of


def test_an_entry_is_taken_only_as_it_was_written(tmp_path: Path) -> None:
    store = Store(tmp_path, "one", pytest.fail)
    store.put("page/a", StoredResult("key", {"case/pour": "1"}, {"body": "<p>tea</p>"}))
    store.save()
    store.close()
    file = kept_file(tmp_path)
    assert Store(tmp_path, "one").get("page/a") == StoredResult(
        "key", {"case/pour": "1"}, {"body": "<p>tea</p>"}
    )
    assert Store(tmp_path, "another").get("page/a") is None
    file.write_bytes(file.read_bytes().replace(b"<p>tea</p>", b"<p>pot</p>"))
    assert Store(tmp_path, "one").get("page/a") is None


def test_what_is_no_longer_asked_for_is_dropped(tmp_path: Path) -> None:
    store = Store(tmp_path, "one", pytest.fail)
    for name in ("page/a", "page/b", "reply/a"):
        store.put(name, StoredResult("key", {}, name))
    store.save()
    assert store.get("page/a")
    store.save()
    fresh = Store(tmp_path, "one", pytest.fail)
    assert fresh.get("page/b") is None
    assert fresh.get("reply/a"), "nobody asked for replies"


@pytest.mark.slow
def test_a_build_goes_on_without_a_cache(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.kept.write_text("no folder")
    assert project.built()[0] == 0
    assert "is not used" in project.build(project.folder / "site", project.kept)


def test_a_folder_that_others_can_write_to_is_not_used(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    notes: list[str] = []
    store = Store(tmp_path, "part", notes.append)
    store.put("a", StoredResult("", {}, 1))
    store.save()
    assert list(tmp_path.glob("*.sqlite")) == []
    assert notes == [f"the cache {tmp_path} is not used: other users can write to it"]


def test_what_cannot_be_kept_is_not(tmp_path: Path) -> None:
    notes: list[str] = []
    store = Store(tmp_path / "kept", "part", notes.append)
    file = kept_file(tmp_path / "kept")
    store.close()
    file.unlink()
    file.mkdir()
    store = Store(tmp_path / "kept", "part", notes.append)
    store.put("a", StoredResult("", {}, 1))
    store.save()
    assert store.get("a") is None
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
    "all but the text fixed": ("axes/speed", "id: speeds", "id: speed"),
}


def test_the_memo_changes_nothing_that_is_read(book: Path, tmp_path: Path) -> None:
    store = Store(tmp_path / "kept", "one", pytest.fail)
    counts = set()
    for what, (file, old, new) in WAYS_TO_GO_WRONG.items():
        path = book / f"{file}.yml"
        text = path.read_text("utf-8")
        assert old in text, what
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        told: list[list[Problem]] = []
        readings: list[Reading] = []
        fresh = Store(tmp_path / "kept", "one", pytest.fail)
        memos: tuple[Memo, ...] = (no_memo, StoredMemo(store, ""), StoredMemo(fresh, ""))
        for memo in memos:
            reading, problems = load_reading(book, TODAY, memo=memo)
            readings.append(reading)
            told.append(problems)
        store.save()
        assert [problems for problems in told if problems != told[0]] == [], what
        first, *others = [{k: e.record for k, e in one.entries.items()} for one in readings]
        for records in others:
            assert records == first
            assert list(records) == list(first)
        counts.add(len(told[0]))
    assert 0 in counts
    assert len(counts) > 4


def test_what_lay_in_the_future_is_said_though_the_record_is_kept(
    book: Path, tmp_path: Path
) -> None:
    store = Store(tmp_path / "kept", "one", pytest.fail)
    for day, said in ((TODAY, False), (datetime.date(2021, 1, 1), True)):
        _, problems = load_reading(book, day, memo=StoredMemo(store, ""))
        assert ("future-date" in {problem.code for problem in problems}) is said


def test_the_cache_can_be_cleared(book: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    run("abicase", book, "check", "--records", ".", kept=kept)
    assert kept.is_dir()
    assert run("abicase", book, "cache", "clear", kept=kept).returncode == 0
    assert not kept.exists()
    assert "does not exist" in run("abicase", book, "cache", "clear", kept=kept).stdout
    assert run("abicase", book, "cache", "clear", kept="off").returncode == 2


def test_only_our_own_is_cleared(book: Path, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    (shared / "pip").mkdir(parents=True)
    shared.chmod(0o700)
    (shared / "notes.txt").write_text("mine", encoding="utf-8")
    before = contents(shared)
    result = run("abicase", book, "check", "--records", ".", kept=shared)
    assert "is not used: it is not empty, and lacks abicase's mark" in result.stderr
    result = run("abicase", book, "cache", "clear", kept=shared)
    assert (result.returncode, contents(shared)) == (2, before)
    assert "was not deleted: it lacks abicase's mark" in result.stderr

    kept = tmp_path / "kept"
    run("abicase", book, "check", "--records", ".", kept=kept)
    (kept / "pip").mkdir()
    (kept / "pip" / "wheel").write_text("precious", encoding="utf-8")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "x").touch()
    (kept / ("0" * 32)).symlink_to(elsewhere)
    result = run("abicase", book, "cache", "clear", kept=kept)
    assert (result.returncode, contents(kept)["pip/wheel"]) == (0, b"precious")
    assert "it still contains other files" in result.stdout
    assert (elsewhere / "x").exists()


def test_what_no_project_uses_any_more_is_dropped(tmp_path: Path) -> None:
    root = tmp_path / "kept"
    for project in "ab":
        store = Store(root, project, pytest.fail)
        store.put("page/x", StoredResult("", {}, project))
        store.save()
        store.close()
    (root / "other").mkdir()
    long_ago = time.time() - 60 * 24 * 60 * 60
    for path in [*root.glob("*.sqlite"), root / "other"]:
        os.utime(path, (long_ago, long_ago))
    assert Store(root, "c", pytest.fail).get("page/x") is None
    assert len(list(root.glob("*.sqlite"))) == 1
    assert (root / "other").exists()


@pytest.mark.slow
def test_the_name_of_a_configuration_does_not_matter(tmp_path: Path) -> None:
    project = Project(tmp_path)
    for number in range(3):
        name = f"mkdocs-{number}.yml"
        (project.folder / "mkdocs.yml").rename(project.folder / name)
        assert run("mkdocs", project.folder, "build", "-f", name, kept=project.kept).returncode == 0
        (project.folder / name).rename(project.folder / "mkdocs.yml")
        assert kept_file(project.kept)
