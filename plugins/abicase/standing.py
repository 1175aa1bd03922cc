"""What stands in the folder of the built site and is still right, so that it is not written again.

MkDocs empties the folder before it builds. So what is in it is set aside before that, and what is
still wanted, and has not been touched since it was written, is put back afterwards.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

ASIDE = ".abicase-aside"
"""The folder, below that of the site, in which everything lies meanwhile; MkDocs leaves it alone,
as whatever begins with a full stop."""

Stood = Mapping[str, str]
"""What is known of files, by their paths: the digest of what was written, and after a space what
tells whether they were touched since."""


class Standing:
    """The folder of one built site."""

    def __init__(self, folder: Path, known: Stood) -> None:
        """Look at nothing yet.

        Args:
            folder: The folder.
            known: What :meth:`noted` told after the last build into it; empty after none.
        """
        self._folder = folder
        self._aside = folder / ASIDE
        self._known = known
        self._there: list[str] = []

    def look(self) -> dict[str, str]:
        """The digests of the files that stand and were not touched, by their paths."""
        self._there = []
        found = {}
        shutil.rmtree(self._aside, ignore_errors=True)  # of a build that was cut off
        if self._known:
            with contextlib.suppress(OSError):
                for path, status in _files(str(self._folder), ""):
                    self._there.append(path)
                    digest, _, touched = self._known.get(path, "").partition(" ")
                    if touched == _touched(status):
                        found[path] = digest
        return found

    def set_aside(self) -> None:
        """Set aside what :meth:`look` has seen, before the folder is emptied."""
        if not self._there:
            return
        with contextlib.suppress(OSError):
            self._aside.mkdir()
            for name in {path.partition("/")[0] for path in self._there}:
                # What can't be moved is emptied like everything else.
                with contextlib.suppress(OSError):
                    (self._folder / name).rename(self._aside / name)

    def put_back(self, wanted: Collection[str]) -> None:
        """Put back what was set aside, but for what is not wanted.

        Args:
            wanted: Paths, of those of which :meth:`look` has told.
        """
        if not self._aside.is_dir():
            return
        emptier = set()
        for path in self._there:
            if path not in wanted:
                file = os.path.join(self._aside, path)  # noqa: PTH118 - there are many
                emptier.add(os.path.dirname(file))  # noqa: PTH120
                with contextlib.suppress(OSError):
                    os.unlink(file)  # noqa: PTH108
        for folder in sorted(emptier, key=len, reverse=True):
            with contextlib.suppress(OSError):
                os.removedirs(folder)
        self.restore()

    def restore(self) -> None:
        """Put everything back as it was, after a build that failed before it wrote anything."""
        if self._aside.is_dir():
            for entry in list(os.scandir(self._aside)):
                place = self._folder / entry.name
                with contextlib.suppress(OSError):
                    if not place.exists():
                        Path(entry.path).rename(place)
            shutil.rmtree(self._aside, ignore_errors=True)

    def noted(self, written: Mapping[str, str], stood: Collection[str] = ()) -> dict[str, str]:
        """What is to be known of the folder before the next build.

        Args:
            written: The digests of what was put back or written, by path.
            stood: Which of them were put back.
        """
        found = {}
        for path, digest in written.items():
            if path in stood and "/" in path:  # a file that was itself moved is another since
                found[path] = self._known[path]
                continue
            with contextlib.suppress(OSError):
                status = os.stat(os.path.join(self._folder, path))  # noqa: PTH116, PTH118
                found[path] = f"{digest} {_touched(status)}"
        return found


def _files(folder: str, below: str) -> Iterator[tuple[str, os.stat_result]]:
    """All files below a folder, but for what begins with a full stop at its top."""
    for entry in os.scandir(folder):
        if not below and entry.name[0] == ".":
            continue
        path = below + entry.name
        if entry.is_dir(follow_symlinks=False):
            yield from _files(entry.path, f"{path}/")
        else:
            yield path, entry.stat(follow_symlinks=False)


def _touched(status: os.stat_result) -> str:
    """What changes whenever somebody writes to a file, even if its time is set back."""
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"
