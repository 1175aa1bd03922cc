"""A record is text: whatever it contains, the elements of every file are the same."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from markdown import Markdown
from mkdocs.config import load_config
from selectolax.lexbor import LexborHTMLParser

import warm
from abicase.schema.casebook import Casebook
from abicase.schema.part import Part
from abicase.schema.records import KINDS, Permalinks
from conftest import ROOT
from hostile import (
    TEXTS,
    Bones,
    Leaf,
    accepted,
    base,
    bones_of_html,
    bones_of_json,
    bones_of_xml,
    fields,
)
from sites import SITE_URL, once
from test_parts import LIMITS

_PAGE = """\
# Home { #top }

[A case](case/pour), [a claim](claim/faster), [an event](case/pour#first), [a term](term/spout)
"""
_PARTS = (
    *("advice lesson/name-the-unit", "balance claim/faster", "cases", "checklist"),
    *("chronicle case/pour", "claims", "figures case/pour", "glance", "legend", "matrix"),
    *("alike", "headline", "mistake", "origins"),
    *("patterns", "strand case/pour", "timeline case/pour"),
)
_THEMES: dict[str, dict[str, Any]] = {
    "material": {
        "font": False,
        "features": [
            *("navigation.footer", "navigation.indexes", "navigation.path"),
            *("navigation.tabs", "content.action.edit"),
        ],
    },
    "mkdocs": {"highlightjs": False},
    "readthedocs": {"highlightjs": False},
}
_OPTIONS = {
    "records": "records",
    "contact": "a@example.org",
    "dispute_guide": "index.md#top",
    "dispute_form": "https://form.example/?i={item}&r={revision}",
}


@dataclass
class Casebooks:
    """Hostile casebooks, each with its harmless twin."""

    folder: Path
    taken: dict[Leaf, list[int]]

    def write(self, turn: int) -> tuple[Path, Path]:
        """Write one: each text is one that its field accepts, another one on each turn."""
        made = []
        for side, name in enumerate(("hostile", "harmless")):
            book = base()
            for number, (leaf, taken) in enumerate(self.taken.items()):
                if taken:
                    which = taken[0] if turn == 0 else taken[(number + turn) % len(taken)]
                    book.put(leaf, TEXTS[which][side].replace("§", str(1000 + number)))
            made.append(book.write(self.folder / f"{name}-{turn}" / "records"))
        return made[0], made[1]


@pytest.fixture(scope="module")
def casebooks(tmp_path_factory: pytest.TempPathFactory) -> Casebooks:
    """Texts and the places that accept them, determined once for all processes."""

    def make(target: Path) -> None:
        taken = accepted(base(), target / "tried")
        (target / "taken.json").write_text(json.dumps([*taken.values()]), encoding="utf-8")

    found = once(tmp_path_factory, "accepted", make) / "taken.json"
    numbers = json.loads(found.read_text("utf-8"))
    taken = dict(zip(base().leaves(), numbers, strict=True))
    return Casebooks(tmp_path_factory.mktemp("casebooks"), taken)


def run(*command: str | Path, cwd: Path, **environment: str) -> None:
    made = warm.run(str(command[0]), command[1:], cwd, os.environ | environment)
    assert made.returncode == 0, made.stdout + made.stderr


def built(records: Path, theme: str, *, cut: bool = False) -> dict[str, Bones]:
    """Return the structure of each file of a site with a theme, optionally with lists split."""
    project = records.parent
    site = project / theme
    (project / "docs").mkdir(exist_ok=True)
    parts = "\n".join(f"## P{n}\n\n<!-- abicase: {part} -->\n" for n, part in enumerate(_PARTS))
    (project / "docs" / "index.md").write_text(f"{_PAGE}\n{parts}", encoding="utf-8")
    sections = ("cases", "compare", "axes", "claims", "lessons")
    config = {
        "site_name": "A book",
        "site_url": SITE_URL,
        "repo_url": "https://git.example/book",
        "edit_uri": "edit/main/docs/",
        "theme": {"name": theme, **_THEMES[theme]},
        "nav": [
            {"Home": "index.md"},
            *({section: f"abicase:{section}"} for section in sections),
            *("patterns/index.md", "glossary.md", "index/index.md"),
        ],
        "plugins": ["search", {"abicase": _OPTIONS}],
        "markdown_extensions": ["attr_list", "md_in_html", "toc", "tables", "admonition"],
    }
    (project / "mkdocs.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    environment = {
        "PYTHONPATH": str(Path(__file__).with_name("fewer")),
        "LIMITS": json.dumps([(module, name, 1) for module, name, _ in LIMITS]),
    }
    command = ("mkdocs", "build", "--quiet", "--site-dir", site)
    run(*command, cwd=project, **(environment if cut else {}))
    return read(site, theme)


def read(site: Path, theme: str) -> dict[str, Bones]:
    """Return the structure of each file of a site."""
    found: dict[str, Bones] = {}
    for path in sorted(site.rglob("*")):
        name = path.relative_to(site).as_posix()
        if path.suffix == ".html":
            found[name] = bones_of_html(path.read_text("utf-8"))
        elif path.suffix == ".xml":
            found[name] = bones_of_xml(path.read_text("utf-8"))
        elif path.suffix == ".json" and not name.startswith("schema/"):
            # This theme inserts search results into the page as HTML; others escape them.
            html = theme == "material" and name.startswith("search/")
            found[name] = bones_of_json(path.read_text("utf-8"), html=html)
    return found


def differences(hostile: dict[str, Bones], harmless: dict[str, Bones]) -> list[str]:
    """Return what the files of one site have and those of the other don't."""
    found = [f"{name}: only one has it" for name in hostile.keys() ^ harmless.keys()]
    for name in hostile.keys() & harmless.keys():
        found += [f"{name}: more {bone}" for bone in hostile[name] - harmless[name]]
        found += [f"{name}: less {bone}" for bone in harmless[name] - hostile[name]]
    return sorted(found)


def test_every_field_of_the_model_is_tried() -> None:
    models: list[type[Part]] = [*(model for _, model in KINDS.values()), Casebook, Permalinks]
    every = {field for model in models for field in fields(model)}
    assert every == {leaf.field for leaf in base().leaves()}


@pytest.mark.slow
def test_plain_texts_and_prose_take_hostile_ones(casebooks: Casebooks) -> None:
    """Otherwise nothing would be tested."""
    taking = {leaf.field for leaf, taken in casebooks.taken.items() if len(taken) > 5}
    assert {"Axis.title", "Case.name", "Event.title", "Event.text", "Term.means"} <= taking
    assert len(taking) > 60


@pytest.mark.slow
@pytest.mark.parametrize("turn", range(4))
def test_no_theme_is_given_markup(turn: int, casebooks: Casebooks) -> None:
    hostile, harmless = casebooks.write(turn)
    for theme in _THEMES if turn == 0 else ["material"]:
        cut = turn == 3
        found, expected = built(hostile, theme, cut=cut), built(harmless, theme, cut=cut)
        assert len(found) > (60 if cut else 40)
        assert differences(found, expected) == []


@pytest.mark.slow
def test_no_site_generator_is_given_markup(casebooks: Casebooks) -> None:
    """The output of ``abicase render``, converted with this site's extensions."""
    config = load_config(str(ROOT / "mkdocs.yml"))
    markdown = Markdown(extensions=config.markdown_extensions, extension_configs=config.mdx_configs)

    def rendered(records: Path) -> dict[str, Bones]:
        out = records.parent / "rendered"
        run("abicase", "render", out, "-r", records, "--site-url", SITE_URL, cwd=records.parent)
        found = read(out, "")
        for path in sorted(out.rglob("*.md")):
            _, front, body = path.read_text("utf-8").split("---\n", 2)
            name = path.relative_to(out).as_posix()
            found[name] = bones_of_html(markdown.reset().convert(body))
            found[f"{name}: front"] = bones_of_json(json.dumps(yaml.safe_load(front)), html=True)
        return found

    for turn in range(3):
        hostile, harmless = casebooks.write(turn)
        found = rendered(hostile)
        assert len(found) > 40
        assert differences(found, rendered(harmless)) == []


TITLE = 'Do <b> & &lt;i&gt; "run"?'


@pytest.mark.slow
def test_readers_see_what_was_written(tmp_path: Path) -> None:
    """A title is escaped once, not twice: it is shown as it was written."""
    book = base()
    for file, field in (
        ("axes/speed.yml", "title"),
        ("cases/pour.yml", "name"),
        ("cases/pour.yml", "title"),
        ("claims/faster.yml", "title"),
    ):
        book.trees[file][field] = f"{TITLE} {file[0]}{field[0]}"
    records = book.write(tmp_path / "records")
    built(records, "material")
    site = tmp_path / "material"

    def seen(page: str, selector: str, attribute: str = "") -> list[str]:
        tree = LexborHTMLParser((site / page / "index.html").read_text("utf-8"))
        nodes = tree.css(selector)
        assert nodes, (page, selector)
        found = [node.attributes[attribute] if attribute else node.text() for node in nodes]
        return [" ".join((text or "").split()) for text in found]

    for page, named, title in (
        ("axes/speed", "at", "at"),
        ("cases/pour", "cn", "ct"),
        ("claims/faster", "ct", "ct"),
    ):
        assert seen(page, ".md-nav__link--active .md-ellipsis")[-1] == f"{TITLE} {named}"
        assert seen(page, "head > title") == [f"{TITLE} {title} - A book"]
        assert seen(page, "h1") == [f"{TITLE} {title}"]
        assert seen(page, "[property='og:title']", "content") == [f"{TITLE} {title}"]
        assert f"{TITLE} {title}" in seen(page, ".md-header__topic")
    assert seen("axes/outcome", ".md-footer__link--prev", "aria-label") == [f"Previous: {TITLE} at"]
    assert seen("claims", ".md-footer__link--next", "aria-label") == [f"Next: {TITLE} ct"]
    assert seen("claims", ".md-footer__link--next .md-ellipsis") == [f"{TITLE} ct"]
    index = json.loads((site / "search" / "search_index.json").read_text("utf-8"))
    found = {LexborHTMLParser(entry["title"]).text() for entry in index["docs"]}
    assert {f"{TITLE} at", f"{TITLE} ct"} <= found
    feed = ET.parse(site / "feed.xml").getroot()
    assert f"{TITLE} ct" in {element.text for element in feed.iter()}
