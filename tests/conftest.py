"""Fixtures that the tests share: a small casebook, the command in a subprocess, real builds."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import warm
from abicase.catalogue.model import Catalogue
from sites import ROOT, SITE_URL, SMALL, built, copied, loaded, once

__all__ = ["ROOT", "SMALL", "Run", "loaded"]

# The tests ignore the user's cache; the tests of the cache set their own.
os.environ["ABICASE_CACHE"] = "off"
# They also ignore the user's settings.
os.environ["XDG_CONFIG_HOME"] = os.devnull
os.environ.pop("ABICASE_RECORDS", None)
# Git sets these for hooks, and then the tests' repositories would be the one that has the hook.
for name in ("DIR", "WORK_TREE", "INDEX_FILE", "OBJECT_DIRECTORY", "PREFIX", "AUTHOR_DATE"):
    os.environ.pop(f"GIT_{name}", None)
# What the theme says about MkDocs 2 is not part of any output.
os.environ |= {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def without_git() -> dict[str, str]:
    """Return the environment without the variables of git, for repositories of a test."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}


@cache
def real() -> Catalogue:
    """Load the catalogue of the real records once; it is sealed, so no test can change it."""
    return loaded(ROOT / "casestudies")


def texts(tree: Any, where: str = "") -> Iterator[tuple[Any, Any, str]]:
    """Yield each text in a YAML tree: its node, its key there, and the place."""
    for key in tree if isinstance(tree, dict) else range(len(tree)):
        if isinstance(tree[key], str):
            yield tree, key, f"{where}/{key}"
        else:
            yield from texts(tree[key], f"{where}/{key}")


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with its site built by MkDocs, once for all tests, which must not change it."""

    def make(target: Path) -> None:
        result = built(copied(target))
        assert result.returncode == 0, result.stderr
        assert "WARNING" not in result.stderr

    return once(tmp_path_factory, "project", make)


@pytest.fixture(scope="session")
def zensical(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with its site built by Zensical, once for all tests, which must not change it."""
    pytest.importorskip("zensical")
    import checkout  # it imports this module

    def make(target: Path) -> None:
        result = subprocess.run(
            ["make", "zensical"],
            cwd=checkout.set_up(checkout.copied(target)),
            env=os.environ
            | {"SITE_URL": SITE_URL, "REPO_URL": "https://github.com/example/casebook"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stdout + result.stderr
        assert "No issues found" in result.stderr + result.stdout

    return once(tmp_path_factory, "zensical", make) / "zensical"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A copy of the small casebook, for a test to change."""
    return shutil.copytree(SMALL, tmp_path / "records")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a command of this environment like a user, and return its output."""

    def run(
        program: str, *arguments: str | Path, cwd: Path = tmp_path, timeout: float = 300
    ) -> subprocess.CompletedProcess[str]:
        return warm.run(program, arguments, cwd, os.environ, timeout)

    return run


def started(command: Sequence[str | Path], **options: Any) -> subprocess.Popen[Any]:
    """Start a command in a new session, with the signals of one that is started by hand.

    The tests can run in the background, where SIGINT is ignored, and children inherit that.
    """
    return subprocess.Popen(
        command,
        start_new_session=True,
        preexec_fn=_with_default_signals,  # noqa: PLW1509 - no threads in these tests
        **options,
    )


def _with_default_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def stopped(process: subprocess.Popen[Any]) -> None:
    """Interrupt a command, and end it with all its children."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(30)
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(30)


@dataclass(frozen=True)
class Preview:
    """A live preview of a project."""

    address: str
    process: subprocess.Popen[Any]
    printed: Path

    def said(self) -> str:
        """Return its output so far."""
        return self.printed.read_text("utf-8")

    def says(self, text: str) -> None:
        """Wait until it has printed a text."""
        end = time.monotonic() + 60
        while text not in self.said():
            assert time.monotonic() < end, f"{text!r} is not said\n{self.said()}"
            time.sleep(0.2)

    def shows(self, text: str, page: str = "", pause: float = 0.2) -> None:
        """Wait until a page shows a text."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            address = self.address + page
            with suppress(OSError), urllib.request.urlopen(address, timeout=30) as response:
                if text in response.read().decode("utf-8"):
                    return
            time.sleep(pause)
        pytest.fail(f"{text!r} is not at {page!r}\n{self.said()}")


@contextmanager
def previewed(project: Path, *options: str, **variables: str) -> Iterator[Preview]:
    """Run a live preview during a test."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    printed = project.parent / "printed.txt"
    with printed.open("w", encoding="utf-8") as output:
        mkdocs = Path(sys.executable).with_name("mkdocs")
        process = started(
            [mkdocs, "serve", "--livereload", "-a", address, *options],
            cwd=project,
            env={**os.environ, **variables},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Preview(f"http://{address}/", process, printed)
    finally:
        stopped(process)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start with the tests that take longest."""
    items.sort(key=lambda item: item.get_closest_marker("first") is None)


class _Warnings(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@pytest.fixture(autouse=True)
def warnings_logged() -> Iterator[list[str]]:
    """Every warning that is logged; a test that expects some removes them from this list."""
    handler = _Warnings()
    loggers = [logging.getLogger(), logging.getLogger("mkdocs")]
    for logger in loggers:
        logger.addHandler(handler)
    yield handler.messages
    for logger in loggers:
        logger.removeHandler(handler)
    assert not handler.messages, "warnings that nobody asserted"
