"""Every command with bad output streams, encodings or permissions, or an impatient user.

The commands are enumerated from the code itself, so that new ones are tested too.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

import warm
from abicase.cli.group import abicase
from conftest import SMALL, Run, started, stopped
from test_verify import Repository

PROGRAM = Path(sys.executable).with_name("abicase")
FOREIGN = "The parameter \u2192 \u5358\u4f4d \U0001f375 caf\u00e9"
"""A title that neither ASCII nor the Windows encodings can represent."""

CALLS: Mapping[str, str] = {
    "advise": "../pour.patch",
    "cache clear": "",
    "check": "",
    "cite": "case/pour#unit-named",
    "completion": "bash",
    "config": "",
    "event add": "pour --commit {commit} --git teapot=../teapot",
    "event checked": "pour unit-named",
    "explain": "",
    "find": "parameter",
    "fmt": "",
    "headers": "../site",
    "history": "case/pour#unit-named",
    "init": "../begun --yes",
    "inspect": "../site",
    "links check": "../site",
    "links publish": "",
    "links retire": "pair/pour-vs-steep --withdrawn --because gone",
    "list": "cases",
    "new axis": "taste",
    "new case": "boil",
    "new casebook": "Tea --records fresh",
    "new claim": "hotter",
    "new lesson": "ask-first",
    "new pair": "pour steep",
    "new pattern": "far-apart",
    "new repository": "kettle",
    "outside": "--limit 1 --per-minute 60000 --state ../asked.json",
    "render": "../out",
    "schema": "../schema",
    "source add": "pour --commit {commit} --git teapot=../teapot",
    "verify": "--git teapot=../teapot",
}
"""The arguments of each command, in a folder of records."""

MISSING: Mapping[str, str] = {
    "links publish": "permalinks.yml",
    "links retire": "pairs/pour-vs-steep.yml",
    "new pair": "pairs/pour-vs-steep.yml",
}
"""The parts to remove from the records beforehand, so that there is something to do."""


SIGNS = """\
signs:
  - line: int time
    note: A bare number
    paths:
      - "*.h"
