"""The web servers in the publishing guide, each run with its snippet from there."""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from abicase.outputs.headers import headers
from conftest import ROOT, started, stopped
from sites import published

pytestmark = pytest.mark.slow

ABICASE = Path(sys.executable).with_name("abicase")
GUIDE = (ROOT / "docs" / "publishing.md").read_text("utf-8")


@dataclass(frozen=True)
class Server:
    """A web server, with the settings that its snippet needs to run alone and without root."""

    name: str
    program: str
    package: str
    scheme: str
    command: tuple[str, ...]
    around: str
    here: dict[str, str]
    """The parts of the snippet that the test replaces."""


MODULES = "/usr/lib/apache2/modules"
LOADED = ("mpm_event", "authz_core", "dir", "mime", "headers", "filter", "deflate", "ssl")
TLS = {"/etc/ssl/casebook": "{work}", "/srv/casebook/site": "{work}/site"}
SERVERS = [
    Server(
        name="nginx",
        program="/usr/sbin/nginx",
        package="nginx-light",
        scheme="https",
        command=("-p", "{work}", "-e", "{work}/log", "-c", "{work}/conf"),
        around="""
            daemon off; pid {work}/pid; error_log {work}/log; events {{}}
            http {{
                include /etc/nginx/mime.types; access_log off;
                client_body_temp_path {work}/t1; proxy_temp_path {work}/t2; fastcgi_temp_path {work}/t3;
                uwsgi_temp_path {work}/t4; scgi_temp_path {work}/t5;
                {snippet}
            }}""",
        here=TLS
        | {"listen 443": "listen 127.0.0.1:{port}", "/etc/nginx/abicase": "{work}/abicase"},
    ),
    Server(
        name="apache",
        program="/usr/sbin/apache2",
        package="apache2",
        scheme="https",
        command=("-DFOREGROUND", "-f", "{work}/conf", "-E", "{work}/log"),
        around="\n".join(
            (
                "ServerRoot {work}\nPidFile {work}/pid\nErrorLog {work}/log\nTypesConfig /etc/mime.types",
                "ServerName casebook.example\nMutex posixsem\nListen 127.0.0.1:{port}",
                *(f"LoadModule {one}_module {MODULES}/mod_{one}.so" for one in LOADED),
                "{snippet}",
            )
        ),
        here=TLS | {"*:443": "127.0.0.1:{port}", "/etc/apache2/abicase": "{work}/abicase"},
    ),
    Server(
        name="caddy",
        program="/usr/bin/caddy",
        package="caddy",
        scheme="http",  # it would request a certificate from an authority
        command=("run", "--adapter", "caddyfile", "--config", "{work}/conf"),
        around="{{\n\tadmin off\n\tauto_https off\n}}\n{snippet}",
        here={
            "casebook.example {": "http://127.0.0.1:{port} {{",
            "/srv/casebook/site": "{work}/site",
            "/etc/caddy/abicase": "{work}/abicase",
        },
    ),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small site with its own script and a withdrawn lesson."""
    return published(tmp_path_factory)


def unprivileged() -> dict[str, Any]:
    """Return the options that start a process as a user other than root."""
    if os.geteuid():
        return {}
    return {"user": "nobody", "group": "nogroup", "extra_groups": []}


@contextmanager
def running(server: Server, site: Path) -> Iterator[str]:
    """Run a server with the site until the test ends, in whatever way."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        work = Path(folder)
        probe.bind(("127.0.0.1", 0))
        where = {"work": folder, "port": str(probe.getsockname()[1])}
        shutil.copytree(site, work / "site")
        with (work / "abicase.conf").open("wb") as file:
            command = [str(ABICASE), "headers", str(site), "--for", server.name]
            subprocess.run(command, stdout=file, check=True)
        snippet = re.search(rf"(?ms)^```{server.name}\n(.*?)^```$", GUIDE)
        assert snippet
        text = snippet[1]
        for there, here in server.here.items():
            assert there in text
            text = text.replace(there, here.format(**where))
        (work / "conf").write_text(server.around.format(snippet=text, **where), encoding="utf-8")
        if server.scheme == "https":
            certify(work)
        if os.geteuid() == 0:
            for path in (work, *work.rglob("*")):
                shutil.chown(path, "nobody", "nogroup")
        probe.close()
        with (work / "printed").open("wb") as printed:
            process = started(
                [server.program, *(part.format(**where) for part in server.command)],
                cwd=work,
                env={
                    **os.environ,
                    "HOME": folder,
                    "XDG_DATA_HOME": folder,
                    "XDG_CONFIG_HOME": folder,
                },
                stdout=printed,
                stderr=subprocess.STDOUT,
                **unprivileged(),
            )
        try:
            wait_for(process, int(where["port"]), work)
            yield f"{server.scheme}://127.0.0.1:{where['port']}/"
        finally:
            stopped(process)


def certify(work: Path) -> None:
    """Make a self-signed certificate."""
    new = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=x"
    files = ["-keyout", "privkey.pem", "-out", "fullchain.pem"]
    command = ["openssl", *new.split(), *files]
    subprocess.run(command, cwd=work, check=True, capture_output=True)


def wait_for(process: subprocess.Popen[bytes], port: int, work: Path) -> None:
    """Wait until a server answers."""
    end = time.monotonic() + 30
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    said = [path.read_text("utf-8") for path in (work / "printed", work / "log") if path.exists()]
    pytest.fail(f"the server does not answer: {said}")


def asked(address: str) -> tuple[int, Message, str]:
    """Return the status, the headers and the text of a response."""
    anybody = ssl.create_default_context()
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    try:
        with urllib.request.urlopen(address, timeout=30, context=anybody) as answer:
            return answer.status, answer.headers, answer.read().decode("utf-8")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode("utf-8")


def named(site: Path, pattern: str) -> str:
    """Return the address of a style or a script on the home page."""
    found = re.search(f'"({pattern})"', (site / "index.html").read_text("utf-8"))
    assert found
    return found[1]


YEAR = "public, max-age=31536000, immutable"
HTML, TEXT = "text/html; charset=utf-8", "text/plain; charset=utf-8"


@pytest.mark.parametrize("server", SERVERS, ids=lambda server: server.name)
def test_the_snippet_serves_the_site(server: Server, site: Path) -> None:
    if not Path(server.program).exists():
        hint = f"there is no {server.program} (apt-get install {server.package})"
        if os.environ.get("CI"):
            pytest.fail(hint)
        pytest.skip(hint)
    style = named(site, r"assets/abicase\.css\?v=\w{8}")
    script = named(site, r"own\.js\?v=\w{8}")
    theme = named(site, r"[\w/]+/main\.\w+\.min\.css")
    with running(server, site) as root:
        for address, status, kind, kept, text in (
            ("", 200, HTML, "no-cache", "Chartbook"),
            ("L/try-it-first/", 200, HTML, "no-cache", "lessons/try-it-first/"),
            ("lessons/try-it-first", 200, HTML, "no-cache", "<h1"),  # leads to the folder
            ("L/guess-it/", 200, HTML, "no-cache", "Withdrawn on"),
            ("lessons/guess-it/", 200, HTML, "no-cache", "Nobody could."),
            ("lessons/try-it-first/reply.txt", 200, TEXT, "no-cache", "try-it-first"),
            ("api/v1/index.json", 200, "application/json", "no-cache", "Chartbook"),
            ("L/", 200, HTML, "no-cache", "Withdrawn on"),
            ("no/such/page", 404, HTML, "no-cache", "Page not found"),
            ("assets/none.css?v=01234567", 404, HTML, "no-cache", "Page not found"),
            ("assets/abicase.css", 200, "text/css; charset=utf-8", "no-cache", ".ac-"),
            (style, 200, "text/css; charset=utf-8", YEAR, ".ac-"),
            (theme, 200, "text/css; charset=utf-8", YEAR, "{"),
            (script, 200, "", YEAR, "{}"),
        ):
            answer = asked(root + address)
            assert answer[0] == status, address
            assert answer[1]["Content-Type"].startswith(kind), address
            assert answer[1].get_all("Cache-Control") == [kept], address
            assert text in answer[2], address
            for name, value in headers(site).items():
                if name != "Cache-Control":
                    assert answer[1].get_all(name) == [value], address
