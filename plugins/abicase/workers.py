"""Functions run side by side, each in a process of its own.

Python runs on one processor at a time; what takes long over many things is done in parts, by
processes forked from this one. They see all that was made so far without a copy of it, and send
back what they made as a pickle, through a pipe that nobody else can reach.
"""

from __future__ import annotations

import contextlib
import gc
import itertools
import os
import pickle
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Sequence
from typing import Any, Generic, NoReturn, TypeVar

Result = TypeVar("Result")
Item = TypeVar("Item")

MOST = 4
"""How many processes there are at most; each takes memory of its own for what it changes."""


class LostError(RuntimeError):
    """A process ended without a result, or with an error that can't be sent."""


def places() -> int:
    """How many functions can run at the same time; 1 where no process is to be forked.

    A process with several threads is not forked: the child would have only one of them, and the
    locks that the others held for ever. Neither is one on macOS, whose libraries don't survive it.
    """
    if not hasattr(os, "fork") or not hasattr(os, "sched_getaffinity"):
        return 1
    if threading.active_count() > 1:
        return 1
    return min(MOST, len(os.sched_getaffinity(0)))


def parts(items: Sequence[Item], least: int) -> list[Sequence[Item]]:
    """Divide work for :func:`side_by_side`, where there is enough of it.

    Args:
        items: What has to be done.
        least: How many of them a part has at least; to fork a process for less would not pay.

    Returns:
        The items in as many parts as can run at the same time, or in one where there are too few
        for two. They are dealt out in turn, as cards are: neighbours tend to take equally long.
    """
    number = max(1, min(places(), len(items) // max(1, least)))
    return [items[first::number] for first in range(number)]


def side_by_side(tasks: Sequence[Callable[[], Result]]) -> list[Result]:
    """Run functions at the same time, as far as there are processors; else one after the other.

    The first tasks run in this process, the others in children forked from it. What a task changes
    in a child is lost: only its result comes back, and so has to be something that can be pickled.
    A task must not use a file that this process has open, since its position is shared.

    Args:
        tasks: The functions, each without arguments.

    Returns:
        Their results, in the order of the tasks.

    Raises:
        BaseException: What the first task that failed, in their order, has raised.
        LostError: A child ended before it could tell, or raised what can't be pickled.
    """
    if len(tasks) < 2 or places() < 2:
        return [task() for task in tasks]
    number = min(places(), len(tasks))
    ends = [len(tasks) * n // number for n in range(number + 1)]
    own, *others = [tasks[begin:end] for begin, end in itertools.pairwise(ends)]
    children: list[_Child] = []
    try:
        for some in others:
            children.append(_Child(some, children))
        results = [task() for task in own]
        for child in children:
            results += child.results()
        return results
    finally:
        for child in children:
            child.end()


class Started(Generic[Result]):
    """A function that runs beside this process until its result is wanted.

    It runs at once where no process is to be forked. What :func:`side_by_side` says of its tasks
    holds for it, too.
    """

    def __init__(self, task: Callable[[], Result]) -> None:
        """Start a function without arguments."""
        self._child = _Child([task], []) if places() > 1 else None
        self._made = [] if self._child else [task()]

    def result(self) -> Result:
        """Wait for the result; raises as :func:`side_by_side` does."""
        if self._child is not None:
            try:
                self._made = self._child.results()
            finally:
                self.end()
        return self._made[0]

    def end(self) -> None:
        """Let nothing remain of it, whether it has ended or not."""
        if self._child is not None:
            self._child.end()
            self._child = None


class _Child:
    """A process that runs some tasks and sends their results."""

    def __init__(self, tasks: Sequence[Callable[[], Any]], before: Sequence[_Child]) -> None:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()  # or the child had the same lines to write
        # What is there by now mostly stays; to look through it would take long here, and in the
        # child copy all of it.
        gc.freeze()
        self._reader, writer = os.pipe()
        try:
            with warnings.catch_warnings():
                # Newer Pythons warn of threads that are not Python's own; these hold none of its
                # locks, and the others have been looked for.
                warnings.simplefilter("ignore", DeprecationWarning)
                self._id = os.fork()
        except OSError:
            os.close(self._reader)
            os.close(writer)
            raise
        if self._id == 0:
            for reader in (*(child._reader for child in before), self._reader):
                os.close(reader)
            _work(tasks, writer)
        os.close(writer)
        self._ended = False

    def results(self) -> list[Any]:
        """Wait for the results; raises what a task has raised."""
        with os.fdopen(self._reader, "rb", closefd=False) as stream:
            data = stream.read()
        status = self._waited()
        if status:
            how = f"signal {-status}" if status < 0 else f"status {status}"
            raise LostError(f"a process of this program ended with {how}, before its work was done")
        good, made = pickle.loads(data)  # noqa: S301 - our own child wrote it
        if good:
            return list(made)
        raise made

    def end(self) -> None:
        """Let nothing remain of it, whether its results were wanted or not."""
        os.close(self._reader)
        if not self._ended:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._id, signal.SIGKILL)
            self._waited()

    def _waited(self) -> int:
        try:
            status = os.waitstatus_to_exitcode(os.waitpid(self._id, 0)[1])
        except ChildProcessError:  # where the host has children taken care of by themselves
            status = 0
        self._ended = True
        return status


def _work(tasks: Sequence[Callable[[], Any]], writer: int) -> NoReturn:
    """The life of a child; it leaves in a way that runs nothing of the parent's twice."""
    status = 1
    try:
        try:
            message = pickle.dumps((True, [task() for task in tasks]), pickle.HIGHEST_PROTOCOL)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the parent raises it
            message = pickle.dumps((False, _sendable(error)), pickle.HIGHEST_PROTOCOL)
        with os.fdopen(writer, "wb") as stream:
            stream.write(message)
        for output in (sys.stdout, sys.stderr):
            if output is not None:
                output.flush()
        status = 0
    finally:
        os._exit(status)


def _sendable(error: BaseException) -> BaseException:
    """An error as the parent can raise it: itself, where it comes out of a pickle as it was."""
    try:
        if type(pickle.loads(pickle.dumps(error))) is type(error):  # noqa: S301 - just written
            return error
    except Exception:  # noqa: BLE001, S110 - a class can do as it likes when it is pickled
        pass
    return LostError(f"{type(error).__name__}: {error}")
