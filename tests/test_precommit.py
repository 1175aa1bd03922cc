"""Files for tools at the top of the repository: the pre-commit hooks name existing commands."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from checkout import copied
from conftest import ROOT, Run


def hooks(file: str) -> dict[str, dict[str, Any]]:
    data = yaml.safe_load((ROOT / file).read_text("utf-8"))
    listed = data if isinstance(data, list) else data["repos"][0]["hooks"]
    return {hook["id"]: hook for hook in listed}


def test_the_hooks_for_others(book: Path, run: Run) -> None:
    offered = hooks(".pre-commit-hooks.yaml")
    assert list(offered) == ["abicase-check", "abicase-fmt", "abicase-advise"]
    del offered["abicase-advise"]  # see below: this one is about patches
    for hook in offered.values():
        assert set(hook) <= {
            "id",
            "name",
            "description",
            "entry",
            "language",
            "pass_filenames",
            "files",
        }
        assert hook["language"] == "python", "pre-commit installs this package for it"
        assert re.search(hook["files"], "records/cases/pour.yml")
        assert not re.search(hook["files"], "docs/index.md")
        result = run(*shlex.split(hook["entry"]), "--records", book, cwd=book.parent)
        assert result.returncode == 0, result.stderr
    (book / "cases" / "pour.yml").write_text("id: pour\n", encoding="utf-8")
    for hook in offered.values():
        result = run(*shlex.split(hook["entry"]), "--records", book, cwd=book.parent)
        assert result.returncode == 1
        assert "missing-field" in result.stdout + result.stderr


def test_the_hook_for_patches(book: Path, tmp_path: Path) -> None:
    hook = hooks(".pre-commit-hooks.yaml")["abicase-advise"]
    lesson = book / "lessons" / "name-the-unit.yml"
    sign = "signs: [{line: int time, note: A bare number, paths: ['*.h']}]\n"
    lesson.write_text(lesson.read_text("utf-8") + sign, encoding="utf-8")
    environment = {
        **os.environ,
        "ABICASE_RECORDS": str(book),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "pour.h").write_text("void pour(int time);\n", encoding="utf-8")
    (tree / "picture.png").write_bytes(b"\0\1")
    for command in (["git", "init", "-q"], ["git", "add", "."], shlex.split(hook["entry"])):
        result = subprocess.run(
            command, cwd=tree, env=environment, capture_output=True, text=True, check=False
        )
        assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("pour.h:1:11: note: lesson/name-the-unit: A bare number. ")


@pytest.mark.slow
def test_the_hooks_of_this_repository(run: Run) -> None:
    own = hooks(".pre-commit-config.yaml")
    assert list(own) == ["ruff-format", "ruff-check", "mypy", "abicase-check", "abicase-fmt"]
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for hook in own.values():
        assert hook["language"] == "system"
        program, *arguments = shlex.split(hook["entry"].removeprefix(".venv/bin/"))
        words = " ".join([program, *(a for a in arguments if not a.startswith("--"))])
        assert f"$(BIN)/{words}" in makefile, "the same as `make check`"
        if program == "abicase":
            result = run(program, *arguments, cwd=ROOT)
            assert result.returncode == 0, result.stdout


def test_the_editor_settings_name_every_schema() -> None:
    settings = json.loads((ROOT / ".vscode" / "settings.json").read_text("utf-8"))
    schemas = settings["yaml.schemas"]
    assert {Path(name).name for name in schemas} == {
        path.name for path in (ROOT / "schema").iterdir()
    }
    for schema, files in schemas.items():
        assert (ROOT / schema).is_file()
        assert list(ROOT.glob(files)), files
    assert json.loads((ROOT / ".vscode" / "extensions.json").read_text("utf-8"))["recommendations"]


def test_a_checkout_on_windows_has_the_same_bytes(tmp_path: Path) -> None:
    project = copied(tmp_path / "project")
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    assert not [path for path, data in before.items() if b"\r\n" in data and path.suffix != ".png"]
    git = [
        "git",
        "-c",
        "core.autocrlf=true",
        "-c",
        "user.name=Ada",
        "-c",
        "user.email=a@example.org",
    ]
    for command in (["init", "-q"], ["add", "-f", "."], ["commit", "-qm", "Begin"]):
        subprocess.run([*git, *command], cwd=project, check=True)
    for path in project.iterdir():
        if path.name != ".git":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    subprocess.run([*git, "checkout", "-q", "."], cwd=project, check=True)
    assert {path: path.read_bytes() for path in before} == before
