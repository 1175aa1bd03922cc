"""Outside addresses, checked against a local test server."""

from __future__ import annotations

import datetime
import http.server
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from abicase.catalogue.loading import load_reading
from abicase.provenance import outside
from abicase.provenance.outside import Citation, addresses, ask, fetch
from conftest import SMALL

pytestmark = pytest.mark.slow

PAGES = {
    "/same": "<title>A &amp; b</title><p>perhaps: <b>add</b> a <i>size</i> &mdash; of &lt;it&gt;</p>",
    "/other": "<title>Buy things</title>",
    "/script": "<script>var x = 'Seconds or minutes'</script>",
}


class _Handler(http.server.BaseHTTPRequestHandler):
    asked: list[tuple[str, str]] = []  # noqa: RUF012 - of the whole class, for the tests

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["User-Agent"]))
        if self.path == "/slow":
            threading.Event().wait(1.5)
        if self.path in ("/here", "/away", "/down"):
            to = {"/here": "/same", "/away": "http://elsewhere.example/same", "/down": "ftp://x/"}
            self.send_response(302)
            self.send_header("Location", to[self.path])
            self.end_headers()
            return
        status = {"/gone": 410, "/missing": 404, "/busy": 503}.get(self.path, 200)
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        if self.path == "/large":
            try:
                for _ in range(200):
                    self.wfile.write(b"x" * 100_000)
            except (BrokenPipeError, ConnectionResetError):
                return
        self.wfile.write(PAGES.get(self.path, "").encode())

    def do_CONNECT(self) -> None:
        self.asked.append((self.path, ""))
        self.send_error(502)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    _Handler.asked.clear()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{made.server_address[1]}"
        made.shutdown()


def citations(*expected: str) -> list[Citation]:
    reading, _ = load_reading(SMALL)
    entry = next(reading.of("case"))
    return [Citation(entry, next(iter(entry.record.sources)), text) for text in expected]


def asked_of(server: str, path: str, *expected: str) -> list[tuple[str, str]]:
    found = {server + path: citations(*expected)}
    return [(answer.result, answer.message) for answer in ask(found, {}, 9, 60)]


def test_a_page_that_shows_the_subject(server: str) -> None:
    assert asked_of(server, "/same", "Perhaps: add a size - of <it>") == [("same", "")]
    assert asked_of(server, "/here", "a & b") == [("same", "")], "a redirect on the same host"
    agent = _Handler.asked[0][1]
    assert agent.startswith("abicase/")


def test_a_page_that_shows_something_else(server: str) -> None:
    expected = "the page does not show 'Seconds or minutes'"
    assert asked_of(server, "/other", "Seconds or minutes") == [("changed", expected)]
    assert asked_of(server, "/script", "Seconds or minutes") == [("changed", expected)]
    assert asked_of(server, "/same", "a & b", "Seconds or minutes") == [
        ("same", ""),
        ("changed", expected),
    ]


@pytest.mark.parametrize(
    ("path", "result", "message"),
    [
        ("/gone", "gone", "status 410"),
        ("/missing", "gone", "status 404"),
        ("/busy", "unreachable", "status 503"),
        ("/away", "moved", "it redirects to http://elsewhere.example/same"),
        ("/down", "moved", "it redirects to ftp://x/"),
        ("/slow", "unreachable", "timed out"),
    ],
)
def test_what_else_can_become_of_a_page(
    server: str, monkeypatch: pytest.MonkeyPatch, path: str, result: str, message: str
) -> None:
    monkeypatch.setattr(outside, "TIMEOUT", 0.5)
    assert asked_of(server, path, "x") == [(result, message)]


def test_no_more_is_read_than_it_takes(server: str) -> None:
    result, text = fetch(server + "/large")
    assert result == "same"
    assert len(text) < outside.MOST_BYTES + 100_000


def test_those_asked_longest_ago_come_first_and_slowly(server: str) -> None:
    found = {server + path: citations("a & b") for path in ("/same", "/here", "/other", "/gone")}
    known = {server + "/same": "2024-01-02", server + "/other": "2024-01-01"}
    waited: list[float] = []
    answers = list(ask(found, known, 3, 6, waited.append))
    paths = [answer.address.removeprefix(server) for answer in answers]
    assert paths == ["/gone", "/here", "/other"]
    assert waited == [10, 10]


def test_every_kind_of_source_has_its_address() -> None:
    reading, _ = load_reading(SMALL)
    expected = {
        address: [c.expected for c in cited] for address, cited in addresses(reading).items()
    }
    assert expected["https://lists.example.org/r/20200701.1234@example.org"] == ["[ANN] kettle.git"]
    assert expected["https://blog.example.org/steep"] == ["Seconds or minutes?"]
    assert expected["https://spec.example.org/steep"] == ["Steeping"]
    assert expected["https://git.example.org/teapot/blob/v1.1/src/steep.c"] == ["steep.c"]
    commit = "https://git.example.org/teapot/commit/0123456789abcdef0123456789abcdef01234567"
    assert expected[commit] == ["pour: add it"]


def test_the_command_asks_and_remembers(server: str, tmp_path: Path) -> None:
    """The real command works through a proxy, the test server, that reaches nothing."""
    state = tmp_path / "asked.json"
    state.write_text('{"https://blog.example.org/steep": "2024-01-01", "https://old.example/": ""}')

    def run(*more: str) -> subprocess.CompletedProcess[str]:
        options = ["--records", str(SMALL), "--per-minute", "6000", "--state", str(state)]
        return subprocess.run(
            [Path(sys.executable).with_name("abicase"), "outside", *options, *more],
            env={**os.environ, "https_proxy": server, "no_proxy": "", "NO_PROXY": ""},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    result = run("--limit", "2")
    assert result.returncode == 3, result.stderr
    assert "0 gone, 2 unreachable; " in result.stderr
    assert result.stdout.count(": unreachable: sources.") == 2
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    held = json.loads(state.read_text("utf-8"))
    assert list(held.values()).count(today) == 2
    assert held["https://blog.example.org/steep"] == "2024-01-01", "its turn comes later"
    assert "https://old.example/" not in held, "no source leads there any more"
    first = {place for place, _ in _Handler.asked}
    _Handler.asked.clear()
    assert run("--limit", "99", "--format", "json").returncode == 3
    assert {place for place, _ in _Handler.asked} >= {"blog.example.org:443"} | first
    assert all(place.endswith(":443") for place, _ in _Handler.asked), "https only"
    lines = run("--limit", "1", "--format", "github").stdout.splitlines()
    assert lines[0].startswith("::notice file=")
    assert run("--state", "/proc/nowhere/x", "--limit", "1").returncode == 2
