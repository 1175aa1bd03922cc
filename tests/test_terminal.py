"""Pages in w3m: in a sensible order, and for the small casebook word for word."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import cache
from html import unescape
from pathlib import Path

import pytest

from abicase.views.pairs import differences
from conftest import SMALL, real
from sites import BARE, SITE_URL, built, examples, generated, html, kinds, once

pytestmark = pytest.mark.slow

GOLDEN = Path(__file__).with_name("terminal")
STRAY = re.compile(
    r"</?[a-z]+[ >]|&(amp|lt|gt|quot|#\d+);|\]\(|\{[#:%{]|<!--|function ?\(|\bvar |data-ac-"
)
"""Markup or script that a reader would see."""
CODE = re.compile(r"(?s)<(pre|code)\b.*?</\1>")
"""Elements that can be about markup."""


def dumped(page: str) -> str:
    """Return a page in the form that w3m shows in 80 columns."""
    program = shutil.which("w3m")
    if program is None:
        hint = "w3m is not installed (apt-get install w3m)"
        if os.environ.get("CI"):
            pytest.fail(hint)
        pytest.skip(hint)
    result = subprocess.run(
        [program, "-dump", "-cols", "80", "-I", "UTF-8", "-O", "UTF-8", "-T", "text/html"],
        input=page,
        env={**os.environ, "LC_ALL": "C.UTF-8", "HOME": os.devnull},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    return result.stdout


def article(page: str) -> str:
    """Return the content of a page, without the theme around it."""
    return page[page.index("<article") : page.index("</article>") + len("</article>")]


@cache
def written(project: Path) -> str:
    """Return all texts of the records; a commit subject can look like an element."""
    return "".join(path.read_text("utf-8") for path in (project / "casestudies").rglob("*.yml"))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def in_order(shown: str, wanted: list[str]) -> list[str]:
    """Return the texts that do not follow in this order; line breaks don't matter."""
    whole, place, missing = squeezed(shown), 0, []
    for text in wanted:
        found = whole.find(squeezed(text), place)
        if found < 0:
            missing.append(text)
        else:
            place = found
    return missing


@pytest.mark.parametrize("kind", kinds())
def test_a_page_reads_in_order(kind: str, project: Path) -> None:
    for address in examples(project, kind):
        page = html(project, address).read_text("utf-8")
        shown = dumped(page)
        content = dumped(article(page))
        assert len(content.split()) > 3
        stray = {match[0] for match in STRAY.finditer(dumped(CODE.sub("", page)))}
        assert {text for text in stray if text not in written(project)} == set(), address
        headings = [
            unescape(re.sub(r"<[^>]*>", "", text))
            for _, text in re.findall(r"(?s)<h([1-6])[^>]*>(.*?)</h\1>", article(page))
        ]
        headings = [text.removesuffix("#").strip() for text in headings]
        assert squeezed(content).startswith(squeezed(headings[0])), "the title comes first"
        assert in_order(shown, headings) == []
        if kind not in BARE:
            assert "Skip to content" in shown[:200], "past the navigation with one key"


def plain(text: str) -> str:
    """Return the first words of a text of a record."""
    text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"`([^`]*)`|\*", lambda match: match[1] or "", text)
    return " ".join(text.split()[:6])


def test_a_case_is_in_order(project: Path) -> None:
    catalogue = real()
    for case in catalogue.cases.values():
        shown = dumped(article(html(project, f"cases/{case.id}/").read_text("utf-8")))
        told = [plain(event.text) for event in case.events]
        findings = [plain(case.findings[axis].text) for axis in catalogue.axes]
        assert in_order(shown, [case.title, plain(case.summary), *findings, *told]) == []


def test_a_pair_is_in_order(project: Path) -> None:
    catalogue = real()
    for pair in catalogue.pairs.values():
        shown = dumped(article(html(project, f"compare/{pair.id}/").read_text("utf-8")))
        first, second = (catalogue.cases[case] for case in pair.cases)
        wanted = [plain(pair.because), plain(pair.shows)]
        axes = differences(catalogue, first, second)
        for axis in axes.different + axes.alike:
            wanted += [plain(first.findings[axis].text), plain(second.findings[axis].text)]
        assert in_order(shown, wanted) == []


# The small casebook, word for word


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small casebook as a site."""

    def make(target: Path) -> None:
        shutil.copytree(SMALL, target / "casestudies", ignore=shutil.ignore_patterns("*.md"))
        (target / "docs").mkdir()
        (target / "docs" / "index.md").write_text(
            "# Tea\n\nOf [pouring](case/pour#first).\n\n<!-- abicase: patterns -->\n\n"
            "<!-- abicase: matrix -->\n",
            encoding="utf-8",
        )
        (target / "mkdocs.yml").write_text(
            f"site_name: Tea\nsite_url: {SITE_URL}\ntheme: {{name: material, font: false}}\n"
            "plugins: [search, abicase: {records: casestudies}]\n"
            "markdown_extensions: [attr_list, md_in_html, tables, toc: {permalink: '#'}]\n",
            encoding="utf-8",
        )
        result = built(target)
        assert result.returncode == 0, result.stderr

    return once(tmp_path_factory, "small", make)


def test_golden_text(small: Path) -> None:
    """One page of each kind; ``UPDATE_GOLDEN=1`` writes them again."""
    found = {kind: addresses[0] for kind, addresses in generated(SMALL).items()} | {"home": ""}
    # The reference is long, grows with each option, and has its own tests.
    found = {kind: at for kind, at in found.items() if not at.startswith("reference/")}
    made = {
        f"{kind}.txt": dumped(article(html(small, address).read_text("utf-8")))
        for kind, address in found.items()
    }
    if os.environ.get("UPDATE_GOLDEN"):
        shutil.rmtree(GOLDEN, ignore_errors=True)
        GOLDEN.mkdir()
        for name, text in made.items():
            (GOLDEN / name).write_text(text, encoding="utf-8")
    kept = {path.name: path.read_text("utf-8") for path in GOLDEN.glob("*.txt")}
    assert sorted(made) == sorted(kept)
    for name, text in made.items():
        assert text == kept[name], name
