"""Reading series of patches from mails as ``git am`` reads them.

Git itself splits the mails, in a temporary folder that is not a repository, so this accepts the
same input as ``git am``. Nothing in a patch is executed.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from abicase.problems.problem import Problem
from abicase.provenance import git
from abicase.source.yamltext import STRANGE

MAX_BYTES = 10_000_000
"""The maximum size of mails in bytes; text patches do not grow when applied."""
MAX_MAILS = 1_000

_HEADER = re.compile(rb"\s*(?:From |[!-9;-~]+:)")
"""The beginning of a mail or of a file of mails; anything else is a bare patch."""
_PATCH_SUBJECT = re.compile(
    r"\s*(?:\[[^]]*\]\s*)*?\[[^]]*\bpatch\b(?![^]]*\b0+/\d)[^]]*\]", re.IGNORECASE
)
"""Subjects of mails that must contain a patch: not replies in any language or cover letters."""
_HEAD = re.compile(rb"^diff --git (.*)\n((?:(?!diff )[a-z].*\n){0,8})", re.MULTILINE)
_RENAME = re.compile(rb"^(?:rename|copy) from (.*)\n(?:rename|copy) to (.*)$", re.MULTILINE)
_SAME_NAMES = re.compile(rb"^--- ([^\t\n]+)(?:\t.*)?\n\+\+\+ \1(?:\t.*)?$", re.MULTILINE)
_BINARY = re.compile(rb"^(?:literal|delta) (\d{1,15})$", re.MULTILINE)
"""The size of binary data, which git expands at once."""


class NoPatch(Exception):
    """There is no usable patch; the message says why."""


@dataclass(slots=True)
class Patch:
    """The patch in one mail."""

    text: bytes
    box: str
    """The file that contains the mail."""
    title: str
    """The name of the patch in messages."""
    prefixes: bool = True
    """True if file names have the prefixes a/ and b/, or similar ones."""
    renames: list[tuple[str, str]] = field(default_factory=list)
    """For each file, its name before and after, relative to the root of the repository."""
    binary: list[str] = field(default_factory=list)
    """The files whose new contents are not text."""
    message: str = ""
    """The headers of the mail, and its text before the patch."""

    def problem(self, what: str) -> Problem:
        """Return a problem about the patch as a whole."""
        return Problem(self.box, 1, 1, "patch", "", f"{self.title} {what}")

    def git(self, folder: Path, *options: str) -> git.Result:
        """Run ``git apply`` on it."""
        strip = () if self.prefixes else ("-p0",)
        return git_on_files(
            folder, "apply", "--whitespace=nowarn", *strip, *options, "-", given=self.text
        )


@dataclass(slots=True)
class Series:
    """The patches from some mails, in order."""

    patches: list[Patch] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    """The headers and texts of mails without a patch, such as a cover letter."""
    problems: list[Problem] = field(default_factory=list)
    """The reasons why mails could not be read."""
    notes: list[str] = field(default_factory=list)
    """Notes on what was ignored."""


def listed(names: Iterable[str]) -> str:
    """Return names for a message: the first few, and the number of others."""
    first, rest = [*names][:3], [*names][3:]
    text = ", ".join(STRANGE.sub("?", name) for name in first)
    return f"{text} and {len(rest)} more" if rest else text


def git_on_files(folder: Path, *arguments: str, given: bytes = b"") -> git.Result:
    """Run git on plain files, without a repository or any configuration."""
    settings = ("-c", "core.symlinks=false", "-c", "core.quotePath=false")
    return git.run(*settings, *arguments, given=given, folder=folder)


def errors_of(result: git.Result) -> list[str]:
    """Return the errors that git printed, without their prefixes."""
    said = STRANGE.sub("?", result.stderr.decode("utf-8", "replace")).splitlines()
    found = [re.sub("^(?:error|fatal): ", "", x) for x in said if re.match("error: |fatal: ", x)]
    return found or said or ["git does not say why"]


def read_series(mails: Mapping[str, bytes | Path], work: Path) -> Series:
    """Read the patches in files of mails.

    Args:
        mails: The input, by the name to report: the contents of files with mails or patches, or
            Maildir folders.
        work: A folder for git's output.

    Raises:
        NoPatch: One of the files contains no patch, or can't be split.
        GitError: Git is not installed.
    """
    series = Series()
    for number, (box, given) in enumerate(mails.items()):
        data = given if isinstance(given, Path) else _plain(given, box)
        if isinstance(data, Path) or _HEADER.match(data):
            _add_mails(series, data, box, work / f"box{number}")
            continue
        patch = Patch(data.replace(b"\r\n", b"\n"), box, "the patch")
        if not _holds_patch(patch, work):
            raise NoPatch(f"{box} contains no patch")
        series.patches.append(patch)
    for patch in series.patches:
        patch.prefixes = _has_prefixes(patch.text)
    return series


def _add_mails(series: Series, data: bytes | Path, box: str, folder: Path) -> None:
    """Add the patches of a file of mails or of a Maildir."""
    without: list[str] = []
    split = _split(data, box, folder)
    for place, path in enumerate(split, 1):
        mail = path.read_bytes()
        result = git_on_files(folder, "mailinfo", "-k", "message", "patch", given=mail)
        told = result.stdout.decode("utf-8", "replace")
        found = re.search(r"^Subject: (.*)", told, re.MULTILINE)
        subject = STRANGE.sub("?", found[1][:200]) if found else ""
        title = f"mail {place} of {len(split)}" if len(split) > 1 else "the mail"
        if subject:
            title += f" ({subject if len(subject) <= 60 else subject[:59] + '…'})"
        patch = Patch(b"", box, title)
        if result.returncode:
            series.problems.append(patch.problem(f"can't be read: {errors_of(result)[0]}"))
            continue
        patch.text = (folder / "patch").read_bytes().replace(b"\r\n", b"\n")
        head = mail.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
        body = (folder / "message").read_bytes()
        patch.message = (head + b"\n\n" + body).decode("utf-8", "replace")
        if _holds_patch(patch, folder):
            series.patches.append(patch)
            continue
        series.others.append(patch.message)
        if _PATCH_SUBJECT.match(subject):
            what = "contains no patch, though its subject says so; was it sent as plain text?"
            series.problems.append(patch.problem(what))
        else:
            without.append(title)
    if without:
        series.notes.append(f"{box}: there is no patch in {listed(without)}")


def _plain(data: bytes, box: str) -> bytes:
    """Return the contents of a file without gzip compression or a byte order mark."""
    if len(data) <= MAX_BYTES and data.startswith(b"\x1f\x8b"):
        try:
            with gzip.open(io.BytesIO(data)) as stream:
                data = stream.read(MAX_BYTES + 1)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise NoPatch(f"{box} can't be decompressed: {error}") from None
    if len(data) > MAX_BYTES:
        raise NoPatch(f"{box} has more than {MAX_BYTES:,} bytes")
    return data.removeprefix(b"\xef\xbb\xbf")


def _split(data: bytes | Path, box: str, folder: Path) -> list[Path]:
    """Return the single mails in a file or a Maildir, in order."""
    out = folder / "mails"
    out.mkdir(parents=True)
    if isinstance(data, Path):
        files = [file for part in ("cur", "new") for file in (data / part).glob("*")]
        if not files:
            raise NoPatch(f"{box} is a folder without mails; a Maildir has some in cur or new")
        if sum(file.stat().st_size for file in files) > MAX_BYTES:
            raise NoPatch(f"{box} has more than {MAX_BYTES:,} bytes")
        box_file = data.resolve()
    else:
        box_file = folder / "box"
        box_file.write_bytes(data)
    result = git_on_files(folder, "mailsplit", "-b", f"-o{out}", "--", str(box_file))
    if result.returncode:
        raise NoPatch(f"{box} can't be split into mails: {errors_of(result)[0]}")
    split = sorted(out.iterdir())
    if len(split) > MAX_MAILS:
        raise NoPatch(f"{box} has more than {MAX_MAILS:,} mails")
    return split


def _holds_patch(patch: Patch, folder: Path) -> bool:
    """Return whether git finds anything to apply."""
    if sum(map(int, _BINARY.findall(patch.text))) > MAX_BYTES:
        raise NoPatch(f"{patch.box}: {patch.title} has more than {MAX_BYTES:,} bytes")
    result = patch.git(folder, "--numstat")
    return not re.match(rb"error: (?:No valid patches in|unrecognized) input", result.stderr)


def _has_prefixes(text: bytes) -> bool:
    """Return whether names have prefixes such as a/ and b/; otherwise a file's names are equal."""
    heads = _HEAD.findall(text)
    for names, lines in heads:
        renamed = _RENAME.search(lines)
        pair = renamed.groups() if renamed else (names[: len(names) // 2],) * 2
        if names == b" ".join(pair):
            return False
    return bool(heads) or not _SAME_NAMES.search(text)
