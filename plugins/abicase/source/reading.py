"""Reading a folder of records into typed records, with every problem on the way."""

from __future__ import annotations

import contextlib
import os
import shlex
import stat
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import ValidationError

from abicase.memo import Memo, digest, no_memo
from abicase.problems.codes import Code
from abicase.problems.problem import CASEBOOK_FILE, Problem
from abicase.problems.suggestions import nearest
from abicase.schema.items import Item, items_of
from abicase.schema.part import Part
from abicase.schema.records import KINDS, LEDGER_FILE, model_of
from abicase.schema.shapes import shape_of
from abicase.source import yamltext
from abicase.source.document import Document, decode, parse
from abicase.source.mismatches import KEY, mismatches
from abicase.source.misread import misread
from abicase.source.salvage import salvaged

MAX_LEDGER_BYTES = 50_000_000
"""The maximum size of a ledger in bytes; it grows by some 70 bytes per permalink."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A record and the document it was read from."""

    kind: str
    record: Any
    """The record; an instance of the class of its kind."""
    document: Document
    path: Path
    """Its file."""
    digest: str
    """A digest of its file and the file's name."""
    items: tuple[Item, ...]
    """The items that the record defines."""
    sound: bool = True
    """True if its shape is valid; it may have stand-ins for values that still say TODO."""
    wrong_paths: tuple[yamltext.Path, ...] = ()
    """The paths of the stand-ins; the path of an invalid key ends in :data:`KEY`."""
    doubtful: bool = False
    """True if more than those values may be missing, as when a key occurs twice."""
    unfilled: tuple[yamltext.Path, ...] = ()
    """Those of the paths whose values still say TODO."""

    @property
    def draft(self) -> bool:
        """Return whether the record is a draft, and so not published."""
        return bool(getattr(self.record, "draft", False))

    def hides(self, path: yamltext.Path, *, key: bool = False) -> bool:
        """Return whether a path is inside a value whose problem has already been reported."""
        return any(
            path[: len(wrong)] == wrong or (key and wrong == (*path, KEY))
            for wrong in self.wrong_paths
        )

    def lacks(self, *path: str | None) -> bool:
        """Return whether values may be missing below a path.

        Args:
            path: The path; None stands for every item of a list and every key of a mapping.
        """
        return self.doubtful or any(
            all(step is None or step == at for step, at in zip(path, wrong, strict=False))
            for wrong in self.wrong_paths
        )

    def tell(
        self, code: Code, path: yamltext.Path, message: str, hint: str = "", *, key: bool = False
    ) -> Iterator[Problem]:
        """Report a problem at a path of the file, unless another one there explains it."""
        if not self.wrong_paths or not self.hides(path, key=key):
            yield self.document.problem(code, path, message, hint, key=key)


@dataclass(slots=True)
class Reading:
    """The records read from a folder, with the problems found in them."""

    root: Path
    """The folder."""
    shown: str
    """The folder as shown to people, with forward slashes."""
    casebook: Entry | None = None
    ledger: Entry | None = None
    """The ledger of permalinks; None if nothing was published yet."""
    entries: dict[tuple[str, str], Entry] = field(default_factory=dict)
    """The well-formed records, by kind and id."""
    partly: dict[tuple[str, str], Entry] = field(default_factory=dict)
    """The readable parts of the other records and of the casebook, by kind and file name."""
    damaged: set[tuple[str, str]] = field(default_factory=set)
    """The kind and file name of each record that could not be read at all; references to these are
    not checked."""
    problems: list[Problem] = field(default_factory=list)

    def name(self, relative: str) -> str:
        """Return the name under which a file of the folder is reported."""
        return relative if self.shown == "." else f"{self.shown}/{relative}"

    def of(self, kind: str) -> Iterator[Entry]:
        """Return the well-formed records of a kind."""
        return (entry for (its_kind, _), entry in self.entries.items() if its_kind == kind)

    def every(self) -> Iterator[Entry]:
        """Return all well-formed records, the casebook first."""
        if self.casebook is not None:
            yield self.casebook
        yield from self.entries.values()

    def published(self) -> Iterator[Entry]:
        """Return all well-formed records that are not drafts."""
        return (entry for entry in self.every() if not entry.draft)


def shown_path(path: Path) -> str:
    """Return a path as shown to people: relative to the working folder if it is below it."""
    relative = os.path.relpath(path)
    return (str(path) if relative.startswith("..") else relative).replace(os.sep, "/")


