"""The reference: everything in the code is there, with a text."""

from __future__ import annotations

import inspect
from pathlib import Path

import click
import pytest

from abicase.catalogue.model import Catalogue
from abicase.cli.group import abicase
from abicase.mkdocs.config import AbicaseConfig
from abicase.problems.codes import CODES
from abicase.reference import commands, knows, options, parts, reference, templates, values
from abicase.render.environment import TEMPLATES
from abicase.render.filters import literals
from abicase.render.renderer import Renderer
from abicase.schema import argument, case, casebook, counts, records, words
from abicase.schema.part import Part
from conftest import loaded, real


@pytest.fixture(scope="module")
def book() -> Catalogue:
    return real()


@pytest.fixture(scope="module")
def pages(book: Catalogue) -> dict[str, str]:
    renderer = Renderer(book)
    return {page.file: renderer.page(page).markdown for page in reference(book, abicase)}


def test_every_part_of_the_format_is_described(book: Catalogue) -> None:
    told = {part.name.replace(" ", ""): part for part in parts(book)}
    classes = {
        name.lower(): model
        for module in (argument, case, casebook, counts, records, words)
        for name, model in vars(module).items()
        if inspect.isclass(model) and issubclass(model, Part) and model is not Part
        if not model.__subclasses__()  # not a base class
    }
    assert set(told) == set(classes)
    for name, model in classes.items():
        assert {field.alias or key for key, field in model.model_fields.items()} == {
            field.name for field in told[name].fields
        }
    for part in told.values():
        assert part.text.endswith("."), part.name
        for field in part.fields:
            assert field.text.endswith((".", '".')), f"{part.name}.{field.name} has no text"
            holds_parts = field.type.kind == "part" or any(t.kind == "part" for t in field.type.of)
            if (
                field.required and not holds_parts and part.name != "none found"
            ):  # no record has one
                assert field.example, f"{part.name}.{field.name} has no example"


def test_fields_say_what_they_take(book: Catalogue) -> None:
    told = {(part.name, field.name): field for part in parts(book) for field in part.fields}
    event = told["event", "sources"].type
    assert (event.kind, event.of[0].name, event.of[0].refers) == ("list", "id", "source")
    assert told["event", "date"].type.name == "day"
    assert "proposal" in told["event", "kind"].type.words
    assert told["commit source", "release"].type.name == "tag name"
    assert told["claim", "title"].type.name == "title"
    assert told["claim", "order"].default == "100"
    assert not told["claim", "order"].required
    assert {t.name for t in told["case", "sources"].type.of} > {"commit source", "mail source"}


def test_every_value_has_a_text() -> None:
    for value in values():
        assert value.text.endswith("."), value.name


def test_every_command_and_option_has_a_text(pages: dict[str, str]) -> None:
    def walk(command: click.Command, name: str) -> list[str]:
        below = command.commands if isinstance(command, click.Group) else {}
        return [name, *(n for key, c in below.items() for n in walk(c, f"{name} {key}"))]

    told = {command.name: command for command in commands(abicase)}
    assert sorted(told) == sorted(walk(abicase, "abicase"))
    for command in told.values():
        assert command.paragraphs[0].endswith("."), command.name
        for name, text in command.options:
            assert text, f"{command.name} {name} has no text"
        assert f"{{ #{command.anchor} }}" in pages["reference/commands.md"]


def test_every_option_of_the_plugin_has_a_text() -> None:
    told = {option.name: option for option in options()}
    scheme = dict(AbicaseConfig._schema)
    assert set(told) == set(scheme)
    for name, option in told.items():
        assert option.text.endswith("."), f"{name} has no text"
        default = scheme[name].default
        assert option.default == ("" if default in (None, "") else str(default).lower())


def test_every_template_has_a_text(pages: dict[str, str]) -> None:
    told = {template.name: template for template in templates()}
    assert set(told) == {p.relative_to(TEMPLATES).as_posix() for p in TEMPLATES.rglob("*.jinja")}
    for template in told.values():
        assert "." in template.text, f"{template.name} has no comment that says what it shows"
        assert f"{{ #{template.anchor} }}" in pages["reference/templates.md"]
    assert told["page.md.jinja"].blocks[:3] == ("title", "description", "body")
    for name, known in knows().items():
        for one in known:
            assert one.text.endswith("."), f"{name}.{one.name} has no text"


def test_every_problem_code_has_its_place(pages: dict[str, str]) -> None:
    for code, meaning in CODES.items():
        assert f"## {code} {{ #{code} }}" in pages["reference/problems.md"]
        assert meaning.remedy.split()[0] in pages["reference/problems.md"]


def test_anchors_of_the_format(pages: dict[str, str]) -> None:
    for anchor in ("event--kind", "period--from", "value--day", "commit-source--commit"):
        assert f'id="{anchor}"' in pages["reference/records.md"]


def test_double_backquotes_are_code() -> None:
    assert literals("a ``<b>`` c") == "a <code>&lt;b&gt;</code> c"


def test_a_site_extends_the_template_it_replaces(tmp_path: Path) -> None:
    (tmp_path / "claims.md.jinja").write_text(
        '{% extends "abicase/claims.md.jinja" %}{% block title %}Opinions{% endblock %}',
        encoding="utf-8",
    )
    catalogue = loaded()
    from abicase.views.pages import pages as all_pages

    page = next(p for p in all_pages(catalogue) if p.template == "claims.md.jinja")
    made = Renderer(catalogue, tmp_path).page(page)
    assert made.front["title"] == "Opinions"
    assert "Faster" in made.markdown or "faster" in made.markdown
