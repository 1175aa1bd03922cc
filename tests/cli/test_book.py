"""Finding and citing from anywhere: from a published site, and by paths in a source tree."""

from __future__ import annotations

import functools
import http.server
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from abicase.incremental import copies
from abicase.incremental.store import Store
from abicase.outputs import published
from abicase.outputs.documents import documents
from abicase.provenance.web import NoAnswer
from abicase.render.renderer import Renderer
from abicase.schema.addresses import Site
from abicase.source.folders import from_root_of_tree
from abicase.views.replies import CITED
from conftest import SMALL, Run, loaded

ESCAPE = "\x1b]0;title\x07\x1b[2J\u202e"


class _Handler(http.server.SimpleHTTPRequestHandler):
    statuses: list[int]

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        self.statuses.append(int(code))

    def log_message(self, *_: object) -> None:
        pass


@dataclass(frozen=True)
class Served:
    """A site that is served during a test."""

    folder: Path
    url: str
    statuses: list[int]
    """Answer a request."""


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """Serve a folder on a free port."""
    statuses: list[int] = []
    handler = type("Handler", (_Handler,), {"statuses": statuses})
    serve = functools.partial(handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield Served(folder, f"http://127.0.0.1:{server.server_port}/book/", statuses)
        finally:
            server.shutdown()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return the site of the small casebook, with the files that `abicase render` writes."""
    with served(tmp_path_factory.mktemp("host")) as one:
        program = Path(sys.executable).with_name("abicase")
        out = one.folder / "book"
        made: list[str | Path] = [program, "render", out, "--records", SMALL, "--site-url", one.url]
        subprocess.run(made, check=True, capture_output=True)
        yield one


@pytest.fixture
def site(whole: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """Return a copy of the site that a test may change, and a source tree in git."""
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setenv("ABICASE_CACHE", str(tmp_path / "kept"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "tree" / "drivers").mkdir(parents=True)
    (tmp_path / "tree" / ".git").mkdir()
    whole.statuses.clear()
    file = whole.folder / "book" / published.FILE
    text = file.read_text("utf-8")
    yield whole
    file.write_text(text, encoding="utf-8")


@pytest.mark.slow
def test_a_site_says_what_its_records_say(site: Served, book: Path, run: Run) -> None:
    tree = book.parent / "tree"
    cited = [ref for ref, item in loaded(book).items.items() if item.kind in CITED]
    calls = [("cite", *cited, "-f", form) for form in ("mail", "markdown", "link")]
    calls += [
        ("find", *words.split(), "-n", "99")
        for words in ("unit pour", "-f json unit speed -i function")
    ]
    calls += [("cite", f"{site.url}cases/pour/#unit-named"), ("find", "src/pour.c", "-k", "case")]
    for call in calls:
        theirs = run("abicase", *call, "--site", site.url, cwd=tree)
        ours = run("abicase", *call, "--records", book, "--site-url", site.url, cwd=tree)
        assert theirs.returncode == ours.returncode == 0, theirs.stderr
        assert theirs.stdout == ours.stdout
        assert theirs.stdout.count("\n") > 2 or call[0] == "cite"
        assert theirs.stderr == ours.stderr == ""
    assert site.statuses == [200] + [304] * (len(calls) - 1)


@pytest.mark.slow
def test_a_copy_stands_in_for_a_site_that_is_away(
    site: Served, book: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = ("abicase", "cite", "claim/faster", "--site", site.url)
    before = run(*call)
    file = site.folder / "book" / published.FILE
    there = file.read_text("utf-8")
    later = file.stat().st_mtime
    for text in ("<title>Log in to this network</title>", there[:-100], None):
        if text is None:
            file.unlink()
        else:
            file.write_text(text, encoding="utf-8")
            os.utime(file, (later := later + 2, later))  # servers tell changes by the second
        after = run(*call)
        assert (after.returncode, after.stdout) == (0, before.stdout)
        reason = "status 404" if text is None else "is not what abicase publishes"
        assert reason in after.stderr
        assert "; this is its state of 20" in after.stderr
    assert run("abicase", "cache", "clear").returncode == 0
    after = run(*call)
    assert (after.returncode, after.stdout) == (2, "")
    said = f"Error: {site.url}{published.FILE} can't be read: status 404 (is {site.url} the root of"
    assert after.stderr.startswith(said)
    file.write_text(there.replace("The claim", "The new claim"), encoding="utf-8")
    monkeypatch.setenv("ABICASE_CACHE", "off")
    assert run(*call).stdout == before.stdout.replace("The claim", "The new claim")


@pytest.mark.slow
def test_which_site_is_read(site: Served, book: Path, run: Run) -> None:
    """Without records the user's site is read, but never one named by a stranger."""
    tree = book.parent / "tree"
    theirs = tree / ".abicase.toml"
    theirs.write_text(f'site = "{site.url}"\n', encoding="utf-8")
    result = run("abicase", "find", "unit", cwd=tree / "drivers")
    assert result.returncode == 2
    assert f"{theirs}:1:1 names a site, which is read only with --site {site.url}" in result.stderr
    assert site.statuses == []
    own = book.parent / "config" / "abicase" / "config.toml"
    own.parent.mkdir(parents=True)
    own.write_text(f'site = "{site.url}"\n', encoding="utf-8")
    assert run("abicase", "find", "unit", cwd=tree).stdout.startswith("lesson/name-the-unit\n")
    assert site.statuses == [200]
    # The records come first; the settings that name them tell where their site is.
    own.write_text(f'site = "{site.url}"\nrecords = "{book}"\n', encoding="utf-8")
    link = run("abicase", "cite", "claim/faster", "-f", "link", cwd=tree)
    assert (link.stdout, link.stderr) == (f"{site.url}C/faster/\n", "")
    other = run("abicase", "cite", "claim/faster", "-f", "link", "-r", "../records", cwd=tree)
    assert other.stdout == f"{site.url}C/faster/\n", "they are the same records"
    own.write_text(f'site = "{site.url}"\n', encoding="utf-8")
    other = run("abicase", "cite", "claim/faster", "-f", "link", "-r", book, cwd=tree)
    assert other.stdout == "/C/faster/\n", "the site may be that of another casebook"
    assert site.statuses == [200]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["find", "x", "--site", "file:///etc"], "'file:///etc' is not a web address"),
        (["find", "x", "--site", "URL", "-r", "records"], "--records is for records, but the site"),
        (
            ["cite", "claim/faster", "--site", "URL", "--site-url", "https://x.example"],
            "--site-url",
        ),
        (["cite", "claim/fastr", "--site", "URL"], "did you mean 'claim/faster'?"),
        (["cite", "axis/speed", "--site", "URL"], "there is no reply for 'axis/speed'"),
        (["find", "x", "-i", "functon", "--site", "URL"], "did you mean 'function'?"),
        (["find", "x", "--site", "URLcases"], "can't be read: status 404"),
    ],
)
def test_wrong_calls(arguments: list[str], message: str, site: Served, run: Run) -> None:
    result = run("abicase", *(one.replace("URL", site.url) for one in arguments))
    assert (result.returncode, result.stdout) == (2, "")
    assert message in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr


