"""The published site: with hardening headers, and in a folder without a server."""

from __future__ import annotations

import base64
import hashlib
import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from abicase.outputs.headers import NotAllowed, as_text, headers
from checkout import copied, example, set_up
from conftest import ROOT, Run
from crawl import defects
from sites import BELOW, once, published

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


# In a browser

REPOSITORY = "https://github.com/example/casebook"
"""A repository whose stars the theme would request in every reader's browser."""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of the project, made as described on the publishing page."""

    def make(copy: Path) -> None:
        set_up(copied(copy))
        result = made(copy, "archive")
        assert result.returncode == 0, result.stderr

    return once(tmp_path_factory, "archived", make) / "archive"


def made(project: Path, target: str) -> subprocess.CompletedProcess[str]:
    """Run make for a target."""
    return subprocess.run(
        ["make", target],
        cwd=project,
        env={**os.environ, "SITE_URL": "", "REPO_URL": REPOSITORY, "EDIT_URI": ""},
        capture_output=True,
        text=True,
        check=False,
    )


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


@contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve the site with the headers that the command prints."""
    command = [str(Path(sys.executable).with_name("abicase")), "headers", str(site)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    sent = [line.split(": ", 1) for line in printed.splitlines()]

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments, directory=str(site))  # type: ignore[arg-type]

        def do_GET(self) -> None:
            if self.path == "/favicon.ico":  # browsers request it if a page names no other
                self.send_response(204)
                self.end_headers()
                return
            super().do_GET()

        def translate_path(self, path: str) -> str:
            return super().translate_path("/" + path.removeprefix(BELOW))

        def end_headers(self) -> None:
            for name, value in sent:
                self.send_header(name, value)
            super().end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}{BELOW}"
        server.shutdown()


@contextmanager
def opened() -> Iterator[tuple[Page, list[str]]]:
    """Open a page in a browser, with a list of everything that goes wrong in it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        tab = browser.new_page()
        wrong: list[str] = []
        tab.on(
            "console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") else None
        )
        tab.on("pageerror", lambda error: wrong.append(str(error)))
        tab.on("request", lambda asked: wrong.append(asked.url) if _is_foreign(asked.url) else None)
        yield tab, wrong
        browser.close()


def _is_foreign(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1"


def search(tab: Page, word: str) -> str:
    """Search like a reader, and go to the first result."""
    tab.keyboard.press("/")
    ready = tab.locator(".md-search-result__meta")
    expect(ready).to_have_text("Type to start searching", timeout=120_000)
    tab.keyboard.type(word)
    tab.wait_for_selector(".md-search-result__item", timeout=30_000)
    tab.locator(".md-search-result__item a").first.click()
    tab.wait_for_function(
        "word => document.body?.textContent.toLowerCase().includes(word)", arg=word
    )
    return tab.url


def one_of_each(site: Path) -> list[str]:
    """Return the largest page of each folder, and every page outside of folders."""
    found: dict[str, Path] = {}
    for path in site.rglob("*.html"):
        folder = path.relative_to(site).parts[0]
        is_index = path.parent.parent == site
        key = path.as_posix() if is_index or path.parent == site else folder
        if key not in found or found[key].stat().st_size < path.stat().st_size:
            found[key] = path
    return sorted(path.relative_to(site).as_posix() for path in found.values())


@pytest.mark.slow
def test_every_kind_of_page_runs_under_the_headers(project: Path) -> None:
    site = project / "site"
    pages = one_of_each(site)
    assert {"index.html", "404.html", "publishing/index.html", "reference/index.html"} <= set(pages)
    assert any(path.startswith("cases/") and path.count("/") == 2 for path in pages)
    with served(site) as address, opened() as (tab, wrong):
        for path in pages:
            tab.goto(address + path, wait_until="networkidle")
            assert not wrong, f"{path}: {wrong}"
        tab.goto(address)
        scheme = "document.body.getAttribute('data-md-color-scheme')"
        before = tab.evaluate(scheme)
        tab.click("label[for^=__palette]:not([hidden])")
        assert tab.evaluate(scheme) != before
        assert "bitfield" in search(tab, "bitfield")
        assert not wrong
        # The policy is in force: a script from outside the build does not run.
        tab.evaluate("document.body.append(document.createElement('script'))")
        tab.evaluate("document.body.lastChild.textContent = 'window.foreign = 1'")
        assert tab.evaluate("window.foreign") is None


@pytest.mark.slow
def test_the_page_for_what_is_missing_runs_where_no_address_is_known(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with served(published(tmp_path_factory)) as address, opened() as (tab, wrong):
        tab.goto(f"{address}404.html", wait_until="networkidle")
        assert not wrong


@pytest.mark.slow
def test_the_archive_is_read_from_a_folder(archive: Path) -> None:
    assert defects(archive) == []
    with opened() as (tab, wrong):
        tab.goto((archive / "index.html").as_uri(), wait_until="networkidle")
        found = search(tab, "bitfield")
        assert found.startswith(archive.as_uri())
        tab.goto((archive / "index.html").as_uri())
        tab.click("label[for^=__palette]:not([hidden])")
        tab.click(".md-tabs__link >> text=Cases")
        tab.wait_for_url("**/cases/index.html")
        assert not wrong


@pytest.mark.slow
def test_the_steps_after_a_merge_publish_the_ledger(tmp_path: Path) -> None:
    """The steps on the page, by a publisher whose copy of main is behind."""
    steps = re.search(r"(?ms)^After each merge.*?^```sh\n(.*?)^```$", GUIDE)
    assert steps
    variables = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    variables |= {f"GIT_{who}_{what}": "ada@example.org" for who, what in WHO}
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