def read(root: Path, shown: str = "", memo: Memo = no_memo) -> Reading:
    """Read the records of a folder that are well-formed by themselves, and find all problems.

    Args:
        root: The folder with ``casebook.yml`` and a folder for each kind of record.
        shown: The folder as shown to people, if it differs from ``root``.
        memo: Keeps the contents of files.
    """
    reading = Reading(root, shown or shown_path(root))
    if not (root / CASEBOOK_FILE).exists():
        message = "the file is missing; it has the settings that all records share"
        hint = f"create it with abicase new casebook TITLE --records {shlex.quote(reading.shown)}"
        reading.problems.append(
            Problem(reading.name(CASEBOOK_FILE), 1, 1, "unreadable", "", message, hint)
        )
    for path in _files(reading):
        read_file(path, reading, memo)
    return reading


@dataclass(frozen=True, slots=True)
class _File:
    """A file in the folder."""

    path: Path
    name: str
    """The name to report."""
    kind: str
    data: bytes
    digest: str


def read_file(path: Path, reading: Reading, memo: Memo = no_memo) -> None:
    """Read a file in a folder of records, and add the record or the problems to the reading.

    ``memo`` keeps the contents of the file.
    """
    file = _opened(path, reading)
    if file is not None:
        _add(file, _entry(file, reading, memo), reading)


def read_ledger(path: Path) -> tuple[Entry | None, list[Problem]]:
    """Read only a ledger of permalinks, and find all problems; the entry is None if it has one."""
    reading = Reading(path.parent, shown_path(path.parent))
    file = _file(path, shown_path(path), "ledger", reading)
    if file is None:
        return None, reading.problems
    return _entry(file, reading), reading.problems


def _files(reading: Reading) -> list[Path]:
    """Return the files in the folder, in order.

    A folder that can't be read is a problem, because it may contain records.
    """
    root = reading.root
    found: list[tuple[str, ...]] = []

    def unreadable(error: OSError) -> None:
        message = f"the folder can't be read: {error.strerror}"
        _not_looked_into(Path(error.filename), message, reading)

    for folder, folders, names in os.walk(root, followlinks=False, onerror=unreadable):
        folders[:] = [name for name in folders if not name.startswith(".")]
        above = Path(folder).relative_to(root).parts
        for name in folders:
            if Path(folder, name).is_symlink():
                message = "this is a symbolic link to a folder, and links are not followed"
                hint = "make it a folder, and put the records themselves into it"
                _not_looked_into(Path(folder, name), message, reading, hint)
        found += [
            (*above, name)
            for name in names
            if name.endswith((".yml", ".yaml")) and not name.startswith(".")
        ]
    return [root.joinpath(*parts) for parts in sorted(found)]


def _not_looked_into(folder: Path, message: str, reading: Reading, hint: str = "") -> None:
    """Record a folder that was not read; references to its records are not checked."""
    relative = folder.relative_to(reading.root).as_posix()
    name = reading.name(relative)
    reading.problems.append(Problem(name, 1, 1, "unreadable", "", message, hint))
    kind = _FOLDERS.get(relative)
    if kind is not None:
        with contextlib.suppress(OSError):
            reading.damaged.update((kind, path.stem) for path in folder.glob("*.yml"))


def _misplaced(file: str, relative: PurePosixPath) -> Problem:
    if relative.suffix == ".yaml":
        hint = f"rename it to {relative.with_suffix('.yml').name}"
        return Problem(file, 1, 1, "bad-folder", "", "the name of a record must end in .yml", hint)
    message = f"records are not kept here; their folders are {', '.join(sorted(_FOLDERS))}"
    hint = nearest(relative.parts[0], _FOLDERS) if len(relative.parts) == 2 else ""
    return Problem(file, 1, 1, "bad-folder", "", message, hint)


_FOLDERS = {folder: kind for kind, (folder, _) in KINDS.items()}
_SINGLE = {CASEBOOK_FILE: "casebook", LEDGER_FILE: "ledger"}


def _opened(path: Path, reading: Reading) -> _File | None:
    """Return a file in the folder, if it belongs there and can be read."""
    relative = PurePosixPath(path.relative_to(reading.root).as_posix())
    name = reading.name(str(relative))
    kind = _SINGLE.get(str(relative)) or _FOLDERS.get(str(relative.parent))
    if kind is None or relative.suffix != ".yml":
        reading.problems.append(_misplaced(name, relative))
        return None
    return _file(path, name, kind, reading)


