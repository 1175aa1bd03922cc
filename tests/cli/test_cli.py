"""The command as users run it: in a subprocess."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from abicase.cli.group import abicase
from conftest import ROOT, Run


def test_help_names_the_commands(run: Run) -> None:
    result = run("abicase", "--help")
    assert result.returncode == 0
    for word in ("check", "render", "Exit status"):
        assert word in result.stdout
    assert run("abicase", "--version").stdout.startswith("abicase, version 0.")


def test_clean_records(book: Path, run: Run) -> None:
    result = run("abicase", "check", "cases/pour.yml", cwd=book)
    assert (result.returncode, result.stdout) == (0, "No problems.\n")
    assert result.stderr == (
        "cases/pour.yml is not in canonical form; abicase fmt rewrites such files.\n"
    )
    assert run("abicase", "fmt", cwd=book).returncode == 0
    result = run("abicase", "check", cwd=book)
    assert (result.returncode, result.stdout, result.stderr) == (0, "No problems.\n", "")
    assert run("abicase", "check", "-f", "json", cwd=book).stdout == "[]\n"
    assert run("abicase", "check", "-f", "github", cwd=book).stdout == ""


def test_the_folder_is_found_from_anywhere(book: Path, run: Run) -> None:
    (book.parent / "casestudies").symlink_to(book)
    deep = book / "cases"
    (deep / "pour.yml").write_text("id: pour\n", encoding="utf-8")
    assert run("abicase", "check", cwd=deep).stdout.startswith(f"{deep}/pour.yml:1:1: error:")
    for cwd, arguments in (
        (book.parent, []),
        (book.parent, ["records"]),
        (book.parent, ["records/cases/pour.yml"]),
        (Path("/"), [str(book)]),
        (Path("/"), ["--records", str(book)]),
    ):
        result = run("abicase", "check", *arguments, cwd=cwd)
        assert result.returncode == 1, (cwd, arguments)
        assert "cases/pour.yml:1:1: error: missing-field" in result.stdout


def test_paths_limit_what_is_printed(book: Path, run: Run) -> None:
    for name in ("pour", "steep"):
        path = book / "cases" / f"{name}.yml"
        path.write_text(path.read_text("utf-8").replace("reviewed:", "revued:"), encoding="utf-8")
    whole = run("abicase", "check", cwd=book)
    assert "cases/pour.yml" in whole.stdout
    assert "cases/steep.yml" in whole.stdout
    assert whole.stderr.startswith("2 errors.\n")
    part = run("abicase", "check", "cases/steep.yml", cwd=book)
    assert "cases/pour.yml" not in part.stdout
    assert part.stderr.startswith("1 error.\n")
    assert run("abicase", "check", "claims", cwd=book).returncode == 0


def test_formats_for_programs(book: Path, run: Run) -> None:
    path = book / "cases" / "pour.yml"
    path.write_text(path.read_text("utf-8").replace("reviewed:", "revued:"), encoding="utf-8")
    problems = json.loads(run("abicase", "check", "--format", "json", cwd=book).stdout)
    assert [problem["code"] for problem in problems] == ["unknown-field"]
    lines = run("abicase", "check", "--format", "github", cwd=book).stdout.splitlines()
    assert lines[0] == (
        "::error file=cases/pour.yml,line=9,col=1,title=unknown-field::revued: there is no field "
        "'revued' here (did you mean 'reviewed'?)"
    )


def test_wrong_calls(tmp_path: Path, run: Run) -> None:
    for arguments, message in (
        (["check"], "no folder of records found"),
        (["check", "nowhere.yml"], "there is no file or folder 'nowhere.yml'"),
        (["check", "--records", "nowhere"], "there is no folder 'nowhere'"),
        (["chek"], "No such command 'chek'"),
    ):
        result = run("abicase", *arguments, cwd=tmp_path)
        assert result.returncode == 2
        assert message in result.stderr
        assert "Traceback" not in result.stderr


@pytest.mark.slow
def test_render_writes_all_pages_or_none(book: Path, run: Run) -> None:
    result = run("abicase", "render", "out", "--records", book, cwd=book.parent)
    assert (result.returncode, result.stdout) == (0, "17 pages written to out\n")
    out = book.parent / "out"
    page = (out / "cases" / "pour.md").read_text("utf-8")
    assert 'href="../../claims/faster/"' in page
    assert (out / "assets" / "abicase.css").exists()
    run("abicase", "render", "out", "--records", book, "--flat-urls", cwd=book.parent)
    page = (out / "cases" / "pour.md").read_text("utf-8")
    assert 'href="../claims/faster.html"' in page

    path = book / "cases" / "steep.yml"
    good = path.read_text("utf-8")
    path.write_text("id: steep\n", encoding="utf-8")
    result = run("abicase", "render", "out", "--records", book, cwd=book.parent)
    assert result.returncode == 1
    assert "missing-field" in result.stderr
    assert (out / "cases" / "pour.md").read_text("utf-8") == page, "the last good result stays"
    path.write_text(good, encoding="utf-8")

    templates = book.parent / "templates"
    templates.mkdir()
    (templates / "claim.md.jinja").write_text("{% if %}", encoding="utf-8")
    result = run(
        "abicase", "render", "out", "--records", book, "--templates", templates, cwd=book.parent
    )
    assert result.returncode == 1
    assert "claim.md.jinja:1: Expected an expression" in result.stderr
    assert "Traceback" not in result.stderr
    assert (out / "cases" / "pour.md").read_text("utf-8") == page
    assert sorted(p.name for p in book.parent.iterdir()) == ["out", "records", "templates"]


@pytest.mark.slow
def test_render_with_the_address_of_the_site(book: Path, run: Run) -> None:
    out = book.parent / "out"
    index = out / "api" / "v1" / "index.json"
    assert run("abicase", "render", out, "--records", book).returncode == 0
    assert "site" not in json.loads(index.read_text("utf-8"))
    assert not (out / "feed.xml").exists()
    for address in ("https://tea.example/book", "https://tea.example/book/"):
        result = run("abicase", "render", out, "--records", book, "--site-url", address)
        assert result.returncode == 0
        assert json.loads(index.read_text("utf-8"))["site"] == "https://tea.example/book/"
        assert "https://tea.example/book/cases/pour/" in (out / "feed.xml").read_text("utf-8")
    result = run("abicase", "render", out, "--records", book, "--site-url", "tea.example")
    assert result.returncode == 2
    assert "'tea.example' is not a web address" in result.stderr


def test_the_citation_file_is_valid(run: Run) -> None:
    schema = ["--builtin-schema", "vendor.citation-file-format"]
    result = run("check-jsonschema", *schema, "CITATION.cff", cwd=ROOT)
    assert result.returncode == 0, result.stdout


def test_files_that_do_not_belong_to_the_records(book: Path, run: Run) -> None:
    stray = book.parent / "stray.yml"
    stray.write_text("id: [", encoding="utf-8")
    result = run("abicase", "check", stray, "--records", book)
    assert result.returncode == 2
    assert "is not part of the records" in result.stderr


def test_render_keeps_what_others_have_put_there(book: Path, run: Run) -> None:
    out = book.parent / "out"
    assert run("abicase", "render", out, "--records", book).returncode == 0
    (out / "notes.md").write_text("mine", encoding="utf-8")
    result = run("abicase", "render", out, "--records", book)
    assert result.returncode == 2
    assert "contains 'notes.md', which this command did not write" in result.stderr
    assert (out / "notes.md").read_text("utf-8") == "mine"
    (book.parent / "file").write_text("", encoding="utf-8")
    for place in (book.parent / "file" / "x", book / "casebook.yml"):
        result = run("abicase", "render", place, "--records", book)
        assert result.returncode == 2
        assert "Traceback" not in result.stderr


def test_render_touches_no_folder_of_others(book: Path, run: Run) -> None:
    result = run("abicase", "render", book, "--records", book, cwd=book.parent)
    assert result.returncode == 2
    assert "did not write" in result.stderr
    assert (book / "casebook.yml").exists()


@pytest.mark.slow
def test_the_real_records(run: Run) -> None:
    assert run("abicase", "check", cwd=ROOT).stdout == "No problems.\n"


def test_a_release_of_another_repository_is_found(book: Path, run: Run) -> None:
    repository = (book / "repositories" / "teapot.yml").read_text("utf-8")
    other = repository.replace("id: teapot", "id: kettle").replace("v1.1:", "v9:")
    (book / "repositories" / "kettle.yml").write_text(other, encoding="utf-8")
    path = book / "cases" / "pour.yml"
    text = path.read_text("utf-8").replace("  first_release: v1.0", "  first_release: v9")
    path.write_text(text, encoding="utf-8")
    assert "the release 'v9' is not listed by its repository (did you mean 'kettle/v9'?)" in (
        run("abicase", "check", cwd=book).stdout
    )


def _options(command: click.Command, *names: str) -> Iterator[tuple[tuple[str, ...], click.Option]]:
    """Yield each option of a command and its subcommands, with the words that lead there."""
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            yield names, parameter
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from _options(below, *names, name)


OPTIONS = list(_options(abicase))
SINGLE = [(n, o) for n, o in OPTIONS if not (o.multiple or o.is_flag or o.is_eager)]


def test_no_option_is_of_a_kind_whose_repetition_is_not_looked_at() -> None:
    assert {("links", "check"), ("verify",), ("source", "add")} <= {names for names, _ in SINGLE}
    assert not [option for _, option in OPTIONS if option.secondary_opts or option.count]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("names", "option"), SINGLE, ids=lambda part: str(getattr(part, "name", part))
)
def test_an_option_that_takes_one_value_rejects_a_second(
    names: tuple[str, ...], option: click.Option, run: Run
) -> None:
    result = run("abicase", *names, option.opts[0], "one", option.opts[-1], "two")
    assert result.returncode == 2
    assert f"Error: {option.opts[0]} takes one value, but is given twice" in result.stderr


def test_who_asks_for_help_gets_it(run: Run) -> None:
    result = run("abicase", "check", "--format", "one", "--format", "two", "--help")
    assert result.returncode == 0
