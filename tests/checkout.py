"""The project in the state of a fresh clone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from conftest import ROOT


def copied(target: Path) -> Path:
    """Copy every file that is or will be committed."""
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    return target


def example(target: Path) -> Path:
    """Copy the small site of the tests, with this project's Makefile and the files it needs."""
    shutil.copytree(ROOT / "tests" / "example", target)
    (target / "records").rename(target / "casestudies")  # the default place for the commands
    config = target / "mkdocs.yml"
    text = config.read_text("utf-8").replace("records: records", "records: casestudies")
    config.write_text(text, encoding="utf-8")
    for name in ("Makefile", "requirements.lock", "pyproject.toml", "plugins/abicase/__init__.py"):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target / name)
    return set_up(target)


REPOSITORY = "https://github.com/example/casebook"
"""A repository whose stars the theme would request in every reader's browser."""


def made(project: Path, target: str) -> subprocess.CompletedProcess[str]:
    """Run make for a target, as a publisher does whose site has no address."""
    return subprocess.run(
        ["make", target],
        cwd=project,
        env={**os.environ, "SITE_URL": "", "REPO_URL": REPOSITORY, "EDIT_URI": ""},
        capture_output=True,
        text=True,
        check=False,
    )


def set_up(project: Path) -> Path:
    """Link this environment's commands into a copy, where make would install them."""
    programs = project / ".venv" / "bin"
    programs.mkdir(parents=True)
    for program in Path(sys.executable).parent.iterdir():
        (programs / program.name).symlink_to(program)
    (project / ".venv" / ".installed").touch()
    return project
