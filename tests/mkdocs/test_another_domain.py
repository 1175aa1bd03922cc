"""A casebook about another domain: no page, file or message mentions the first one."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from conftest import ROOT, Run
from crawl import defects
from domains import FIRST_DOMAIN, NAMES, OURS, foreign

FORMATS = ROOT / "tests" / "formats"


@pytest.mark.slow
def test_it_mentions_only_its_own_domain(tmp_path: Path, run: Run) -> None:
    project = shutil.copytree(FORMATS, tmp_path / "project")
    assert run("abicase", "check", cwd=project).stdout == "No problems.\n", "mkdocs.yml names them"
    built = run("mkdocs", "build", "--strict", cwd=project)
    assert built.returncode == 0, built.stderr
    assert "WARNING" not in built.stderr
    site = project / "site"
    assert defects(site) == []
    assert run("abicase", "render", "pages", cwd=project).returncode == 0
    for folder, least in ((site, 50), (project / "pages", 30)):
        assert len([path for path in folder.rglob("*") if path.suffix in OURS]) > least
        assert foreign(folder) == []

    case = (site / "cases" / "picture" / "index.html").read_text("utf-8")
    for words in (
        "What the format consists of",
        "<p>Parts of a format: ",
        "Readers and where they lived",
        'href="http://archive.formats.example/picture-1.0"',
        "Viewer in the reference code",
        "From the first draft to the publication",
        "<dt>Proposal to publication</dt>",
    ):
        assert words in case
    index = (site / "index" / "index.html").read_text("utf-8")
    assert "reader of Sound" in index
    cases = (site / "cases" / "index.html").read_text("utf-8")
    assert "how one format was developed" in cases
    assert "the same 2 questions" in cases
    assert "· 1 event · 1 source<" in cases

    records = project / "records"
    (records / "axes" / "room.yml").unlink()
    for path in records.glob("cases/*.yml"):
        kept = re.sub(r"(?m)^  room:.*\n(?:    .*\n)*", "", path.read_text("utf-8"))
        path.write_text(kept, encoding="utf-8")
    assert run("abicase", "render", "pages", cwd=project).returncode == 0
    cases = (project / "pages" / "cases" / "index.md").read_text("utf-8")
    assert "and answers the same question.</p>" in cases

    for kind, name in (("case", "text"), ("pattern", "alone"), ("axis", "size")):
        assert run("abicase", "new", kind, name, cwd=project).returncode == 0
        begun = next(records.rglob(f"{name}.yml")).read_text("utf-8")
        assert not FIRST_DOMAIN.search(NAMES.sub("", begun.replace(" merge,", ""))), begun
    told = run("abicase", "new", "--help", cwd=project).stdout
    assert not FIRST_DOMAIN.search(told), told
