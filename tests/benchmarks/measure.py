"""Run programs and measure them from outside: time, memory, and what they leave behind."""

from __future__ import annotations

import gzip
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Self
from urllib.parse import urljoin

BIN = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Used:
    """What a program took."""

    wall: float
    """Seconds on the clock."""
    cpu: float
    """Seconds of processor time, of the program and all that it started."""
    memory: int
    """The most memory that one of its processes held, in bytes."""


# Where it is set, this program would be compiled again for each run, and an installed one not.
_NOT_COMPILED = "PYTHONDONTWRITEBYTECODE"


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment in which programs are run."""
    quiet = {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
    own = {name: value for name, value in os.environ.items() if name != _NOT_COMPILED}
    return {**own, **quiet, **(more or {})}


def run(*command: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> Used:
    """Run a program of this environment to its end.

    Args:
        command: Its name, and its arguments.
        cwd: The folder to run it in.
        env: Variables to add to its environment.

    Returns:
        What it took.

    Raises:
        RuntimeError: It failed.
    """
    program, *arguments = command
    begin = time.perf_counter()
    with (cwd / "printed.txt").open("wb") as printed:
        process = subprocess.Popen(
            [BIN / program, *arguments],
            cwd=cwd,
            env=environment(env),
            stdout=printed,
            stderr=subprocess.STDOUT,
        )
        _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError((cwd / "printed.txt").read_text("utf-8")[-2000:])
    unit = 1 if sys.platform == "darwin" else 1024
    return Used(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit)


# What a site weighs


def size(folder: Path) -> int:
    """The bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def gzipped(path: Path) -> int:
    """The bytes of a file as a server sends it, gzipped; what is packed already as it is."""
    data = path.read_bytes()
    packed = path.suffix in (".gz", ".png", ".woff2")
    return len(data) if packed else len(gzip.compress(data, 6, mtime=0))


class _Fetched(HTMLParser):
    """The addresses that a browser fetches with a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        had = dict(attrs)
        if tag == "link" and (had.get("rel") or "") in ("stylesheet", "icon"):
            self.found.append(had.get("href") or "")
        elif tag in ("script", "img") and had.get("src"):
            self.found.append(had["src"] or "")


def first_visit(site: Path, page: str) -> dict[str, int]:
    """What the first visit of a page fetches, gzipped.

    Args:
        site: The folder of the site.
        page: The address of the page, such as ``cases/perf/``.

    Returns:
        The bytes of the page, of its styles and scripts, and of the search index, which Material
        fetches at once.
    """
    html = site / page / "index.html"
    text = html.read_text("utf-8")
    parser = _Fetched()
    parser.feed(text)
    files = {site / urljoin(page, name).partition("?")[0] for name in parser.found}
    worker = re.search(r'"search": *"([^"]+)"', text)
    if worker:
        files.add(site / urljoin(page, worker[1]))
    return {
        "page": gzipped(html),
        "styles and scripts": sum(gzipped(file) for file in files if file.is_file()),
        "search index": gzipped(site / "search" / "search_index.json"),
    }


# The live preview


class Preview:
    """A live preview of a project, to be used with ``with``."""

    def __init__(self, project: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}/"
        self.printed = (project / "preview.txt").open("wb")
        self.process = subprocess.Popen(
            [BIN / "mkdocs", "serve", "--livereload", "-a", f"127.0.0.1:{port}"],
            cwd=project,
            env=environment(),
            stdout=self.printed,
            stderr=subprocess.STDOUT,
        )

    def __enter__(self) -> Self:
        """Wait until the site is served."""
        end = time.monotonic() + 900
        while not self.fetched(""):
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("the live preview did not start")
            time.sleep(0.05)
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)
        self.printed.close()

    def fetched(self, page: str) -> str:
        """A page as it is served now; empty where it is not."""
        try:
            with urllib.request.urlopen(self.address + page, timeout=300) as response:
                return str(response.read().decode("utf-8"))
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return ""

    def until_served(self, text: str, pages: list[str]) -> float:
        """Wait until a text stands on all of some pages.

        Returns:
            The seconds that it took.
        """
        begin = time.perf_counter()
        for page in pages:
            while text not in self.fetched(page):
                if time.perf_counter() - begin > 900:
                    raise RuntimeError(f"{page} did not follow")
                time.sleep(0.01)
        return time.perf_counter() - begin
