"""A complete site of another domain, without a line of Python."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from conftest import ROOT, Run
from crawl import defects, read_site

EXAMPLE = ROOT / "tests" / "example"
PACKAGE = ROOT / "plugins" / "abicase"
DOMAIN = re.compile(
    r"(?i)kernel|linux|\blore\b|user-?space|user space|syscall|ioctl|sysfs|\bperf\b|virtio|qemu|v2\.6"
)
"""Words of the first casebook's domain, which belong only in its records."""


@pytest.mark.slow
def test_it_builds_strictly_and_says_it_in_its_own_words(tmp_path: Path, run: Run) -> None:
    project = shutil.copytree(EXAMPLE, tmp_path / "project")
    assert not list(project.rglob("*.py"))
    result = run("mkdocs", "build", "--strict", cwd=project)
    assert result.returncode == 0, result.stderr
    assert "WARNING" not in result.stderr
    site = project / "site"
    assert defects(site) == []
    pages = read_site(site)
    for address in (
        "cases/axis-names",
        "cases/theme-object",
        "cases/save-call",
        "compare/axis-names-vs-theme-object",
        "axes/lasting",
        "claims/users-first",
        "lessons/try-it-first",
    ):
        assert f"{address}/index.html" in pages
    assert pages["cases/index.html"].title.startswith("Decisions")
    assert "reference/index.html" not in pages, "the reference is for those who ask for it"
    for path in site.rglob("*.html"):
        text = re.sub(r"(?s)<script.*?</script>|<[^>]*>", " ", path.read_text("utf-8"))
        assert not re.search(r"\bABIs?\b", text), f"{path} speaks of another domain"
    case = (site / "cases" / "axis-names" / "index.html").read_text("utf-8")
    assert "What the API consists of" in case
    assert "API change" in case
    assert 'href="../../#dispute"' in case


@pytest.mark.slow
def test_a_page_for_what_is_missing_of_its_own_stays(tmp_path: Path, run: Run) -> None:
    project = shutil.copytree(EXAMPLE, tmp_path / "project")
    (project / "own").mkdir()
    (project / "own" / "404.html").write_text("Gone fishing", encoding="utf-8")
    config = (project / "mkdocs.yml").read_text("utf-8")
    config = config.replace("theme:\n", "theme:\n  custom_dir: own\n")
    (project / "mkdocs.yml").write_text(config, encoding="utf-8")
    result = run("mkdocs", "build", "--strict", cwd=project)
    assert result.returncode == 0, result.stderr
    assert (project / "site" / "404.html").read_text("utf-8") == "Gone fishing"


def test_its_records_have_no_problems(run: Run) -> None:
    result = run("abicase", "check", "--records", EXAMPLE / "records")
    assert result.stdout == "No problems.\n"


def test_the_package_names_nothing_of_its_first_domain() -> None:
    texts = [path for path in PACKAGE.rglob("*") if path.suffix in (".py", ".jinja", ".css", ".js")]
    assert len(texts) > 40
    for path in texts:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            assert not DOMAIN.search(line), f"{path}:{number}: {line}"
