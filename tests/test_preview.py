"""A long live preview: it uses no more memory and no more files than at first."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from conftest import previewed
from sites import ROOT

BUILDS = 50
WARM = 10
"""The number of builds after which everything is cached that builds share."""
MARGIN_KB = 4_000
"""The memory that the allocator and SQLite can still take; the records alone need more."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="there is no /proc"),
]


def memory(pid: int) -> int:
    """Return the memory of a process in kB."""
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    return int(re.findall(r"(?m)^VmRSS:\s+(\d+) kB$", status)[0])


def files(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


@pytest.mark.first
def test_a_preview_does_not_grow(tmp_path: Path) -> None:
    project = shutil.copytree(ROOT / "tests" / "example", tmp_path / "project")
    config = project / "mkdocs.yml"  # other tests use the theme enough
    text = config.read_text("utf-8").replace("name: material\n  font: false", "name: mkdocs")
    config.write_text(text, encoding="utf-8")
    record = project / "records" / "cases" / "save-call.yml"
    good = record.read_text("utf-8")
    held, opened = [], []
    with previewed(project, ABICASE_CACHE=str(tmp_path / "kept")) as preview:
        preview.shows("save()", "cases/save-call/")
        for number in range(BUILDS):
            title = f"title: Build number {number}."
            record.write_text(re.sub(r"(?m)^title: .*$", title, good), encoding="utf-8")
            preview.shows(title.removeprefix("title: "), "cases/save-call/", pause=0.1)
            held.append(memory(preview.process.pid))
            opened.append(files(preview.process.pid))
    assert max(held[-WARM:]) <= max(held[WARM : 2 * WARM]) + MARGIN_KB, held
    # A request can hold one more at any moment.
    assert min(opened[-WARM:]) <= min(opened[:WARM]), opened
