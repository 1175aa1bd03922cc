"""Records and templates below the folder of pages are not part of the site."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from abicase.source.folders import is_input
from conftest import ROOT, Run

EXAMPLE = ROOT / "tests" / "example"


def test_files_of_a_folder_of_inputs(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    for folder in ("records/cases", "other"):
        (docs / folder).mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (docs / "linked").symlink_to(tmp_path / "elsewhere")
    found = is_input(docs, [docs / "records", tmp_path / "elsewhere"])
    assert found(f"{docs}/records/cases/one.yml")
    assert found(f"{docs}/linked/one.yml"), "a link leads there"
    assert not found(f"{docs}/other/one.yml")
    assert not found(f"{docs}/records.yml")


def test_a_folder_around_the_pages_says_nothing_about_them(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    assert not is_input(tmp_path / "docs", [tmp_path])(f"{tmp_path}/docs/picture.png")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return the example, with its records and templates below its folder of pages."""
    project = shutil.copytree(EXAMPLE, tmp_path / "project", ignore=shutil.ignore_patterns("site"))
    for folder in ("records", "wording"):
        shutil.move(project / folder, project / "docs" / folder)
    config = project / "mkdocs.yml"
    text = config.read_text("utf-8").replace("records: records", "records: docs/records")
    text = text.replace("templates: wording", "templates: docs/wording")
    config.write_text(f"{text}validation: {{omitted_files: ignore}}\n", encoding="utf-8")
    return project


@pytest.mark.slow
def test_records_below_the_pages_are_not_published(project: Path, run: Run) -> None:
    made = run("abicase", "new", "case", "secret", "-r", "docs/records", cwd=project)
    assert made.returncode == 0, made.stderr
    (project / "docs" / "records" / "cases" / "secret.yml.orig").write_text("x", encoding="utf-8")
    (project / "docs" / "records" / "notes.md").write_text("# Notes\n", encoding="utf-8")
    (project / "docs" / "table.yml").write_text("x: 1\n", encoding="utf-8")
    result = run("mkdocs", "build", "--strict", cwd=project)
    assert result.returncode == 0, result.stderr
    site = project / "site"
    assert not [*site.rglob("*secret*"), *site.rglob("*.jinja")]
    assert [path.relative_to(site).as_posix() for path in site.rglob("*.yml")] == ["table.yml"]
    assert (site / "records" / "notes" / "index.html").is_file(), "pages stay"
    assert (site / "cases" / "save-call" / "index.html").is_file()


@pytest.mark.slow
def test_a_folder_that_is_both_is_rejected(project: Path, run: Run) -> None:
    config = project / "mkdocs.yml"
    config.write_text(config.read_text("utf-8").replace("docs/records", "docs"), encoding="utf-8")
    result = run("mkdocs", "build", cwd=project)
    assert result.returncode == 1
    assert result.stderr.count("\n") <= 2
    assert "abicase: records: 'docs' is the folder of pages, which is published" in result.stderr
