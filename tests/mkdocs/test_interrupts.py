"""A build that is stopped at any moment leaves the last good site, and nothing for the next one."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

import conftest
from checkout import example

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
MOMENTS = 6
"""The number of builds that are stopped, each a little later than the one before."""


def contents(site: Path) -> dict[str, bytes]:
    files = (path for path in site.rglob("*") if path.is_file())
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in files}


def started(project: Path) -> subprocess.Popen[bytes]:
    """Start a build that handles signals like one started by hand."""
    return conftest.started(
        ["make", "site"],
        cwd=project,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def stop(build: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Stop a build with all its children, like a terminal."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(build.pid, number)
    build.wait(60)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:  # until no process of the group is left
        try:
            os.killpg(build.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    os.killpg(build.pid, signal.SIGKILL)
    pytest.fail("something of the build went on")


@pytest.mark.first
@pytest.mark.slow
def test_a_build_can_be_stopped_at_any_moment(tmp_path: Path) -> None:
    project = example(tmp_path / "project")
    subprocess.run([project / ".venv/bin/abicase", "links", "publish"], cwd=project, check=True)
    begin = time.monotonic()
    assert started(project).wait(300) == 0
    seconds = time.monotonic() - begin
    first = contents(project / "site")
    about = project / "docs" / "index.md"
    about.write_text(about.read_text("utf-8") + "\nOne more line.\n", "utf-8")
    for moment in range(MOMENTS):
        build = started(project)
        time.sleep(seconds * (moment + 0.5) / MOMENTS)
        stop(build, SIGNALS[moment % 3])
        found = contents(project / "site")
        if found != first:  # it had already finished
            assert found.keys() == first.keys()
            assert b"One more line." in found["index.html"]
            first = found
    assert started(project).wait(300) == 0
    assert b"One more line." in contents(project / "site")["index.html"]
    assert [path.name for path in project.glob(".site-*")] == []


@pytest.mark.slow
@pytest.mark.parametrize("left", [".site-old", ".site-new"])
def test_what_a_killed_build_left_is_put_right(tmp_path: Path, left: str) -> None:
    """The only moment without a site, between the two renames."""
    project = example(tmp_path / "project")
    (project / left).mkdir()
    (project / left / "index.html").write_text("last", "utf-8")
    (project / "casestudies" / "casebook.yml").write_text("broken", "utf-8")
    assert started(project).wait(300) != 0
    assert (project / "site" / "index.html").exists() is (left == ".site-old")
    assert [path.name for path in project.glob(".site-*")] == []
