"""A live preview with ``--dirty``: only changed files are written again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from conftest import previewed
from sites import ROOT

pytestmark = pytest.mark.slow


def test_only_what_changed_is_written_again(tmp_path: Path) -> None:
    project = shutil.copytree(ROOT / "tests" / "example", tmp_path / "project")
    config = project / "mkdocs.yml"
    text = config.read_text("utf-8").replace("name: material\n  font: false", "name: mkdocs")
    # Each page that is written has the number of its build.
    hooks = project / "hooks.py"
    hooks.write_text(
        "builds = []\n"
        "def on_pre_build(config):\n"
        "    builds.append(1)\n"
        "def on_post_page(output, page, config):\n"
        "    return output.replace('</body>', f'<i>written by build {len(builds)}.</i></body>')\n"
    )
    config.write_text(f"{text}\nhooks: [hooks.py]\n", encoding="utf-8")
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
    project = shutil.copytree(ROOT / "tests" / "example", tmp_path / "project")
    config = project / "mkdocs.yml"
    text = config.read_text("utf-8").replace("name: material\n  font: false", "name: mkdocs")
    (project / "hooks.py").write_text(
        "builds = []\n"
        "def on_files(files, config):\n"
        "    builds.append(1)\n"
        "    if len(builds) == 1:\n"
        "        files.remove(files.src_uris['cases/save-call.md'])\n"
        "    return files\n"
    )
    config.write_text(f"{text}\nhooks: [hooks.py]\n", encoding="utf-8")
    other = project / "records" / "cases" / "theme-object.yml"
    with previewed(project, "--dirty", ABICASE_CACHE=str(tmp_path / "kept")) as preview:
        preview.shows("</html>", "cases/theme-object/")
        other.write_text(other.read_text("utf-8") + "\n# Another day.\n", encoding="utf-8")
        preview.shows("save() takes a format", "cases/save-call/")
