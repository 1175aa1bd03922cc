"""A single web request with limits on time, size and host."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage
from typing import IO
from urllib.parse import urlsplit

from abicase import __version__
from abicase.source.yamltext import STRANGE


class NoAnswer(Exception):
    """An address gave no usable answer; the message says why."""

    def __init__(self, message: str, status: int = 0) -> None:
        """Store the message, with the status of the response if there was one."""
        super().__init__(" ".join(STRANGE.sub("", message).split()))  # a host can say anything
        self.status = status


class Moved(NoAnswer):
    """An address redirects to another host or protocol."""


@dataclass(frozen=True, slots=True)
class Response:
    """A response from a host."""

    data: bytes
    headers: Mapping[str, str]
    """The headers, whose names are case-insensitive."""
    charset: str
    """The encoding that it claims; empty if none."""
    whole: bool
    """True if all of it was read."""


def get(
    address: str, *, purpose: str, most: int, timeout: float, headers: Mapping[str, str]
) -> Response:
    """Fetch a file.

    Args:
        address: Its http or https address.
        purpose: The purpose, as told to the host.
        most: The number of bytes after which reading stops.
        timeout: The time in seconds without data after which the request fails; the whole answer
            may take three times as long.
        headers: Headers to send.

    Raises:
        NoAnswer: There is no answer, or its status is not 200.
    """
    agent = f"abicase/{__version__} ({purpose})"
    try:
        request = urllib.request.Request(  # noqa: S310 - callers check the scheme
            address, headers={"User-Agent": agent, **headers}
        )
        with urllib.request.build_opener(_SameHost).open(request, timeout=timeout) as response:
            data, whole = _read(response, most, timeout)
            charset = response.headers.get_content_charset() or ""
            return Response(data, response.headers, charset, whole)
    except urllib.error.HTTPError as error:
        error.close()
        raise NoAnswer(f"status {error.code}", error.code) from None
    except (OSError, HTTPException, ValueError) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        words = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
        raise NoAnswer(words) from None


def _read(response: IO[bytes], most: int, timeout: float) -> tuple[bytes, bool]:
    """Read up to a number of bytes, for at most three times the timeout."""
    end, parts, size = time.monotonic() + 3 * timeout, [], 0
    while part := response.read1(65_536):  # type: ignore[attr-defined]
        parts.append(part)
        size += len(part)
        if size >= most:
            return b"".join(parts)[:most], False
        if time.monotonic() > end:
            raise TimeoutError("it takes too long")
    return b"".join(parts), True


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows redirects only to the same host, by the same protocol."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:  # fmt: skip
        asked, leads = urlsplit(req.full_url), urlsplit(newurl)
        if (asked.scheme, asked.netloc) != (leads.scheme, leads.netloc):
            fp.close()
            raise Moved(f"it redirects to {newurl}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)
