"""The reference: pages on the format, the commands, the options, the templates and the problems.

All of it is read from the program itself: from the classes of the record format, from the commands'
own help, from the texts under the plugin's options, and from the first comment of each template.
"""

from __future__ import annotations

import ast
import inspect
import re
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import click
from jinja2 import Environment, nodes
from pydantic.fields import FieldInfo

from abicase.catalogue.model import Catalogue
from abicase.problems.codes import CODES
from abicase.problems.problem import CASEBOOK_FILE
from abicase.render.environment import TEMPLATES
from abicase.render.renderer import Here
from abicase.schema import fields, revisions, rule_text
from abicase.schema.casebook import Casebook
from abicase.schema.part import Part
from abicase.schema.records import KINDS, LEDGER_FILE, Permalinks
from abicase.schema.shapes import Shape, parts_below, parts_in, shape_of, walk
from abicase.views.page import Page

_OPTIONS = Path(__file__).parent / "mkdocs" / "config.py"


def reference(catalogue: Catalogue, command: click.Command) -> Iterator[Page]:
    """The pages of the reference.

    Args:
        catalogue: The records that examples are taken from.
        command: The command, with all commands below it.

    Yields:
        Each page once, their index first.
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
    """The type of a field: what it takes."""

    kind: Literal["value", "part", "words", "list", "mapping"]
    name: str = ""
    """Of a value or a part: its name."""
    refers: str = ""
    """Of a value: the kind of thing that it names, where it names one."""
    words: tuple[str, ...] = ()
    """The words that it takes."""
    of: tuple[Type, ...] = ()
    """Of a list or a mapping: what it holds, one of these."""

    @property
    def anchor(self) -> str:
        """The anchor of the value or part on the page of the record format."""
        return ("value--" if self.kind == "value" else "") + self.name.replace(" ", "-")


@dataclass(frozen=True, slots=True)
class FieldText:
    """A field of the format."""

    name: str
    type: Type
    required: bool
    default: str
    """What counts where it is left out; may be empty."""
    text: str
    example: str
    """From a record; empty for a field that holds parts, and where no record has it."""


@dataclass(frozen=True, slots=True)
class PartText:
    """A kind of record, or a part of one."""

    name: str
    anchor: str
    place: str
    """The files that hold such records; empty for a part."""
    text: str
    fields: tuple[FieldText, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a name and a text."""

    name: str
    anchor: str
    text: str


def parts(catalogue: Catalogue) -> list[PartText]:
    """Every kind of record and every part of one, each followed by the parts it brings in."""
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


def values() -> list[Named]:
    """Every kind of value that a field takes, with its description."""
    described: dict[str, str] = {}
    for module in _VALUE_MODULES:
        described |= _described(Path(module.__file__ or "").read_text(encoding="utf-8"))
    return [
        Named(_shown(name), f"value--{_shown(name).replace(' ', '-')}", described.get(name, ""))
        for name in _value_types()
    ]


def _all_records(catalogue: Catalogue) -> Iterator[Part]:
    yield catalogue.casebook
    yield from catalogue.ledger.permalinks.values()
    for folder, _ in KINDS.values():
        yield from getattr(catalogue, folder).values()


def _of(model: type[Part]) -> Iterable[tuple[str, FieldInfo]]:
    # What a part says of itself comes before what all of its kind have.
    own = [name for name in model.model_fields if name in model.__annotations__]
    rest = [name for name in model.model_fields if name not in own]
    return [(name, model.model_fields[name]) for name in own + rest]


def _field(model: type[Part], name: str, info: FieldInfo, found: Iterable[Part]) -> FieldText:
    # As it is written: pydantic takes apart what is noted with a type.
    shape = shape_of(typing.get_type_hints(model, include_extras=True)[name])
    told = info.is_required() or parts_in(shape)  # of parts the text says it
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
    there = [one for one in held if one not in (None, (), {}, default)]
    return _plain(there[0]) if there else ""


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "[" + ", ".join(_plain(one) for one in value) + "]"
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
    """The types of single values that the format uses, by their name in their module."""
    return {
        name: value
        for module in _VALUE_MODULES
        for name, value in vars(module).items()
        if not name.startswith("_") and typing.get_origin(value) is typing.Annotated
    }


def _value_of(shape: Shape) -> str:
    """The name of the type that a place takes, or adds marks to; the nearest one."""
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
    """The texts under the assignments of a module, or of one of its classes."""
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
    """As it is typed, with the names of the groups it is in."""
    anchor: str
    usage: str
    paragraphs: tuple[str, ...]
    options: tuple[tuple[str, str], ...]
    """Each option as it is typed, and its text."""


def commands(command: click.Command) -> list[CommandText]:
    """A command and every one below it, from their own help."""
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
    """What counts where it is left out, as it would be written; empty for nothing."""
    text: str


def options() -> list[OptionText]:
    """Every option of the plugin; read from its text, since importing it would import MkDocs."""
    source = _OPTIONS.read_text(encoding="utf-8")
    found = []
    for name, text in _described(source, "AbicaseConfig").items():
        line = re.search(rf"^    {name} = (.*(?:\n      .*)*)", source, re.MULTILINE)
        default = re.search(r"default=([^,)]+)", line[1]) if line else None
        shown = default[1].strip("\"'").lower() if default else ""
        found.append(OptionText(name, shown, text))
    return found


# The templates


@dataclass(frozen=True, slots=True)
class TemplateText:
    """A template."""

    name: str
    anchor: str
    text: str
    """What its first comment says: what it shows, and its context."""
    blocks: tuple[str, ...]
    macros: tuple[str, ...]
    """The macros that it defines, with what they take."""


def templates() -> list[TemplateText]:
    """Every template that the package brings."""
    return [_template(path) for path in sorted(TEMPLATES.rglob("*.jinja"))]


def _template(path: Path) -> TemplateText:
    source = path.read_text(encoding="utf-8")
    name = path.relative_to(TEMPLATES).as_posix()
    comment = re.match(r"\{#-?(.*?)-?#\}", source, re.DOTALL)
    tree = Environment(autoescape=True).parse(source)
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


def knows() -> dict[str, list[Named]]:
    """List what every template knows: what the catalogue holds, and what ``here`` does."""
    held = _described(inspect.getsource(Catalogue), "Catalogue")
    book = [Named(name, "", text) for name, text in _attributes(Catalogue, held).items()]
    here = [Named(name, "", text) for name, text in _attributes(Here, {}).items()]
    return {"book": book, "here": here}


def _attributes(model: type, described: Mapping[str, str]) -> dict[str, str]:
    found = {name: described.get(name, "") for name in model.__annotations__}
    for name, value in vars(model).items():
        if inspect.isfunction(value) and not name.startswith("_"):
            takes = [p for p in inspect.signature(value).parameters if p != "self"]
            found[f"{name}({', '.join(takes)})"] = (inspect.getdoc(value) or "").split("\n")[0]
    return found