"""
PATCH = "--- a/pour.h\n+++ b/pour.h\n@@ -1 +1,2 @@\n int a;\n+void pour(int time);\n"

ALIKE = ("new claim", "new lesson", "new pattern", "new repository")
"""Commands that share the code of ``new axis``; it is enough that they can be called."""


def leaves(command: click.Command, name: str = "") -> Iterator[str]:
    """Return the names of all commands that do something."""
    if isinstance(command, click.Group):
        for below in command.commands.values():
            yield from leaves(below, f"{name} {below.name}".strip())
    else:
        yield name


def test_every_command_is_called() -> None:
    assert sorted(leaves(abicase)) == sorted(CALLS)


@pytest.mark.slow
@pytest.mark.parametrize("command", ALIKE)
def test_a_command_like_another(command: str, scene: Scene) -> None:
    result = scene.usual(command)
    assert result.status == 0
    assert result.out


@dataclass
class Ended:
    """The outcome of a command."""

    status: int
    out: bytes
    err: str
    files: dict[str, bytes]
    """The contents of its folder afterwards."""


class Scene:
    """A folder with records, a site and a repository, which is copied for each command."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = 0
        self._whole = folder / "whole"
        records = self._whole / "records"
        shutil.copytree(SMALL, records, ignore=shutil.ignore_patterns("*.md", "*.txt"))
        path = records / "cases" / "pour.yml"
        text = path.read_text("utf-8").replace("The parameter gets a unit", FOREIGN)
        path.write_text(text, encoding="utf-8")
        (self._whole / "site").mkdir()
        (self._whole / "site" / "index.html").write_text("<title>Tea</title>", encoding="utf-8")
        lesson = records / "lessons" / "name-the-unit.yml"
        lesson.write_text(lesson.read_text("utf-8") + SIGNS, encoding="utf-8")
        (self._whole / "pour.patch").write_text(PATCH, encoding="utf-8")
        repository = Repository(self._whole / "teapot")
        self._commit = repository.commit("pour: add it")
        repository.git("tag", "v1.0")
        publish = [str(PROGRAM), "links", "publish", "--on", "2024-01-01"]
        subprocess.run(publish, cwd=records, env=self.environment(), check=True)

    @staticmethod
    def environment(**more: str | None) -> dict[str, str]:
        nowhere = "http://127.0.0.1:9"  # nothing outside is asked
        changes = {
            "ABICASE_CACHE": "../kept",
            "https_proxy": nowhere,
            "http_proxy": nowhere,
            **more,
        }
        every = {**os.environ, **changes}
        return {name: value for name, value in every.items() if value is not None}

    def copy(self, command: str) -> Path:
        """Create a folder for one run of a command."""
        self._number += 1
        folder = self._folder / str(self._number)
        shutil.copytree(self._whole, folder)
        if command in MISSING:
            (folder / "records" / MISSING[command]).unlink()
        kept = folder / "kept"
        kept.mkdir(mode=0o700)
        (kept / ".abicase-cache").touch()
        return folder

    def arguments(self, command: str) -> list[str]:
        """Return the command line."""
        return [*command.split(), *CALLS[command].format(commit=self._commit).split()]

    def started(
        self, command: str, folder: Path, out: int, prefix: tuple[str, ...], **more: str | None
    ) -> subprocess.Popen[str]:
        return started(
            [*prefix, PROGRAM, *self.arguments(command)],
            cwd=folder / "records",
            env=self.environment(**more),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
        )

    def usual(self, command: str) -> Ended:
        """Run a command under normal conditions."""
        folder = self.copy(command)
        result = warm.run(
            "abicase", self.arguments(command), folder / "records", self.environment()
        )
        return ended(command, result.returncode, result.stdout.encode(), result.stderr, folder)

    def run(
        self,
        command: str,
        out: int | None = None,
        prefix: tuple[str, ...] = (),
        prepare: Callable[[Path], None] = lambda folder: None,
        environment: Mapping[str, str | None] | None = None,
    ) -> Ended:
        """Run a command, which may exit with any of its statuses but must not crash or litter."""
        folder = self.copy(command)
        prepare(folder)
        output = folder / "output"
        with output.open("wb") as stream:
            process = self.started(
                command,
                folder,
                stream.fileno() if out is None else out,
                prefix,
                **(environment or {}),
            )
            try:
                err = process.communicate(timeout=120)[1]
            finally:
                stopped(process)
        printed = output.read_bytes()
        output.unlink()
        return ended(command, process.returncode, printed, err, folder)


def ended(command: str, status: int, out: bytes, err: str, folder: Path) -> Ended:
    for word in ("Traceback", "Exception ignored", "Fatal"):
        assert word not in err, f"{command}: {err}"
    assert 0 <= status < 120 or status in (130, 141), f"{command}: {status}: {err}"
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "kept" not in path.parts and ".git" not in path.parts
    }
    return Ended(status, out, err, files)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return Scene(tmp_path_factory.mktemp("scene"))


@dataclass
class Usual:
    """Return the outcome of a command under normal conditions."""

    command: str
    ended: Ended


@pytest.fixture(scope="module", params=[name for name in CALLS if name not in ALIKE])
def usual(scene: Scene, request: pytest.FixtureRequest) -> Usual:
    """Parametrize a test with each command."""
    return Usual(request.param, scene.usual(request.param))


@pytest.mark.slow
def test_closed_output(scene: Scene, usual: Usual) -> None:
    before = usual.ended
    closed = scene.run(usual.command, prefix=("sh", "-c", 'exec "$0" "$@" >&-'))
    assert closed.status == (2 if before.out else before.status)
    assert not before.out or "Error: input or output failed" in closed.err
    assert closed.files.keys() <= before.files.keys()