# What a site can say


def document(url: str = "") -> Any:
    """Return the published file of the small casebook."""
    book = loaded()
    renderer = Renderer(book, site=Site(url))
    return json.loads(dict(documents(book, renderer.site, renderer.reply))[published.FILE])


@pytest.mark.slow
def test_nothing_that_a_terminal_obeys_is_printed(site: Served, run: Run) -> None:
    file = site.folder / "book" / published.FILE
    made = json.loads(file.read_text("utf-8"))
    for item in made["items"]:
        item["texts"]["title"] += f"{ESCAPE}\r\nForged"
        item["path"] += ESCAPE
        for name in ("reply", "reply_markdown"):
            if name in item:
                item[name] = f"{ESCAPE}\r{item[name]}"
    made["site"] += f"x{ESCAPE}/"
    file.write_text(json.dumps(made), encoding="utf-8")
    for command in ("find unit", "cite case/pour", "cite -f link case/pour"):
        result = run("abicase", *command.split(), "--site", site.url)
        assert result.returncode == 0, result.stderr
        assert not set(result.stdout + result.stderr) & set("\x1b\x07\u202e\r"), command
        assert "\nForged" not in result.stdout


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("items", 0, "reference"), "lesson/x\ny"),
        (("items", 0, "reference"), None),
        (("items", 0, "texts"), ["title"]),
        (("items", 0, "id"), "../../x"),
        (("items",), {}),
        (("site",), "javascript:alert(1)"),
        (("site",), "https://x.example/?a=b"),
        (("version",), "v2"),
    ],
)
def test_what_is_no_casebook(path: tuple[Any, ...], value: Any) -> None:
    made = document(url="https://tea.example/")
    published.read(json.dumps(made), AT)
    inner = made
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    with pytest.raises(ValueError, match=r"^api/v1/search\.json is "):
        published.read(json.dumps(made), AT)


