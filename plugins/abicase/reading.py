"""A folder of records to typed records, with every problem on the way."""

from __future__ import annotations

import os
import re
import stat
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import Tag, ValidationError

from abicase import yamltext
from abicase.cache import digest
from abicase.fields import written
from abicase.items import Item, items_of
from abicase.memo import Memo, no_memo
from abicase.problems import CASEBOOK_FILE, CODES, Code, Problem, nearest
from abicase.records import KINDS, LEDGER_FILE, SOURCE_KINDS, Casebook, Part, Permalinks
from abicase.yamltext import Document

MAX_LEDGER_BYTES = 50_000_000
"""Largest ledger that is read, in bytes; it grows with all records, by some 70 a permalink."""


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
    """What it gives an address to."""

    @property
    def draft(self) -> bool:
        """Whether it is unfinished, and so not published."""
        return bool(getattr(self.record, "draft", False))


@dataclass(slots=True)
class Reading:
    """What was found in a folder of records."""

    root: Path
    """The folder."""
    shown: str
    """The folder as it is shown to people, with forward slashes."""
    casebook: Entry | None = None
    ledger: Entry | None = None
    """The ledger of permalinks; none where nothing was published yet."""
    entries: dict[tuple[str, str], Entry] = field(default_factory=dict)
    """The well-formed records, by kind and id."""
    damaged: set[tuple[str, str]] = field(default_factory=set)
    """Kind and file name of records that could not be read; references to them are not judged."""
    problems: list[Problem] = field(default_factory=list)

    def name(self, relative: str) -> str:
        """The name under which a file of the folder is reported."""
        return relative if self.shown == "." else f"{self.shown}/{relative}"

    def of(self, kind: str) -> Iterator[Entry]:
        """The well-formed records of a kind."""
        return (entry for (its_kind, _), entry in self.entries.items() if its_kind == kind)

    def every(self) -> Iterator[Entry]:
        """All well-formed records, the casebook first."""
        if self.casebook is not None:
            yield self.casebook
        yield from self.entries.values()

    def published(self) -> Iterator[Entry]:
        """All well-formed records that are no drafts."""
        return (entry for entry in self.every() if not entry.draft)

    def all_files(self) -> Iterator[Entry]:
        """All that was read from a file without a problem: the records and the ledger."""
        yield from self.every()
        if self.ledger is not None:
            yield self.ledger


def shown_path(path: Path) -> str:
    """A path as it is shown to people: relative to the working folder where it lies below it."""
    relative = os.path.relpath(path)
    return (str(path) if relative.startswith("..") else relative).replace(os.sep, "/")


def read(root: Path, shown: str = "", memo: Memo = no_memo) -> Reading:
    """Read a folder of records.

    Args:
        root: The folder that holds ``casebook.yml`` and a folder for each kind of record.
        shown: The folder as it is shown to people, where that is not its own path.
        memo: Keeps what the files hold.

    Returns:
        All records that are well-formed in themselves, and all problems.
    """
    reading = Reading(root, shown or shown_path(root))
    if not (root / CASEBOOK_FILE).exists():
        message = "the file is missing; it holds what all records share"
        reading.problems.append(
            Problem(reading.name(CASEBOOK_FILE), 1, 1, "unreadable", "", message)
        )
    for relative in _files(root):
        file = _opened(root / relative, relative, reading)
        if file is not None:
            _add(file, _entry(file, reading, memo), reading)
    return reading


@dataclass(frozen=True, slots=True)
class _File:
    """A file of the folder, as it was found."""

    path: Path
    name: str
    """The name to report."""
    kind: str
    model: type[Part]
    most: int
    """How many bytes are taken."""
    data: bytes
    digest: str


def read_file(path: Path, reading: Reading) -> None:
    """Read one file of a folder of records, and add what was found.

    Args:
        path: The file.
        reading: What was found in the folder so far; the record or the problems are added to it.
    """
    file = _opened(path, path.relative_to(reading.root).as_posix(), reading)
    if file is not None:
        _add(file, _entry(file, reading), reading)


def read_ledger(path: Path) -> tuple[Entry | None, list[Problem]]:
    """Read a ledger of permalinks alone.

    Args:
        path: The file.

    Returns:
        The ledger, or None where it has a problem, and all problems.
    """
    reading = Reading(path.parent, shown_path(path.parent))
    file = _file(path, shown_path(path), "ledger", Permalinks, MAX_LEDGER_BYTES, reading)
    if file is None:
        return None, reading.problems
    return _entry(file, reading), reading.problems


