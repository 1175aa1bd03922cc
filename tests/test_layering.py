"""Data flows one way: a package imports only from earlier ones, and only one imports MkDocs."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import abicase

PACKAGE = Path(__file__).parent.parent / "plugins" / "abicase"
ORDER = [
    "memo",
    "problems",
    "schema",
    "contrasts",
    "source",
    "text",
    "ledger",
    "provenance",
    "lint",
    "catalogue",
    "views",
    "render",
    "outputs",
    "authoring",
    "advice",
    "incremental",
    "reference",
    "edition",
    "project",
    "cli",
    "mkdocs",
]
FLOORS = 17
"""The longest chain of imports between modules."""
LINES = 500
"""The most lines of a module."""
DATA = {"abicase.problems.codes"}
"""Modules that are lists of data, which can have more."""


def modules() -> dict[str, Path]:
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        found[".".join(("abicase", *parts)).removesuffix(".__init__")] = path
    return found


def imports(path: Path) -> set[str]:
    """Return the modules of the package that one imports anywhere, except only for types."""
    known, found = modules(), set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("abicase"):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found.add(whole if whole in known else node.module or "")
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.startswith("abicase")}
    return found - {"abicase"}


def test_every_package_has_its_place() -> None:
    there = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py"}
    there |= {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert sorted(ORDER) == sorted(there - {"__init__"})


@pytest.mark.parametrize("name", sorted(modules()))
def test_a_module_imports_only_from_packages_before_its_own(name: str) -> None:
    if name == "abicase":
        return
    own = name.split(".")[1]
    packages = {module.split(".")[1] for module in imports(modules()[name])}
    allowed = {own, *ORDER[: ORDER.index(own)]}
    assert packages <= allowed


def test_no_imports_run_in_a_circle_or_too_high() -> None:
    floors: dict[str, int] = {}
    left = {name: imports(path) - {name} for name, path in modules().items()}
    while left:
        ready = [name for name, needed in left.items() if needed <= floors.keys()]
        assert ready, f"a circle among {sorted(left)}"
        for name in ready:
            floors[name] = 1 + max((floors[one] for one in left[name]), default=0)
        left = {name: needed for name, needed in left.items() if name not in floors}
    assert max(floors.values()) <= FLOORS, sorted(floors.items(), key=lambda one: -one[1])[:20]


def test_no_module_is_too_long() -> None:
    lines = {name: len(path.read_text("utf-8").splitlines()) for name, path in modules().items()}
    assert {name for name, count in lines.items() if count > LINES} == DATA


def test_no_two_classes_have_one_name() -> None:
    """The classes of the JSON API are named like the records that they publish."""
    names: dict[str, list[str]] = {}
    for module, path in modules().items():
        if not module.startswith("abicase.outputs.api"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.ClassDef):
                    names.setdefault(node.name, []).append(module)
    assert {name: of for name, of in names.items() if len(of) > 1} == {}


def test_the_core_runs_without_mkdocs() -> None:
    code = (
        "import importlib, sys\n"
        "for name in sys.argv[1:]:\n"
        "    importlib.import_module(name)\n"
        "    hosts = {'mkdocs', 'properdocs', 'material'} & set(sys.modules)\n"
        "    if hosts: sys.exit(f'{name} imports {hosts}')\n"
    )
    core = [name for name in modules() if not name.startswith("abicase.mkdocs")]
    subprocess.run([sys.executable, "-W", "error", "-c", code, *core], check=True)


def test_what_is_for_other_programs_is_there() -> None:
    for name in abicase.__all__:
        assert getattr(abicase, name), name
    assert not hasattr(abicase, "nothing")
