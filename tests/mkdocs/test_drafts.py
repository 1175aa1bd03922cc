"""Drafts are shown in the preview, marked, and never published, linked or counted."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from abicase.catalogue.loading import load
from abicase.outputs.files import outputs
from abicase.render.renderer import Renderer
from abicase.views.pages import pages
from conftest import Run, texts


def change(path: Path, *edits: tuple[str, str]) -> None:
    text = path.read_text("utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def drafted(book: Path) -> Path:
    """Return the small casebook with a draft of each kind of record that has pages."""
    cases = book / "cases"
    text = (cases / "pour.yml").read_text("utf-8")
    (cases / "sip.yml").write_text(
        text.replace("id: pour\n", "id: sip\ndraft: true\n").replace("name: pour()", "name: sip()"),
        encoding="utf-8",
    )
    change(
        cases / "sip.yml",
        ("  outcome: {rating: not-known, text: Nobody has counted its users.}\n", ""),
        ("claim/faster]\n", "claim/bolder]\n"),
        ("sources: [first-commit, counted]", "sources: [first-commit]"),
        ("It was merged.", "TODO"),
    )
    for folder, old, new in (
        ("claims", "faster", "bolder"),
        ("lessons", "name-the-unit", "name-nothing"),
        ("axes", "speed", "taste"),
    ):
        text = (book / folder / f"{old}.yml").read_text("utf-8")
        (book / folder / f"{new}.yml").write_text(
            text.replace(f"id: {old}\n", f"id: {new}\ndraft: true\n"), encoding="utf-8"
        )
    text = (book / "pairs" / "pour-vs-steep.yml").read_text("utf-8")
    text = text.replace("id: pour-vs-steep", "id: pour-vs-sip\ndraft: true").replace(
        "[pour, steep]", "[pour, sip]"
    )
    (book / "pairs" / "pour-vs-sip.yml").write_text(text, encoding="utf-8")
    return book


def rendered(root: Path, *, drafts: bool) -> dict[str, str]:
    catalogue, problems = load(root, drafts=drafts)
    assert catalogue is not None, problems
    assert {problem.code for problem in problems} <= {"unfinished"}
    renderer = Renderer(catalogue)
    return {page.file: renderer.page(page).markdown for page in pages(catalogue)}


MADE = [
    "axes/taste.md",
    "cases/sip.md",
    "claims/bolder.md",
    "compare/pour-vs-sip.md",
    "lessons/name-nothing.md",
]


def test_nothing_of_a_draft_is_published(drafted: Path, book: Path) -> None:
    published = rendered(drafted, drafts=False)
    for path in (
        "axes/taste",
        "cases/sip",
        "claims/bolder",
        "lessons/name-nothing",
        "pairs/pour-vs-sip",
    ):
        (drafted / f"{path}.yml").unlink()
    assert published == rendered(book, drafts=False), "as if the drafts were not there"


@pytest.mark.slow
def test_drafts_are_shown_and_marked(drafted: Path) -> None:
    published, shown = rendered(drafted, drafts=False), rendered(drafted, drafts=True)
    assert sorted(set(shown) - set(published)) == MADE
    for file in MADE:
        assert "ac-draft-notice" in shown[file], file
    for file in published:
        assert "ac-draft-notice" not in shown[file], file
    for file, name in (
        ("cases/index.md", "sip/"),
        ("claims/index.md", "bolder"),
        ("lessons/index.md", "name-nothing"),
        ("axes/index.md", "taste"),
        ("compare/index.md", "pour-vs-sip"),
    ):
        (line,) = [
            line for line in shown[file].splitlines() if 'class="ac-draft"' in line and name in line
        ][:1]
        assert line
    assert "Not known" in shown["axes/taste.md"], "cases that have no answer yet"


def test_what_is_published_needs_no_draft(drafted: Path, run: Run) -> None:
    result = run("abicase", "check", cwd=drafted)
    assert (result.returncode, result.stdout.count("\n")) == (0, 1)
    assert (
        "sip.yml:71:11: warning: unfinished: events[merged].text: 'TODO' still has" in result.stdout
    )
    change(
        drafted / "cases" / "pour.yml",
        ("claim/faster]\n", "claim/faster, claim/bolder]\n"),
        ("[the other](case/steep)", "[the other](case/sip#first)"),
    )
    change(
        drafted / "cases" / "pour.yml",
        ("  outcome: {rating", "  taste: {rating: not-known, text: None.}\n  outcome: {rating"),
    )
    change(drafted / "pairs" / "pour-vs-sip.yml", ("draft: true", "draft: false"))
    lines = run("abicase", "check", cwd=drafted).stdout.splitlines()
    assert [
        line.split(": ", 1)[0].rsplit(":", 2)[0] + " " + line.split(": ", 3)[2] for line in lines
    ] == [
        "cases/pour.yml draft-reference",
        "cases/pour.yml draft-reference",
        "cases/pour.yml draft-reference",
        "cases/sip.yml unfinished",
        "pairs/pour-vs-sip.yml draft-reference",
    ]
    assert "'sip' is a draft, but this record is not (finish the draft first" in lines[4]


def test_all_rules_are_back_when_it_is_no_draft(drafted: Path, run: Run) -> None:
    change(drafted / "cases" / "sip.yml", ("draft: true\n", ""))
    change(drafted / "claims" / "bolder.yml", ("draft: true\n", ""))
    lines = run("abicase", "check", cwd=drafted).stdout.splitlines()
    assert sorted(line.split(": ")[2] for line in lines) == [
        "differs-from-commit",
        "missing-finding",
        "placeholder",
        "unused-source",
    ]


def test_a_draft_has_to_be_safe_and_well_formed(drafted: Path, run: Run) -> None:
    change(
        drafted / "cases" / "sip.yml",
        ("It took", "<b>It</b> took"),
        ("lane: library", "lane: nowhere"),
        ("draft: true", "draft: yes"),
    )
    result = run("abicase", "check", cwd=drafted)
    assert [line.split(": ")[2] for line in result.stdout.splitlines()] == [
        "wrong-type",
        "unknown-word",
        "unfinished",
        "raw-html",
        "raw-html",
    ]
    change(drafted / "cases" / "sip.yml", ("draft: yes", "draft: true"))
    result = run("abicase", "check", cwd=drafted)
    assert [line.split(": ")[2] for line in result.stdout.splitlines()] == [
        "unknown-word",
        "unfinished",
        "raw-html",
        "raw-html",
    ]


def test_render_takes_drafts_on_demand(drafted: Path, run: Run) -> None:
    assert run("abicase", "render", "out", "--records", drafted, "--drafts").returncode == 0
    assert "ac-draft-notice" in (drafted.parent / "out" / "cases" / "sip.md").read_text("utf-8")
    assert run("abicase", "render", "out", "--records", drafted).returncode == 0
    assert not (drafted.parent / "out" / "cases" / "sip.md").exists()


def test_a_draft_is_shown_whatever_is_still_to_be_chosen(drafted: Path) -> None:
    """Only the ids are there, and every page and file is still made."""
    path = drafted / "cases" / "sip.yml"
    tree = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)
    for holder, key, _ in texts(tree):
        if key not in ("id", "draft"):
            holder[key] = "TODO"
    for event in tree["events"]:
        event["for"] = ["TODO"]
        event.pop("release", None)  # a tag can have this name
    for source in tree["sources"].values():
        source.pop("release", None)
    del tree["interface"]["first_release"]
    path.write_text(yaml.safe_dump(tree, sort_keys=False), encoding="utf-8")
    catalogue, problems = load(drafted, drafts=True)
    errors = [str(one) for one in problems if one.severity == "error"]
    assert catalogue is not None, errors
    assert len(problems) > 40
    renderer = Renderer(catalogue)
    for page in pages(catalogue):
        renderer.page(page)
    assert len(list(outputs(catalogue, renderer))) > 20