def _files(root: Path) -> list[str]:
    """The files of the folder, from its top and with forward slashes, in order."""
    found: list[tuple[str, ...]] = []
    for folder, folders, names in os.walk(root, followlinks=False):
        folders[:] = [name for name in folders if not name.startswith(".")]
        above = Path(folder).relative_to(root).parts
        found += [
            (*above, name)
            for name in names
            if name.endswith((".yml", ".yaml")) and not name.startswith(".")
        ]
    return ["/".join(one) for one in sorted(found)]


def _misplaced(file: str, relative: PurePosixPath, folders: Mapping[str, str]) -> Problem:
    if relative.suffix == ".yaml":
        hint = f"rename it to {relative.with_suffix('.yml').name}"
        return Problem(file, 1, 1, "bad-folder", "", "the name of a record ends in .yml", hint)
    message = f"no kind of record is kept here; the folders are {', '.join(sorted(folders))}"
    hint = nearest(relative.parts[0], folders) if len(relative.parts) == 2 else ""
    return Problem(file, 1, 1, "bad-folder", "", message, hint)


_FOLDERS = {folder: kind for kind, (folder, _) in KINDS.items()}


def _opened(path: Path, relative: str, reading: Reading) -> _File | None:
    """A file of the folder, if it belongs there and can be read."""
    name = reading.name(relative)
    if relative == CASEBOOK_FILE:
        return _file(path, name, "casebook", Casebook, yamltext.MAX_BYTES, reading)
    if relative == LEDGER_FILE:
        return _file(path, name, "ledger", Permalinks, MAX_LEDGER_BYTES, reading)
    folder, _, rest = relative.partition("/")
    kind = _FOLDERS.get(folder) if rest and "/" not in rest else None
    if kind is None or not relative.endswith(".yml"):
        reading.problems.append(_misplaced(name, PurePosixPath(relative), _FOLDERS))
        return None
    return _file(path, name, kind, KINDS[kind][1], yamltext.MAX_BYTES, reading)


def _file(
    path: Path, name: str, kind: str, model: type[Part], most: int, reading: Reading
) -> _File | None:
    try:
        if stat.S_ISREG(os.lstat(path).st_mode):
            with path.open("rb") as stream:
                data = stream.read(most + 1)
            return _File(path, name, kind, model, most, data, digest(name, data))
        message = "it is not a regular file"
    except OSError as error:
        message = error.strerror or "it can't be read"
    reading.problems.append(Problem(name, 1, 1, "unreadable", "", message))
    if kind in KINDS:
        reading.damaged.add((kind, path.stem))
    return None


def _parsed(file: _File) -> tuple[Any, list[Problem]]:
    """The plain values of a file, and what is wrong with its YAML; None where there are none."""
    text, problems = yamltext.decode(file.data, file.name, file.most)
    if problems:
        return None, problems
    document, problems = yamltext.parse(text, file.name)
    return (None if document is None else document.plain()), problems


def _entry(file: _File, reading: Reading, memo: Memo = no_memo) -> Entry | None:
    """The record of a file; None where it has problems, which are added to the reading."""

    def parse() -> list[Any]:
        values, problems = _parsed(file)
        return [values, [astuple(problem) for problem in problems]]

    values, found = memo(f"record/{file.name}", file.digest, parse)
    problems = [Problem(*problem) for problem in found]
    if values is None:
        reading.problems.extend(problems)
        return None
    document = Document(file.name, file.data)
    record: Any = None
    try:
        record = file.model.model_validate(values)
    except ValidationError as error:
        problems += _translate(error, document, file.model)
    if record is not None and file.kind in KINDS and record.id != file.path.stem:
        message = f"the id is {record.id!r}, the file is named {file.path.name!r}"
        problems.append(document.problem("id-is-not-file-name", ("id",), message))
    if problems:
        reading.problems.extend(problems)
        return None
    items = () if file.kind == "ledger" else tuple(items_of(file.kind, record))
    return Entry(file.kind, record, document, file.path, file.digest, items)


def _add(file: _File, entry: Entry | None, reading: Reading) -> None:
    if file.kind == "casebook":
        reading.casebook = entry
    elif file.kind == "ledger":
        reading.ledger = entry
    elif entry is None:
        reading.damaged.add((file.kind, file.path.stem))
    else:
        reading.entries[file.kind, entry.record.id] = entry


# From pydantic's errors to problems

