"""A way to run commands of this environment many times without starting Python each time.

A process that has imported a command waits for calls and forks for each. The fork runs the command's
own entry point, with its own folder, environment and streams, and its memory ends with it. Steps at
the start and the end of Python, such as choosing an encoding, reading ``PYTHONPATH``, waiting for
threads, closing files that were left open or calling what ``atexit`` has, are left out; a test about
these starts the command itself.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import select
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, NoReturn

from jinja2 import TemplateAssertionError

import abicase
from abicase.catalogue.loading import load
from abicase.render.renderer import Renderer
from abicase.views.pages import pages

_USES = {
    "abicase": [
        module.name
        for module in pkgutil.walk_packages(abicase.__path__, "abicase.")
        if not module.name.startswith("abicase.mkdocs")
    ],
    **{
        host: [f"{host}.commands.build", "abicase.mkdocs.plugin", "material.plugins.search.plugin"]
        for host in ("mkdocs", "properdocs")
    },
}
"""The commands that run in this way, with the modules that each imports late."""


def run(
    program: str,
    arguments: Sequence[str | Path],
    cwd: str | Path,
    environment: Mapping[str, str],
    timeout: float = 300,
) -> subprocess.CompletedProcess[str]:
    """Run a command like ``subprocess.run``.

    Args:
        program: The name of an entry point.
        arguments: Its arguments.
        cwd: The folder it is run in.
        environment: All its variables.
        timeout: Seconds after which it counts as hanging.

    Returns:
        Its exit status and its output.
    """
    command = [str(Path(sys.executable).with_name(program)), *map(str, arguments)]
    if program not in _USES or environment.get("PYTHONPATH") != os.environ.get("PYTHONPATH"):
        return subprocess.run(
            command,
            cwd=cwd,
            env=environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
    server = _server(program)
    assert server.stdin is not None
    assert server.stdout is not None
    with tempfile.TemporaryDirectory() as folder:
        streams = [Path(folder, name) for name in ("out", "err")]
        call = {
            "command": command,
            "cwd": str(cwd),
            "environment": dict(environment),
            "streams": [str(stream) for stream in streams],
        }
        server.stdin.write(json.dumps(call) + "\n")
        server.stdin.flush()
        if not select.select([server.stdout], [], [], timeout)[0]:
            server.kill()
            raise subprocess.TimeoutExpired(command, timeout)
        status = int(server.stdout.readline())
        out, err = (stream.read_text("utf-8") for stream in streams)
    return subprocess.CompletedProcess(command, status, out, err)


@cache
def _server(program: str) -> subprocess.Popen[str]:
    """Return the process that forks for a command; it ends with this one."""
    return subprocess.Popen(
        [sys.executable, __file__, program],
        env={**os.environ, "PYTHONHASHSEED": "0"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )


# In that process


def _serve(program: str) -> None:
    """Answer each call with an exit status."""
    (point,) = entry_points(group="console_scripts", name=program)
    main = point.load()
    for module in _USES[program]:
        importlib.import_module(module)
    catalogue, _ = load(Path(__file__).with_name("small"))
    assert catalogue is not None
    renderer = Renderer(catalogue)
    for page in pages(catalogue):  # so that each fork has its compiled templates
        renderer.page(page)
    if program != "abicase":
        _compile_theme(program)
    calls, answers = os.fdopen(os.dup(0), "r"), os.fdopen(os.dup(1), "w")
    while line := calls.readline():
        child = os.fork()
        if child == 0:
            _become(json.loads(line))
            _end(main)
        _, status = os.waitpid(child, 0)
        answers.write(f"{os.waitstatus_to_exitcode(status)}\n")
        answers.flush()


def _compile_theme(host: str) -> None:
    """Compile the templates of the most common theme, which each build would do otherwise."""
    load_config = importlib.import_module(f"{host}.config").load_config
    plugin = importlib.import_module("abicase.mkdocs.plugin")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "docs").mkdir()
        path = Path(folder, "mkdocs.yml")
        path.write_text(
            "site_name: x\ntheme: {name: material, font: false}\nplugins: []\n", "utf-8"
        )
        environment = load_config(str(path)).theme.get_env()
    environment.bytecode_cache = plugin.COMPILED_THEME
    for name in environment.list_templates(extensions=["html"]):
        with suppress(TemplateAssertionError):  # some need filters of other plugins
            environment.get_template(name)


def _become(call: dict[str, Any]) -> None:
    """Turn into the requested process."""
    os.chdir(call["cwd"])
    os.environ.clear()
    os.environ.update(call["environment"])
    sys.argv[:] = call["command"]
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, path in enumerate(call["streams"], 1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), number)


def _end(main: Callable[[], int | str | None]) -> NoReturn:
    """Run a command, and end the process without clearing its memory, which takes most of the time."""
    try:
        sys.exit(main())
    except SystemExit as end:
        if not isinstance(end.code, int | None):  # to be printed
            raise
        status = end.code or 0
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    _serve(sys.argv[1])
