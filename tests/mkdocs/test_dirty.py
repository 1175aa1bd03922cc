"""A live preview with ``--dirty``: only changed files are written again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from conftest import previewed
from sites import ROOT

pytestmark = pytest.mark.slow


def hooked(target: Path, hooks: str) -> Path:
    """Copy the small site of the tests, with a theme that is fast and with hooks."""
    project = shutil.copytree(ROOT / "tests" / "example", target)
    config = project / "mkdocs.yml"
    text = config.read_text("utf-8").replace("name: material\n  font: false", "name: mkdocs")
    config.write_text(f"{text}\nhooks: [hooks.py]\n", encoding="utf-8")
    (project / "hooks.py").write_text(hooks, encoding="utf-8")
    return project


def test_only_what_changed_is_written_again(tmp_path: Path) -> None:
    # Each page that is written has the number of its build.
    project = hooked(
        tmp_path / "project",
        "builds = []\n"
        "def on_pre_build(config):\n"
        "    builds.append(1)\n"
        "def on_post_page(output, page, config):\n"
        "    return output.replace('</body>', f'<i>written by build {len(builds)}.</i></body>')\n",
    )
    record = project / "records" / "cases" / "save-call.yml"
    good = record.read_text("utf-8")
    with previewed(project, "--dirty", ABICASE_CACHE=str(tmp_path / "kept")) as preview:
        preview.shows("written by build 1.", "cases/save-call/")
        preview.shows("written by build 1.", "cases/theme-object/")

        record.write_text(good.replace("takes a format", "takes three formats"), encoding="utf-8")
        preview.shows("takes three formats", "cases/save-call/")
        preview.shows("written by build 2.", "cases/save-call/")
        preview.shows("takes three formats", "api/v1/cases/save-call.json")
        preview.shows("written by build 1.", "cases/theme-object/")

        record.write_text(good.replace("reviewed: 2023", "reviewd: 2023"), encoding="utf-8")
        preview.shows("unknown-field: reviewd", "cases/save-call/")
        preview.shows("unknown-field: reviewd", "cases/theme-object/")

        record.write_text(good, encoding="utf-8")
        preview.shows("written by build 4.", "cases/theme-object/")
        preview.shows("save() takes a format", "cases/save-call/")


def test_a_page_that_another_plugin_had_removed_is_written(tmp_path: Path) -> None:
    project = hooked(
        tmp_path / "project",
        "builds = []\n"
        "def on_files(files, config):\n"
        "    builds.append(1)\n"
        "    if len(builds) == 1:\n"
        "        files.remove(files.src_uris['cases/save-call.md'])\n"
        "    return files\n",
    )
    other = project / "records" / "cases" / "theme-object.yml"
    with previewed(project, "--dirty", ABICASE_CACHE=str(tmp_path / "kept")) as preview:
        preview.shows("</html>", "cases/theme-object/")
        other.write_text(other.read_text("utf-8") + "\n# Another day.\n", encoding="utf-8")
        preview.shows("save() takes a format", "cases/save-call/")
