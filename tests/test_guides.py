"""The guides: their steps are done as written, and have the described results."""

from __future__ import annotations

import email
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from checkout import copied, set_up
from conftest import ROOT, started, stopped, without_git
from crawl import defects
from domains import foreign

CONTRIBUTING = ROOT / "docs" / "contributing.md"
OWN = ROOT / "docs" / "own-casebook.md"
SKELETON = ROOT / "plugins" / "abicase" / "authoring" / "skeleton"
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
    place: str


def blocks(page: Path, section: str) -> list[Block]:
    """Return the fenced blocks of a section of a guide, in order."""
    text = page.read_text(encoding="utf-8")
    start = text.index(section)
    end = text.index("\n## ", start)
    found = []
    for match in re.finditer(r"(?ms)^```(\w+)\n(.*?)^```$", text[start:end]):
        before = text[start : start + match.start()].rstrip().rpartition("\n\n")[2]
        line = text[: start + match.start()].count("\n") + 1
        place = f"docs/{page.name}:{line}"
        found.append(Block(match[1], match[2], before, place))
    return found


class Reader:
    """A reader who follows the guide in one terminal, with the preview in another."""

    def __init__(self, folder: Path, names: dict[str, str], **variables: str) -> None:
        """Begin in an empty folder.

        Args:
            folder: The folder.
            names: What the reader writes for the words in capitals.
            variables: What the environment has besides.
        """
        folder.mkdir()
        self.folder = self.home = folder
        self.names = names
        self.variables = variables
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.preview: subprocess.Popen[bytes] | None = None

    def environment(self) -> dict[str, str]:
        return {
            **without_git(),
            "DEV_ADDR": f"127.0.0.1:{self.port}",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
            "COLUMNS": "200",
            "ABICASE_CACHE": str(self.home.parent / "kept"),  # like a reader's
            **self.variables,
        }

    def do(self, block: Block) -> None:
        """Follow a block."""
        place = block.place
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
        for word, meant in self.names.items():
            commands = commands.replace(word, meant)
        script = commands + '\npwd > "$WHERE"\n'
        where = self.home.parent / "where"
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

    def stop(self) -> None:
        """Stop the preview, if it runs."""
        if self.preview:
            stopped(self.preview)
        self.preview = None

    def sees(self, address: str, words: str) -> None:
        """Wait until a page of the preview shows some words."""
        end, page = time.monotonic() + 300, ""  # the first time everything is installed
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
    one = Reader(tmp_path / "empty", {"ADDRESS": str(repository)})
    yield one
    one.stop()


@pytest.mark.first
@pytest.mark.slow
def test_the_steps_lead_to_a_previewed_case(reader: Reader) -> None:
    steps = blocks(CONTRIBUTING, "## Your first case")
    assert [b.text for b in steps].count("make serve\n") == 1
    for block in steps:
        reader.do(block)
        if "abicase new case" in block.text:
            reader.sees("cases/kettle/", "</html>")
        if block.kind == "diff" and "became `celsius`" in block.text:
            reader.sees("cases/kettle/", "The unit is named")


@pytest.fixture
def newcomer(tmp_path: Path) -> Iterator[Reader]:
    """Somebody who has nothing but Python, git and make.

    What the package needs comes from the wheels of what is installed here: a registry may be out of
    reach, or have other versions tomorrow.
    """
    wheels, repository = tmp_path / "wheels", tmp_path / "repository.git"
    wheels.mkdir()
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--wheel-dir", wheels, ROOT], check=True)
    (own,) = wheels.iterdir()
    pytest.importorskip("zensical")
    for needed in requirements("mkdocs-abicase", "zensical"):
        packed(needed, wheels)
    subprocess.run(["git", "init", "--quiet", "--bare", repository], check=True)
    identity = {f"GIT_{who}_{what}": "ada@example.org" for who in WHO for what in ("NAME", "EMAIL")}
    one = Reader(
        tmp_path / "empty",
        {"git+ADDRESS": str(own), "REPOSITORY": str(repository)},
        PATH=f"{Path(sys.base_prefix, 'bin')}{os.pathsep}{os.environ['PATH']}",
        PIP_FIND_LINKS=str(wheels),
        PIP_NO_COMPILE="1",
        PIP_NO_INDEX="1",
        PYTHONDONTWRITEBYTECODE="",
        **identity,
    )
    yield one
    one.stop()


