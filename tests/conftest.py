"""What the tests share: a small casebook to change, the command in a subprocess, real builds."""

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
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import warm
from abicase.catalogue.loading import load
from abicase.catalogue.model import Catalogue
from sites import ROOT, SITE_URL, SMALL, built, copied, once

__all__ = ["ROOT", "SMALL", "Run"]

# What the user has kept of other runs is none of the tests' business; those of the cache set it.
os.environ["ABICASE_CACHE"] = "off"
# Nor are the user's settings.
os.environ["XDG_CONFIG_HOME"] = os.devnull
os.environ.pop("ABICASE_RECORDS", None)

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def loaded(root: Path = SMALL, today: date | None = None) -> Catalogue:
    """The catalogue of a casebook without errors."""
    catalogue, problems = load(root, today)
    assert catalogue is not None, problems
    return catalogue


@cache
def real() -> Catalogue:
    """The catalogue of the real records, read once; it is sealed, so that no test can change it."""
    return loaded(ROOT / "casestudies")


def texts(tree: Any, where: str = "") -> Iterator[tuple[Any, Any, str]]:
    """Each text of a tree of YAML: the node that holds it, its key there, and where that is."""
    for key in tree if isinstance(tree, dict) else range(len(tree)):
        if isinstance(tree[key], str):
            yield tree, key, f"{where}/{key}"
        else:
            yield from texts(tree[key], f"{where}/{key}")


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with its site built by MkDocs, once for all tests; nobody may change it."""

    def make(target: Path) -> None:
        result = built(copied(target))
        assert result.returncode == 0, result.stderr
        assert "WARNING" not in result.stderr

    return once(tmp_path_factory, "project", make)


@pytest.fixture(scope="session")
def zensical(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with its site built by Zensical, once for all tests; nobody may change it."""
    pytest.importorskip("zensical")
    import checkout  # it imports this module

    def make(target: Path) -> None:
        result = subprocess.run(
            ["make", "zensical"],
            cwd=checkout.set_up(checkout.copied(target)),
            env=os.environ | {"SITE_URL": SITE_URL},
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
    """Run a program of this environment, as a user would, and give what it printed."""

    def run(
        program: str, *arguments: str | Path, cwd: Path = tmp_path, timeout: float = 300
    ) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "NO_MKDOCS_2_WARNING": "1",
            "DISABLE_MKDOCS_2_WARNING": "true",
        }
        return warm.run(program, arguments, cwd, environment, timeout)

    return run


def started(command: Sequence[str | Path], **options: Any) -> subprocess.Popen[Any]:
    """Start a program in a session of its own, with signals as in one that is started by hand.

    The tests may run in the background, where SIGINT is ignored, and a child inherits that.
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
    """Interrupt what was started, and end it with all that it has started itself."""
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
        """What it has printed."""
        return self.printed.read_text("utf-8")

    def says(self, text: str, seconds: float = 60) -> None:
        """Wait until it has printed a text."""
        end = time.monotonic() + seconds
        while text not in self.said():
            assert time.monotonic() < end, f"{text!r} is not said\n{self.said()}"
            time.sleep(0.2)

    def shows(self, text: str, page: str = "", seconds: float = 60, pause: float = 0.2) -> None:
        """Wait until a page shows a text."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            address = self.address + page
            with suppress(OSError), urllib.request.urlopen(address, timeout=30) as response:
                if text in response.read().decode("utf-8"):
                    return
            time.sleep(pause)
        pytest.fail(f"{text!r} is not at {page!r}\n{self.said()}")


@contextmanager
def previewed(project: Path, *options: str, **variables: str) -> Iterator[Preview]:
    """A live preview while a test runs."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    printed = project.parent / "printed.txt"
    quiet = {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
    with printed.open("w", encoding="utf-8") as output:
        mkdocs = Path(sys.executable).with_name("mkdocs")
        process = started(
            [mkdocs, "serve", "--livereload", "-a", address, *options],
            cwd=project,
            env={**os.environ, **quiet, **variables},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Preview(f"http://{address}/", process, printed)
    finally:
        stopped(process)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that take longest."""
    items.sort(key=lambda item: item.get_closest_marker("first") is None)


class _Warnings(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@pytest.fixture(autouse=True)
def warnings_logged() -> Iterator[list[str]]:
    """Every warning that is logged; a test that expects some takes them out of this list."""
    handler = _Warnings()
    loggers = [logging.getLogger(), logging.getLogger("mkdocs")]
    for logger in loggers:
        logger.addHandler(handler)
    yield handler.messages
    for logger in loggers:
        logger.removeHandler(handler)
    assert not handler.messages, "warnings that nobody asserted"