def _most_bytes(kind: str) -> int:
    return MAX_LEDGER_BYTES if kind == "ledger" else yamltext.MAX_BYTES


def _file(path: Path, name: str, kind: str, reading: Reading) -> _File | None:
    try:
        if stat.S_ISREG(os.lstat(path).st_mode):
            with path.open("rb") as stream:
                data = stream.read(_most_bytes(kind) + 1)
            return _File(path, name, kind, data, digest(name, data))
        message = "this is not a regular file"
    except OSError as error:
        message = error.strerror or "this can't be read"
    reading.problems.append(Problem(name, 1, 1, "unreadable", "", message))
    if kind in KINDS:
        reading.damaged.add((kind, path.stem))
    return None


def _parsed(file: _File) -> tuple[Any, list[Problem], list[Problem]]:
    """Return the plain values of a file, its YAML problems, and the probable misreadings."""
    text, problems = decode(file.data, file.name, _most_bytes(file.kind))
    if problems:
        return None, problems, []
    document, problems = parse(text, file.name)
    if document is None and _are_strange(problems):
        document, more = parse(yamltext.STRANGE.sub("", text), file.name)
        problems += more
    if document is None:
        return None, problems, []
    return document.plain(), problems, list(misread(document, model_of(file.kind)))


def _entry(file: _File, reading: Reading, memo: Memo = no_memo) -> Entry | None:
    """Read as much as possible of a file's record; add its problems to the reading."""

    def parsed() -> list[Any]:
        values, *problems = _parsed(file)
        return [values, *([astuple(problem) for problem in some] for some in problems)]

    values, *found = memo(f"record/{file.name}", file.digest, parsed)
    problems, misreadings = ([Problem(*problem) for problem in some] for some in found)
    broken = any(problem.severity == "error" for problem in problems)
    reading.problems.extend(problems)
    if values is None:
        return None
    if problems and _are_strange(problems):
        file = replace(file, data=yamltext.STRANGE.sub("", file.data.decode()).encode())
    document = Document(file.name, file.data)
    record, found = _validated(values, document, model_of(file.kind))
    wrong_paths = [place for _, places in found for place in places]
    # The placeholder rule reports these, so that authoring commands can still use the record.
    unfilled = [place for one, places in found for place in places if one.code == "placeholder"]
    wrong = [problem for problem, _ in found if problem.code != "placeholder"]
    told = {(problem.line, problem.column) for problem in problems}
    wrong = [problem for problem in wrong if (problem.line, problem.column) not in told]
    told |= {(problem.line, problem.column) for problem in wrong}
    reading.problems += wrong
    reading.problems.extend(p for p in misreadings if (p.line, p.column) not in told)
    if file.kind == "ledger" and (broken or wrong_paths):
        return None
    if file.kind in KINDS and ("id",) in wrong_paths:
        record = record.model_copy(update={"id": file.path.stem})
    elif file.kind in KINDS and record.id != file.path.stem:
        message = f"the id is {record.id!r}, but the file is named {file.path.name!r}"
        reading.problems.append(document.problem("id-is-not-file-name", ("id",), message))
        wrong_paths.append(("id",))
    items = () if file.kind == "ledger" else tuple(items_of(file.kind, record))
    return Entry(
        file.kind,
        record,
        document,
        file.path,
        file.digest,
        items,
        sound=not broken and len(wrong_paths) == len(unfilled),
        wrong_paths=tuple(wrong_paths),
        doubtful=broken and not _are_strange(problems),
        unfilled=tuple(unfilled),
    )


def _validated(
    values: Any, document: Document, model: type[Part]
) -> tuple[Any, list[tuple[Problem, list[yamltext.Path]]]]:
    """Return the record for plain values, and its problems, each with the paths of stand-ins."""
    try:
        return model.model_validate(values), []
    except ValidationError as error:
        found = list(mismatches(error, document, model))
    return salvaged(shape_of(model), values), found


def _are_strange(problems: Iterable[Problem]) -> bool:
    """Return whether all problems are forbidden characters; the text is read without them."""
    return all(problem.code == "control-character" for problem in problems)


def _add(file: _File, entry: Entry | None, reading: Reading) -> None:
    if entry is not None and not entry.sound:
        reading.partly[file.kind, file.path.stem] = entry
    elif file.kind == "casebook":
        reading.casebook = entry
    elif file.kind == "ledger":
        reading.ledger = entry
    elif entry is None:
        reading.damaged.add((file.kind, file.path.stem))
    else:
        reading.entries[file.kind, entry.record.id] = entry
