"""Work done side by side: the same results, errors and output as one after the other."""

from __future__ import annotations

import operator
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from abicase import workers
from abicase.problems import Problem
from abicase.workers import LostError, Started, parts, side_by_side

pytestmark = pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="no fork here")


@pytest.fixture(params=[1, 3])
def processors(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(request.param)))
    number: int = request.param
    return number


@pytest.fixture
def three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2})


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    """Neither a child, dead or alive, nor an open pipe."""
    before = open_files()
    yield
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
    assert open_files() == before


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def square(number: int) -> tuple[int, int]:
    return number * number, os.getpid()


def fail(error: BaseException) -> None:
    raise error


def run(*tasks: Callable[[], object]) -> list[object]:
    return side_by_side(tasks)


class _StrangeError(Exception):
    def __init__(self, one: str, two: str) -> None:
        super().__init__(one + two)


def test_results_come_in_order(processors: int) -> None:
    made = side_by_side([partial(square, number) for number in range(8)])
    assert [result for result, _ in made] == [n * n for n in range(8)]
    ids = [process for _, process in made]
    assert len(set(ids)) == processors
    assert ids[0] == os.getpid()
    assert side_by_side([]) == []


def test_a_large_result(three: None) -> None:
    large = side_by_side([partial(operator.mul, str(n), 3_000_000) for n in range(3)])
    assert [text[:1] + str(len(text)) for text in large] == ["03000000", "13000000", "23000000"]


@pytest.mark.parametrize("failing", [0, 1, 2])
def test_an_error_is_what_it_was(processors: int, failing: int) -> None:
    tasks: list[Callable[[], object]] = [partial(square, n) for n in range(3)]
    tasks[failing] = partial(fail, KeyError("a"))
    tasks.append(partial(fail, ValueError("later")))
    with pytest.raises(KeyError, match="a"):
        side_by_side(tasks)


def test_an_error_that_cannot_be_sent(three: None) -> None:
    with pytest.raises(LostError, match="_StrangeError: ab"):
        run(partial(square, 1), partial(fail, _StrangeError("a", "b")))


def test_a_result_that_cannot_be_sent(three: None) -> None:
    with pytest.raises(Exception, match="pickle local object"):
        run(partial(square, 1), lambda: lambda: 1)


def test_a_child_that_dies(three: None) -> None:
    with pytest.raises(LostError, match="ended with signal 9"):
        run(partial(square, 1), lambda: os.kill(os.getpid(), signal.SIGKILL))
    with pytest.raises(LostError, match="ended with status 7"):
        run(partial(square, 1), partial(os._exit, 7))


def test_an_error_here_ends_the_children(three: None) -> None:
    hang = threading.Event().wait
    with pytest.raises(KeyError):
        run(partial(fail, KeyError()), partial(hang, 600.0), partial(hang, 600.0))


def test_with_threads_nothing_is_forked(three: None) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        made = side_by_side([partial(square, n) for n in range(3)])
    finally:
        stop.set()
        thread.join()
    assert {process for _, process in made} == {os.getpid()}


def test_output_is_written_once(three: None) -> None:
    code = """
        import atexit, os, sys
        os.sched_getaffinity = lambda _: {0, 1, 2}
        from abicase.workers import side_by_side
        atexit.register(print, "at exit")
        print("before")
        side_by_side([lambda n=n: sys.stdout.write(f"task {n}\\n") for n in range(3)])
        print("after")
    """
    result = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True
    )
    lines = result.stdout.splitlines()
    assert lines[0] == "before"
    assert sorted(lines) == ["after", "at exit", "before", "task 0", "task 1", "task 2"]
    assert lines[-2:] == ["after", "at exit"]


def test_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "places", lambda: 3)
    assert parts([], 5) == [[]]
    assert parts([1, 2, 3, 4], 3) == [[1, 2, 3, 4]]
    assert parts([1, 2, 3, 4], 2) == [[1, 3], [2, 4]]
    assert parts("abcdefgh", 1) == ["adg", "beh", "cf"]


def test_a_problem_comes_back_as_it_was(three: None) -> None:
    problem = Problem("a.yml", 1, 2, "alias", "a", "b", "c")
    assert side_by_side([lambda: problem] * 3) == [problem] * 3


def test_a_started_function_runs_beside(three: None) -> None:
    square_of_three = Started(partial(square, 3))
    made, process = square_of_three.result()
    assert made == 9
    assert process != os.getpid()
    assert square_of_three.result()[0] == 9
    failing = Started(partial(fail, ValueError("no")))
    with pytest.raises(ValueError, match="no"):
        failing.result()


def test_a_started_function_can_be_ended(three: None) -> None:
    late = Started(partial(time.sleep, 60))
    begun = time.monotonic()
    late.end()
    late.end()
    assert time.monotonic() - begun < 10


def test_where_no_process_is_forked_it_runs_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "places", lambda: 1)
    assert Started(partial(square, 3)).result() == (9, os.getpid())
