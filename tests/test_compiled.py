"""Templates that are compiled before they are wanted."""

from __future__ import annotations

import os
from pathlib import Path

import jinja2
import pytest

from abicase.compiled import Compiled


def environment(folder: Path, compiled: Compiled | None = None) -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder), autoescape=True, bytecode_cache=compiled
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "page").write_text('{% import "more" as m %}{{ m.twice(word) }}', "utf-8")
    (tmp_path / "more").write_text("{% macro twice(x) %}{{ x }}{{ x }}{% endmacro %}", "utf-8")
    (tmp_path / "wrong").write_text('{% include "gone" %}{% if %}', "utf-8")
    return tmp_path


@pytest.fixture
def compiles(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The templates that this process compiles."""
    names: list[str] = []
    compile_ = jinja2.Environment.compile

    def noted(self: jinja2.Environment, source: str, name: str, *more: object) -> object:
        names.append(name)
        return compile_(self, source, name, *more)  # type: ignore[call-overload]

    monkeypatch.setattr(jinja2.Environment, "compile", noted)
    return names


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="no fork here")
def test_what_is_compiled_ahead_is_not_compiled_again(
    folder: Path, compiles: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("compiled", "workers"):
        monkeypatch.setattr(f"abicase.{module}.places", lambda: 2)
    compiled = Compiled()
    with compiled.ahead(environment(folder), ["page", "wrong", "nowhere"]):
        assert compiles == [], "a process beside this one does it"
    wanted = environment(folder, compiled)
    assert wanted.get_template("page").render(word="<") == "&lt;&lt;"
    assert compiles == []
    with pytest.raises(jinja2.TemplateSyntaxError, match="Expected an expression"):
        wanted.get_template("wrong")

    (folder / "more").write_text("{% macro twice(x) %}2 {{ x }}{% endmacro %}", "utf-8")
    changed = environment(folder, compiled)
    assert changed.get_template("page").render(word="<") == "2 &lt;"


def test_one_processor_compiles_what_is_wanted(
    folder: Path, compiles: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("abicase.compiled.places", lambda: 1)
    compiled = Compiled()
    with compiled.ahead(environment(folder), ["page", "wrong"]):
        assert compiles == []
    assert environment(folder, compiled).get_template("page").render(word="a") == "aa"
    assert sorted(compiles) == ["more", "page"]


def test_an_error_meanwhile_is_the_one_that_is_told(folder: Path) -> None:
    with pytest.raises(KeyError, match="mine"), Compiled().ahead(environment(folder), ["page"]):
        raise KeyError("mine")
