"""The live preview: its address, and the folders it watches."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Collection

from watchdog.observers.polling import PollingObserverVFS

_LOOK = 0.25
"""The interval in seconds between checks for changes."""
_EMPTY = os.stat_result((stat.S_IFDIR, *[0] * 9))


def why_not_at(host: str, port: int) -> str:
    """Return why no server can listen on an address of this machine; empty if one can."""
    if not 0 <= port < 65_536:
        return "a port is a number from 0 to 65535"
    try:
        (family, kind, *_, address), *_ = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as a server would
            probe.bind(address)
    except OSError as error:
        return error.strerror or str(error)
    return ""


def observer(folders: Collection[str]) -> PollingObserverVFS:
    """Return an observer that detects changes below folders.

    A missing folder counts as empty, for example while git checks out a branch without it.
    Otherwise the folder would not be watched when it comes back.
    """
    watched = {os.path.abspath(folder) for folder in folders}  # noqa: PTH100 - as MkDocs does

    def status(path: str) -> os.stat_result:
        try:
            return os.stat(path)  # noqa: PTH116
        except OSError:
            if path in watched:
                return _EMPTY
            raise

    return PollingObserverVFS(status, os.scandir, polling_interval=_LOOK)
