"""The guides: their steps are done as written, and have the described results."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from checkout import copied, set_up
from conftest import ROOT, started, stopped

CONTRIBUTING = ROOT / "docs" / "contributing.md"
ONBOARDING = ROOT / "docs" / "onboarding.md"
PREVIEW = "http://127.0.0.1:8000/"
"""The address of the preview in the guide; the test has it elsewhere."""


@dataclass
class Block:
    """A fenced block of a guide."""

    kind: str
    text: str
    before: str
    """The paragraph before it."""
    line: int


def blocks(section: str) -> list[Block]:
    """Return the fenced blocks of a section of the guide, in order."""
    text = CONTRIBUTING.read_text(encoding="utf-8")
    start = text.index(section)
    end = text.index("\n## ", start)
    found = []
    for match in re.finditer(r"(?ms)^```(\w+)\n(.*?)^```$", text[start:end]):
        before = text[start : start + match.start()].rstrip().rpartition("\n\n")[2]
        line = text[: start + match.start()].count("\n") + 1
        found.append(Block(match[1], match[2], before, line))
    return found


class Reader:
    """A reader who follows the guide in one terminal, with the preview in another."""

    def __init__(self, folder: Path, repository: Path, port: int) -> None:
        self.folder = folder
        self.repository = repository
        self.port = port
        self.preview: subprocess.Popen[bytes] | None = None

    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
        return {
            **kept,
            "DEV_ADDR": f"127.0.0.1:{self.port}",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
            "NO_MKDOCS_2_WARNING": "1",
            "COLUMNS": "200",
            "ABICASE_CACHE": str(self.repository.parent / "kept"),  # like a reader's
        }

    def do(self, block: Block) -> None:
        """Follow a block."""
        place = f"docs/contributing.md:{block.line}"
        if block.kind == "sh" and block.text == "make serve\n":
            self.serve()
        elif block.kind == "sh":
            result = self.run(block.text)
            assert result.returncode == 0, f"{place}: {result.stdout}{result.stderr}"
            if "git clone" in block.text:
                set_up(self.folder)
        elif block.kind == "console":
            self.compare(block.text, place)
        elif block.kind == "yaml":
            (self.folder / re.findall(r"`([^`]+)`", block.before)[-1]).write_text(
                block.text, encoding="utf-8"
            )
        elif block.kind == "diff":
            patch = ["patch", "--quiet", "--no-backup-if-mismatch", "-p0"]
            subprocess.run(patch, cwd=self.folder, input=block.text, text=True, check=True)
        else:
            pytest.fail(f"{place}: nobody knows what to do with {block.kind}")

    def run(self, commands: str) -> subprocess.CompletedProcess[str]:
        """Run commands, and stay in their last folder."""
        script = commands.replace("ADDRESS", str(self.repository)) + '\npwd > "$WHERE"\n'
        where = self.repository.parent / "where"
        result = subprocess.run(
            ["bash", "-eu"],
            cwd=self.folder,
            env={**self.environment(), "WHERE": str(where)},
            input=script,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if result.returncode == 0:
            self.folder = Path(where.read_text(encoding="utf-8").strip())
        return result

    def compare(self, text: str, place: str) -> None:
        """Run the command after each prompt, and compare its output."""
        for part in re.split(r"(?m)^\$ ", text)[1:]:
            command, _, expected = part.partition("\n")
            result = self.run(command)
            printed = result.stdout + result.stderr
            assert printed.split() == expected.split(), f"{place}: {printed}"

    def serve(self) -> None:
        """Start the preview, and wait until it answers."""
        self.preview = started(
            ["make", "serve"],
            cwd=self.folder,
            env=self.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.sees("", "</html>")

    def sees(self, address: str, words: str) -> None:
        """Wait until a page of the preview shows some words."""
        end, page = time.monotonic() + 120, ""
        while words not in page:
            assert time.monotonic() < end, f"{address} does not show {words!r}"
            time.sleep(0.3)
            try:
                here = f"http://127.0.0.1:{self.port}/{address}"
                with urllib.request.urlopen(here, timeout=30) as response:
                    page = response.read().decode("utf-8")
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                page = ""


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    repository = copied(tmp_path / "published")
    for arguments in (
        ["init", "--quiet", "--initial-branch=main"],
        ["add", "--all"],
        ["-c", "user.name=x", "-c", "user.email=x@y.example", "commit", "-q", "-m", "x"],
    ):
        subprocess.run(["git", *arguments], cwd=repository, check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (tmp_path / "empty").mkdir()
    one = Reader(tmp_path / "empty", repository, port)
    yield one
    if one.preview:
        stopped(one.preview)


@pytest.mark.first
@pytest.mark.slow
def test_the_steps_lead_to_a_previewed_case(reader: Reader) -> None:
    steps = blocks("## Your first case")
    assert [b.text for b in steps].count("make serve\n") == 1
    for block in steps:
        reader.do(block)
        if "abicase new case" in block.text:
            reader.sees("cases/kettle/", "</html>")
        if block.kind == "diff" and "became `celsius`" in block.text:
            reader.sees("cases/kettle/", "The unit is named")


def test_the_guide_names_the_preview_where_it_is() -> None:
    config = (ROOT / "mkdocs.yml").read_text("utf-8")
    assert f'"{PREVIEW.removeprefix("http://").rstrip("/")}"' in config
    assert PREVIEW in CONTRIBUTING.read_text("utf-8")


def test_the_self_check_leads_to_lessons() -> None:
    text = ONBOARDING.read_text("utf-8")
    questions = re.findall(
        r"(?s)<details class=\"ac-fold\" markdown=\"1\"><summary>(.*?)</summary>(.*?)</details>",
        text,
    )
    assert len(questions) == 12
    led_to = set()
    for number, (question, answer) in enumerate(questions, start=1):
        assert question.startswith(f"{number}. ")
        assert question.endswith("?")
        found = re.findall(r"<!-- abicase: advice lesson/([a-z-]+) -->", answer)
        assert found, question
        led_to |= set(found)
    assert led_to <= {path.stem for path in (ROOT / "casestudies" / "lessons").glob("*.yml")}


RECORDS = re.compile(
    r"\b(?:\d[\d,]*|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty)\s+"
    r"(?:[\w-]+\s+)?(?:cases|patterns|axes|claims|lessons|pairs|repositories)\b"
)
COUNTED = "made-up casebooks of 12, 120 and 1,200 cases"
"""A number of cases that is not about the records."""


def test_no_page_counts_the_records_by_hand() -> None:
    for text in ("thirteen cases", "13 cases", "22 short lessons", "twelve\nclaims"):
        assert RECORDS.search(text), text
    for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        found = RECORDS.search(path.read_text("utf-8").replace(COUNTED, ""))
        assert not found, f"{path}: write <!-- abicase: count cases -->, not {found[0]!r}"
