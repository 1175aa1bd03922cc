"""All mistakes are reported in one run, each once, and valid records stay usable."""

from __future__ import annotations

import copy
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from abicase.catalogue.loading import load, load_reading, load_sound
from abicase.render.renderer import Renderer
from abicase.schema.items import items_of
from conftest import SMALL, Run

SYNTAX = "id: pour\n  name: [\n"


def edit(path: Path, *edits: tuple[str, str]) -> None:
    text = path.read_text("utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")


# All in one run


def test_independent_mistakes_in_one_record_are_told_of_together(book: Path, run: Run) -> None:
    edit(
        book / "cases" / "pour.yml",
        ("kind: merge", "kind: merged"),
        ("lane: library", "lane: libary"),
        ("- id: doubt", "- id: first"),
        ("claim/faster, lesson", "claim/fastr, lesson"),
        ("reviewed: 2024-05-06", "reviewed: 2099-05-06"),
        ("subject: ", "subjct: "),
    )
    edit(book / "claims" / "faster.yml", ("pattern: together", "pattern: togethr"))
    problems = run("abicase", "check", cwd=book).stdout
    for told in (
        "kind: 'merged' is not one of",
        "there is no lane 'libary' (did you mean 'library'?)",
        "the id 'first' is already taken",
        "there is no 'claim/fastr' (did you mean 'claim/faster'?)",
        "2099-05-06 is in the future",
        "there is no field 'subjct' here (did you mean 'subject'?)",
        "there is no pattern 'togethr' (did you mean 'together'?)",
    ):
        assert told in problems


@pytest.mark.parametrize(
    "mistake",
    [
        ("summary: >-\n", "summary: >-\n  \u202eTea.\n"),
        ("name: pour()", "name: pour()\nname: another"),
        ("name: pour()", "name: !!str pour()"),
        ("name: pour()", "name: &name pour()"),
    ],
)
def test_what_yaml_does_not_take_hides_nothing_else(mistake: tuple[str, str], book: Path) -> None:
    edit(book / "cases" / "pour.yml", ("lane: callers", "lane: caller"), mistake)
    _, problems = load_reading(book)
    assert len(problems) == 2
    assert any("did you mean 'callers'?" in problem.hint for problem in problems)


WRONG: tuple[Any, ...] = ("*Bad Text!", ["x", {"y": "z"}], {"other": "x"}, "")
_RENAMED = object()
_GONE = object()


