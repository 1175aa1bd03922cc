"""Pages: golden files next to their records, templates that a site overrides, escaping."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from markdown import Markdown

from abicase.render.filters import bibtex, words
from abicase.render.headings import heading_text
from abicase.render.overrides import wrong_template
from abicase.render.renderer import Renderer, TemplateProblem
from abicase.views.pages import pages
from conftest import SMALL, loaded


def renderer(root: Path, overrides: Path | None = None) -> Renderer:
    return Renderer(loaded(root), overrides)


def rendered(root: Path, overrides: Path | None = None) -> dict[str, str]:
    catalogue = loaded(root)
    found = Renderer(catalogue, overrides)
    return {page.file: found.page(page).markdown for page in pages(catalogue)}


def test_golden_pages() -> None:
    """Next to each record in ``small/`` is its page."""
    made = rendered(SMALL)
    if os.environ.get("UPDATE_GOLDEN"):
        for old in SMALL.rglob("*.md"):
            old.unlink()
        for file, text in made.items():
            (SMALL / file).parent.mkdir(parents=True, exist_ok=True)
            (SMALL / file).write_text(text, encoding="utf-8")
    expected = {
        path.relative_to(SMALL).as_posix(): path.read_text(encoding="utf-8")
        for path in SMALL.rglob("*.md")
    }
    assert sorted(made) == sorted(expected)
    for file, text in made.items():
        assert text == expected[file], file


def test_a_site_overrides_one_template(tmp_path: Path) -> None:
    (tmp_path / "axes.md.jinja").write_text(
        '{% extends "page.md.jinja" %}{% block title %}Questions{% endblock %}'
        "{% block description %}x{% endblock %}{% block body %}Mine.{% endblock %}",
        encoding="utf-8",
    )
    made = rendered(SMALL, tmp_path)
    assert made["axes/index.md"] == (
        "---\ntitle: Questions\ndescription: x\nrender_macros: false\n---\n\n# Questions { #top }\n\nMine.\n"
    )
    assert made["cases/pour.md"] == rendered(SMALL)["cases/pour.md"]


def test_a_site_changes_some_words(book: Path) -> None:
    """The casebook sets some; the others keep their defaults."""
    with (book / "casebook.yml").open("a", encoding="utf-8") as file:
        file.write(
            "words:\n"
            "  interface: {one: SQL dialect, article: an}\n"
            "  program: {one: copy, many: copies}\n"
            "  event_kinds: {change: Turn, proposal: Offer}\n"
            "  figures: {days-to-merge: Waiting}\n"
        )
    made = rendered(book)
    case = made["cases/pour.md"]
    assert "What the SQL dialect consists of" in case
    assert "## Copies and where they lived" in case
    assert '<span class="ac-kind ac-kind--change">Turn</span>' in case
    assert "time since the offer" in case
    assert '<th scope="row">Waiting</th>' in case
    assert "Adoption" in case
    assert "how one SQL dialect" in made["cases/index.md"]
    assert "The ways of developing an SQL dialect" in made["patterns/index.md"]


BLOCKS = "{% block title %}x{% endblock %}{% block description %}x{% endblock %}"


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{% block title %}", "axes.md.jinja:1: Unexpected end of template"),
        (BLOCKS + "{{ nothing.there }}", "axes.md.jinja:1: 'nothing' is undefined"),
        (BLOCKS + '{{ here.href("case/nope") }}', "axes.md.jinja:1: KeyError('case/nope')"),
        (BLOCKS + "{{ 1 / 0 }}", "axes.md.jinja:1: ZeroDivisionError('division by zero')"),
        (BLOCKS + '{% extends "nowhere.jinja" %}', "there is no template 'nowhere.jinja'"),
        ("no blocks", "axes.md.jinja: the block 'title' is missing"),
    ],
)
def test_a_wrong_template_is_named(tmp_path: Path, template: str, message: str) -> None:
    (tmp_path / "axes.md.jinja").write_text(template, encoding="utf-8")
    with pytest.raises(TemplateProblem) as caught:
        rendered(SMALL, tmp_path)
    assert message in str(caught.value)


def test_a_template_that_nothing_uses_is_named(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    for name, text in (
        ("case.md.jinja", '{% extends "abicase/case.md.jinja" %}{% import "ours.jinja" as o %}'),
        ("ours.jinja", "{% macro one() %}{% endmacro %}"),
        ("parts/ours.md.jinja", "{% if %}"),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert wrong_template(tmp_path) == ""
    wrong = "no page uses a template of this name"
    (tmp_path / "words.md.jinja").write_text("", encoding="utf-8")
    hint = "words are given in casebook.yml, below words"
    assert wrong_template(tmp_path) == f"{tmp_path}/words.md.jinja: {wrong} ({hint})"
    (tmp_path / "lessen.md.jinja").write_text("", encoding="utf-8")
    hint = "did you mean 'lesson.md.jinja'?"
    assert wrong_template(tmp_path) == f"{tmp_path}/lessen.md.jinja: {wrong} ({hint})"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("case.md.jinja", "{% block titel %}{% endblock %}", "2: the template it extends has no block 'titel' (did you mean 'title'?)"),
        ("case.md.jinja", "{% block body %}{% block mine %}{% endblock %}{% endblock %}", ""),
        ("macros.md.jinja", "{% macro mark(rating) %}{% endmacro %}", "2: the template it extends keeps its own macro 'mark' (copy the whole template, and change it there)"),
        ("macros.md.jinja", "{% macro mine() %}{% endmacro %}", ""),
    ],
)  # fmt: skip
def test_what_a_template_can_not_replace(
    name: str, text: str, message: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_text(f'{{% extends "abicase/{name}" %}}\n{text}', encoding="utf-8")
    assert wrong_template(tmp_path) == (f"{path}:{message}" if message else "")


HOSTILE = [
    "<script>alert(1)</script>",
    "a*b*c_d_e`f`",
    "[x](javascript:alert(1))",
    "![x](https://evil.example/x.png)",
    "# not a heading {#x .y onclick=z}",
    "{: onclick=x }",
    "&lt;b&gt; & <b>",
    ":smile: ~~x~~ ==y== ^^z^^ $a$ \"quoted\" 'too'",
    "</div></div><h1>x",
    "--8<-- 'mkdocs.yml'",
    "{{ 7*7 }} {% raw %}",
    "[[x]] <https://evil.example> https://plain.example",
    "*[ABC]: x",
    "\\*x\\*",
]


@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_is_text_wherever_it_is_shown(title: str, book: Path) -> None:
    path = book / "cases" / "pour.yml"
    text = path.read_text(encoding="utf-8")
    quoted = title.replace("'", "''")
    text = text.replace("title: It goes in", f"title: '{quoted}'")
    text = text.replace('title: "pour(): a function that took & <gave>"', f"title: '{quoted}'")
    path.write_text(text, encoding="utf-8")
    markdown = rendered(book)["cases/pour.md"]
    html = Markdown(extensions=["attr_list", "toc", "md_in_html", "abbr"]).convert(
        markdown.split("---\n", 2)[2]
    )
    from html.parser import HTMLParser

    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.headings: list[str] = []
            self.open = False
            self.tags: set[str] = set()
            self.attributes: set[str] = set()

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.tags.add(tag)
            self.attributes |= {name for name, _ in attrs}
            if tag in ("h1", "h4"):
                self.open = True
                self.headings.append("")

        def handle_endtag(self, tag: str) -> None:
            if tag in ("h1", "h4"):
                self.open = False

        def handle_data(self, data: str) -> None:
            if self.open:
                self.headings[-1] += data

    reader = Reader()
    reader.feed(html)
    assert reader.headings.count(title) == 2
    assert not reader.tags & {"script", "img", "b", "iframe", "abbr"}
    assert not {name for name in reader.attributes if name.startswith("on")}


def test_headings_and_words() -> None:
    assert heading_text("a: b (c) 'd'") == "a: b (c) 'd'"
    assert heading_text("perf_event_open") == "perf&#95;event&#95;open"
    assert words("one two three", 2) == "one two…"
    assert words("one two", 2) == "one two"
    assert words("one two. three", 2) == "one two…"


def test_bibtex_is_text() -> None:
    assert bibtex("a & b_c: 100% {x} \\y ~ ^ $ #") == (
        r"a \& b\_c: 100\% \textbraceleft{}x\textbraceright{} \textbackslash{}y"
        r" \textasciitilde{} \textasciicircum{} \$ \#"
    )


def test_parts() -> None:
    found = renderer(SMALL)
    assert found.parts() == [
        "advice",
        "alike",
        "balance",
        "cases",
        "checklist",
        "chronicle",
        "claims",
        "figures",
        "finder",
        "glance",
        "headline",
        "legend",
        "matrix",
        "mistake",
        "origins",
        "patterns",
        "readings",
        "strand",
        "timeline",
    ]
    with pytest.raises(TemplateProblem, match="'claim' is undefined"):
        found.part("balance", "index.md", {})
