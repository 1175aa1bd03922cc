"""The headers that a web server sends with a built site, for security and for caches.

Only the inline scripts and styles of the pages are allowed, by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Literal

from abicase.outputs.builtsite import BuiltSite

Server = Literal["plain", "nginx", "apache", "caddy", "netlify"]

_LASTING = r"\.[0-9a-f]{8}\.min\.(css|js)\??$|\.(css|js)\?v=[0-9a-f]{8}$"
"""A pattern, valid on every server, for addresses and queries that contain a content digest.

The theme adds the digest to the names of its files, the plugin to the query of all others.
"""


class NotAllowed(Exception):
    """Code in a page that the policy does not allow; the message says what and where."""


def headers(site: Path) -> dict[str, str]:
    """Return the headers for a built site, given by its folder.

    Raises:
        NotAllowed: A page has attributes with styles or scripts, which no hash allows.
    """
    inside: dict[str, set[str]] = {"script": set(), "style": set()}
    for file, page in BuiltSite(site).pages():
        if page.code_attributes:
            raise NotAllowed(f"{file} has {page.code_attributes[0].value}")
        for tag, found in page.inline.items():
            inside[tag] |= found
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
        "Cache-Control": "no-cache",  # caches may keep it, but revalidate each time
    }


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def as_text(found: dict[str, str], server: Server) -> str:
    """Write the headers in the form of a server's configuration.

    On servers that can match addresses, files that never change are cached for a year.
    """
    if server == "plain":
        return _lines(found, "{}: {}")
    if server == "netlify":  # and Cloudflare: their file _headers
        return "/*\n" + _lines(found, "  {}: {}")
    others = {name: value for name, value in found.items() if name != "Cache-Control"}
    line, rules = _FORMS[server]
    rules = rules.replace("LASTING", _LASTING)
    rules = rules.replace("A_YEAR", '"public, max-age=31536000, immutable"')
    return _lines(others, line) + rules.replace("ASKING", f'"{found["Cache-Control"]}"')


def _lines(found: dict[str, str], form: str) -> str:
    return "\n".join(form.format(name, value) for name, value in found.items())


# For each server, the form of a header; then the rules for caches, and the encoding of texts where
# the server does not set it by itself. No rule lets a 404 be cached, whatever its address.
_FORMS = {
    "nginx": (
        'add_header {} "{}" always;',
        """
set $abicase_cache ASKING;
set $abicase_address $uri$is_args$args;
if ($abicase_address ~ "LASTING") { set $abicase_cache A_YEAR; }
add_header Cache-Control $abicase_cache always;
charset utf-8;
charset_types text/plain text/css text/xml text/javascript application/javascript
    application/json image/svg+xml;""",
    ),
    "apache": (
        'Header always set {} "{}"',
        """
Header always set Cache-Control ASKING
Header always set Cache-Control A_YEAR \\
    'expr="%{REQUEST_URI}?%{QUERY_STRING}" =~ m#LASTING#'
AddDefaultCharset utf-8
AddCharset utf-8 .css .js .json .svg .xml""",
    ),
    "caddy": (
        'header {} "{}"',
        """
@abicase_lasting {
	file
	vars_regexp {http.request.uri} LASTING
}
@abicase_changing not {
	file
	vars_regexp {http.request.uri} LASTING
}
header @abicase_lasting Cache-Control A_YEAR
header @abicase_changing Cache-Control ASKING""",
    ),
}
