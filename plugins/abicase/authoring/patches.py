"""Patches from mails, applied to a copy of the records, so that they can be checked like records.

Git itself takes the mails apart and applies the patches, as ``git am`` does, so that whatever
``git am`` takes is taken here. It works in a temporary folder that is no repository: on a copy of
the records, and of the other files that the patches name. Nothing of a patch is executed.
"""

from __future__ import annotations

import gzip
import io
import os
import re
import shutil
import stat
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from abicase.problems.problem import Problem
from abicase.provenance import git
from abicase.source.reading import shown_path
from abicase.source.yamltext import STRANGE

MAX_BYTES = 10_000_000
"""The most bytes of mails that are read; patches of text grow no further when applied."""
MAX_MAILS = 1_000
MAX_FILES = 10_000
"""The most files that patches may name; each may be a copy of another one."""

_HEADER = re.compile(rb"\s*(?:From |[!-9;-~]+:)")
"""The beginning of a mail or of a file of mails; anything else is a patch without a mail."""
_PATCH_SUBJECT = re.compile(
    r"\s*(?:\[[^]]*\]\s*)*?\[[^]]*\bpatch\b(?![^]]*\b0+/\d)[^]]*\]", re.IGNORECASE
)
"""Subjects of mails that must hold a patch: neither replies, in any language, nor cover letters."""
_HEAD = re.compile(rb"^diff --git (.*)\n((?:(?!diff )[a-z].*\n){0,8})", re.MULTILINE)
_RENAME = re.compile(rb"^(?:rename|copy) from (.*)\n(?:rename|copy) to (.*)$", re.MULTILINE)
_SAME_NAMES = re.compile(rb"^--- ([^\t\n]+)(?:\t.*)?\n\+\+\+ \1(?:\t.*)?$", re.MULTILINE)
_LINK = re.compile(r"^ (?:create mode|mode change \d+ =>) 1[26]0000 \"?(.*)", re.MULTILINE)
"""A line of git about a symbolic link or a repository inside this one."""
_BINARY = re.compile(rb"^(?:literal|delta) (\d{1,15})$", re.MULTILINE)
"""The size of binary data, which git expands at once."""
_RECORD = (".yml", ".yaml")


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
    """Reasons why a mail could not be read or a patch not applied."""
    notes: list[str] = field(default_factory=list)
    """What was passed over: mails without a patch, and changes outside of the records."""


@dataclass(slots=True)
class _Patch:
    """The patch of one mail."""

    text: bytes
    box: str
    """The file of mails."""
    title: str
    """The patch as messages name it."""
    prefixes: bool = True
    """Whether the names of files stand behind a/ and b/, or other words of one part."""
    renames: list[tuple[str, str]] = field(default_factory=list)
    """For each file, its name before and after, from the top of the repository."""
    binary: list[str] = field(default_factory=list)
    """The files whose new contents are not text."""

    def problem(self, what: str) -> Problem:
        """A problem of the patch as a whole."""
        return Problem(self.box, 1, 1, "patch", "", f"{self.title} {what}")

    def git(self, folder: Path, *options: str) -> git.Result:
        """Run ``git apply`` on it."""
        strip = () if self.prefixes else ("-p0",)
        return _git(folder, "apply", "--whitespace=nowarn", *strip, *options, "-", given=self.text)


@contextmanager
def patched(mails: Mapping[str, bytes | Path], root: Path) -> Iterator[Patched]:
    """Apply patches to a copy of the records.

    Args:
        mails: What ``git am`` is given, by the names to report: the contents of files of mails or
            of patches, and folders in the form of a Maildir.
        root: The folder of records.

    Yields:
        The copy; it is gone afterwards.

    Raises:
        NoPatch: There is no patch of records, or no way to copy the records.
        NoGit: There is no git.
    """
    try:
        temporary = tempfile.TemporaryDirectory(prefix="abicase-")
    except OSError as error:
        raise NoPatch(f"no temporary folder can be made: {error.strerror}") from None
    with temporary as folder:
        try:
            made = _made(mails, root, Path(folder).resolve())
        except OSError as error:
            where = f"{shown_path(Path(error.filename))}: " if error.filename else ""
            message = f"patches can't be tried on a copy: {where}{error.strerror or error}"
            raise NoPatch(message) from None
        yield made


