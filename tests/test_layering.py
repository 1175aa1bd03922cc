"""Data goes one way: a module imports only from those before it, and only one knows MkDocs."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "plugins" / "abicase"
ORDER = [
    "problems",
    "cache",
    "writing",
    "syntax",
    "yamltext",
    "fields",
    "records",
    "shapes",
    "misread",
    "schemas",
    "markup",
    "prose",
    "highlight",
    "items",
    "ledger",
    "addresses",
    "glossary",
    "plaintext",
    "headings",
    "api",
    "head",
    "canonical",
    "headers",
    "memo",
    "store",
    "git",
    "committed",
    "salvage",
    "reading",
    "publishing",
    "outside",
    "verify",
    "citing",
    "patches",
    "chronology",
    "folders",
    "links",
    "checks",
    "catalogue",
    "tracking",
    "parts",
    "letters",
    "figures",
    "timeline",
    "distribution",
    "search",
    "cite",
    "pages",
    "themed",
    "navigation",
    "render",
    "resolve",
    "feeds",
    "outputs",
    "handwritten",
    "unpublished",
    "scaffold",
    "recall",
    "edition",
    "commands",
    "cli",
    "reference",
    "preview",
    "mkdocs_plugin",
]


def test_every_module_has_its_place() -> None:
    assert sorted(ORDER) == sorted(
        path.stem
        for path in PACKAGE.iterdir()
        if (path.suffix == ".py" or (path / "__init__.py").exists()) and path.stem != "__init__"
    )
    text = (PACKAGE / "__init__.py").read_text(encoding="utf-8")
    road = re.findall(r"[a-z_]+", text[text.index("    problems →") : text.index("\n\nOnly")])
    assert road == ORDER, "the docstring names the modules in their order"


@pytest.mark.parametrize("name", ORDER)
def test_a_module_imports_only_from_those_before_it(name: str) -> None:
    files = (PACKAGE / name).glob("*.py") if name == "commands" else [PACKAGE / f"{name}.py"]
    imported = set()
    for node in (node for file in files for node in ast.walk(ast.parse(file.read_text("utf-8")))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("abicase"):
            parts = (node.module or "").split(".")
            imported |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
    allowed = {*ORDER[: ORDER.index(name)], "__version__"}
    if name == "commands":
        allowed |= {"commands"}
    if name.startswith("mkdocs_"):
        allowed -= {"cli", "commands"}
    assert imported <= allowed


def test_the_core_runs_without_mkdocs() -> None:
    code = (
        "import importlib, sys\n"
        "for name in sys.argv[1:]:\n"
        "    importlib.import_module(f'abicase.{name}')\n"
        "    hosts = {'mkdocs', 'properdocs', 'material'} & set(sys.modules)\n"
        "    if hosts: sys.exit(f'{name} imports {hosts}')\n"
    )
    core = [name for name in ORDER if not name.startswith("mkdocs_")]
    subprocess.run([sys.executable, "-W", "error", "-c", code, *core], check=True)
