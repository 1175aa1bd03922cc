"""``abicase inspect``: a built site, whole and with one thing wrong at a time."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from abicase.outputs.inspection import NotInspectedError, invalid_html
from conftest import ROOT, Run
from sites import built, once

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the example's site."""

    def make(target: Path) -> None:
        shutil.copytree(ROOT / "tests" / "example", target)
        result = built(target, SITE_URL="")
        assert result.returncode == 0, result.stderr

    return once(tmp_path_factory, "inspected", make)


@pytest.fixture
def example(whole: Path, tmp_path: Path, run: Run) -> Path:
    """Return a copy of the example with its site and a ledger."""
    copy = shutil.copytree(whole, tmp_path / "copy")
    assert run("abicase", "links", "publish", cwd=copy).returncode == 0
    return copy


@pytest.fixture
def no_checker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(Path(shutil.which("git") or "").parent))
    monkeypatch.delenv("VNU_JAR", raising=False)


def added(example: Path, markup: str) -> int:
    """Add markup at the end of the body of the home page; return its line."""
    home = example / "site" / "index.html"
    text = home.read_text("utf-8")
    before, _, after = text.rpartition("</body>")
    home.write_text(f"{before}\n{markup}\n</body>{after}", encoding="utf-8")
    return before.count("\n") + 2


@pytest.mark.usefixtures("no_checker")
@pytest.mark.parametrize(
    ("markup", "message"),
    [
        ('<a href="nowhere/">x</a>', "dead-link: 'nowhere/' leads to nothing: there is no nowhere/index.html"),
        ('<a href="#nothing">x</a>', "dead-link: '#nothing' leads to nothing: index.html has no id 'nothing'"),
        ('<a href="abicase:cases">x</a>', "dead-link: 'abicase:cases' leads to nothing: this form is for the navigation in mkdocs.yml only"),
        ('<p id="top">x</p>', "invalid-html: the id 'top' repeats"),
        ('<img src="https://other.example/x.png" alt="">', "other-host: loads https://other.example/x.png"),
        ('<p onclick="x()">x</p>', "content-policy: the attribute 'onclick=' is inline code"),
    ],
)  # fmt: skip
def test_one_thing_is_wrong(example: Path, run: Run, markup: str, message: str) -> None:
    line = added(example, markup)
    result = run("abicase", "inspect", "site", cwd=example)
    assert result.returncode == 1, result.stderr
    assert result.stdout == f"site/index.html:{line}:1: error: {message}\n"


@pytest.mark.usefixtures("no_checker")
def test_a_part_that_was_not_checked_is_no_pass(example: Path, run: Run) -> None:
    result = run("abicase", "inspect", "site", cwd=example)
    assert result.returncode == 3, result.stdout
    assert "HTML not validated: the Nu Html Checker is not installed" in result.stderr


@pytest.mark.usefixtures("no_checker")
def test_a_lost_permalink_and_an_item_without_one(example: Path, run: Run) -> None:
    (example / "site" / "cases" / "save-call" / "index.html").unlink()
    ledger = example / "records" / "permalinks.yml"
    lines = ledger.read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if "try-it-first" not in line]
    ledger.write_text("".join(kept), encoding="utf-8")
    result = run("abicase", "inspect", "site", cwd=example)
    assert result.returncode == 1
    missing = "broken-permalink: permalinks.case/save-call: there is no cases/save-call/index.html"
    assert missing in result.stdout.replace("'", "")
    assert "unpublished: " in result.stdout
    allowed = run("abicase", "inspect", "--allow-unpublished", "site", cwd=example).stdout
    assert "unpublished: " not in allowed


def test_the_html_is_valid(project: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "index.html").write_text(
        "<!doctype html><html lang=en><title>x</title>\n<p><ul></p></ul>", encoding="utf-8"
    )
    try:
        found = list(invalid_html(bad))
    except NotInspectedError as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))
    assert (found[0].line, found[0].code) == (2, "invalid-html")
    assert [str(problem) for problem in invalid_html(project / "site")] == []
