"""The folder of records is found by the site's configuration."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from abicase.source.folders import records_of_site
from conftest import SMALL, Run

TAGGED = """\
site_url: !ENV [SITE_URL, ""]
markdown_extensions:
  - pymdownx.emoji:
      emoji_index: !!python/name:material.extensions.emoji.twemoji
      bad: !!python/object/apply:os.mkdir [pwned]
plugins:
  - search
  - abicase: {records: book/records}
"""


def test_commands_find_what_the_site_names(tmp_path: Path, run: Run) -> None:
    site = tmp_path / "site"
    (site / "docs" / "deep").mkdir(parents=True)
    shutil.copytree(SMALL, site / "book" / "records")
    (site / "casestudies").mkdir()
    (site / "casestudies" / "casebook.yml").write_text("not: this\n", encoding="utf-8")
    (site / "mkdocs.yml").write_text(TAGGED, encoding="utf-8")
    for place in (site, site / "docs" / "deep"):
        assert run("abicase", "check", cwd=place).stdout == "No problems.\n"
    assert not list(tmp_path.rglob("pwned"))
    named = run("abicase", "check", "--records", "site", cwd=tmp_path)
    assert named.returncode == 2
    assert "did you mean --records site/book/records?" in named.stderr, "not the usual name"


def test_a_repository_names_records_of_its_own(tmp_path: Path, run: Run) -> None:
    shutil.copytree(SMALL, tmp_path / "other")
    site = tmp_path / "stranger" / "site"
    site.mkdir(parents=True)
    (site / "mkdocs.yml").write_text("plugins: [abicase: {records: ../../other}]")
    assert run("abicase", "check", cwd=site).stdout == "No problems.\n", "no repository"
    (tmp_path / "stranger" / ".git").mkdir()
    result = run("abicase", "check", cwd=site)
    assert result.returncode == 2
    assert "no folder of records found" in result.stderr


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("plugins: {search: {}, abicase: {records: ../book}}", "../book"),
        ("plugins: [abicase]", ""),
        ("plugins: [abicase: {records: !ENV [WHERE, book]}]", ""),
        ("plugins: [abicase: {records: !ENV WHERE}]", ""),
        ("plugins: [abicase: {records: 12}]", ""),
        ("plugins: &again [*again]", ""),
        ("plugins: [abicase: {records: book}", ""),
        ("[" * 5000, ""),
        ("plugins: abicase", ""),
        ("", ""),
        ("\0", ""),
    ],
)
def test_only_what_is_needed_is_read(text: str, named: str, tmp_path: Path) -> None:
    assert records_of_site(tmp_path) == ""
    (tmp_path / "mkdocs.yml").write_text(text, encoding="utf-8")
    assert records_of_site(tmp_path) == named