@pytest.mark.slow
def test_a_pipe_that_nobody_reads(scene: Scene, usual: Usual) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    closed = scene.run(usual.command, out=writer)
    os.close(writer)
    assert closed.status == (141 if usual.ended.out else usual.ended.status)
    assert "Broken pipe" not in closed.err


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk(scene: Scene, usual: Usual) -> None:
    before = usual.ended
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        result = scene.run(usual.command, out=full.fileno())
    assert result.status == (2 if before.out else before.status)
    assert not before.out or os.strerror(errno.ENOSPC) in result.err


@pytest.mark.slow
def test_a_narrow_encoding(scene: Scene, usual: Usual) -> None:
    before = usual.ended
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "HOME": None}
    environments: list[Mapping[str, str | None]] = [ascii_only]
    if not before.out.isascii():
        environments.append({"PYTHONIOENCODING": "cp1252"})
    for environment in environments:
        narrow = scene.run(usual.command, environment=environment)
        assert narrow.status == before.status, narrow.err
        assert bool(narrow.out) == bool(before.out)
        assert narrow.files.keys() == before.files.keys()


def without_permission() -> tuple[str, ...]:
    """Return a prefix that makes a program subject to permissions, even if the user is root."""
    if os.geteuid() != 0:
        return ()
    if shutil.which("setpriv") is None:
        pytest.skip("root is bound by no permissions, and setpriv is missing")
    return ("setpriv", "--bounding-set=-all", "--inh-caps=-all")


@pytest.mark.slow
@pytest.mark.parametrize("command", sorted({*CALLS} - {*ALIKE, "cache clear"}))
def test_no_permission_to_write(scene: Scene, command: str) -> None:
    def protect(folder: Path) -> None:
        for path in (folder, *folder.rglob("*")):
            if path.name != "output" and not path.is_symlink():
                path.chmod(path.stat().st_mode & ~0o222)

    there = ended(command, 0, b"", "", scene.copy(command)).files
    result = scene.run(command, prefix=without_permission(), prepare=protect)
    assert result.files == there
    if command.startswith(("init", "links publish", "new", "render", "schema", "source")):
        assert result.status == 2
        assert "Permission denied" in result.err
    else:
        assert result.status < 4


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="there is no /proc")
def test_an_interrupt(scene: Scene, usual: Usual) -> None:
    """A command is interrupted while it waits for its output to be read."""
    command, before = usual.command, usual.ended
    reader, writer = full_pipe()
    folder = scene.copy(command)
    process = scene.started(command, folder, writer, ())
    try:
        wait_for_rest(process)
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGINT)
        err = process.communicate(timeout=60)[1]
    finally:
        stopped(process)
        os.close(reader)
        os.close(writer)
    result = ended(command, process.returncode, b"", err, folder)
    assert result.files.keys() <= before.files.keys()
    if before.out:
        assert (result.status, err.splitlines()[-1]) == (130, "Interrupted.")
    else:
        assert result.status == before.status