_TAGS = {f"<{kind}>" for kind in SOURCE_KINDS}
_SHAPES = {
    "string_type": "a text",
    "tuple_type": "a list",
    "mapping_type": "a mapping",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "union_tag_not_found": "a mapping",
}


def _translate(error: ValidationError, document: Document, model: type[Part]) -> Iterator[Problem]:
    for detail in error.errors(include_url=False):
        kind, location, value = detail["type"], detail["loc"], detail.get("input")
        context = detail.get("ctx", {})
        if kind == "too_short" and len(value) >= context["min_length"]:
            continue  # the items are there; each has a problem of its own
        is_key = kind == "extra_forbidden" or location[-1:] == ("[key]",)
        path = _path(location, document)
        if value == "" and not is_key:
            yield document.problem("empty-value", path, "the field has no value")
            continue
        if kind == "missing":
            message = f"the field {path[-1]!r} is missing"
            yield document.problem("missing-field", path[:-1], message)
            continue
        if kind == "extra_forbidden":
            fields = _fields_at(model, location[:-1])
            message = f"there is no field {path[-1]!r} here"
            hint = nearest(str(path[-1]), fields) or f"the fields are {', '.join(fields)}"
            yield document.problem("unknown-field", path, message, hint, key=True)
            continue
        code, message, hint = _said(kind, context, value, detail["msg"])
        yield document.problem(code, path, message, hint, key=is_key)


def _path(location: tuple[int | str, ...], document: Document) -> yamltext.Path:
    """The place in a record that pydantic means: without the marks it adds for keys and unions."""
    path: yamltext.Path = ()
    for step in location:
        added = step == "[key]" or step in _TAGS
        if not added or document.node((*path, step))[1] == (*path, step):
            path = (*path, step)
    return path


def _said(
    kind: str, context: Mapping[str, Any], value: Any, otherwise: str
) -> tuple[Code, str, str]:
    """What to say of a value that its field does not take: code, message and hint."""
    if kind in CODES:  # raised by a type of ``fields``
        return kind, context["message"], context["hint"]
    if kind == "literal_error":
        words = re.findall(r"'([^']*)'", context["expected"])
        message = f"{value!r} is none of {', '.join(words)}"
        return "unknown-word", message, nearest(str(value), words)
    if kind == "union_tag_not_found" and isinstance(value, dict):
        return "missing-field", f"a source has one of {', '.join(SOURCE_KINDS)}", ""
    if kind in _SHAPES:
        message = f"this must be {_SHAPES[kind]}, not {written(value)}"
        listed = _SHAPES[kind] == "a list" and re.fullmatch(r"[\w/#.-]{1,40}", str(value))
        return "wrong-type", message, f"write [{value}]" if listed else ""
    if kind == "too_short":
        return "bad-value", f"at least {context['min_length']} must be given", ""
    if kind == "too_long":
        return "bad-value", f"at most {context['max_length']} may be given", ""
    if kind == "string_too_long":
        most = context["max_length"]
        return "bad-value", f"the text has {len(value)} characters; at most {most} are taken", ""
    return "bad-value", otherwise, ""


def _fields_at(model: type[Part], location: tuple[int | str, ...]) -> list[str]:
    """The names of the fields of the part of a record at a place that pydantic names."""
    annotation: Any = model
    for step in location:
        if isinstance(annotation, type) and issubclass(annotation, Part):
            fields = annotation.model_fields.items()
            annotation = next(f.annotation for name, f in fields if (f.alias or name) == step)
        elif isinstance(step, str) and step.startswith("<"):
            annotation = _tagged(annotation, step)
        else:  # a list or a mapping: what it holds
            annotation = typing.get_args(_present(annotation))[0 if isinstance(step, int) else 1]
    annotation = _present(annotation)
    if not (isinstance(annotation, type) and issubclass(annotation, Part)):
        return []
    return [f.alias or name for name, f in annotation.model_fields.items()]


def _present(annotation: Any) -> Any:
    """What an optional field holds when it is there."""
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        arguments = [a for a in typing.get_args(annotation) if a is not type(None)]
        return arguments[0] if len(arguments) == 1 else annotation
    return annotation


def _tagged(annotation: Any, tag: str) -> Any:
    """The member of a tagged union that has a tag."""
    if hasattr(annotation, "__metadata__"):
        if any(isinstance(m, Tag) and m.tag == tag for m in annotation.__metadata__):
            return annotation.__origin__
        annotation = annotation.__origin__
    for member in typing.get_args(annotation):
        found = _tagged(member, tag)
        if found is not None:
            return found
    return None