def places(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    keys = tree if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else ()
    for key in keys:
        yield (*path, key)
        yield from places(tree[key], (*path, key))


def one_of_each(tree: Any) -> list[tuple[Any, ...]]:
    """Yield the places of a record; of list items with the same fields only the first."""
    found: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for path in places(tree):
        found.setdefault(tuple("" if isinstance(step, int) else step for step in path), path)
    return list(found.values())


def mutated(tree: Any, path: tuple[Any, ...], by: Any) -> Any:
    tree = copy.deepcopy(tree)
    above = tree
    for step in path[:-1]:
        above = above[step]
    if by is _GONE:
        del above[path[-1]]
    elif by is _RENAMED:
        items = [("Mis Spelt" if key == path[-1] else key, value) for key, value in above.items()]
        above.clear()
        above.update(items)
    else:
        above[path[-1]] = by
    return tree


NAMED_BY_OTHERS = re.compile(
    r"\.for$|\.against$|stages|sources\.[\w-]+$|releases\.v1\.0$|releases$|^commit$|^file$"
)
"""Yield values that can be left out or renamed, and are then missed where they are named."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", sorted(p.relative_to(SMALL).as_posix() for p in SMALL.rglob("*/*.yml"))
)
def test_one_mistake_in_shape_brings_no_other(name: str, book: Path) -> None:
    """A mistake in a field causes no reports in other places."""
    path = book / name
    tree = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)
    for place in one_of_each(tree):
        named = isinstance(place[-1], str)
        for wrong in (*WRONG, *((_GONE, _RENAMED) if named else ())):
            path.write_text(
                yaml.dump(mutated(tree, place, wrong), Dumper=yaml.CSafeDumper, sort_keys=False),
                "utf-8",
            )
            _, problems = load_reading(book)
            where = ".".join(map(str, place))
            if NAMED_BY_OTHERS.search(where) and wrong in (_GONE, _RENAMED, {"other": "x"}):
                continue
            told = [problem for problem in problems if not problem.file.endswith(name)]
            assert not told, (where, wrong, [str(one) for one in problems])


# One broken record


def broken(book: Path, name: str, text: str | None = None) -> None:
    path = book / name
    path.write_text(text or path.read_text("utf-8") + "nonsense: x\n", "utf-8")


def test_what_is_right_is_found_and_cited(book: Path, run: Run) -> None:
    shutil.copy(book / "cases" / "pour.yml", book / "cases" / "kettle.yml")
    broken(book, "cases/kettle.yml", SYNTAX)
    found = run("abicase", "find", "unit", cwd=book)
    assert found.returncode == 0
    assert "lesson/name-the-unit" in found.stdout
    assert (
        "Left out because of errors: cases/kettle.yml; abicase check reports them." in found.stderr
    )
    cited = run("abicase", "cite", "lesson/name-the-unit", cwd=book)
    assert cited.returncode == 0
    assert "Name the unit" in cited.stdout
    assert "kettle.yml" in cited.stderr


def test_not_found_and_not_read_are_told_apart(book: Path, run: Run) -> None:
    assert run("abicase", "find", "zebra", cwd=book).returncode == 1
    assert run("abicase", "cite", "case/zebra", cwd=book).returncode == 2
    broken(book, "lessons/name-the-unit.yml")
    found = run("abicase", "find", "zebra", cwd=book)
    assert found.returncode == 3
    assert "Nothing found in the readable records" in found.stderr
    cited = run("abicase", "cite", "lesson/name-the-unit", "claim/faster", cwd=book)
    assert cited.returncode == 3
    assert "'lesson/name-the-unit' could not be read" in cited.stderr
    assert "C/faster" in cited.stdout
    assert run("abicase", "cite", "name-the-unit", cwd=book).returncode == 3
    assert run("abicase", "cite", "case/zebra", cwd=book).returncode == 2
    broken(book, "casebook.yml")
    for command in (["find", "unit"], ["cite", "claim/faster"]):
        result = run("abicase", *command, cwd=book)
        assert result.returncode == 3
        assert "error: unknown-field: nonsense" in result.stderr
    for name in ("find", "cite"):
        told = " ".join(run("abicase", name, "--help").stdout.split())
        assert re.search(r"Exit status: 0 .* 3 when ", told)


@pytest.mark.parametrize("text", [None, SYNTAX])
def test_whichever_record_is_broken_all_else_is_cited(text: str | None, book: Path) -> None:
    files = sorted(p.relative_to(book).as_posix() for p in book.rglob("*/*.yml"))
    whole, _ = load(book)
    assert whole is not None
    for name in files:
        kept = (book / name).read_text("utf-8")
        broken(book, name, text)
        catalogue, problems, left_out = load_sound(book)
        assert catalogue is not None
        assert problems
        assert left_out.files == (str(book / name),)
        renderer = Renderer(catalogue)
        for item in catalogue.items.values():
            assert item.kind == "stage" or not left_out.holds(item.reference)
            if item.kind in ("case", "event", "claim", "lesson", "stage", "pair", "finding"):
                assert renderer.reply(item)
                assert renderer.reply(item, "markdown")
        for reference in whole.items.keys() - catalogue.items.keys():
            kind = reference.partition("/")[0]
            assert left_out.holds(reference) or "#" in reference or kind == "stage", reference
        (book / name).write_text(kept, "utf-8")


def test_a_source_is_added_though_another_record_is_broken(book: Path, run: Run) -> None:
    clone = book.parent / "tea"
    git = ("git", "-c", "user.name=Ada", "-c", "user.email=a@example.org", "-C", str(clone))
    subprocess.run(["git", "init", "-q", str(clone)], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "steep: add it"], check=True)
    head = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
    add = ("source", "add", "steep", "--commit", head.stdout.strip(), "--git", "teapot=../tea")
    broken(book, "cases/pour.yml", SYNTAX)
    added = run("abicase", *add, cwd=book)
    assert added.returncode == 0, added.stderr
    assert "Left out because of errors: cases/pour.yml" in added.stderr
    broken(book, "cases/steep.yml")
    added = run("abicase", *add, cwd=book)
    assert added.returncode == 3
    assert "error: unknown-field: nonsense" in added.stderr


# The folder that was meant


def test_the_folder_of_records_that_was_meant(book: Path, run: Run) -> None:
    clone = book.parent / "my clone"
    clone.mkdir()
    (clone / "mkdocs.yml").write_text("site_name: x\n", "utf-8")
    records = shutil.move(book, clone / "casestudies")
    for command in (["find", "unit"], ["cite", "claim/faster"], ["check"], ["fmt", "--check"]):
        result = run("abicase", *command, "-r", clone.name)
        assert result.returncode == 2
        assert "did you mean --records 'my clone/casestudies'?" in result.stderr
        assert ": error:" not in result.stdout + result.stderr
    result = run("abicase", "check", "-r", f"{clone.name}/casestudies/cases")
    assert "did you mean --records 'my clone/casestudies'?" in result.stderr
    result = run("abicase", "check")
    assert "did you mean --records 'my clone/casestudies'?" in result.stderr
    assert run("abicase", "check", clone.name).returncode == 0
    shutil.move(records, clone / "records")
    assert "did you mean --records 'my clone/records'?" in run("abicase", "check").stderr
    shutil.rmtree(clone / "records")
    result = run("abicase", "check", "-r", clone.name)
    assert "is not a folder of records: it has no casebook.yml" in result.stderr


def test_commands_in_hints_find_the_records(book: Path, run: Run) -> None:
    assert run("abicase", "links", "publish", "-r", "records").returncode == 0
    (book / "pairs" / "pour-vs-steep.yml").unlink()
    told = run("abicase", "check", "-r", "records").stdout
    assert "abicase links retire --records records pair/pour-vs-steep --moved" in told
    assert "--records" not in run("abicase", "check", cwd=book).stdout
    retire = ("links", "retire", "--records", "records", "pair/pour-vs-steep")
    assert run("abicase", *retire, "--withdrawn", "--because", "It is gone.").returncode == 0
    begun = run("abicase", "new", "lesson", "another", "-r", "records").stdout
    assert "abicase check records/lessons/another.yml" in begun
    edit(book / "claims" / "faster.yml", ("title: ", "title:   "))
    told = run("abicase", "fmt", "--check", "-r", "records").stderr
    assert "abicase fmt --records records rewrites them." in told


# What was meant


def test_a_lesson_without_its_kind(book: Path) -> None:
    edit(book / "cases" / "pour.yml", ("lesson/name-the-unit]", "name-the-unit]"))
    _, problems = load_reading(book)
    assert [problem.code for problem in problems] == ["bad-reference"] * 2
    assert {problem.hint for problem in problems} == {"did you mean 'lesson/name-the-unit'?"}


def test_a_link_without_its_kind(book: Path) -> None:
    edit(book / "cases" / "pour.yml", ("(case/steep)", "(steep)"))
    _, problems = load_reading(book)
    assert [problem.hint for problem in problems] == ["did you mean 'case/steep'?"]


def test_a_word_is_known_by_its_title(book: Path) -> None:
    edit(book / "axes" / "speed.yml", ("id: fast, title: Fast", "id: quick, title: Quick or fast"))
    edit(book / "casebook.yml", ("title: File format", "title: Layout of files"))
    edit(book / "cases" / "steep.yml", ("file-format", "layout"))
    _, problems = load_reading(book)
    assert [problem.hint for problem in problems] == [
        "did you mean 'quick'?",
        "did you mean 'file-format'?",
    ]


def test_what_events_do_not_speak_for_has_its_article(book: Path) -> None:
    edit(book / "cases" / "pour.yml", ("for: [stage/try-it", "for: [axis/speed"))
    _, problems = load_reading(book)
    assert [problem.message for problem in problems] == [
        "'axis/speed' is an axis; an event can be evidence for a stage or a claim or a lesson"
    ]


def test_partly_read_records_are_no_records() -> None:
    reading, _ = load_reading(SMALL)
    assert not reading.partly
    assert all(tuple(items_of(e.kind, e.record)) == e.items for e in reading.every())
