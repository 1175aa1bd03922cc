"""The headers that a web server sends with a built site, to harden it.

The scripts and styles that stand inside the pages are allowed by their hashes, and no others.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Literal

Server = Literal["plain", "nginx", "apache", "caddy"]

_DATA_TYPES = ("application/json", "application/ld+json")
"""Scripts of these types hold data and run nothing, so no policy is asked for them."""


class _Reader(HTMLParser):
    """Collects what stands inside a page and would have to be allowed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.inside: dict[str, set[str]] = {"script": set(), "style": set()}
        self.refused: list[str] = []
        self._text: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        runs = "src" not in named and named.get("type") not in _DATA_TYPES
        if tag in self.inside and runs:
            self._text = []
        self.refused += [f"{n}=" for n in named if n == "style" or n.startswith("on")]

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.inside and self._text is not None:
            self.inside[tag].add("".join(self._text))
            self._text = None


class NotAllowed(Exception):
    """A page holds what the policy does not let run; the message says what, and where."""


def headers(site: Path) -> dict[str, str]:
    """The headers for a built site.

    Args:
        site: Its folder.

    Returns:
        Each header with its value.

    Raises:
        NotAllowed: A page holds attributes with styles or scripts, which no hash allows.
    """
    inside: dict[str, set[str]] = {"script": set(), "style": set()}
    for path in sorted(site.rglob("*.html")):
        reader = _Reader()
        reader.feed(path.read_text(encoding="utf-8"))
        reader.close()
        if reader.refused:
            raise NotAllowed(f"{path.relative_to(site).as_posix()} holds {reader.refused[0]}")
        for tag, found in inside.items():
            found.update(reader.inside[tag])
    allowed = {
        tag: " ".join(["'self'", *sorted(_hash(text) for text in found)])
        for tag, found in inside.items()
    }
    policy = (
        "default-src 'none'",
        f"script-src {allowed['script']}",
        f"style-src {allowed['style']}",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
    return {
        "Content-Security-Policy": "; ".join(policy),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def as_text(found: dict[str, str], server: Server) -> str:
    """The headers as a server's configuration takes them."""
    return "\n".join(_lines(found, server))


def _lines(found: dict[str, str], server: Server) -> Iterator[str]:
    forms = {
        "plain": "{}: {}",
        "nginx": 'add_header {} "{}" always;',
        "apache": 'Header always set {} "{}"',
        "caddy": 'header {} "{}"',
    }
    for name, value in found.items():
        yield forms[server].format(name, value)
