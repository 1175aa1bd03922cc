"""Options, variables and folders of a site with unusual values."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

import warm
from conftest import ROOT, previewed
from test_surroundings import without_permission

pytestmark = pytest.mark.slow

EXAMPLE = ROOT / "tests" / "example"
MKDOCS = Path(sys.executable).with_name("mkdocs")
OPTIONS = """\
repo_url: https://git.example/charts
site_url: !ENV [SITE_URL, ""]
edit_uri: !ENV [EDIT_URI, ""]
dev_addr: !ENV [DEV_ADDR, "127.0.0.1:8000"]
"""


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """Return a small site whose other options come from the environment."""
    project = shutil.copytree(EXAMPLE, tmp_path / "project")
    path = project / "mkdocs.yml"
    text = path.read_text("utf-8").replace(
        "      dispute_guide", '      revision: !ENV [REVISION, ""]\n      dispute_guide'
    )
    text = text.replace("font: false", "font: false\n  features: [content.action.edit]")
    path.write_text(text + OPTIONS, encoding="utf-8")
    return project


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, **more}


def build(
    project: Path, *more: str, prefix: tuple[str, ...] = (), **variables: str
) -> tuple[int, str]:
    """Build a site; return the status and the output."""
    arguments = ["build", "--strict", *more]
    if prefix:
        result = subprocess.run(
            [*prefix, MKDOCS, *arguments],
            cwd=project,
            env=environment(**variables),
            capture_output=True,
            text=True,
            check=False,
        )
    else:
        result = warm.run("mkdocs", arguments, project, environment(**variables))
    assert "Traceback" not in result.stderr, result.stderr
    return result.returncode, result.stderr


def page(project: Path) -> str:
    return (project / "site" / "cases" / "save-call" / "index.html").read_text("utf-8")


@pytest.mark.parametrize("revision", ["1234567", "0123", "abc", "2.x"])
def test_a_revision_is_shown_as_it_is(example: Path, revision: str) -> None:
    assert build(example, REVISION=revision)[0] == 0
    assert f"<code>case/save-call</code>, {revision}." in page(example)


def test_what_yaml_does_not_read_as_a_revision(example: Path) -> None:
    for revision in ("1.10", "true", "2024-01-01"):
        status, said = build(example, REVISION=revision)
        assert status == 1
        assert re.search(r"option 'revision': YAML reads this as .*; put quotes around it", said)


@pytest.mark.parametrize(
    ("option", "uri", "edited"),
    [
        ("edit_uri: ''", "", None),
        ("", "", None),
        ("", "edit/main/docs", "https://git.example/charts/edit/main/records/cases/save-call.yml"),
        ("", "edit/main/docs/", "https://git.example/charts/edit/main/records/cases/save-call.yml"),
        (
            "edit_uri_template: edit/main/docs/{path}",
            "",
            "https://git.example/charts/edit/main/records/cases/save-call.yml",
        ),
        (
            "edit_uri_template: 'https://edit.example/docs/{path}'",
            "",
            "https://edit.example/docs/../records/cases/save-call.yml",  # resolved like in a browser
        ),
    ],
)
def test_where_a_record_is_edited(example: Path, option: str, uri: str, edited: str | None) -> None:
    path = example / "mkdocs.yml"
    text = path.read_text("utf-8")
    if option:
        text = re.sub(r"(?m)^edit_uri: .*$", option, text)
    path.write_text(text, encoding="utf-8")
    kept = str(example.parent / "kept")
    for _ in range(2 if option else 1):  # the second build takes it from the cache
        status, said = build(example, EDIT_URI=uri, ABICASE_CACHE=kept)
        assert status == 0, said
        found = re.search(r'<a href="([^"]+)"[^>]*title="Edit this page"', page(example))
        assert (found and found[1]) == edited


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("charts.example", "it should include the http://"),
        ("ftp://charts.example", "is not a web address"),
        ("https://charts.example/?a=b", "it has a ? or a #"),
        ("https://charts.example/a b", "is not a web address"),
        ("https://charts.example", ""),
        ("https://charts.example/book", ""),
    ],
)
def test_the_address_of_a_site(example: Path, address: str, message: str) -> None:
    status, said = build(example, SITE_URL=address)
    if message:
        assert (status, message in said) == (1, True), said
    else:
        assert status == 0
        assert f'<link rel="canonical" href="{address}/cases/save-call/"' in page(example)


# Places


def test_a_project_in_a_folder_that_is_no_utf8(example: Path) -> None:
    project = Path(os.fsdecode(os.fsencode(example.parent) + b"/n\xff"))
    try:
        example.rename(project)
    except OSError:
        pytest.skip("this file system takes no such names")
    pages = []
    for kept in ("off", "kept", "kept"):
        status, said = build(project, ABICASE_CACHE=str(example.parent / kept))
        assert status == 0, said
        pages.append(page(project))
    assert pages[0] == pages[1] == pages[2]


def test_a_site_that_cannot_be_written(example: Path) -> None:
    assert build(example)[0] == 0
    before = page(example)
    folders = [example / "site", *(path for path in (example / "site").rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    status, said = build(example, prefix=without_permission())
    for folder in folders:
        folder.chmod(0o755)
    assert status == 1
    assert "Error: abicase: the site can't be built: " in said
    assert "Permission denied" in said
    assert page(example) == before


def test_records_that_cannot_be_read(example: Path) -> None:
    records = example / "records"
    records.chmod(0)
    status, said = build(example, prefix=without_permission())
    records.chmod(0o755)
    assert (status, "Permission denied" in said) == (1, True), said


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount")
def test_a_site_for_which_there_is_no_room(example: Path, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(small)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        status, said = build(example, "-d", str(small / "site"))
    finally:
        subprocess.run(["umount", small], check=True)
    assert status == 1
    assert "the site can't be built: [Errno 28] No space left on device" in said


# Live preview


@pytest.mark.parametrize("folder", ["records", "docs"])
def test_a_folder_that_is_away_for_a_while(example: Path, folder: str) -> None:
    """Like during a checkout of a branch without it."""
    with previewed(example, ABICASE_CACHE="off") as preview:
        preview.shows("save()", "cases/save-call/")
        (example / folder).rename(example.parent / "away")
        if folder == "docs":
            time.sleep(2)
        else:
            preview.says("there is no folder of records")
            assert "Traceback" not in preview.said()
        (example.parent / "away").rename(example / folder)
        time.sleep(1)
        record = example / "records" / "cases" / "save-call.yml"
        text = re.sub(r"(?m)^title: .*$", "title: After the move", record.read_text("utf-8"))
        record.write_text(text, encoding="utf-8")
        preview.shows("After the move", "cases/save-call/")
        index = example / "docs" / "index.md"
        index.write_text(index.read_text("utf-8") + "\nA new line.\n", encoding="utf-8")
        preview.shows("A new line.")


def test_a_preview_says_on_every_page_what_is_wrong(example: Path) -> None:
    record = example / "records" / "cases" / "save-call.yml"
    good = record.read_text("utf-8")
    bad = re.sub(r"(?m)^    kind: .*$", "    kind: <b>chnage", good, count=1)
    message = "&#x27;&lt;b&gt;chnage&#x27; is not one of"
    with previewed(example, ABICASE_CACHE="off") as preview:
        preview.shows("save()", "cases/save-call/")
        record.write_text(bad, "utf-8")
        for page_of in ("", "cases/save-call/"):
            preview.shows(message, page_of)
        preview.shows("The preview shows the last good records.", "cases/save-call/")
        assert "chnage" in preview.said()
    # It also starts with a mistake, without the record that has it.
    with previewed(example, ABICASE_CACHE="off") as preview:
        preview.shows(message)
        preview.shows("The preview shows the records without errors.")
        preview.shows(message, "cases/axis-names/")
        record.write_text(good, "utf-8")
        preview.shows("save()", "cases/save-call/")
        with urllib.request.urlopen(preview.address, timeout=30) as response:
            assert "ac-notice" not in response.read().decode("utf-8")


def test_addresses_where_nothing_can_be_served(example: Path) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        taken = f"127.0.0.1:{busy.getsockname()[1]}"
        for address, message in (
            (taken, f"the preview can't be served at {taken}: Address already in use; dev_addr in"),
            ("localhost:99999", "a port is a number from 0 to 65535"),
            ("127.0.0.1:80/path", "is not a valid port"),
            ("127.0.0.1", "'IP:PORT'"),
        ):
            result = subprocess.run(
                [MKDOCS, "serve"],
                cwd=example,
                env=environment(DEV_ADDR=address),
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            assert (result.returncode, "Traceback" in result.stderr) == (1, False), address
            assert message in result.stderr
