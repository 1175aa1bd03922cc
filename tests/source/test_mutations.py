"""Mutated records, as text and as trees: nothing in a record causes a traceback."""

from __future__ import annotations

import copy
import dataclasses
import datetime
import random
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from abicase.catalogue.loading import build
from abicase.lint.records import RecordSet
from abicase.lint.rules import check
from abicase.problems.codes import CODES
from abicase.render.renderer import Renderer
from abicase.source.reading import read, read_file
from abicase.views.pages import pages
from conftest import ROOT, SMALL
from hostile import base

REAL = sorted((ROOT / "casestudies").rglob("*.yml"))
LITTLE = sorted(SMALL.rglob("*.yml"))

# Pieces that YAML, Markdown, HTML or the model treat in a way of their own.
PIECES = [
    "\n", ":", ": ", "- ", "  ", "\t", "#", " #x", "&a ", "*a", "!!str ", "!x ", "|", ">-", "'", '"', "[", "]",
    "{", "}", ",", "?", "%YAML 1.1\n", "---\n", "...\n", "\\", "\\u202e", "\x00", "\x85", "\u2028", "\ufeff",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"), "<b>", "<!--", "]]>", "# h\n", "![x](y)",
    "[x](javascript:y)", "](#", "`", "**", "2009-02-30", "9999-12-31", "0000", "v99", "../../x", "null", "~",
    "no", "1e999", "<<: *a", "=", "@", "é", "\u0130", "𝔘", "a" * 300,
]  # fmt: skip

TODAY = datetime.datetime.now(datetime.UTC).date()


class Folder:
    """A copy of a folder of records, of which each example rereads one changed file."""

    def __init__(self, base: Path, root: Path) -> None:
        self.base = base
        self.root = shutil.copytree(base, root)
        self.read = read(self.root)
        assert not check(RecordSet(self.read, TODAY))

    def judge(self, relative: Path, data: bytes) -> None:
        """Read and check with one file changed; without problems, render all pages too."""
        path = self.root / relative
        kept = {key: entry for key, entry in self.read.entries.items() if entry.path != path}
        reading = dataclasses.replace(
            self.read, entries=kept, partly={}, damaged=set(), problems=[]
        )
        if relative.name == "casebook.yml":
            reading.casebook = None
        path.write_bytes(data)
        try:
            read_file(path, reading)
        finally:
            shutil.copyfile(self.base / relative, path)
        problems = check(RecordSet(reading, TODAY))
        for problem in problems:
            assert problem.code in CODES
            assert problem.line >= 1
            assert problem.column >= 1
            assert problem.message
            assert "\n" not in str(problem)
        if not problems:
            catalogue = build(reading, TODAY)
            renderer = Renderer(catalogue)
            for page in pages(catalogue):
                renderer.page(page)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return Folder(SMALL, tmp_path_factory.mktemp("small") / "records")


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Return a casebook with something in every field."""
    folder = tmp_path_factory.mktemp("full")
    return Folder(base().write(folder / "base"), folder / "records")


def mutated_text(text: str, random_: random.Random) -> str:
    for _ in range(random_.choice([1, 1, 1, 2, 5])):
        place = random_.randrange(len(text) + 1)
        length = random_.choice([0, 0, 1, 1, 3, 20, 200])
        piece = random_.choice([*PIECES, "", text[place - 30 : place]])
        text = text[:place] + piece + text[place + length :]
    return text


def mutated_tree(tree: Any, random_: random.Random) -> Any:
    places: list[tuple[Any, Any]] = []

    def walk(node: Any) -> None:
        for key in node if isinstance(node, dict) else range(len(node)):
            places.append((node, key))
            if isinstance(node[key], dict | list):
                walk(node[key])

    walk(tree)
    for _ in range(random_.choice([1, 1, 2, 5])):
        node, key = random_.choice(places)
        other, other_key = random_.choice(places)
        if not (_there(node, key) and _there(other, other_key)):
            continue  # an earlier mutation took it away
        kind = random_.randrange(5)
        if kind == 0:
            del node[key]
        elif kind == 1:
            node[key] = copy.deepcopy(other[other_key])
        elif kind == 2:
            node[key] = random_.choice([*PIECES, [], {}, [[]], {"a": {}}, ""])
        elif kind == 3 and isinstance(node, dict):
            node[str(key) + random_.choice(["x", "", "-", " "])] = node[key]
        elif isinstance(node[key], str):
            node[key] = mutated_text(node[key], random_)
    return tree


def _there(node: Any, key: Any) -> bool:
    return key in node if isinstance(node, dict) else key < len(node)


def mutated(original: Path, seed: int, as_tree: bool) -> bytes:
    random_ = random.Random(seed)
    text = original.read_text(encoding="utf-8")
    if as_tree:
        tree = mutated_tree(yaml.load(text, yaml.CBaseLoader), random_)
        text = yaml.dump(tree, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
    else:
        text = mutated_text(text, random_)
    return text.encode("utf-8", "surrogatepass")


SEEDS = st.integers(0, 2**32 - 1)
UNHURRIED = settings(deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.first
@pytest.mark.slow
@settings(UNHURRIED, max_examples=200)
@given(SEEDS, st.sampled_from(LITTLE), st.booleans())
def test_mutated_small_records(small: Folder, seed: int, path: Path, as_tree: bool) -> None:
    small.judge(path.relative_to(SMALL), mutated(path, seed, as_tree))


@pytest.mark.first
@pytest.mark.slow
@settings(UNHURRIED, max_examples=200)
@given(SEEDS, st.sampled_from(sorted(base().trees)), st.booleans())
def test_mutated_full_records(full: Folder, seed: int, file: str, as_tree: bool) -> None:
    full.judge(Path(file), mutated(full.base / file, seed, as_tree))
