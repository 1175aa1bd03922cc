"""``abicase render --docs``: a whole site for a generator that knows no plugin of ours."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from conftest import ROOT, Run
from crawl import defects

BRACES = "Charts {{ 7 * 7 }} {% raw %}"
EXAMPLE = ROOT / "tests" / "example"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return shutil.copytree(EXAMPLE, tmp_path / "project")


def configured(project: Path, old: str, new: str) -> None:
    path = project / "mkdocs.yml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.slow
def test_mkdocs_builds_it_without_the_plugin(project: Path, run: Run) -> None:
    (project / "own").mkdir()
    (project / "own" / "main.html").write_text('{% extends "base.html" %}', encoding="utf-8")
    book = project / "records" / "casebook.yml"
    text = re.sub("(?m)^title: .*", f"title: '{BRACES}'", book.read_text("utf-8"))
    book.write_text(text, encoding="utf-8")
    (project / "docs" / "curve.png").write_bytes(b"\x89PNG\r\n")
    configured(project, "  name: material\n", "  name: material\n  custom_dir: own\n")
    configured(project, "nav:\n", 'copyright: !ENV [WHOSE, "ours"]\nextra_css: [own.css]\nnav:\n')
    (project / "docs" / "own.css").write_text("p { margin: 0 }", encoding="utf-8")
    address = "https://charts.example/book/"
    result = run("abicase", "render", "--docs", "docs", "out", "--site-url", address, cwd=project)
    assert result.returncode == 0, result.stderr
    out = project / "out"
    assert {path.name for path in out.iterdir()} == {"docs", "theme", "mkdocs.yml"}
    written = (out / "mkdocs.yml").read_text("utf-8")
    assert 'copyright: !ENV [WHOSE, "ours"]' in written, "whoever builds it says so"
    home = (out / "docs" / "index.md").read_text("utf-8")
    assert "(cases/axis-names.md)" in home
    assert "abicase:" not in home + written
    assert (out / "docs" / "curve.png").read_bytes() == b"\x89PNG\r\n"

    result = run("mkdocs", "build", "--strict", cwd=out)
    assert result.returncode == 0, result.stderr
    site = out / "site"
    assert defects(site) == []
    missing = (site / "404.html").read_text("utf-8")
    assert "<h1>Page not found</h1>" in missing
    assert f"{BRACES}</a>" in missing, "a title is no template"
    assert missing.strip() == (out / "docs" / "404.html").read_text("utf-8").strip()
    assert 'href="../../#dispute"' in (site / "cases" / "axis-names" / "index.html").read_text(
        "utf-8"
    )
    assert (site / "feed.xml").is_file()

    result = run("abicase", "render", "--docs", "docs", "out", cwd=project)
    assert result.returncode == 0, result.stderr
    assert (site / "404.html").is_file(), "what was built in the folder stays"
    assert (
        yaml.safe_load((out / "mkdocs.yml").read_text("utf-8").replace("!ENV", ""))["site_url"]
        == ""
    )


@pytest.mark.slow
def test_what_is_wrong_with_the_project_is_said(project: Path, run: Run) -> None:
    def said(*more: str | Path, out: str | Path = "out") -> str:
        result = run("abicase", "render", "--docs", "docs", out, *more, cwd=project)
        assert result.returncode in (1, 2)
        assert "Traceback" not in result.stderr
        assert not (project / "out" / "docs").exists()
        return result.stderr

    good = (project / "mkdocs.yml").read_text("utf-8")
    for old, new, message in (
        ("records: records", "recods: records", "mkdocs.yml:18:15: plugins.abicase.recods: there is no such option (did you mean 'records'?)"),
        ("records: records", "navigation_limit: many", "plugins.abicase.navigation_limit: 'many' is not a number"),
        ("records: records", "records: elsewhere", "there is no folder 'elsewhere'"),
        ("abicase:lessons", "abicase:lesson", "nav: there is no section 'lesson' (did you mean 'lessons'?)"),
        ("nav:\n", "INHERIT: other.yml\nnav:\n", "INHERIT: write all of it into one file"),
        ("nav:\n", "site_url: here\nnav:\n", "site_url: 'here' is not a web address"),
        ("nav:\n", "nav: !!python/name:os.system\nx:\n", "nav: could not determine a constructor"),
        ("nav:\n", "nav: [\n", "mkdocs.yml:"),
        ("  font: false", "  features: one", "theme.features: 'one' is not a list"),
        ("  font: false", "  custom_dir: none", "theme.custom_dir: there is no folder 'none'"),
        ("nav:\n", "extra_css: one.css\nnav:\n", "extra_css: 'one.css' is not a list"),
    ):  # fmt: skip
        configured(project, old, new)
        assert message in said()
        (project / "mkdocs.yml").write_text(good, encoding="utf-8")

    page = project / "docs" / "index.md"
    text = page.read_text("utf-8")
    page.write_text(text + "\n[x](case/none)\n", encoding="utf-8")
    assert "docs/index.md:18:3: error: unknown-reference" in said()
    page.write_bytes(b"\xff")
    assert "docs/index.md is not valid UTF-8" in said()
    page.write_text(text, encoding="utf-8")

    assert "is in the folder of hand-written pages" in said(out="docs/out")
    assert "contains 'mkdocs.yml', which this command did not write" in said(out=".")
    (project / "out").mkdir()
    (project / "out" / "theme").mkdir()
    (project / "out" / "theme" / "mine.html").write_text("", encoding="utf-8")
    assert "contains 'mine.html', which this command did not write" in said()
    (project / "mkdocs.yml").unlink()
    assert "there is no mkdocs.yml in a folder above 'docs'" in said("-r", "records")


def test_records_among_the_pages_are_not_published(project: Path, run: Run) -> None:
    shutil.move(project / "records", project / "docs" / "records")
    configured(project, "records: records", "records: docs/records")
    assert run("abicase", "render", "--docs", "docs", "out", cwd=project).returncode == 0
    assert not list((project / "out").rglob("casebook.yml"))
    assert (project / "out" / "docs" / "cases" / "axis-names.md").is_file()
