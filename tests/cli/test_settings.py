"""Settings of the user and of a repository: their effects and their limits."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from abicase.cli.settings import WrongSettings, of_user
from conftest import SMALL, Run
from test_verify import Repository


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a function that writes the user's settings."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    file = tmp_path / "config" / "abicase" / "config.toml"
    file.parent.mkdir(parents=True)
    return file


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a git work tree without records."""
    (tmp_path / "tree" / ".git").mkdir(parents=True)
    (tmp_path / "tree" / "drivers" / "gpu").mkdir(parents=True)
    return tmp_path / "tree"


def renamed(book: Path, name: str) -> Path:
    """Return a casebook whose lesson identifies it."""
    lesson = book / "lessons" / "name-the-unit.yml"
    text = lesson.read_text("utf-8").replace("title: Name the unit", f"title: Unit of {name}")
    lesson.write_text(text, encoding="utf-8")
    return book


@pytest.mark.slow
def test_the_nearest_setting_counts(
    user: Path, tree: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order is: the option, the environment, the repository, the working folder, the user."""
    book = {
        name: renamed(shutil.copytree(SMALL, path), name)
        for name, path in {
            "option": tmp_path / "o",
            "environment": tmp_path / "e",
            "repository": tree / "docs" / "r",
            "folder": tree / "casestudies",
            "user": tmp_path / "home" / "u",
        }.items()
    }
    here = tree / "drivers" / "gpu"
    settings = tree / ".abicase.toml"
    user.write_text('records = "~/u"\n', encoding="utf-8")
    settings.write_text('records = "docs/r"\n', encoding="utf-8")
    monkeypatch.setenv("ABICASE_RECORDS", str(book["environment"]))

    def found(*arguments: str | Path) -> str:
        result = run("abicase", "find", "unit", "-k", "lesson", *arguments, cwd=here)
        assert result.returncode == 0, result.stderr
        return result.stdout.splitlines()[1].removeprefix("  Unit of ")

    def told() -> str:
        lines = run("abicase", "config", cwd=here).stdout.splitlines()
        return next(line for line in lines if line.startswith("records"))

    assert found("--records", book["option"]) == "option"
    assert found() == "environment"
    assert told() == f'records = "{book["environment"]}"  # ABICASE_RECORDS'
    monkeypatch.delenv("ABICASE_RECORDS")
    assert found() == "repository"
    assert told() == f'records = "{book["repository"]}"  # {settings}:1:1'
    settings.unlink()
    assert found() == "folder"
    assert told() == f'records = "{book["folder"]}"  # the working folder'
    shutil.rmtree(book["folder"])
    assert found() == "user"
    assert told() == f'records = "{book["user"]}"  # {user}:1:1'
    # A file that is named comes with its own records.
    lesson = book["option"] / "lessons" / "name-the-unit.yml"
    lesson.write_text("id: name-the-unit\n", encoding="utf-8")
    assert run("abicase", "check", lesson, cwd=here).returncode == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = 1\nrecords = [", ":2:1: this is not TOML: Invalid value"),
        ('records = "a', ":1:1: this is not TOML: "),
        ('\n  recrods = "a"', ":2:3: there is no setting 'recrods' (did you mean 'records'?)"),
        ('# sites\nsites = "a"', ":2:1: there is no setting 'sites' (did you mean 'site'?)"),
        ("x.y = 1", ":1:1: there is no setting 'x' (use one of records, site, clones)"),
        ("records = 3", ":1:1: records must be a quoted, non-empty string"),
        ('records = ""', ":1:1: records must be a quoted, non-empty string"),
        ('records = "a\\u001b[2J"', ":1:1: records contains an invisible character: 'a\\x1b[2J'"),
        ('records = "a\\u0000"', ":1:1: records contains an invisible character"),
        ('records = "~nobody-of-this-name/x"', ":1:1: '~nobody-of-this-name/x': "),
        ('site = "ftp://x.example"', ":1:1: 'ftp://x.example' is not a web address"),
        ('site = "javascript:x"', ":1:1: 'javascript:x' is not a web address"),
        ('clones = "linux"', ":1:1: clones must be a table of paths"),
        ("[clones]\nlinux = 1", ":2:1: clones.linux must be a quoted"),
        ("clones.linux = 1", ":1:8: clones.linux must be a quoted"),
        ("x = " + "[" * 5000, ":1:1: this is nested too deeply"),
        ("#" * 70_000, ":1:1: the file has more than 65536 bytes"),
    ],
)
def test_wrong_settings(text: str, message: str, user: Path) -> None:
    user.write_text(text, encoding="utf-8")
    with pytest.raises(WrongSettings) as told:
        of_user()
    assert told.value.message.startswith(f"{user}{message}")


def test_wrong_settings_end_a_command(user: Path, tree: Path, run: Run) -> None:
    for file, shown in ((user, str(user)), (tree / ".abicase.toml", ".abicase.toml")):
        file.write_text('recrods = "a"', encoding="utf-8")
        result = run("abicase", "verify", cwd=tree)
        assert result.returncode == 2
        assert result.stderr.startswith(f"Error: {shown}:1:1: there is no setting 'recrods' (")
        file.unlink()


def test_settings_that_are_no_text(user: Path, run: Run) -> None:
    user.write_bytes(b"# fine\nrecords = '\xff'\n")
    result = run("abicase", "config", cwd=user.parent)
    assert result.stderr == "Error: config.toml:2:1: this is not UTF-8\n"
    user.unlink()
    os.mkfifo(user)
    assert run("abicase", "config", timeout=60).returncode == 0, "nobody waits for a pipe"


def test_records_that_are_not_there(user: Path, run: Run, tmp_path: Path) -> None:
    user.write_text('# mine\nrecords = "nowhere"\n', encoding="utf-8")
    result = run("abicase", "find", "x")
    assert result.returncode == 2
    assert (
        f"config/abicase/config.toml:2:1: there is no folder '{user.parent / 'nowhere'}'"
        in result.stderr
    )


@pytest.mark.slow
def test_a_repository_names_records_only_inside_it(
    user: Path, tree: Path, book: Path, run: Run
) -> None:
    """A stranger's settings can't make `abicase fmt` write to other projects."""
    settings = tree / ".abicase.toml"
    lesson = book / "lessons" / "name-the-unit.yml"
    lesson.write_text(lesson.read_text("utf-8").replace("\n", "\n\n"), encoding="utf-8")
    before = lesson.read_bytes()
    (tree / "link").symlink_to(book)
    for path in ("../records", str(book), "link", "~/../records"):
        settings.write_text(f'records = "{path}"\n', encoding="utf-8")
        result = run("abicase", "fmt", cwd=tree)
        assert result.returncode == 2
        assert f".abicase.toml:1:1: '{path}' is outside this repository" in result.stderr
        assert str(user) in result.stderr, "says where it can be named"
        assert lesson.read_bytes() == before
    settings.write_text('[clones]\nlinux = "//host/share"\n', encoding="utf-8")
    assert "may be on another machine" in run("abicase", "config", cwd=tree).stderr


@pytest.mark.slow
def test_settings_above_a_repository_are_not_its_own(user: Path, tree: Path, run: Run) -> None:
    (tree.parent / ".abicase.toml").write_text("x", encoding="utf-8")
    assert run("abicase", "config", cwd=tree / "drivers").returncode == 0
    (tree / ".git").rmdir()
    assert run("abicase", "config", cwd=tree / "drivers").returncode == 0
    assert run("abicase", "config", cwd=tree.parent).returncode == 2


@pytest.mark.slow
def test_clones(user: Path, book: Path, run: Run, tmp_path: Path) -> None:
    """`verify` and `source add` use the clones in the settings; an option takes precedence."""
    clone = Repository(tmp_path / "tea")
    clone.commit("pour: start")
    commit = clone.git("rev-parse", "HEAD")
    clone.git("tag", "v1.0")

    def ended(*arguments: str) -> tuple[int, str]:
        result = run("abicase", *arguments, cwd=book)
        return result.returncode, " ".join((result.stdout + result.stderr).split())

    add = ("source", "add", "pour", "--commit", commit)
    for command in (("verify",), add):
        status, text = ended(*command)
        assert status == 2
        assert "Missing option '--git'; or name " in text
    user.write_text('[clones]\nteapot = "../../tea"\nlinux = "/nowhere"\n', encoding="utf-8")
    status, text = ended("verify")
    assert status in (1, 3), "no clone of another casebook is looked for"
    assert "no clone of 'teapot' was given" not in text
    assert ended("verify", "--git", "teapot=/nowhere")[1].endswith(
        "/nowhere is not a git repository"
    )
    assert ended(*add)[0] == 0
    assert f"commit: {commit}" in (book / "cases" / "pour.yml").read_text("utf-8")
    assert ", as the source " in ended(*add, "--git", "teapot")[1]
    assert "no settings name a clone of it" in ended(*add, "--git", "kettle")[1]
