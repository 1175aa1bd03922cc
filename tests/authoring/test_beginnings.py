"""From an empty folder to a first case: whatever is missing, one message says how to start."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
import yaml

from abicase.schema.casebook import Casebook
from conftest import ROOT, SMALL, Run


@pytest.mark.slow
def test_a_casebook_from_nothing(tmp_path: Path, run: Run) -> None:
    def said(*command: str) -> str:
        result = run("abicase", *command, cwd=tmp_path)
        assert "Traceback" not in result.stderr
        return result.stdout + result.stderr

    assert "begin with abicase init DIR" in said("check")
    assert "begin with abicase init DIR" in said("new", "case", "png")
    assert "the title must be a single line of text" in said("new", "casebook", "a\nb")

    assert "casestudies/casebook.yml written." in said("new", "casebook", 'Formats: "old" #1')
    assert "is left as it is" in said("new", "casebook", "Formats")
    records = tmp_path / "casestudies"
    casebook = (records / "casebook.yml").read_text(encoding="utf-8")
    assert "title: 'Formats: \"old\" #1'\n" in casebook
    assert "# Optional. The repository whose releases" in casebook
    left = said("check")
    assert left.count("still has to be filled in") == 4
    assert "lanes[rename-me-lane].title" in left
    filled = re.sub("rename-me-|TODO", "a", casebook)
    (records / "casebook.yml").write_text(filled, encoding="utf-8")
    assert said("check") == "No problems.\n"
    assert "pages written" in said("render", "out"), "a casebook without records can be shown"

    begin = "but there is none yet; create one with abicase new {} NAME"
    assert begin.format("pattern") in said("new", "case", "png")
    said("new", "pattern", "grown")
    assert begin.format("axis") in said("new", "case", "png")
    said("new", "axis", "alive")
    assert "written, as a draft" in said("new", "case", "png"), "a draft can name drafts"
    assert "written, as a draft" in said("new", "claim", "grown-lasts")
    assert ".tree: 'TODO' still has to be filled in (one of main, fork, own)" in said("check")
    for file in ("cases/png.yml", "claims/grown-lasts.yml"):
        text = (records / file).read_text("utf-8")
        named = re.sub(r"(label|pattern): TODO", r"\1: grown", text)
        (records / file).write_text(named, encoding="utf-8")

    shutil.rmtree(records / "axes")
    shutil.rmtree(records / "patterns")
    lines = [line for line in said("check").splitlines() if "unknown-reference" in line]
    assert [re.sub(r"(:\d+)+", "", line).removeprefix("casestudies/") for line in lines] == [
        f"{file}: error: unknown-reference: {where}: there is no {kind} yet (create one with abicase new {kind} {name})"
        for file, where, kind, name in (
            ("cases/png.yml", "pattern.label", "pattern", "grown"),
            ("cases/png.yml", "findings.alive", "axis", "alive"),
            ("claims/grown-lasts.yml", "pattern", "pattern", "grown"),
        )
    ]


def test_the_guide_is_right(tmp_path: Path, run: Run) -> None:
    guide = (ROOT / "docs" / "own-casebook.md").read_text("utf-8")
    guide = guide[guide.index("{ #existing }") :]
    blocks = dict(re.findall(r"(?ms)^```(\w+)\n(.*?)^```$", guide))
    commands = [shlex.split(line, comments=True) for line in blocks["sh"].splitlines()]
    ours = [command for command in commands if command[0] == "abicase"]
    assert [command[1] for command in ours] == ["new"] * 4 + ["check"]
    for command in ours:
        result = run(*command, cwd=tmp_path)
        assert result.returncode == (command[1] == "check"), result.stderr
    assert "lanes[rename-me-lane].id" in result.stdout

    own = yaml.load((SMALL / "casebook.yml").read_text("utf-8"), yaml.BaseLoader)
    (words,) = [
        text for text in re.findall(r"(?ms)^```yaml\n(.*?)^```$", guide) if "words:" in text
    ]
    made = Casebook.model_validate(own | yaml.load(words, yaml.BaseLoader))
    assert made.words.interface.plural == "formats"
    assert made.words.event_kinds.refusal == "Rejection", "left out"