def _made(mails: Mapping[str, bytes | Path], root: Path, work: Path) -> Patched:
    """Copy the records, and apply as many patches to the copy as apply."""
    top, prefix = _place(root)
    copy = work / "copy"
    made = Patched(copy / prefix)
    patches = _patches(mails, work, made)
    for patch in patches:
        made.problems += _looked_at(patch, work, prefix)
    names = {name for patch in patches for pair in patch.renames for name in pair}
    inside = {name for name in names if name.startswith(prefix)}
    if not made.problems:
        if not patches:
            raise NoPatch(f"{_listed(mails)} holds no patch")
        if not inside:
            changed = _listed(sorted(names))
            raise NoPatch(f"{_listed(mails)} changes no file in {shown_path(root)}, but {changed}")
        if len(names) > MAX_FILES:
            raise NoPatch(f"{_listed(mails)} names more than {MAX_FILES:,} files")
        made.touched = {shown_path(root / name.removeprefix(prefix)) for name in inside}
        _copy_records(root, made.root)
        _copy_named(names, top, copy)
    for patch in patches:
        if not made.problems:
            _apply(patch, copy, prefix, root, made)
    return made


def _place(root: Path) -> tuple[Path, str]:
    """The top of the repository, and the path of the records in it, with a slash at its end.

    Outside of a repository, patches are taken to be made above the folder of records.
    """
    whole = root.resolve()
    for folder in (whole, *whole.parents):
        if (folder / ".git").exists():
            path = whole.relative_to(folder).as_posix()
            return folder, "" if path == "." else f"{path}/"
    return whole.parent, f"{whole.name}/"


def _listed(names: Iterable[str]) -> str:
    """Some names for a message: the first ones, and how many more there are."""
    first, rest = [*names][:3], [*names][3:]
    text = ", ".join(STRANGE.sub("?", name) for name in first)
    return f"{text} and {len(rest)} more" if rest else text


def _git(folder: Path, *arguments: str, given: bytes = b"") -> git.Result:
    """Run git on files alone: without a repository, and without anybody's configuration."""
    settings = ("-c", "core.symlinks=false", "-c", "core.quotePath=false")
    return git.run(*settings, *arguments, given=given, folder=folder)


def _errors(result: git.Result) -> list[str]:
    """The errors that git has told of, without the words in front of them."""
    said = STRANGE.sub("?", result.stderr.decode("utf-8", "replace")).splitlines()
    found = [re.sub("^(?:error|fatal): ", "", x) for x in said if re.match("error: |fatal: ", x)]
    return found or said or ["git does not say why"]


# From mails to patches


def _patches(mails: Mapping[str, bytes | Path], work: Path, made: Patched) -> list[_Patch]:
    """The patches of all mails, in their order; adds what else is found to problems and notes."""
    patches: list[_Patch] = []
    for number, (box, given) in enumerate(mails.items()):
        data = given if isinstance(given, Path) else _plain(given, box)
        if isinstance(data, Path) or _HEADER.match(data):
            patches += _of_mails(data, box, work / f"box{number}", made)
            continue
        patch = _Patch(data.replace(b"\r\n", b"\n"), box, "the patch")
        if not _holds_patch(patch, work):
            raise NoPatch(f"{box} holds no patch")
        patches.append(patch)
    return patches