AT = "https://read.example/"


@pytest.mark.parametrize("text", ["", "null", "[" * 100_000, "<html>", '{"items": ['])
def test_what_is_no_json_of_ours(text: str) -> None:
    with pytest.raises(ValueError, match="is not what abicase publishes"):
        published.read(text, AT)


def test_a_later_version_may_add_kinds_and_fields() -> None:
    made = document()
    made["items"].append({**made["items"][0], "kind": "rumour", "more": 1})
    assert len(published.read(json.dumps(made), AT).findable) == len(made["items"]) - 1
    case = next(item for item in made["items"] if item["kind"] == "case")
    del case["reply"]
    with pytest.raises(ValueError, match=f"lacks the reply of {case['reference']}"):
        published.read(json.dumps(made), AT)


def test_how_much_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr(copies, "MOST_BYTES", 1000)
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "a").write_text("x" * 1001, encoding="utf-8")
    with (
        served(tmp_path) as one,
        pytest.raises(NoAnswer, match="the file is larger than 1000 bytes"),
    ):
        copies.fetch(one.url + "a", Store(None, ""), len)
    with pytest.raises(NoAnswer, match="Connection refused"):
        copies.fetch(one.url + "a", Store(None, ""), len)


# Without an address


@pytest.mark.slow
def test_an_address_can_be_required(book: Path, run: Run) -> None:
    call = ("abicase", "cite", "claim/faster", "case/pour")
    for form in ("mail", "markdown", "link"):
        usual = run(*call, "-f", form, cwd=book)
        assert usual.returncode == 0
        assert usual.stderr.count("\n") == 1, "it is said once"
        assert "set SITE_URL" in usual.stderr
        assert "SITE_URL" not in usual.stdout
    failed = run(*call, "--require-address", cwd=book)
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr.startswith(
        "Nothing is printed, because its address is unknown: set SITE_URL"
    )
    there = run(*call, "--require-address", "--site-url", "https://tea.example/", cwd=book)
    assert (there.returncode, there.stderr) == (0, "")


def test_a_site_that_does_not_know_its_address(site: Served, run: Run) -> None:
    file = site.folder / "book" / published.FILE
    file.write_text(json.dumps(document()), encoding="utf-8")
    for form, address in (
        ("link", f"{site.url}C/faster/\n"),
        ("mail", f"\n{site.url}C/faster/\n"),
        ("markdown", f"\n{site.url}C/faster/\n"),
    ):
        result = run("abicase", "cite", "claim/faster", "-f", form, "--site", site.url)
        assert (result.returncode, result.stderr) == (0, "")
        assert address in result.stdout
        assert not re.search(r"(?m)^ *(Link: )?/|\]\(/", result.stdout), "from the root of no site"


# Paths


def test_paths_count_from_the_root_of_the_tree(book: Path, run: Run) -> None:
    tree = book.parent / "tree"
    for folder in (".git", "src", "docs/api"):
        (tree / folder).mkdir(parents=True)
    (tree / "src" / "pour.c").touch()
    for word, folder, path in (
        ("src/pour.c", "docs/api", "src/pour.c"),
        ("../../src/pour.c", "docs/api", "./src/pour.c"),
        ("../../src/new.c", "docs/api", "./src/new.c"),
        ("./pour.c", "src", "./src/pour.c"),
        ("api/", "docs", "./docs/api"),
        (f"{tree}/src/pour.c", "docs", "./src/pour.c"),
        ("../elsewhere/x.c", "", "../elsewhere/x.c"),
        ("/dev/teapot", "docs", "/dev/teapot"),
        ("https://example.org/", "docs", "https://example.org/"),
    ):
        assert from_root_of_tree(word, tree / folder) == path, word
    for word, status in (("../src/pour.c", 0), ("./pour.c", 1)):
        found = run("abicase", "find", word, "-k", "case", "-r", book, cwd=tree / "docs")
        assert found.returncode == status
        assert ("case/pour\n" in found.stdout) == (status == 0)
