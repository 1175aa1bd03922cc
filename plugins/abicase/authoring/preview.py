"""The live preview: the address it is served at, and the folders it watches."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Collection

from watchdog.observers.polling import PollingObserverVFS

_LOOK = 0.25
"""Seconds after which changes are looked for again."""
_EMPTY = os.stat_result((stat.S_IFDIR, *[0] * 9))


def why_not_at(host: str, port: int) -> str:
    """The reason why nothing can be served at an address; empty where it can be.

    Args:
        host: An address of this machine.
        port: The port.
    """
    if not 0 <= port < 65_536:
        return "a port is a number from 0 to 65535"
    try:
        (family, kind, *_, address), *_ = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as a server does
            probe.bind(address)
    except OSError as error:
        return error.strerror or str(error)
    return ""


def observer(folders: Collection[str]) -> PollingObserverVFS:
    """Make what looks for changes below folders.

    A folder that is away, as while git checks out a branch without it, counts as empty: otherwise
    it would not be looked at again when it comes back.

    Args:
        folders: The folders that will be watched.
    """
    watched = {os.path.abspath(folder) for folder in folders}  # noqa: PTH100 - as MkDocs names them

    def status(path: str) -> os.stat_result:
        try:
            return os.stat(path)  # noqa: PTH116
        except OSError:
            if path in watched:
                return _EMPTY
            raise

    return PollingObserverVFS(status, os.scandir, polling_interval=_LOOK)