def _of_mails(data: bytes | Path, box: str, folder: Path, made: Patched) -> list[_Patch]:
    """The patches of a file of mails or of a Maildir."""
    patches: list[_Patch] = []
    without: list[str] = []
    split = _split(data, box, folder)
    for place, mail in enumerate(split, 1):
        result = _git(folder, "mailinfo", "-k", "message", "patch", given=mail.read_bytes())
        told = result.stdout.decode("utf-8", "replace")
        found = re.search(r"^Subject: (.*)", told, re.MULTILINE)
        subject = STRANGE.sub("?", found[1][:200]) if found else ""
        title = f"mail {place} of {len(split)}" if len(split) > 1 else "the mail"
        if subject:
            title += f" ({subject if len(subject) <= 60 else subject[:59] + '…'})"
        patch = _Patch(b"", box, title)
        if result.returncode:
            made.problems.append(patch.problem(f"can't be read: {_errors(result)[0]}"))
            continue
        patch.text = (folder / "patch").read_bytes().replace(b"\r\n", b"\n")
        if _holds_patch(patch, folder):
            patches.append(patch)
        elif _PATCH_SUBJECT.match(subject):
            what = "holds no patch, though its subject says so; was it sent as plain text?"
            made.problems.append(patch.problem(what))
        else:
            without.append(title)
    if without:
        made.notes.append(f"{box}: no patch is in {_listed(without)}")
    return patches


def _plain(data: bytes, box: str) -> bytes:
    """The contents of a file, which may be compressed with gzip, and may have a byte order mark."""
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
    """The single mails of a file or of a Maildir, in order."""
    out = folder / "mails"
    out.mkdir(parents=True)
    if isinstance(data, Path):
        files = [file for part in ("cur", "new") for file in (data / part).glob("*")]
        if not files:
            raise NoPatch(f"{box} is a folder without mails; a Maildir has some in cur or new")
        if sum(file.stat().st_size for file in files) > MAX_BYTES:
            raise NoPatch(f"{box} has more than {MAX_BYTES:,} bytes")
        result = _git(folder, "mailsplit", "-b", f"-o{out}", "--", str(data.resolve()))
    else:
        file = folder / "box"
        file.write_bytes(data)
        result = _git(folder, "mailsplit", "-b", f"-o{out}", "--", str(file))
    if result.returncode:
        raise NoPatch(f"{box} can't be taken apart into mails: {_errors(result)[0]}")
    split = sorted(out.iterdir())
    if len(split) > MAX_MAILS:
        raise NoPatch(f"{box} has more than {MAX_MAILS:,} mails")
    return split


# What patches are about


def _holds_patch(patch: _Patch, folder: Path) -> bool:
    """Return whether git finds anything to apply."""
    if sum(map(int, _BINARY.findall(patch.text))) > MAX_BYTES:
        raise NoPatch(f"{patch.box}: {patch.title} has more than {MAX_BYTES:,} bytes")
    result = patch.git(folder, "--numstat")
    return not re.match(rb"error: (?:No valid patches in|unrecognized) input", result.stderr)


