"""Applying patches from mails to a copy of the records, to check the result.

Git itself splits the mails and applies the patches, as ``git am`` does, so this accepts the same
input. It works in a temporary folder that is not a repository, on a copy of the records and of the
other files that the patches name. Nothing in a patch is executed.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from abicase.authoring.series import NoPatch, Patch, errors_of, listed, read_series
from abicase.problems.problem import Problem
from abicase.provenance import git
from abicase.source.folders import work_tree
from abicase.source.reading import shown_path
from abicase.source.yamltext import STRANGE

MAX_FILES = 10_000
"""The maximum number of files in patches; each may be a copy of another one."""

_LINK = re.compile(r"^ (?:create mode|mode change \d+ =>) 1[26]0000 \"?(.*)", re.MULTILINE)
"""Git's line about a symbolic link or a nested repository."""
_RECORD = (".yml", ".yaml")


@dataclass(slots=True)
class Patched:
    """A copy of the records with the patches applied."""

    root: Path
    """The copy."""
    touched: set[str] = field(default_factory=set)
    """The files that the patches change, as shown to people."""
    problems: list[Problem] = field(default_factory=list)
    """The reasons why a mail could not be read or a patch not applied."""
    notes: list[str] = field(default_factory=list)
    """Notes on what was ignored: mails without a patch, and changes outside the records."""


@contextmanager
def patched(mails: Mapping[str, bytes | Path], root: Path) -> Iterator[Patched]:
    """Apply patches to a copy of the records.

    Args:
        mails: The input, by the name to report: the contents of files with mails or patches, or
            Maildir folders.
        root: The folder of records.

    Yields:
        The copy, which is deleted afterwards.

    Raises:
        NoPatch: There is no patch for the records, or they can't be copied.
        GitError: Git is not installed.
    """
    try:
        temporary = tempfile.TemporaryDirectory(prefix="abicase-")
    except OSError as error:
        raise NoPatch(f"can't create a temporary folder: {error.strerror}") from None
    with temporary as folder:
        try:
            result = _made(mails, root, Path(folder).resolve())
        except OSError as error:
            where = f"{shown_path(Path(error.filename))}: " if error.filename else ""
            message = f"patches can't be tried on a copy: {where}{error.strerror or error}"
            raise NoPatch(message) from None
        yield result


def _made(mails: Mapping[str, bytes | Path], root: Path, work: Path) -> Patched:
    """Copy the records, and apply every patch to the copy that applies."""
    top, prefix = _place(root)
    copy = work / "copy"
    series = read_series(mails, work)
    patches = series.patches
    made = Patched(copy / prefix, problems=series.problems, notes=series.notes)
    for patch in patches:
        made.problems += _looked_at(patch, work, prefix)
    names = {name for patch in patches for pair in patch.renames for name in pair}
    inside = {name for name in names if name.startswith(prefix)}
    if not made.problems:
        if not patches:
            raise NoPatch(f"{listed(mails)} contains no patch")
        if not inside:
            changed = listed(sorted(names))
            raise NoPatch(f"{listed(mails)} changes no file in {shown_path(root)}, but {changed}")
        if len(names) > MAX_FILES:
            raise NoPatch(f"{listed(mails)} names more than {MAX_FILES:,} files")
        made.touched = {shown_path(root / name.removeprefix(prefix)) for name in inside}
        _copy_records(root, made.root)
        _copy_named(names, top, copy)
    for patch in patches:
        if not made.problems:
            _apply(patch, copy, prefix, root, made)
    return made


def _place(root: Path) -> tuple[Path, str]:
    """Return the root of the repository, and the path of the records in it, with a trailing slash.

    Outside a repository, patches are assumed to be made above the folder of records.
    """
    whole = root.resolve()
    top = work_tree(whole) or whole.parent
    path = whole.relative_to(top).as_posix()
    return top, "" if path == "." else f"{path}/"


# The contents of patches


def _looked_at(patch: Patch, work: Path, prefix: str) -> list[Problem]:
    """Find the files that a patch names; return a problem if it can't be applied at all."""
    found: list[list[list[str]]] = []
    # Git lists one name of each file, the one after the patch; with -R, the one before it, and the
    # last file first.
    for direction in (["-R"], []):
        result = patch.git(work, "--numstat", "-z", *direction)
        if result.returncode:
            return [patch.problem(f"can't be applied: {errors_of(result)[0]}")]
        lines = os.fsdecode(result.stdout).split("\0")[:-1]
        found.append([line.split("\t", 2) for line in lines])
    before, after = found[0][::-1], found[1]
    patch.renames = [(old[2], new[2]) for old, new in zip(before, after, strict=True)]
    patch.binary = [name for added, _, name in after if added == "-"]
    for name in patch.binary:
        if name.startswith(prefix) and name.endswith(_RECORD):
            return [patch.problem(f"turns {STRANGE.sub('?', name)} into binary data")]
    for name in _LINK.findall(os.fsdecode(patch.git(work, "--summary").stdout)):
        if name.startswith(prefix):
            return [patch.problem("adds a symbolic link or a nested repository")]
    return []


# The copy


def _copy_records(root: Path, target: Path) -> None:
    """Copy the records, with links to anything but regular files, so that readers see the same."""
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
    """Copy the other files that patches name, because one may be renamed into the records."""
    for name in names:
        source, target = top / name, copy / name
        path = PurePosixPath(name)
        outside = path.is_absolute() or any(p.lower() in ("..", ".git") for p in path.parts)
        if outside or os.path.lexists(target):
            continue
        if source.is_file() and source.resolve() == source:  # not through a symbolic link
            target.parent.mkdir(parents=True, exist_ok=True)
            _copy_file(source, target)


def _copy_file(source: Path, target: Path) -> None:
    """Copy a file with the line endings of mails, whatever this checkout has."""
    data = source.read_bytes()
    target.write_bytes(data if b"\0" in data else data.replace(b"\r\n", b"\n"))
    shutil.copymode(source, target)


# Applying


def _apply(patch: Patch, copy: Path, prefix: str, root: Path, made: Patched) -> None:
    """Apply a patch, leaving out changes outside the records if they do not apply."""
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
        note = f"{patch.title} does not apply outside of the records: {errors_of(whole)[0]}"
        made.notes.append(f"{patch.box}: {note}")


def _pattern(name: str) -> str:
    """Return a git pattern that matches only one name."""
    return re.sub(r"([*?\[\\])", r"\\\1", name)


def _told(result: git.Result, patch: Patch, prefix: str, root: Path) -> list[Problem]:
    """Turn git's errors about a patch that does not apply into problems at the places it names."""
    try:
        patch.text.decode("utf-8")
        hint = ""
    except UnicodeDecodeError:
        hint = "it is not in UTF-8, and git am does not convert patches"
    problems = []
    errors = errors_of(result)
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
