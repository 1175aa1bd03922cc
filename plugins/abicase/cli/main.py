"""The entry point of ``abicase``, which runs the command and ends any failure with a sentence.

Only modules that Python loads anyway are imported at the top, so that an interrupt is always
caught.
"""

from __future__ import annotations

import io
import os
import signal
import sys
from contextlib import suppress
from typing import NoReturn

_COMPLETE = "_ABICASE_COMPLETE"
"""The environment variable with which a shell script requests completions."""
_NOT_WRITTEN = 2
_INTERRUPTED = 128 + 2  # a shell's status for a process ended by SIGINT
_NOBODY_READS = 128 + 13  # the same for SIGPIPE


def main() -> NoReturn:
    """Run the command that the arguments name, and exit with its status."""
    try:
        _set_up_streams()
        sys.exit(_run())
    except KeyboardInterrupt:
        _stop(_INTERRUPTED, "Interrupted.")
    except BrokenPipeError:
        _stop(_NOBODY_READS, "")
    except OSError as error:
        _stop(_NOT_WRITTEN, f"Error: {_told(error)}")


def _run() -> int:
    import click
    from click.shell_completion import shell_complete

    from abicase.cli.group import abicase

    # Not click's own main(), which would treat a closed pipe as a record with a problem.
    if asked := os.environ.get(_COMPLETE):
        return shell_complete(abicase, {}, "abicase", _COMPLETE, asked)
    try:
        with abicase.make_context("abicase", sys.argv[1:]) as context:
            abicase.invoke(context)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as problem:
        problem.show()
        return problem.exit_code
    return 0


def _set_up_streams() -> None:
    """Make all text printable, and make a closed stream an error.

    Otherwise a closed stream would leave its number to the next file that is opened.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            wrong_way = os.O_RDONLY if name == "stdout" else os.O_WRONLY
            os.open(os.devnull, wrong_way)  # takes the lowest free number, which is this one
            raw = io.FileIO(number, "r" if name == "stdin" else "w", closefd=False)
            raw.name = f"<{name}>"
            buffer = io.BufferedReader(raw) if name == "stdin" else io.BufferedWriter(raw)
            setattr(sys, name, io.TextIOWrapper(buffer, encoding="utf-8"))
        stream = getattr(sys, name)
        if name != "stdin" and isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _told(error: OSError) -> str:
    """Return a sentence about an operating system error."""
    reason = error.strerror or str(error)
    if error.filename is not None:
        return f"{os.fsdecode(error.filename)}: {reason}"
    return f"input or output failed: {reason}"  # of a stream, because files have names


def _stop(status: int, message: str) -> NoReturn:
    """Exit with a message, discarding pending output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(OSError):
        if message:
            sys.stderr.write(f"{message}\n")
        sys.stderr.flush()
    # Python flushes at exit; if nobody reads the rest, that would fail or wait forever.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    sys.exit(status)