def _has_prefixes(text: bytes) -> bool:
    """Tell whether names stand behind a/ and b/: without them, a file has the same name twice."""
    heads = _HEAD.findall(text)
    for names, lines in heads:
        renamed = _RENAME.search(lines)
        pair = renamed.groups() if renamed else (names[: len(names) // 2],) * 2
        if names == b" ".join(pair):
            return False
    return bool(heads) or not _SAME_NAMES.search(text)


def _looked_at(patch: _Patch, work: Path, prefix: str) -> list[Problem]:
    """Find out how a patch names files, and which; returns why it can't be applied at all."""
    patch.prefixes = _has_prefixes(patch.text)
    found: list[list[list[str]]] = []
    # Git lists one name of each file, the one after the patch; with -R, the one before it, and the
    # last file first.
    for direction in (["-R"], []):
        result = patch.git(work, "--numstat", "-z", *direction)
        if result.returncode:
            return [patch.problem(f"can't be applied: {_errors(result)[0]}")]
        lines = os.fsdecode(result.stdout).split("\0")[:-1]
        found.append([line.split("\t", 2) for line in lines])
    before, after = found[0][::-1], found[1]
    patch.renames = [(old[2], new[2]) for old, new in zip(before, after, strict=True)]
    patch.binary = [name for added, _, name in after if added == "-"]
    for name in patch.binary:
        if name.startswith(prefix) and name.endswith(_RECORD):
            return [patch.problem(f"makes binary data of {STRANGE.sub('?', name)}")]
    for name in _LINK.findall(os.fsdecode(patch.git(work, "--summary").stdout)):
        if name.startswith(prefix):
            return [patch.problem("makes a symbolic link, or adds a repository inside this one")]
    return []


# The copy


def _copy_records(root: Path, target: Path) -> None:
    """Copy the records, with links to whatever is no regular file, so that readers see the same."""
    target.mkdir(parents=True)
    for entry in sorted(root.iterdir()):
        if entry.name.startswith("."):
            continue
        mode = entry.lstat().st_mode
        if stat.S_ISDIR(mode):
            _copy_records(entry, target / entry.name)
        elif stat.S_ISREG(mode) and entry.name.endswith(_RECORD):
            _copy_file(entry, target / entry.name)
        elif not stat.S_ISREG(mode):
            (target / entry.name).symlink_to(entry.absolute())


def _copy_named(names: Iterable[str], top: Path, copy: Path) -> None:
    """Copy the other files that patches name; one may be renamed into the records."""
    for name in names:
        source, target = top / name, copy / name
        path = PurePosixPath(name)
        outside = path.is_absolute() or any(p.lower() in ("..", ".git") for p in path.parts)
        if outside or os.path.lexists(target):
            continue
        if source.is_file() and source.resolve() == source:  # through no symbolic link
            target.parent.mkdir(parents=True, exist_ok=True)
            _copy_file(source, target)


def _copy_file(source: Path, target: Path) -> None:
    """Copy a file; lines of text end as in mails, whatever they end with in this checkout."""
    data = source.read_bytes()
    target.write_bytes(data if b"\0" in data else data.replace(b"\r\n", b"\n"))
    shutil.copymode(source, target)


# Applying


def _apply(patch: _Patch, copy: Path, prefix: str, root: Path, made: Patched) -> None:
    """Apply a patch; what it does outside of the records is left out where that is in the way."""
    exclude = [f"--exclude={_pattern(name)}" for name in patch.binary]  # no record is among them
    whole = patch.git(copy, *exclude)
    if whole.returncode == 0:
        return
    moved_out = [new for old, new in patch.renames if old.startswith(prefix)]
    wanted = [_pattern(prefix) + "*", *(_pattern(name) for name in moved_out)]
    records = patch.git(copy, *exclude, *(f"--include={name}" for name in wanted))
    if records.returncode:
        made.problems += _told(records, patch, prefix, root)
    else:
        note = f"{patch.title} does not apply outside of the records: {_errors(whole)[0]}"
        made.notes.append(f"{patch.box}: {note}")


def _pattern(name: str) -> str:
    """A pattern of git that a name alone matches."""
    return re.sub(r"([*?\[\\])", r"\\\1", name)


def _told(result: git.Result, patch: _Patch, prefix: str, root: Path) -> list[Problem]:
    """Turn what git says of a patch that does not apply into problems at the places it names."""
    try:
        patch.text.decode("utf-8")
        hint = ""
    except UnicodeDecodeError:
        hint = "it is not in UTF-8, and git am does not convert patches"
    problems = []
    errors = _errors(result)
    for line in errors:
        found = re.fullmatch(r"(?:patch failed: )?(.+?)(?::(\d+))?(?:: (.*))?", line)
        file, number, why = found.groups() if found else ("", None, None)
        if not file.startswith(prefix):
            continue
        shown = shown_path(root / file.removeprefix(prefix))
        if number:
            message = f"{patch.title} does not apply here"
            problems.append(Problem(shown, int(number), 1, "patch", "", message, hint))
        elif why and why != "patch does not apply":
            message = f"{patch.title} does not apply: {why}"
            problems.append(Problem(shown, 1, 1, "patch", "", message, hint))
    return problems or [patch.problem(f"can't be applied: {errors[0]}")]
