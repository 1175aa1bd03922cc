"""Workflows and forms for GitHub, and those in the guide for other hosts, which can't run here.

Schemas and linters check them, and the commands of their steps are run where possible.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import ROOT, Run

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
SKELETON = ROOT / "plugins" / "abicase" / "authoring" / "skeleton"
"""The files that `abicase init` writes."""
BEGUN = sorted((SKELETON / ".github" / "workflows").glob("*.yml"))
GUIDE = (ROOT / "docs" / "publishing.md").read_text("utf-8")
PASTED = dict(re.findall(r"(?ms)`(\.[\w./-]+\.yml)`:\n\n```yaml\n(.*?)^```$", GUIDE))
"""The files that the guide tells readers to paste, by their names."""
GITLAB, FORGEJO = ".gitlab-ci.yml", ".forgejo/workflows/publish.yml"
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))


def loaded(path: Path) -> dict[str, Any]:
    held: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return held


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in loaded(path)["jobs"].values() for step in job["steps"]]


def scripts(workflows: list[Path]) -> list[str]:
    """Return all commands in workflows and in the files of the guide."""
    job = yaml.safe_load(PASTED[GITLAB])["pages"]
    pasted = yaml.safe_load(PASTED[FORGEJO])["jobs"]["publish"]["steps"]
    all_steps = [*pasted, *(step for path in workflows for step in steps(path))]
    return [
        "\n".join([*job["before_script"], *job["script"]]),
        *(step["run"] for step in all_steps if "run" in step),
    ]


def test_they_are_what_github_takes(run: Run) -> None:
    forms = [form for form in FORMS if form.name != "config.yml"]
    assert len(WORKFLOWS) == 3
    assert len(forms) == 3
    assert len(BEGUN) == 2
    for schema, files in (
        ("vendor.github-workflows", [*WORKFLOWS, *BEGUN]),
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
    result = run(
        "zizmor", "--offline", "--no-progress", "--persona", "pedantic", *WORKFLOWS, *BEGUN
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    "path", [*WORKFLOWS, *BEGUN], ids=lambda path: path.relative_to(ROOT).as_posix()
)
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


def test_a_new_casebook_has_the_actions_of_this_one() -> None:
    used = [
        {
            line.strip()
            for path in paths
            for line in path.read_text("utf-8").splitlines()
            if "uses:" in line
        }
        for paths in (WORKFLOWS, BEGUN)
    ]
    assert used[1] <= used[0]
    assert len(used[1]) > 4


def test_the_files_of_the_guide_are_what_their_hosts_take(tmp_path: Path, run: Run) -> None:
    assert sorted(PASTED) == [FORGEJO, GITLAB]
    config = (ROOT / "mkdocs.yml").read_text("utf-8")
    known = set(re.findall(r"!ENV \[([A-Z_]+),", config))
    for name, schema in ((GITLAB, "vendor.gitlab-ci"), (FORGEJO, "vendor.github-workflows")):
        file = tmp_path / Path(name).name
        file.write_text(PASTED[name], encoding="utf-8")
        result = run("check-jsonschema", "--builtin-schema", schema, file)
        assert result.returncode == 0, result.stdout + result.stderr
    set_ = yaml.safe_load(PASTED[GITLAB])["pages"]["variables"]
    assert {"SITE_URL", "REPO_URL", "EDIT_URI"} <= set(set_) <= known
    set_ = yaml.safe_load(PASTED[FORGEJO])["jobs"]["publish"]["env"]
    assert {"SITE_URL", "REPO_URL", "EDIT_URI"} <= set(set_) <= known
    for text in PASTED.values():
        # A slim image has neither.
        assert "-slim" in text
        assert re.search(r"apt-get .*install .*git make\n", text)


def test_the_shell_takes_what_it_is_given() -> None:
    for script in scripts([*WORKFLOWS, *BEGUN]):
        assert "${{" not in script, "values come in through env:"
        command = ["bash", "-n"]
        result = subprocess.run(command, input=script, text=True, capture_output=True, check=False)
        assert result.returncode == 0, result.stderr


def test_make_and_the_command_have_what_the_workflows_ask(run: Run) -> None:
    for folder, workflows in ((ROOT, WORKFLOWS), (SKELETON, BEGUN)):
        asked = "\n".join(scripts(workflows))
        makefile = (folder / "Makefile").read_text("utf-8")
        targets = set(re.findall(r"^([\w./$()]+):", makefile, re.MULTILINE))
        assert set(re.findall(r"\bmake ([a-z]+)$", asked, re.MULTILINE)) <= targets
        for command in set(re.findall(r"bin/abicase ([a-z]+)", asked)):
            assert run("abicase", command, "--help").returncode == 0


def test_what_stops_publishing_is_shown_as_an_annotation() -> None:
    (site,) = [step for step in steps(WORKFLOWS[-1]) if step.get("run") == "make site"]
    variables = {**os.environ, "ABICASE_FORMAT": site["env"]["ABICASE_FORMAT"]}
    command = ["make", "-n", "site"]
    planned = subprocess.run(
        command, cwd=ROOT, env=variables, capture_output=True, text=True, check=True
    )
    assert "abicase inspect --format github .site-new" in planned.stdout


def test_the_site_becomes_the_branch_that_forgejo_publishes(tmp_path: Path) -> None:
    step = yaml.safe_load(PASTED[FORGEJO])["jobs"]["publish"]["steps"][-1]
    script = step["run"].replace("https://token:$TOKEN@${REPO_URL#https://}", "$REPO_URL")
    assert script != step["run"]
    repository = tmp_path / "repository.git"
    git = ["git", "-C", str(repository)]
    subprocess.run(["git", "init", "--quiet", "--bare", repository], check=True)
    variables = {"PATH": os.environ["PATH"], "REPO_URL": str(repository), "REVISION": "0123abc"}
    for text in ("first", "second"):
        site = tmp_path / text / "site"
        site.mkdir(parents=True)
        (site / "index.html").write_text(text, encoding="utf-8")
        subprocess.run(["sh", "-e"], cwd=site, env=variables, input=script, text=True, check=True)
        shown = subprocess.run([*git, "show", "pages:index.html"], capture_output=True, check=True)
        assert shown.stdout.decode() == text
    count = subprocess.run([*git, "rev-list", "--count", "pages"], capture_output=True, check=True)
    assert count.stdout == b"1\n"


def test_the_dispute_form_takes_what_the_pages_fill_in() -> None:
    form = loaded(ROOT / ".github" / "ISSUE_TEMPLATE" / "dispute.yml")
    ids = {field.get("id") for field in form["body"]}
    published = (ROOT / ".github" / "workflows" / "publish.yml").read_text("utf-8")
    filled = re.findall(r"[?&](\w+)=\{", published)
    assert sorted(filled) == ["item", "revision"]
    assert set(filled) <= ids
    # A fork has no issues, so the form has no address there.
    assert re.search(r"DISPUTE_FORM: \$\{\{ github\.event\.repository\.has_issues && ", published)


@pytest.mark.parametrize(("address", "code"), [("", 1), ("https://casebook.example", 0)])
def test_nothing_is_published_without_an_address(address: str, code: int) -> None:
    publish = steps(ROOT / ".github" / "workflows" / "publish.yml")
    (guard,) = [step for step in publish if "BASE_URL" in step.get("env", {})]
    result = subprocess.run(
        ["bash", "-ec", guard["run"]],
        env={**os.environ, "BASE_URL": address},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == code
    assert result.stdout.startswith("::error::") == bool(code)
