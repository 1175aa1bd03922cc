"""Patches from mails, applied to a copy of the records, so that they can be checked like records.

Nothing of a patch is executed, nothing outside the copy is touched, and what a patch of records
has no need to do is refused: links, binary data, copies of files, paths out of the folder.
"""

from __future__ import annotations

import email
import email.policy
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

from abicase.problems import Problem
from abicase.reading import shown_path
from abicase.verify import clean_environment

MAX_BYTES = 10_000_000
"""The largest file of mails that is read; patches of text grow no further when applied."""

_MAIL = re.compile(
    rb"^From (?:[0-9a-f]{40}|\S+) +\w{3} \w{3} +\d{1,2} \d\d:\d\d:\d\d .*\d{4}\r?$", re.MULTILINE
)
_DIFF = re.compile(rb"^(?:diff --git |--- \S)", re.MULTILINE)
_REFUSED = {
    rb"^(?:new file mode|new mode|index \S+) 120000$": "makes or changes a symbolic link",
    rb"^(?:new file mode|new mode|index \S+) 160000$": "adds a repository inside this one",
    rb"^(?:GIT binary patch|Binary files .* differ)$": "holds binary data",
    rb"^copy (?:from|to) ": "copies files; make it without -C",
    rb"^(?:diff --git|rename from|rename to) (?:.*[ /])?\.\.(?:/|$| )": "leads out of the folder",
}


class NoPatch(Exception):
    """There is nothing to check; the message says why."""


@dataclass(slots=True)
class Patched:
    """A copy of the records with patches applied."""

    root: Path
    """The copy."""
    touched: set[str] = field(default_factory=set)
    """The files that the patches change, as they are shown to people."""
    problems: list[Problem] = field(default_factory=list)
    """Why a patch could not be applied."""


@contextmanager
def patched(data: bytes, name: str, root: Path) -> Iterator[Patched]:
    """Apply patches to a copy of the records.

    Args:
        data: Mails, or one patch.
        name: The name of their file, to report.
        root: The folder of records.

    Yields:
        The copy; it is gone afterwards.

    Raises:
        NoPatch: There is no patch of records, or no git.
    """
    if len(data) > MAX_BYTES:
        raise NoPatch(f"{name} has more than {MAX_BYTES:,} bytes")
    patches = list(_patches(data))
    if not patches:
        raise NoPatch(f"{name} holds no patch")
    if shutil.which("git") is None:
        raise NoPatch("git is needed to apply a patch, and is not there")
    prefix = _prefix(root)
    inside = re.compile(rf'^(?:\+\+\+|---) "?[ab]/({re.escape(prefix)}[^\t\n"]*)', re.MULTILINE)
    with tempfile.TemporaryDirectory(prefix="abicase-") as folder:
        top = Path(folder).resolve()
        made = Patched(top / prefix)
        shutil.copytree(root, made.root, symlinks=True, dirs_exist_ok=True, ignore=_no_record)
        for number, patch in enumerate(patches, 1):
            files = set(inside.findall(patch.decode("utf-8", "replace")))
            made.touched |= {shown_path(root / file.removeprefix(prefix)) for file in files}
            which = f"patch {number} of {len(patches)} " if len(patches) > 1 else "the patch "
            made.problems += _refused(patch, name, which) or _apply(patch, top, prefix, which, root)
            if made.problems:
                break
        if not made.touched and not made.problems:
            raise NoPatch(f"{name} changes no file in {shown_path(root)}")
        yield made


def _no_record(folder: str, names: list[str]) -> list[str]:
    return [
        name
        for name in names
        if name.startswith(".")
        or not (name.endswith((".yml", ".yaml")) or Path(folder, name).is_dir())
    ]


def _prefix(root: Path) -> str:
    """The path of the records in their repository, as patches name it, with a slash at its end."""
    whole = root.resolve()
    for folder in (whole, *whole.parents):
        if (folder / ".git").exists():
            path = whole.relative_to(folder).as_posix()
            return "" if path == "." else f"{path}/"
    return f"{whole.name}/"


def _patches(data: bytes) -> Iterator[bytes]:
    """The patches of the mails, in their order."""
    starts = [match.start() for match in _MAIL.finditer(data)] or [0]
    for start, end in zip(starts, [*starts[1:], len(data)], strict=True):
        text = data[start:end]
        mail = re.sub(rb"\AFrom .*\n", b"", text)
        if not re.match(rb"[\w-]+: ?", mail):  # no mail, but a patch as it is
            parts = [text]
        else:
            message = email.message_from_bytes(mail, EmailMessage, policy=email.policy.default)
            payloads = [part.get_payload(decode=True) for part in message.walk()]
            parts = [payload for payload in payloads if isinstance(payload, bytes)]
        for part in parts:
            found = _DIFF.search(part)
            if found:
                yield part[found.start() :].replace(b"\r\n", b"\n")


def _refused(patch: bytes, name: str, which: str) -> list[Problem]:
    for pattern, what in _REFUSED.items():
        if re.search(pattern, patch, re.MULTILINE):
            return [Problem(name, 1, 1, "patch", "", f"{which}{what}")]
    return []


def _apply(patch: bytes, top: Path, prefix: str, which: str, root: Path) -> list[Problem]:
    environment = clean_environment() | {
        "GIT_CEILING_DIRECTORIES": str(top.parent),  # a repository above is not meant
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "LC_ALL": "C",
    }
    result = subprocess.run(  # noqa: S603
        [  # noqa: S607
            "git", "-c", "core.symlinks=false", "apply", "--whitespace=nowarn",
            f"--include={prefix}*", "-",
        ],
        input=patch,
        capture_output=True,
        cwd=top,
        env=environment,
        check=False,
    )  # fmt: skip
    if result.returncode == 0:
        return []
    said = result.stderr.decode("utf-8", "replace").splitlines()
    errors = [line.removeprefix("error: ") for line in said if line.startswith("error: ")]
    problems = []
    for line in errors:
        found = re.fullmatch(r"(?:patch failed: )?(.+?)(?::(\d+))?(?:: (.*))?", line)
        file, number, why = found.groups() if found else ("", None, None)
        if number and file.startswith(prefix):
            shown = shown_path(root / file.removeprefix(prefix))
            message = f"{which}does not apply here"
            problems.append(Problem(shown, int(number), 1, "patch", "", message))
        elif why and file.startswith(prefix) and why != "patch does not apply":
            shown = shown_path(root / file.removeprefix(prefix))
            message = f"{which}does not apply: {why}"
            problems.append(Problem(shown, 1, 1, "patch", "", message))
    if not problems:
        message = f"{which}can't be applied: {(errors or said or ['git says nothing'])[0]}"
        problems.append(Problem(shown_path(root), 1, 1, "patch", "", message))
    return problems