WHO = ("AUTHOR", "COMMITTER")


def requirements(own: str, *others: str) -> list[Distribution]:
    """Everything that a package needs, and other packages with what they need, as installed here."""
    found = {name: distribution(name) for name in others}
    left = [distribution(own), *found.values()]
    while left:
        for text in left.pop().requires or []:
            needed = Requirement(text)
            wanted = needed.marker is None or needed.marker.evaluate({"extra": ""})
            if wanted and needed.name not in found:
                found[needed.name] = distribution(needed.name)
                left.append(found[needed.name])
    return list(found.values())


def packed(package: Distribution, folder: Path) -> None:
    """Put what is installed of a package back into the wheel that it came from."""
    head = email.message_from_string(package.read_text("WHEEL") or "")
    tag = next(tag for tag in head.get_all("Tag", []) if not tag.startswith("py2-"))
    name = f"{package.name.replace('-', '_')}-{package.version}-{tag}.whl"
    with zipfile.ZipFile(folder / name, "w") as wheel:
        for file in package.files or []:
            if ".." not in file.parts and "__pycache__" not in file.parts:
                wheel.write(str(file.locate()), file.as_posix())


@pytest.mark.first
@pytest.mark.slow
def test_the_steps_lead_to_a_casebook_of_ones_own(newcomer: Reader) -> None:
    steps = blocks(OWN, "## From nothing to a published site")
    assert [block.kind for block in steps].count("diff") == 1
    for block in steps:
        if "make site" in block.text:
            newcomer.stop()
        newcomer.do(block)
        if block.kind == "diff":
            newcomer.sees("cases/tally/", "The recorder writes the unit of each measurement")
            newcomer.sees("cases/beacon/", "ac-draft-notice")
    for site in (newcomer.folder / "site", newcomer.folder / "zensical" / "site"):
        case = (site / "cases" / "tally" / "index.html").read_text("utf-8")
        assert "The recorder writes the unit of each measurement" in case
        assert "The Book of Formats" in case
        assert sorted(path.name for path in (site / "cases").iterdir()) == ["index.html", "tally"]
        assert defects(site) == []
        assert foreign(site) == []
        assert "https://formats.example/cases/tally/" in case
        reply = site / "lessons" / "number-the-version" / "reply.txt"
        assert "\nhttps://formats.example/L/number-the-version/" in reply.read_text("utf-8")
        assert 'href="abicase:' not in (site / "guide" / "index.html").read_text("utf-8")
    more = newcomer.run("make help format\n.venv/bin/abicase links check site --history")
    assert more.returncode == 0, more.stderr
    pushed = [
        "git",
        "--git-dir",
        newcomer.names["REPOSITORY"],
        "ls-tree",
        "-r",
        "--name-only",
        "main",
    ]
    listed = subprocess.run(pushed, capture_output=True, text=True, check=True).stdout.split()
    assert "casestudies/permalinks.yml" in listed
    assert {name.split("/")[0] for name in listed} == {
        ".editorconfig",
        ".gitattributes",
        ".github",
        ".gitignore",
        ".pre-commit-config.yaml",
        ".vscode",
        "Makefile",
        "README.md",
        "casestudies",
        "docs",
        "mkdocs.yml",
        "overrides",
        "requirements.txt",
    }


def test_the_guides_name_the_preview_where_it_is() -> None:
    for folder, guide in ((ROOT, CONTRIBUTING), (SKELETON, OWN)):
        config = (folder / "mkdocs.yml").read_text("utf-8")
        assert f'"{PREVIEW.removeprefix("http://").rstrip("/")}"' in config
        assert PREVIEW in guide.read_text("utf-8")


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
