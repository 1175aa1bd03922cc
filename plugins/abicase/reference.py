"""The reference: pages on the format, the commands, the options, the templates and the problems.

All of it is read from the code itself: from the record format's classes, the commands' help, the
docstrings of the plugin's options, and the first comment of each template.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import click
from jinja2 import nodes
from pydantic.fields import FieldInfo

from abicase.catalogue.model import Catalogue
from abicase.problems.codes import CODES
from abicase.problems.problem import CASEBOOK_FILE
from abicase.render.environment import TEMPLATES, syntax_tree
from abicase.render.here import Here
from abicase.schema import fields, revisions, rule_text
from abicase.schema.casebook import Casebook
from abicase.schema.options import Options
from abicase.schema.part import Part
from abicase.schema.records import KINDS, LEDGER_FILE, Permalinks
from abicase.schema.shapes import Shape, parts_below, parts_in, shape_of, walk
from abicase.views.page import Page


def reference(catalogue: Catalogue, command: click.Command) -> Iterator[Page]:
    """Yield the pages of the reference, the index first.

    They describe the command with all its subcommands, and take their examples from the records.
    """
    yield Page("reference/index.md", "reference.md.jinja")
    for name, context in (
        ("records", {"parts": parts(catalogue), "values": values()}),
        ("commands", {"commands": commands(command)}),
        ("plugin", {"options": options()}),
        ("templates", {"templates": templates(), "knows": knows()}),
        ("problems", {"codes": CODES}),
    ):
        yield Page(f"reference/{name}.md", f"reference-{name}.md.jinja", context)


def _anchor(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()


def _spoken(name: str) -> str:
    return _anchor(name).replace("-", " ")


# The record format


@dataclass(frozen=True, slots=True)
class Type:
    """The type of a field: the values that it accepts."""

    kind: Literal["value", "part", "words", "list", "mapping"]
    name: str = ""
    """The name of a value's or part's type."""
    refers: str = ""
    """The kind of thing that a value names, if it names one."""
    words: tuple[str, ...] = ()
    """The accepted words."""
    of: tuple[Type, ...] = ()
    """The types of a list's or mapping's values; each value has one of them."""

    @property
    def anchor(self) -> str:
        """Return the anchor of the value or part on the record format page."""
        return ("value--" if self.kind == "value" else "") + self.name.replace(" ", "-")


@dataclass(frozen=True, slots=True)
class FieldText:
    """A field of the format."""

    name: str
    type: Type
    required: bool
    default: str
    """The default value; may be empty."""
    text: str
    example: str
    """An example from a record; empty for a field with parts, or if no record has the field."""


@dataclass(frozen=True, slots=True)
class PartText:
    """A kind of record, or a part of one."""

    name: str
    anchor: str
    place: str
    """The files with such records; empty for a part."""
    text: str
    fields: tuple[FieldText, ...]


@dataclass(frozen=True, slots=True)
class Described:
    """A name with a description."""

    name: str
    anchor: str
    text: str


def parts(catalogue: Catalogue) -> list[PartText]:
    """Return every kind of record and every part, each followed by the parts that it introduces."""
    found: dict[type[Part], list[Part]] = {}
    for record in _all_records(catalogue):
        for one in walk(record):
            if isinstance(one.value, Part):
                found.setdefault(type(one.value), []).append(one.value)
    places = {model: f"{folder}/*.yml" for folder, model in KINDS.values()}
    places |= {Casebook: CASEBOOK_FILE, Permalinks: LEDGER_FILE}
    order = dict.fromkeys(part for model in places for part in parts_below(model))
    return [
        PartText(
            _spoken(model.__name__),
            _anchor(model.__name__),
            places.get(model, ""),
            inspect.getdoc(model) or "",
            tuple(_field(model, name, info, found.get(model, ())) for name, info in _of(model)),
        )
        for model in order
    ]


def values() -> list[Described]:
    """Return every kind of value that a field accepts, with its description."""
    described: dict[str, str] = {}
    for module in _VALUE_MODULES:
        described |= _described(Path(module.__file__ or "").read_text(encoding="utf-8"))
    return [
        Described(_shown(name), f"value--{_shown(name).replace(' ', '-')}", described.get(name, ""))
        for name in _value_types()
    ]


def _all_records(catalogue: Catalogue) -> Iterator[Part]:
    yield catalogue.casebook
    yield from catalogue.ledger.permalinks.values()
    for folder, _ in KINDS.values():
        yield from getattr(catalogue, folder).values()


def _of(model: type[Part]) -> Iterable[tuple[str, FieldInfo]]:
    # The part's own fields come before the inherited ones.
    own_names = [name for name in model.model_fields if name in model.__annotations__]
    rest = [name for name in model.model_fields if name not in own_names]
    return [(name, model.model_fields[name]) for name in own_names + rest]


def _field(model: type[Part], name: str, info: FieldInfo, found: Iterable[Part]) -> FieldText:
    # The type as written, because pydantic separates a type from its metadata.
    shape = shape_of(typing.get_type_hints(model, include_extras=True)[name])
    told = info.is_required() or parts_in(shape)  # for parts, the description says it
    default = "" if told else info.get_default(call_default_factory=True)
    return FieldText(
        name=info.alias or name,
        type=_type(shape),
        required=info.is_required(),
        default="" if default in (None, "", (), {}) else _plain(default),
        text=info.description or "",
        example=_example(shape, [getattr(one, name) for one in found], default),
    )


def _example(shape: Shape, held: list[Any], default: Any) -> str:
    if parts_in(shape):
        return ""
    present = [value for value in held if value not in (None, (), {}, default)]
    return _plain(present[0]) if present else ""


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "[" + ", ".join(_plain(item) for item in value) + "]"
    if isinstance(value, Mapping):
        first = next(iter(value.items()))
        return f"{{{_plain(first[0])}: {_plain(first[1])}}}"
    text = " ".join(str(value).split())
    return text if len(text) <= 100 else text[:100].rpartition(" ")[0] + " …"


def _type(shape: Shape) -> Type:
    named = _value_of(shape)
    if named:
        return Type("value", _shown(named), shape.refers)
    if shape.kind == "word":
        return Type("words", words=shape.words)
    if shape.kind == "list" or shape.kind == "mapping":
        assert shape.of is not None
        held = tuple(Type("part", _spoken(part.__name__)) for part in parts_in(shape.of))
        return Type(shape.kind, of=held or (_type(shape.of),))
    if shape.part is not None:
        return Type("part", _spoken(shape.part.__name__))
    raise TypeError(f"the reference has no words for {shape}")


_VALUE_MODULES = (fields, revisions, rule_text)


@cache
def _value_types() -> dict[str, Any]:
    """Return the types of single values in the format, by their name in their module."""
    return {
        name: value
        for module in _VALUE_MODULES
        for name, value in vars(module).items()
        if not name.startswith("_") and typing.get_origin(value) is typing.Annotated
    }


def _value_of(shape: Shape) -> str:
    """Return the name of the closest type that a place accepts, ignoring added markers."""
    fitting = {
        name: len(marks)
        for name, value in _value_types().items()
        for marks in [value.__metadata__]
        if shape.metadata[: len(marks)] == marks
    }
    return max(fitting, key=lambda name: fitting[name]) if fitting else ""


def _shown(name: str) -> str:
    return _spoken(name.removesuffix("Field"))


def _described(source: str, inside: str = "") -> dict[str, str]:
    """Return the docstrings below the assignments in a module, or in one of its classes."""
    body: list[ast.stmt] = ast.parse(source).body
    if inside:
        body = next(s.body for s in body if isinstance(s, ast.ClassDef) and s.name == inside)
    found = {}
    for statement, after in pairwise(body):
        target = statement.targets[0] if isinstance(statement, ast.Assign) else None
        target = statement.target if isinstance(statement, ast.AnnAssign) else target
        if isinstance(target, ast.Name):
            said = after.value if isinstance(after, ast.Expr) else None
            text = said.value if isinstance(said, ast.Constant) else ""
            found[target.id] = inspect.cleandoc(str(text))
    return found


# The commands


@dataclass(frozen=True, slots=True)
class CommandText:
    """A command."""

    name: str
    """The command as it is typed, with the names of its groups."""
    anchor: str
    usage: str
    paragraphs: tuple[str, ...]
    options: tuple[tuple[str, str], ...]
    """Each option as it is typed, with its help."""


def commands(command: click.Command) -> list[CommandText]:
    """Return a command and all its subcommands, from their own help."""
    return list(_walk(command, click.Context(command, info_name=command.name)))


def _walk(command: click.Command, context: click.Context) -> Iterator[CommandText]:
    parameters = command.get_params(context)
    shown = [(p, p.get_help_record(context)) for p in parameters]
    name = context.command_path
    yield CommandText(
        name=name,
        anchor=name.replace(" ", "-"),
        usage=" ".join(context.get_usage().removeprefix("Usage:").split()),
        paragraphs=tuple(re.split(r"\n[ ]*\n", inspect.cleandoc(command.help or ""))),
        options=tuple(record for p, record in shown if isinstance(p, click.Option) and record),
    )
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            if found is not None and not found.hidden:
                yield from _walk(found, click.Context(found, parent=context, info_name=below))


# The options of the plugin


@dataclass(frozen=True, slots=True)
class OptionText:
    """An option of the plugin in ``mkdocs.yml``."""

    name: str
    default: str
    """The default value as it would be written; may be empty."""
    text: str


def options() -> list[OptionText]:
    """Return every option of the plugin."""
    texts = _described(inspect.getsource(Options), "Options")
    return [
        OptionText(name, json.dumps(value).strip('"'), texts[name])
        for name, value in asdict(Options()).items()
    ]


# The templates


@dataclass(frozen=True, slots=True)
class TemplateText:
    """A template."""

    name: str
    anchor: str
    text: str
    """Its first comment, which says what it shows, and its context."""
    blocks: tuple[str, ...]
    macros: tuple[str, ...]
    """The macros that it defines, with their parameters."""


def templates() -> list[TemplateText]:
    """Return every template of the package."""
    return [_template(path) for path in sorted(TEMPLATES.rglob("*.jinja"))]


def _template(path: Path) -> TemplateText:
    source = path.read_text(encoding="utf-8")
    name = path.relative_to(TEMPLATES).as_posix()
    comment = re.match(r"\{#-?(.*?)-?#\}", source, re.DOTALL)
    tree = syntax_tree(source)
    macros = (
        f"{macro.name}({', '.join(str(argument.name) for argument in macro.args)})"
        for macro in tree.find_all(nodes.Macro)
    )
    return TemplateText(
        name,
        re.sub(r"[^a-z0-9]+", "-", name),
        " ".join(comment[1].split()) if comment else "",
        tuple(dict.fromkeys(block.name for block in tree.find_all(nodes.Block))),
        tuple(macros),
    )


def knows() -> dict[str, list[Described]]:
    """Return the names that every template knows: the catalogue's contents, and ``here``'s."""
    held = _described(inspect.getsource(Catalogue), "Catalogue")
    book = [Described(name, "", text) for name, text in _attributes(Catalogue, held).items()]
    here_names = [Described(name, "", text) for name, text in _attributes(Here, {}).items()]
    return {"book": book, "here": here_names}


def _attributes(model: type, described: Mapping[str, str]) -> dict[str, str]:
    found = {name: described.get(name, "") for name in model.__annotations__}
    for name, value in vars(model).items():
        if inspect.isfunction(value) and not name.startswith("_"):
            takes = [p for p in inspect.signature(value).parameters if p != "self"]
            found[f"{name}({', '.join(takes)})"] = (inspect.getdoc(value) or "").split("\n")[0]
    return found
