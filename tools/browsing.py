"""A Chromium and a server for built sites, for the tests and for the pictures of the README."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Playwright

HINT = (
    "no Chromium was found: install one (apt-get install chromium, or playwright install chromium),"
    " or name it in the environment variable CHROMIUM"
)


class NoBrowserError(Exception):
    """No Chromium is installed on this machine."""


def _executable(playwright: Playwright) -> str | None:
    named = os.environ.get("CHROMIUM")
    for candidate in [named] if named else ["/usr/bin/chromium", "chromium", "google-chrome"]:
        if found := shutil.which(candidate):
            return found
    own = playwright.chromium.executable_path
    return own if not named and Path(own).is_file() else None


def launched(playwright: Playwright) -> Browser:
    """Start this machine's Chromium, which can only reach this host.

    Raises:
        NoBrowserError: None is installed.
    """
    executable = _executable(playwright)
    if executable is None:
        raise NoBrowserError(HINT)
    return playwright.chromium.launch(
        executable_path=executable,
        args=[
            "--no-sandbox",  # CI runs as root, and the pages are our own
            "--disable-gpu",
            "--disable-background-networking",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        ],
    )


NOTHING_TO_FIND = {
    "config": {"lang": ["en"], "separator": r"[\s\-]+", "pipeline": [], "fields": {}},
    "docs": [],  # Material's name for its items
    "items": [],  # Zensical's
}


def without_search(context: BrowserContext) -> None:
    """Give pages an empty search index; loading the real one takes longer than showing a page."""
    context.route(
        re.compile(r"/search(_index)?\.json$"), lambda route: route.fulfill(json=NOTHING_TO_FIND)
    )


@contextmanager
def served(site: Path, below: str = "/", headers: Iterable[tuple[str, str]] = ()) -> Iterator[str]:
    """Serve a built site on a free port.

    Args:
        site: The folder of the site.
        below: The path for which the site was built, such as ``/sub/``.
        headers: Headers to send with every answer.

    Yields:
        The address of its home page.
    """

    class Handler(SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # keeps connections open, which is faster

        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, directory=str(site))

        def do_GET(self) -> None:
            if self.path == "/favicon.ico":  # browsers request it for pages without one
                self.send_response(HTTPStatus.NO_CONTENT)
                self.end_headers()
                return
            super().do_GET()

        def send_error(self, code: int, *more: Any, **options: Any) -> None:
            """Answer with the site's 404 page, like every host."""
            page = site / "404.html"
            if code != HTTPStatus.NOT_FOUND or not page.is_file():
                super().send_error(code, *more, **options)
                return
            content = page.read_bytes()
            self.send_response(code)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def end_headers(self) -> None:
            for name, value in headers:
                self.send_header(name, value)
            super().end_headers()

        def translate_path(self, path: str) -> str:
            return super().translate_path("/" + path.removeprefix(below))

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{below}"
        finally:
            server.shutdown()
            thread.join()
