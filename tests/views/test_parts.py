"""Long lists in parts: everything is there once, old anchors work, and parts are independent."""

from __future__ import annotations

import json
import posixpath
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from abicase.catalogue.model import Catalogue
from abicase.incremental.store import Store
from abicase.incremental.stored import StoredMemo
from abicase.incremental.tracking import Digests, Trace, traced
from abicase.outputs.files import outputs
from abicase.render.handwritten import Expander
from abicase.render.renderer import Renderer
from abicase.schema.addresses import Address
from abicase.schema.items import RESERVED
from abicase.views.page import Page
from abicase.views.pages import pages
from abicase.views.pagination import ListPart
from benchmarks.content import content
from benchmarks.projects import write_casebook
from conftest import ROOT, SMALL, loaded
from crawl import defects, read_site
from sites import CONTINUING, built, once

CASES = 130
LIMITS = [
    ("abicase.views.pagination", "CASES", 5),
    ("abicase.views.pagination", "EVENTS", 6),
    ("abicase.views.pages", "CASES", 5),
    ("abicase.views.pages", "PAIRS", 7),
    ("abicase.views.pages", "STAGES", 10),
    ("abicase.views.pages", "FIRST", 2),
    ("abicase.views.distribution", "CASES", 5),
    ("abicase.views.index", "NAMES", 50),
]
"""Limits at which a casebook of a dozen cases is split."""
KINDS = {"axes": "axis", "claims": "claim", "lessons": "lesson", "patterns": "stage"}


def few(factory: pytest.TempPathFactory) -> Path:
    return once(factory, "few", lambda target: _written(target, 14))


def _written(target: Path, cases: int) -> None:
    target.mkdir(parents=True)
    write_casebook(content(cases), target)


@pytest.fixture
def project_of_few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return few(tmp_path_factory)


