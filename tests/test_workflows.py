"""GitHub's workflows and forms, which can't be run here: held against schemas and linters."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import ROOT, Run

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))


def loaded(path: Path) -> dict[str, Any]:
    held: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return held


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in loaded(path)["jobs"].values() for step in job["steps"]]


def test_they_are_what_github_takes(run: Run) -> None:
    forms = [form for form in FORMS if form.name != "config.yml"]
    assert len(WORKFLOWS) == 3
    assert len(forms) == 3
    for schema, files in (
        ("vendor.github-workflows", WORKFLOWS),
        ("vendor.github-issue-forms", forms),
        ("vendor.github-issue-config", [path for path in FORMS if path not in forms]),
    ):
        result = run("check-jsonschema", "--builtin-schema", schema, *files)
        assert result.returncode == 0, result.stdout + result.stderr


def test_the_schema_finds_a_mistake(tmp_path: Path, run: Run) -> None:
    wrong = WORKFLOWS[0].read_text(encoding="utf-8").replace("runs-on:", "run-on:")
    (tmp_path / "wrong.yml").write_text(wrong, encoding="utf-8")
    schema = ("--builtin-schema", "vendor.github-workflows")
    assert run("check-jsonschema", *schema, tmp_path / "wrong.yml").returncode == 1


def test_zizmor_finds_nothing(run: Run) -> None:
    result = run("zizmor", "--offline", "--no-progress", "--persona", "pedantic", *WORKFLOWS)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_do_only_what_it_needs(path: Path) -> None:
    workflow = loaded(path)
    assert workflow["permissions"] == {}
    assert "concurrency" in workflow
    for job in workflow["jobs"].values():
        assert job["permissions"]
        assert job["timeout-minutes"]
    for step in steps(path):
        if "uses" in step:
            assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", step["uses"])
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_the_shell_takes_what_it_is_given(path: Path) -> None:
    for step in steps(path):
        if "run" in step:
            assert "${{" not in step["run"], "values come in through env:"
            result = subprocess.run(
                ["bash", "-n"], input=step["run"], text=True, capture_output=True, check=False
            )
            assert result.returncode == 0, result.stderr


def test_make_and_the_command_have_what_the_workflows_ask(run: Run) -> None:
    targets = set(
        re.findall(r"^([\w./$()]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    )
    for path in WORKFLOWS:
        for step in steps(path):
            for target in re.findall(r"\bmake ([a-z]+)", step.get("run", "")):
                assert target in targets
            for command in re.findall(r"bin/abicase ([a-z]+)", step.get("run", "")):
                assert run("abicase", command, "--help").returncode == 0


def test_the_dispute_form_takes_what_the_pages_fill_in() -> None:
    form = loaded(ROOT / ".github" / "ISSUE_TEMPLATE" / "dispute.yml")
    ids = {field.get("id") for field in form["body"]}
    published = (ROOT / ".github" / "workflows" / "publish.yml").read_text("utf-8")
    filled = re.findall(r"[?&](\w+)=\{", published)
    assert sorted(filled) == ["item", "revision"]
    assert set(filled) <= ids
    # A fork has no issues, so that there the form is at no address.
    assert re.search(r"DISPUTE_FORM: \$\{\{ github\.event\.repository\.has_issues && ", published)
