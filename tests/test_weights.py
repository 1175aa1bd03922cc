"""The sizes of the files that a reader has to load."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from abicase.outputs.files import ASSETS, STYLE, compact
from sites import ROOT, html, of_kind

KIB = 1024


def own(suffix: str) -> dict[str, Path]:
    """Return the files of a kind that are not the theme's, by their address."""
    docs = ROOT / "docs"
    found = {f"assets/{path.name}": path for path in ASSETS.glob(f"*.{suffix}")}
    return found | {path.relative_to(docs).as_posix(): path for path in docs.rglob(f"*.{suffix}")}


def weight(suffix: str) -> int:
    """Return the number of bytes that a reader loads."""
    texts = {name: path.read_text("utf-8") for name, path in own(suffix).items()}
    assert texts
    style = f"assets/{Path(STYLE).name}"
    return sum(
        len((compact(text) if name == style else text).encode()) for name, text in texts.items()
    )


def test_script_and_style_are_small() -> None:
    assert weight("js") <= 6 * KIB
    assert weight("css") <= 24 * KIB


def test_the_pictures_of_the_readme_are_there_and_light() -> None:
    named = re.findall(r"!\[[^]]+\]\(([^)]+)\)", (ROOT / "README.md").read_text("utf-8"))
    sizes = [(ROOT / name).stat().st_size for name in named]
    assert len(sizes) >= 3
    assert max(sizes) <= 250 * KIB
    assert sum(sizes) <= 700 * KIB


@pytest.mark.slow
def test_the_largest_case_is_light(project: Path) -> None:
    page = html(project, of_kind(project, "case")[0]).read_bytes()
    assert len(gzip.compress(page, 6)) <= 80 * KIB


@pytest.mark.slow
def test_no_other_script_or_style_is_published(project: Path) -> None:
    """All the site's own files are measured; the rest are the theme's."""
    import material  # type: ignore[import-untyped]

    theme = Path(material.__file__).parent / "templates"
    site = project / "site"
    others = {
        path.relative_to(site).as_posix()
        for suffix in ("js", "css")
        for path in site.rglob(f"*.{suffix}")
        if not (theme / path.relative_to(site)).is_file()
    }
    assert others == {*own("js"), *own("css")}
