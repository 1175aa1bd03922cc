"""A folder of records to typed records, with every problem on the way."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import re
import stat
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import Tag, ValidationError

from abicase import yamltext
from abicase.cache import digest
from abicase.fields import written
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
    packed: str
    """What the file holds, as JSON; empty where it is not to be kept."""

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
    parsed: Mapping[str, str] | None = None
    """What files hold that were read before, as JSON, by their digests; None to keep nothing."""

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


def shown_path(path: Path) -> str:
    """A path as it is shown to people: relative to the working folder where it lies below it."""
    relative = os.path.relpath(path)
    return (str(path) if relative.startswith("..") else relative).replace(os.sep, "/")


def read(root: Path, shown: str = "", parsed: Mapping[str, str] | None = None) -> Reading:
    """Read a folder of records.

    Args:
        root: The folder that holds ``casebook.yml`` and a folder for each kind of record.
        shown: The folder as it is shown to people, where that is not its own path.
        parsed: What files hold that were read before without a problem, as JSON, by
            :attr:`Entry.digest`; None where that is not to be told of the files read now either.

    Returns:
        All records that are well-formed in themselves, and all problems.
    """
    reading = Reading(root, shown or shown_path(root), parsed=parsed)
    if not (root / CASEBOOK_FILE).exists():
        file = reading.name(CASEBOOK_FILE)
        message = "the file is missing; it holds what all records share"
        reading.problems.append(Problem(file, 1, 1, "unreadable", "", message))
    with _undisturbed():
        for path in sorted(_files(root)):
            read_file(path, reading)
    return reading


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep the garbage collector away: it would look at all records again and again."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
            gc.freeze()


def read_file(path: Path, reading: Reading) -> None:
    """Read one file of a folder of records, and add what was found.

    Args:
        path: The file.
        reading: What was found in the folder so far; the record or the problems are added to it.
    """
    relative = path.relative_to(reading.root)
    file = reading.name(relative.as_posix())
    if relative.as_posix() == CASEBOOK_FILE:
        reading.casebook = _read_record(path, file, "casebook", Casebook, reading)
        return
    if relative.as_posix() == LEDGER_FILE:
        reading.ledger = _read_record(path, file, "ledger", Permalinks, reading, MAX_LEDGER_BYTES)
        return
    folders = {folder: kind for kind, (folder, _) in KINDS.items()}
    kind = folders.get(relative.parts[0]) if len(relative.parts) == 2 else None
    if kind is None or path.suffix != ".yml":
        reading.problems.append(_misplaced(file, relative, folders))
        return
    entry = _read_record(path, file, kind, KINDS[kind][1], reading)
    if entry is None:
        reading.damaged.add((kind, path.stem))
    else:
        reading.entries[kind, entry.record.id] = entry


def read_ledger(path: Path) -> tuple[Entry | None, list[Problem]]:
    """Read a ledger of permalinks alone.

    Args:
        path: The file.

    Returns:
        The ledger, or None where it has a problem, and all problems.
    """
    reading = Reading(path.parent, shown_path(path.parent))
    entry = _read_record(path, shown_path(path), "ledger", Permalinks, reading, MAX_LEDGER_BYTES)
    return entry, reading.problems


def _files(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root, followlinks=False):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if name.endswith((".yml", ".yaml")) and not name.startswith("."):
                yield Path(folder, name)


def _misplaced(file: str, relative: Path, folders: Mapping[str, str]) -> Problem:
    if relative.suffix == ".yaml":
        hint = f"rename it to {relative.with_suffix('.yml').name}"
        return Problem(file, 1, 1, "bad-folder", "", "the name of a record ends in .yml", hint)
    message = f"no kind of record is kept here; the folders are {', '.join(sorted(folders))}"
    hint = nearest(relative.parts[0], folders) if len(relative.parts) == 2 else ""
    return Problem(file, 1, 1, "bad-folder", "", message, hint)


def _read_record(
    path: Path,
    file: str,
    kind: str,
    model: type[Part],
    reading: Reading,
    most: int = yamltext.MAX_BYTES,
) -> Entry | None:
    try:
        status = os.lstat(path)
        if not stat.S_ISREG(status.st_mode):
            message = "it is not a regular file"
            reading.problems.append(Problem(file, 1, 1, "unreadable", "", message))
            return None
        with path.open("rb") as stream:
            data = stream.read(most + 1)
    except OSError as error:
        message = error.strerror or "it can't be read"
        reading.problems.append(Problem(file, 1, 1, "unreadable", "", message))
        return None
    document: Any = None
    record: Any = None
    own = digest(file, data)
    known = reading.parsed.get(own) if reading.parsed is not None else None
    if known is not None:
        document = Document(file, data.decode("utf-8"))
        return Entry(kind, model.model_validate(json.loads(known)), document, path, own, known)
    text, problems = yamltext.decode(data, file, most)
    if not problems:
        document, problems = yamltext.parse(text, file)
    packed = ""
    if document is not None:
        values = document.plain()
        packed = json.dumps(values, ensure_ascii=False) if reading.parsed is not None else ""
        try:
            record = model.model_validate(values)
        except ValidationError as error:
            problems += _translate(error, document, model)
    if record is not None and kind in KINDS and record.id != path.stem:
        message = f"the id is {record.id!r}, the file is named {path.name!r}"
        problems.append(document.problem("id-is-not-file-name", ("id",), message))
    reading.problems.extend(problems)
    return None if problems else Entry(kind, record, document, path, own, packed)


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