def full_pipe() -> tuple[int, int]:
    """Return a pipe that accepts no more data."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(writer, b"x" * 4096)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(writer, b"x")
    os.set_blocking(writer, True)
    assert fcntl.fcntl(writer, fcntl.F_GETFL) & os.O_NONBLOCK == 0
    return reader, writer


def wait_for_rest(process: subprocess.Popen[str]) -> None:
    """Wait until a process blocks for a while, or has ended."""
    quiet_since, before = time.monotonic(), ""
    while process.poll() is None and time.monotonic() - quiet_since < 0.4:
        fields = Path(f"/proc/{process.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        now = " ".join((fields[0], *fields[11:13]))
        if now != before or fields[0] != "S":
            quiet_since, before = time.monotonic(), now
        time.sleep(0.05)


# Paths


@pytest.mark.slow
def test_a_path_that_is_no_utf8(tmp_path: Path, run: Run) -> None:
    records = Path(os.fsdecode(os.fsencode(tmp_path) + b"/n\xff"))
    try:
        shutil.copytree(SMALL, records)
    except OSError:
        pytest.skip("this file system takes no such names")
    environment = Scene.environment(ABICASE_CACHE=str(tmp_path / "kept"))
    for calls in (
        ("check", "check -f json", "check -f github", "find tea", "render ../out"),
        ("check", "render ../out"),  # from the cache
    ):
        for call in calls:
            result = subprocess.run(
                [PROGRAM, *call.split(), "-r", records],
                cwd=tmp_path,
                env=environment,
                capture_output=True,
                check=False,
            )
            assert b"Traceback" not in result.stderr, call
            assert result.returncode in (0, 1 if call == "find tea" else 0), call
        path = records / "cases" / "pour.yml"
        path.write_text(path.read_text("utf-8") + "\n# Another day.\n", encoding="utf-8")


def test_a_working_folder_that_is_gone(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    result = subprocess.run(
        ["sh", "-c", 'rmdir "$PWD" && exec "$0" check', PROGRAM],
        cwd=gone,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 2
    assert result.stderr.splitlines()[-1] == (
        "Error: the working folder can't be read: No such file or directory"
    )


def test_a_folder_of_records_that_cannot_be_read(book: Path) -> None:
    prefix = without_permission()
    for folder, status, message in (
        (
            book / "cases",
            1,
            "cases:1:1: error: unreadable: the folder can't be read: Permission denied",
        ),
        (book, 2, "is not readable"),
    ):
        folder.chmod(0)
        result = subprocess.run(
            [*prefix, PROGRAM, "check", "-r", "records"],
            cwd=book.parent,
            env=Scene.environment(ABICASE_CACHE="off"),
            capture_output=True,
            text=True,
            check=False,
        )
        folder.chmod(0o755)
        assert (result.returncode, "Traceback" in result.stderr) == (status, False)
        assert message in result.stdout + result.stderr


@pytest.mark.slow
def test_paths_that_are_something_else(book: Path, run: Run) -> None:
    loop = book.parent / "loop"
    loop.symlink_to(loop)
    file = book / "casebook.yml"
    for call, message in (
        (["check", "-r", file], "is a file"),
        (["check", "-r", loop], "there is no folder"),
        (["check", loop], "there is no file or folder"),
        (["check", "-n", "3"], "No such option '-n'"),
        (["find", "-n", "many", "x"], "'many' is not a valid integer"),
        (["find", "--limt", "3"], "'--limit'"),
        (["find", "x", "--site-url", "https:///x"], "is not a web address"),
        (["find", "x", "--site-url", "https://[x"], "is not a web address"),
        (["find", "x", "--site-url", "https://x.example/?a"], "it has a ? or a #"),
        (["render", loop, "-r", book], "can't be written"),
        (["render", file, "-r", book], "is a file"),
        (["schema", file], "is a file"),
        (["schema", file / "x"], "can't be written: Not a directory"),
        (["headers", file], "is a file"),
        (["outside", "-r", book, "--state", file], "is left as it is"),
    ):
        result = run("abicase", *call, cwd=book.parent)
        assert (result.returncode, "Traceback" in result.stderr) == (2, False), call
        assert message in result.stderr, call
    assert file.read_bytes() == (SMALL / "casebook.yml").read_bytes()


def test_json_is_json_in_every_encoding(book: Path, tmp_path: Path) -> None:
    path = book / "cases" / "pour.yml"
    text = path.read_text("utf-8").replace("The parameter gets a unit", FOREIGN)
    path.write_text(text, encoding="utf-8")

    def printed(*call: str) -> object:
        result = subprocess.run(
            [PROGRAM, *call, "-r", book],
            env=Scene.environment(ABICASE_CACHE="off", PYTHONIOENCODING="cp1252"),
            capture_output=True,
            check=False,
        )
        assert b"Traceback" not in result.stderr
        return json.loads(result.stdout)

    assert FOREIGN in str(printed("find", "-f", "json", "parameter"))
    path.write_text(text.replace("kind: change", "kind: \u5909\U0001f375"), encoding="utf-8")
    assert "\u5909\U0001f375" in str(printed("check", "-f", "json"))
