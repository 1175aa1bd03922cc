"""`abicase new`, `explain` and `completion`: a newcomer's first commands."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from abicase.catalogue.loading import load
from abicase.problems.codes import CODES
from abicase.render.renderer import Renderer
from abicase.schema.json_schema import names, schema
from abicase.schema.records import KINDS
from abicase.schema.shapes import fields_of, parts_below
from abicase.source.reading import read
from abicase.views.pages import pages
from conftest import ROOT, Run

pytestmark = pytest.mark.slow

LEFT_OUT = (
    "Assessment",
    "Checker",
    "Cite",
    "CommitCount",
    "DocumentedIn",
    "EvidenceLink",
    "Example",
    "LineSign",
    "MatchCount",
    "NoneFound",
    "RuleSign",
    "Stage",
    "TextCheck",
    "TurningPoint",
    "Unless",
)
"""Parts in fields that a new record leaves out."""


@pytest.fixture
def begun(book: Path, run: Run) -> Path:
    """Return the small casebook with a new record of every kind, and schemas next to it."""
    (book / "pairs" / "pour-vs-steep.yml").unlink()
    assert run("abicase", "schema", book.parent / "schema").returncode == 0
    for kind in KINDS:
        arguments = ["steep", "pour"] if kind == "pair" else ["fresh"]
        result = run("abicase", "new", kind, *arguments, cwd=book)
        assert result.returncode == 0, result.stderr
        assert "written, as a draft." in result.stdout
        assert ("in turning_points" in result.stdout) == (kind == "case")
    return book


def test_a_new_record_asks_for_what_nobody_can_default(begun: Path, run: Run) -> None:
    result = run("abicase", "check", cwd=begun)
    assert result.returncode == 0
    found = [line.split(": ", 4)[2:] for line in result.stdout.splitlines()]
    assert {code for code, *_ in found} == {"unfinished"}
    asked = {where: text for _, where, text in found}
    for where, choice in (
        ("pattern.label", "(one of apart, fresh, together)"),
        ("reviewed", "(a date as precise as it is known: YYYY-MM-DD, YYYY-MM or YYYY)"),
        ("sides[rename-me-side].periods[0].tree", "(one of mainline, fork, own)"),
        ("events[rename-me-event].lane", "(one of library, joint, callers)"),
        ("events[rename-me-event].sources[0]", "(one of rename-me-source)"),
    ):
        assert asked[where] == f"'TODO' still has to be filled in {choice}"
    assert "events[rename-me-event].kind" in asked
    assert "stance" in asked


def test_a_new_record_is_shown_at_once(begun: Path, run: Run) -> None:
    catalogue, _ = load(begun, drafts=True)
    assert catalogue is not None
    renderer = Renderer(catalogue)
    made = {page.file: renderer.page(page).markdown for page in pages(catalogue)}
    assert "ac-draft-notice" in made["cases/fresh.md"]
    for entry in read(begun).every():
        if entry.draft:
            result = run("abicase", "fmt", "--check", entry.path, cwd=begun)
            assert (result.returncode, result.stdout) == (0, "")
            folder, kind = entry.path.parent.name, entry.kind
            first = entry.document.text.splitlines()[0]
            assert first == f"# yaml-language-server: $schema=../../schema/{kind}.json"
            assert (begun / folder / first.partition("=")[2]).resolve().is_file()


def test_every_field_is_explained_in_its_place(begun: Path) -> None:
    for entry in read(begun).every():
        if not entry.draft:
            continue
        text = " ".join(
            line.strip().removeprefix("#").strip() for line in entry.document.text.splitlines()
        )
        text = " ".join(text.split())
        for part in parts_below(KINDS[entry.kind][1]):
            for field in fields_of(part):
                if part.__name__ in LEFT_OUT:
                    continue
                assert field.description, (part, field.name)
                assert field.description in text, (part, field.name)


def test_it_may_be_filled_in_and_published(begun: Path, run: Run) -> None:
    path = begun / "lessons" / "fresh.yml"
    path.write_text(
        path.read_text("utf-8").replace("draft: true", "draft: false"), encoding="utf-8"
    )
    result = run("abicase", "check", path, cwd=begun)
    assert result.returncode == 1, "what still says TODO can't be published"
    codes = [line.split(": ")[2] for line in result.stdout.splitlines()]
    assert sorted(codes) == ["missing-counter-evidence", "missing-evidence", *["placeholder"] * 5]


def test_examples_are_from_the_records(begun: Path) -> None:
    text = (begun / "cases" / "fresh.yml").read_text("utf-8")
    assert "# For example: pour()\nname: TODO" in text
    assert "One of library, joint, callers." in text
    assert "together" in text


def test_optional_fields_can_be_uncommented(begun: Path, run: Run) -> None:
    path = begun / "lessons" / "fresh.yml"
    lines = path.read_text("utf-8").splitlines()
    start = lines.index("# none_found:")
    end = lines.index("", start)
    lines[start:end] = [line.removeprefix("# ") for line in lines[start:end]]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    result = run("abicase", "check", path, cwd=begun)
    assert (result.returncode, result.stdout.count("none_found.")) == (0, 3), result.stdout


def test_bare(book: Path, run: Run) -> None:
    assert run("abicase", "new", "case", "fresh", "--bare", cwd=book).returncode == 0
    text = (book / "cases" / "fresh.yml").read_text("utf-8")
    assert "#" not in text
    assert run("abicase", "check", cwd=book).returncode == 0
    assert run("abicase", "fmt", "--check", "cases/fresh.yml", cwd=book).returncode == 0


def test_rejections(book: Path, run: Run) -> None:
    before = {path: path.read_bytes() for path in book.rglob("*") if path.is_file()}
    for arguments, message in (
        (["case", "pour"], "cases/pour.yml already exists and is left as it is"),
        (
            ["case", "Hello World"],
            "'Hello World' is not lower-case kebab-case (did you mean 'hello-world'?)",
        ),
        (["case", "../../x"], "(did you mean 'x'?)"),
        (["case", "index"], "the id 'index' is reserved for pages"),
        (["case", "a" * 41], "an id has at most 40"),
        (["pair", "pour", "stepe"], "there is no case 'stepe' (did you mean 'steep'?)"),
        (
            ["pair", "steep", "pour"],
            "these two cases are already compared in pairs/pour-vs-steep.yml",
        ),
        (["pair", "pour", "pour"], "a case can't be compared with itself"),
        (["cse", "x"], "No such command 'cse'"),
    ):
        result = run("abicase", "new", *arguments, cwd=book)
        assert result.returncode == 2, arguments
        assert message in " ".join(result.stderr.split()), result.stderr
    assert {path: path.read_bytes() for path in book.rglob("*") if path.is_file()} == before
    shutil.rmtree(book / "patterns")
    result = run("abicase", "new", "case", "fresh", cwd=book)
    assert (
        "a case must name a pattern, but there is none yet; create one with abicase new pattern"
        in result.stderr
    )
    (book / "cases" / "pour.yml").write_text("id: [", encoding="utf-8")
    result = run("abicase", "new", "case", "fresh", cwd=book)
    assert result.returncode == 2
    assert "cases/pour.yml" in result.stderr


def test_explain(run: Run) -> None:
    listed = run("abicase", "explain").stdout
    assert [line.split()[0] for line in listed.splitlines()] == list(CODES)
    one = run("abicase", "explain", "wrong-type").stdout
    assert one.startswith("wrong-type (error)\n\nA value has the wrong type")
    assert "\nWrong:\n\n    kinds: function\n\nRight:\n\n    kinds: [function]\n" in one
    result = run("abicase", "explain", "wrong-tipe")
    assert result.returncode == 2
    assert "there is no problem 'wrong-tipe' (did you mean 'wrong-type'?)" in result.stderr


def test_the_check_leads_to_explanations(book: Path, run: Run) -> None:
    (book / "cases" / "pour.yml").write_text("id: pour\n", encoding="utf-8")
    assert "abicase explain CODE explains a problem" in run("abicase", "check", cwd=book).stderr
    assert "explain" not in run("abicase", "check", "-f", "json", cwd=book).stderr


def test_completion(book: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for shell in ("bash", "zsh", "fish"):
        script = run("abicase", "completion", shell)
        assert script.returncode == 0, script.stderr
        assert "_ABICASE_COMPLETE" in script.stdout
    monkeypatch.setenv("_ABICASE_COMPLETE", "bash_complete")
    for words, wanted in (
        ("abicase ver", ["verify"]),
        ("abicase explain bad-l", ["bad-link"]),
        ("abicase new pair st", ["steep"]),
        ("abicase source add p", ["pour"]),
        ("abicase verify s", ["steep"]),
    ):
        monkeypatch.setenv("COMP_WORDS", words)
        monkeypatch.setenv("COMP_CWORD", str(len(words.split()) - 1))
        result = run("abicase", cwd=book)
        assert [line.partition(",")[2] for line in result.stdout.splitlines()] == wanted, (
            result.stderr
        )


def test_the_schemas_of_the_repository_are_those_of_the_model() -> None:
    """`make format` regenerates them."""
    for kind in names():
        assert (ROOT / "schema" / f"{kind}.json").read_text("utf-8") == schema(kind)
