"""Publishing: the headers of the site, and the steps of the guide."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from abicase.outputs.headers import NotAllowed, as_text, headers
from checkout import example, made, set_up
from conftest import ROOT, Run, without_git

GUIDE = (ROOT / "docs" / "publishing.md").read_text("utf-8")
WHO = [(who, what) for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")]
CSP = "Content-Security-Policy"


def page(site: Path, text: str, name: str = "index.html") -> Path:
    (site / name).parent.mkdir(parents=True, exist_ok=True)
    (site / name).write_text(text, encoding="utf-8")
    return site


def test_scripts_of_pages_are_allowed_by_their_hashes(tmp_path: Path) -> None:
    page(tmp_path, "<script>a &amp; '<b>'</script><script src=x.js></script>")
    page(tmp_path, "<script>two()\n</script>", "x/index.html")
    page(tmp_path, '<script type="application/json">{"no": "script"}</script>', "y/index.html")
    policy = headers(tmp_path)[CSP]
    expected = {
        f"'sha256-{base64.b64encode(hashlib.sha256(text).digest()).decode()}'"
        for text in (b"a &amp; '<b>'", b"two()\n")
    }
    page(tmp_path, "<style>p{}</style>", "z/index.html")
    assert set(re.findall(r"'sha256-[^']*'", policy)) == expected
    policies = dict(part.split(" ", 1) for part in headers(tmp_path)[CSP].split("; "))
    assert set(policies["script-src"].split()) == {"'self'", *expected}
    assert len(policies["style-src"].split()) == 2
    assert "unsafe" not in policy


@pytest.mark.parametrize("text", ["<p style='x'>", "<p onclick='x'>"])
def test_what_no_hash_allows_is_named(tmp_path: Path, run: Run, text: str) -> None:
    page(tmp_path, text, "deep/index.html")
    page(tmp_path, "")
    with pytest.raises(NotAllowed, match=re.escape("deep/index.html has")):
        headers(tmp_path)
    result = run("abicase", "headers", tmp_path)
    assert result.returncode == 1
    assert result.stderr.startswith("Error: deep/index.html has ")


def test_each_server_has_its_form(tmp_path: Path, run: Run) -> None:
    page(tmp_path, "")
    found = headers(tmp_path)
    for server, line in (
        ("plain", "X-Content-Type-Options: nosniff"),
        ("nginx", 'add_header X-Content-Type-Options "nosniff" always;'),
        ("apache", 'Header always set X-Content-Type-Options "nosniff"'),
        ("caddy", 'header X-Content-Type-Options "nosniff"'),
        ("netlify", "  X-Content-Type-Options: nosniff"),
    ):
        assert line in as_text(found, server).splitlines()  # type: ignore[arg-type]
        result = run("abicase", "headers", tmp_path, "--for", server)
        assert line in result.stdout.splitlines()
    result = run("abicase", "headers", tmp_path.parent)
    assert result.returncode == 2
    assert "build the site first" in result.stderr


# Steps of the guide


@pytest.mark.slow
def test_nothing_is_published_without_a_permalink(tmp_path: Path) -> None:
    """If the step on the page is missed, one line names its command, which then helps."""
    project = example(tmp_path / "project")
    subprocess.run([project / ".venv/bin/abicase", "links", "publish"], cwd=project, check=True)
    assert made(project, "site").returncode == 0
    cases = project / "casestudies" / "cases"
    text = (cases / "save-call.yml").read_text("utf-8")
    text = re.sub(r"(?m)^id: save-call$", "id: save-two", text)
    text = re.sub(r"(?m)^name: .*$", "name: save two", text)
    (cases / "save-two.yml").write_text(text, encoding="utf-8")
    before = (project / "site" / "index.html").stat().st_mtime_ns
    result = made(project, "site")
    assert result.returncode != 0
    assert result.stderr.count("SITE_URL is not set") == 1
    (line,) = [one for one in result.stdout.splitlines() if ": error: " in one]
    assert "such as that of case/save-two (on the branch that is published: " in line
    assert (project / "site" / "index.html").stat().st_mtime_ns == before
    assert not (project / ".site-new").exists()
    command = re.findall(r"abicase links publish", line)
    assert f"\n.venv/bin/{command[0]}\n" in GUIDE
    subprocess.run(["sh", "-c", f".venv/bin/{command[0]}"], cwd=project, check=True)
    assert made(project, "site").returncode == 0
    assert (project / "site" / "cases" / "save-two" / "index.html").exists()


@pytest.mark.slow
def test_the_steps_after_a_merge_publish_the_ledger(tmp_path: Path) -> None:
    """The steps on the page, by a publisher whose copy of main is behind."""
    steps = re.search(r"(?ms)^After each merge.*?^```sh\n(.*?)^```$", GUIDE)
    assert steps
    variables = without_git() | {f"GIT_{who}_{what}": "ada@example.org" for who, what in WHO}
    variables |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}

    def git(*arguments: str, cwd: Path) -> str:
        command = ["git", *arguments]
        done = subprocess.run(
            command, cwd=cwd, env=variables, capture_output=True, text=True, check=True
        )
        return done.stdout

    origin, merger, publisher = (tmp_path / name for name in ("origin.git", "merger", "publisher"))
    git("init", "--quiet", "--bare", "--initial-branch=main", str(origin), cwd=tmp_path)
    git("clone", "--quiet", str(origin), str(merger), cwd=tmp_path)
    for name in ("first", "second"):
        if name == "first":
            (merger / ".gitignore").write_text(".venv/\n", encoding="utf-8")
        else:
            shutil.copytree(ROOT / "tests" / "example" / "records", merger / "casestudies")
        git("add", "--all", cwd=merger)
        git("commit", "--quiet", "-m", name, cwd=merger)
        git("push", "--quiet", "origin", "HEAD:main", cwd=merger)
        if name == "first":
            git("clone", "--quiet", str(origin), str(publisher), cwd=tmp_path)
    set_up(publisher)
    git("switch", "--quiet", "-c", "elsewhere", cwd=publisher)
    subprocess.run(
        ["bash", "-e"], cwd=publisher, env=variables, input=steps[1], text=True, check=True
    )
    assert "C/users-first:" in git("show", "main:casestudies/permalinks.yml", cwd=origin)


def test_the_page_tells_of_every_variable() -> None:
    config = (ROOT / "mkdocs.yml").read_text("utf-8")
    taken = set(re.findall(r"!ENV \[([A-Z_]+),", config)) - {"OFFLINE", "DEV_ADDR"}
    assert taken == set(re.findall(r"`([A-Z_]+)`[,|\s]", GUIDE[: GUIDE.index("## GitHub")]))