@pytest.fixture
def low(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name, value in LIMITS:
        monkeypatch.setattr(f"{module}.{name}", value)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return once(tmp_path_factory, "many", lambda target: _written(target, CASES)) / "casestudies"


def lists(catalogue: Catalogue) -> list[Page]:
    """Return the pages other than those of cases and pairs."""
    own = ("case.md.jinja", "pair.md.jinja")
    return [page for page in pages(catalogue) if page.template not in own]


def parts_of(found: list[Page], template: str) -> Iterator[tuple[Page, ListPart[Any]]]:
    for page in found:
        if page.template == template:
            yield page, page.context["part"]


def anchors(markdown: str) -> list[str]:
    headings = re.findall(r"^#+ .* \{ #(\S+)", markdown, re.MULTILINE)
    return [*headings, *re.findall(r'<[a-z][^<>]* id="([^"]+)"', markdown)]


@pytest.mark.parametrize("records", [SMALL, ROOT / "tests" / "example" / "records"])
def test_a_small_casebook_is_not_cut(records: Path) -> None:
    found = list(pages(loaded(records)))
    assert not [page.file for page in found if page.template.split(".")[0] in CONTINUING]
    for page in found:
        if "part" in page.context:
            assert len(page.context["part"].all) == 1


@pytest.mark.usefixtures("low")
def test_all_is_on_exactly_one_part(project_of_few: Path) -> None:
    catalogue = loaded(project_of_few / "casestudies")
    found = list(pages(catalogue))
    renderer = Renderer(catalogue)
    cases = Counter(list(catalogue.cases))
    for template in ("cases.md.jinja", "compare.md.jinja", "figures.md.jinja"):
        some = list(parts_of(found, template))
        assert len(some) > 2
        assert Counter(id_ for _, p in some for _, ids in p.shown for id_ in ids) == cases
    for axis in catalogue.axes:
        some = [one for one in parts_of(found, "axis.md.jinja") if one[0].record == f"axis/{axis}"]
        assert len(some) > 2
        assert Counter(id_ for _, p in some for _, ids in p.shown for id_ in ids) == cases
        for page, part in some:
            text = renderer.page(page).body
            shown = {id_ for _, ids in part.shown for id_ in ids}
            assert set(re.findall(r"^### \S+ \{ #(\S+) \}", text, re.MULTILINE)) == shown
    pairs = [page.context["pairs"] for page in found if "pairs" in page.context]
    pairs += [part for _, part in parts_of(found, "pairs.md.jinja")]
    assert Counter(pair for part in pairs for pair, *_ in part.shown) == Counter(
        list(catalogue.pairs)
    )
    listed = [entry for _, part in parts_of(found, "letter.md.jinja") for entry in part.shown]
    named = Counter(entry.reference for entry in listed if entry.kind != "path")
    assert named == Counter(r for r, item in catalogue.items.items() if item.kind != "source")
    paths = [path for case in catalogue.cases.values() for path in case.interface.paths]
    assert Counter(e.names[0] for e in listed if e.kind == "path") == Counter(paths)


@pytest.mark.usefixtures("low")
def test_all_evidence_is_on_exactly_one_part(project_of_few: Path) -> None:
    catalogue = loaded(project_of_few / "casestudies")
    found = list(pages(catalogue))
    first = {
        page.record: page.context["part"]
        for page in found
        if page.record and "part" in page.context and page.context["part"].number == 1
    }
    stages = next(page.context["evidence"] for page in found if page.file == "patterns/index.md")
    first |= {f"stage/{id_}": part for id_, part in stages.items()}
    for reference, evidence in catalogue.evidence.items():
        more = [
            p
            for page, p in parts_of(found, "evidence.md.jinja")
            if page.context["about"] == reference
        ]
        some = [first[reference], *more]
        assert [part.number for part in some] == list(range(1, len(some[0].all) + 1))
        for side in ("speaking_for", "speaking_against"):
            shown = Counter(
                f"case/{case}#{event.id}"
                for part in some
                for case, events in getattr(part.shown, side)
                for event in events
            )
            assert shown == Counter(witness.reference for witness in getattr(evidence, side))
    assert sum(part.number > 1 for _, part in parts_of(found, "evidence.md.jinja")) > 10


def test_every_old_anchor_still_resolves(
    project_of_few: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = loaded(project_of_few / "casestudies")
    renderer = Renderer(catalogue)
    whole = {page.file: renderer.page(page).body for page in lists(catalogue)}
    for module, name, value in LIMITS:
        monkeypatch.setattr(f"{module}.{name}", value)
    cut = {page.file: renderer.page(page).body for page in lists(catalogue)}
    assert len(cut) > 100
    led = 0
    for file, text in whole.items():
        there = Counter(anchors(cut[file]))
        # The anchor of a table cell is not the address of a statement; the finding has that.
        lasting = [anchor for anchor in anchors(text) if "." not in anchor]
        assert not [anchor for anchor in lasting if there[anchor] != 1], file
        for anchor in lasting:
            link = re.search(rf'<a href="([^"]*)" id="{re.escape(anchor)}"', cut[file])
            if link:
                led += 1
                path, _, at = link[1].partition("#")
                folder = Address(file).url(directories=True)
                target = posixpath.normpath(posixpath.join(folder, path)) + ".md"
                assert anchor.startswith("letter--") or anchor == "paths" or at == anchor
                assert target in cut, (file, link[1])
                assert not at or at in anchors(cut[target])
    assert led > 50


@pytest.mark.usefixtures("low")
def test_no_two_pages_meet(project_of_few: Path) -> None:
    """Pages and files don't either, in both forms of addresses, and no id can lead into the parts."""
    catalogue = loaded(project_of_few / "casestudies")
    found = list(pages(catalogue))
    output_files = [output.file for output in outputs(catalogue, Renderer(catalogue))]
    for directories in (True, False):
        urls = [Address(page.file).url(directories=directories) for page in found]
        files = [url + "index.html" if url.endswith("/") or not url else url for url in urls]
        assert [name for name, count in Counter([*files, *output_files]).items() if count > 1] == []
    for page in found:
        section, *rest = page.file.removesuffix(".md").split("/")
        if page.context.get("part") and page.context["part"].number > 1 and section != "index":
            kind = KINDS.get(section, "")
            assert len(rest) == 2
            assert rest[1].isdigit()
            assert rest[0] in RESERVED or f"{kind}/{rest[0]}" in catalogue.items


@pytest.mark.slow
def test_titles_and_descriptions_tell_the_parts_apart(many: Path) -> None:
    catalogue = loaded(many)
    renderer = Renderer(catalogue)
    rendered = [renderer.page(page) for page in lists(catalogue)]
    titles = Counter(page.front["title"] for page in rendered)
    assert [title for title, count in titles.items() if count > 1] == []
    assert any(re.fullmatch(r"\w+, 2 of 4", title) for title in titles)
    for page in rendered:
        assert len(page.markdown) < 200_000, page.page.file
        part = page.page.context.get("part")
        if part and len(part.all) > 1:
            assert 'aria-label="Parts of' in page.body
            told = str(page.front["description"])
            assert part.number == 1 or (part.here.first in told and part.here.last in told)
            assert page.page.searched is False or part.number == 1


@pytest.mark.slow
def test_an_edit_renders_only_the_parts_that_show_it(many: Path, tmp_path: Path) -> None:
    store = Store(tmp_path / "kept", "")

    def rendered_again(records: Path) -> list[str]:
        catalogue = loaded(records)
        trace = Trace()
        memo = StoredMemo(store, "", trace, Digests(catalogue))
        renderer = Renderer(traced(catalogue, trace), memo=memo)
        files = [renderer.page(page).page.file for page in lists(catalogue)]
        return [file for file in files if f"page/{file}" not in memo.kept]

    records = shutil.copytree(many, tmp_path / "records")
    every = rendered_again(records)
    assert rendered_again(records) == []
    record = records / "cases" / "case-99.yml"
    texts = re.sub(r"(?m)^( *)(text|summary): >-$", r"\g<0>\n\1  Again.", record.read_text("utf-8"))
    record.write_text(texts, "utf-8")
    made = rendered_again(records)
    assert {"axes/axis-1/2.md", "compare/all/2.md", "cases/all/2.md"} <= set(made)
    assert {"axes/axis-1.md", "lessons/index.md"}.isdisjoint(made)  # cases/index.md draws all
    assert len(made) < len(every) / 2


@pytest.mark.usefixtures("low")
def test_a_new_name_renders_the_parts_that_show_it(project_of_few: Path, tmp_path: Path) -> None:
    """For an axis: the part with the case, the first page with all names, and the lists of parts."""
    records = shutil.copytree(project_of_few / "casestudies", tmp_path / "records")
    before = {page.file: repr(page.context.get("answers")) for page in lists(loaded(records))}
    path = records / "cases" / "case-7.yml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("name: case-7\n", "name: Renamed\n"), "utf-8")
    assert path.read_text("utf-8") != text
    catalogue = loaded(records)
    after = {page.file: repr(page.context.get("answers")) for page in lists(catalogue)}
    changed = {file for file, shown in before.items() if after.get(file, shown) != shown}
    assert changed == {f"axes/{axis}.md" for axis in catalogue.axes}


@pytest.mark.usefixtures("low")
def test_a_hand_written_page_has_the_first_and_a_link_to_all(project_of_few: Path) -> None:
    catalogue = loaded(project_of_few / "casestudies")
    expander = Expander(catalogue, Renderer(catalogue))
    text = "<!-- abicase: matrix -->\n\n<!-- abicase: cases -->\n"
    made = expander.expand(text, "own.md", "own.md").markdown
    assert made.count('<th scope="row">') == 5
    assert made.count('class="ac-card"') == 5
    assert '<a href="../compare/">Show all</a>' in made
    assert '<a href="../cases/">Show all</a>' in made


@pytest.mark.slow
@pytest.mark.parametrize("directories", [True, False])
def test_a_built_site_of_parts(tmp_path: Path, directories: bool) -> None:
    project = tmp_path / "project"
    _written(project, 14)
    (project / "docs").mkdir(exist_ok=True)
    (project / "docs" / "index.md").write_text("# Home\n\n<!-- abicase: matrix -->\n", "utf-8")
    (project / "mkdocs.yml").write_text(
        "site_name: x\nsite_url: https://many.example/\n"
        f"use_directory_urls: {json.dumps(directories)}\n"
        "theme: {name: material, font: false}\nplugins: [search, abicase]\n"
        "nav: [index.md, Axes: 'abicase:axes', Cases: 'abicase:cases']\n"
        "not_in_nav: '*'\nmarkdown_extensions: [attr_list]\n",
        "utf-8",
    )
    fewer = str(ROOT / "tests" / "fewer")
    result = built(project, PYTHONPATH=fewer, LIMITS=json.dumps(LIMITS), ABICASE_CACHE="off")
    assert result.returncode == 0, result.stderr
    assert defects(project / "site") == []
    documents = read_site(project / "site")
    part = "axes/axis-1/2/index.html" if directories else "axes/axis-1/2.html"
    assert "2 of 4" in documents[part].title
    navigation = (project / "site" / "index.html").read_text("utf-8").partition("md-content")[0]
    assert "axis-1" in navigation
    assert "axis-1/2" not in navigation
    index = json.loads((project / "site" / "search" / "search_index.json").read_text("utf-8"))
    places = [entry["location"] for entry in index["docs"]]
    assert not [place for place in places if re.search(r"/\d+(/|\.html)|^index/", place)]
