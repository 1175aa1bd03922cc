"""``make bench``: our site and plain MkDocs with Material, in one run and in turn."""

from __future__ import annotations

import datetime
import importlib.metadata
import json
import math
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import click

from benchmarks.content import content
from benchmarks.measure import Preview, environment, first_visit, run, size
from benchmarks.projects import write_casebook, write_plain

Row = dict[str, Any]

PREVIEW = {12: 0.7, 120: 2.0}
"""The most seconds that the live preview may take, by the number of cases."""


@click.command()
@click.option("--sizes", default="12,120,1200", show_default=True, help="How many cases.")
@click.option("--runs", default=5, show_default=True, help="Of how many the median is taken.")
@click.option("--skip", default="", help="Parts to leave out: preview, where, check, start, plain.")
@click.option("--json", "out", type=click.Path(path_type=Path), help="Write the results there too.")
@click.option("--work", type=click.Path(path_type=Path), help="Where to build; a new folder if left out.")  # fmt: skip
def main(sizes: str, runs: int, skip: str, out: Path | None, work: Path | None) -> None:
    """Measure, and print a table."""
    left_out = set(skip.split(","))
    results: dict[str, Any] = {"machine": _machine(), "runs": runs, "sizes": {}}
    folder = work or Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        if "start" not in left_out:
            results["start"] = _start(folder, runs)
        for cases in (int(n) for n in sizes.split(",")):
            results["sizes"][cases] = _measured(cases, runs, folder / str(cases), left_out)
    finally:
        if work is None:
            shutil.rmtree(folder, ignore_errors=True)
    results["goals"] = list(_goals(results))
    click.echo(_table(results))
    if out is not None:
        out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


def _machine() -> dict[str, Any]:
    names = (
        "mkdocs",
        "mkdocs-material",
        "markdown",
        "jinja2",
        "pyyaml",
        "pydantic",
        "mkdocs-abicase",
    )
    model = ""
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        model = next(
            (line.partition(": ")[2] for line in lines if line.startswith("model name")), ""
        )
    return {
        "day": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "processor": model or platform.processor(),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "versions": {name: importlib.metadata.version(name) for name in names},
    }


def _median(several: list[float]) -> float:
    return statistics.median(several)


def _start(folder: Path, runs: int) -> Row:
    """How long the command takes to start."""
    empty = folder / "empty"
    (empty / "casestudies").mkdir(parents=True, exist_ok=True)
    (empty / "one.yml").write_text("", "utf-8")
    found = {}
    for name, arguments in (("--help", ["--help"]), ("check of nothing", ["check"])):
        taken = []
        for _ in range(max(runs, 3)):
            begin = os.times()
            subprocess.run(
                [Path(sys.executable).with_name("abicase"), *arguments],
                cwd=empty,
                env=environment(),
                capture_output=True,
                check=False,
            )
            taken.append(os.times().elapsed - begin.elapsed)
        found[name] = _median(taken)
    return found


def _edits(project: Path) -> Iterator[str]:
    """Edit the same text of the first case, again and again."""
    path = project / "casestudies" / "cases" / "case-0.yml"
    good = path.read_text("utf-8")
    head, mark, tail = good.rpartition("  axis-8:\n    rating: ")
    number = 0
    while True:
        number += 1
        word = f"edited{os.getpid()}x{number}"
        begin, text, end = tail.partition("    text: >-\n")
        path.write_text(f"{head}{mark}{begin}{text}      {word}\n{end}", "utf-8")
        yield word


def _measured(cases: int, runs: int, folder: Path, left_out: set[str]) -> Row:
    ours, plain = folder / "ours", folder / "plain"
    made = content(cases)
    write_casebook(made, ours)
    write_plain(made, plain)
    cache = {"XDG_CACHE_HOME": str(folder / "cache")}
    os.environ.update(cache)
    edits = _edits(ours)
    taken: dict[str, list[Any]] = {}

    def measure(name: str, project: Path, *command: str) -> None:
        click.echo(f"{cases} cases: {name}", err=True)
        taken.setdefault(name, []).append(run(*command, cwd=project))

    for _ in range(runs):
        _forget(folder, ours)
        measure("cold", ours, "mkdocs", "build")
        next(edits)
        measure("one edit", ours, "mkdocs", "build")
        measure("nothing changed", ours, "mkdocs", "build")
        if "check" not in left_out:
            _forget(folder)
            measure("check, cold", ours, "abicase", "check")
            measure("check, unchanged", ours, "abicase", "check")
        if "plain" not in left_out:
            _forget(folder, plain)
            measure("plain", plain, "mkdocs", "build")
    row: Row = {
        name: {
            "wall": _median([used.wall for used in several]),
            "cpu": _median([used.cpu for used in several]),
            "memory": max(used.memory for used in several),
        }
        for name, several in taken.items()
    }
    for name, project in (("ours", ours), ("plain", plain)):
        if (project / "site").exists():
            site = project / "site"
            heaviest = max(site.rglob("*.html"), key=lambda path: path.stat().st_size)
            row[f"site, {name}"] = {
                "bytes": size(site),
                "pages": sum(1 for _ in site.rglob("*.html")),
                "search index": (site / "search" / "search_index.json").stat().st_size,
                "first visit": first_visit(site, "cases/case-7/"),
                "heaviest page": [
                    heaviest.relative_to(site).as_posix(), heaviest.stat().st_size
                ],
            }  # fmt: skip
    if "preview" not in left_out:
        row["preview"] = _median(_previewed(ours, edits, runs))
    if "where" not in left_out:
        row["where"] = {"ours, cold": _where(ours, folder, "--ours")}
        next(edits)
        row["where"]["ours, one edit"] = _where(ours, None, "--ours")
        if "plain" not in left_out:
            row["where"]["plain"] = _where(plain, None)
    return row


def _forget(folder: Path, project: Path | None = None) -> None:
    """Put away what was kept, and what was built.

    It is deleted at the end: for some seconds after files are deleted, some file systems take ten
    times as long to make new ones, as no fresh checkout would.
    """
    away = Path(tempfile.mkdtemp(dir=folder, prefix="away-"))
    places = [folder / "cache"] + ([project / "site"] if project is not None else [])
    for number, place in enumerate(places):
        if place.exists():
            place.rename(away / str(number))


def _previewed(project: Path, edits: Iterator[str], runs: int) -> list[float]:
    with Preview(project) as preview:
        # With many cases an axis is in parts: the page is the one that shows the case.
        parts = ["axes/axis-8/", *(f"axes/axis-8/{n}/" for n in range(2, 100))]
        axis = next(part for part in parts if '<h3 id="case-0">' in preview.fetched(part))
        pages = ["cases/case-0/", "compare/case-0-vs-case-1/", axis]
        return [preview.until_served(next(edits), pages) for _ in range(runs)]


def _where(project: Path, folder: Path | None, *more: str) -> dict[str, float]:
    if folder is not None:
        _forget(folder, project)
    paths = {"PYTHONPATH": str(Path(__file__).parent.parent)}
    run("python", "-m", "benchmarks.where", *more, cwd=project, env=paths)
    last = (project / "printed.txt").read_text("utf-8").splitlines()[-1]
    return dict(sorted(json.loads(last).items(), key=lambda part: -part[1]))


# Goals


def _goals(results: Row) -> Iterator[Row]:
    sizes = results["sizes"]

    def goal(what: str, found: Callable[[], float], most: float) -> Iterator[Row]:
        try:
            value = found()
        except KeyError:  # not measured
            return
        yield {"what": what, "found": value, "goal": most, "met": value <= most}

    for name, seconds in results.get("start", {}).items():
        yield from goal(f"start-up, abicase {name}, s", partial(float, seconds), 0.25)
    for cases, row in sizes.items():
        yield from _goals_of(cases, row, goal)
    if 120 in sizes and 1200 in sizes:

        def growth() -> float:
            return math.log10(sizes[1200]["cold"]["cpu"] / sizes[120]["cold"]["cpu"])

        yield from goal("growth of the cold build, 120 to 1,200, exponent", growth, 1.05)


def _goals_of(cases: int, row: Row, goal: Callable[..., Iterator[Row]]) -> Iterator[Row]:
    def against(name: str, what: str = "wall") -> float:
        return float(row[name][what] / row["plain"][what])

    def visit(side: str) -> int:
        return sum(row[f"site, {side}"]["first visit"].values())

    n = f"N={cases:,}: "
    if cases >= 120:  # by processor time: other work on the machine counts for less in it
        yield from goal(f"{n}cold build against plain", lambda: against("cold", "cpu"), 0.75)
        yield from goal(f"{n}one edit against plain", lambda: against("one edit", "cpu"), 0.25)
    if cases >= 1200:
        yield from goal(f"{n}check, cold, s", lambda: row["check, cold"]["wall"], 5.0)
        yield from goal(f"{n}check, unchanged, s", lambda: row["check, unchanged"]["wall"], 1.0)
        yield from goal(f"{n}peak memory against plain", lambda: against("cold", "memory"), 1.0)
    if cases in PREVIEW:
        yield from goal(f"{n}live preview, s", lambda: row["preview"], PREVIEW[cases])
    if cases >= 120:
        yield from goal(
            f"{n}search index against plain",
            lambda: row["site, ours"]["search index"] / row["site, plain"]["search index"],
            0.4,
        )
        yield from goal(
            f"{n}first visit against plain", lambda: visit("ours") / visit("plain"), 0.5
        )


# The table


def _table(results: Row) -> str:
    machine = results["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    lines = [
        f"{machine['day']}, {machine['processor']}, {machine['cores']} cores, load {machine['load']:.1f},"
        f" {machine['system']}, Python {machine['python']}, {versions}; median of {results['runs']}",
        "",
    ]
    sizes = results["sizes"]
    lines += ["| | " + " | ".join(f"N={cases:,}" for cases in sizes) + " |"]
    lines += ["| --- " * (len(sizes) + 1) + "|"]

    def row(name: str, cell: Callable[[Row], str]) -> None:
        cells = []
        for found in sizes.values():
            try:
                cells.append(cell(found))
            except KeyError:
                cells.append("–")
        lines.append(f"| {name} | {' | '.join(cells)} |")

    for name in ("cold", "one edit", "nothing changed", "plain", "check, cold", "check, unchanged"):
        row(f"{name}: CPU s (wall s)", partial(_time, name))
    row("live preview, wall s", lambda found: f"{found['preview']:.2f}")
    for name in ("cold", "one edit", "plain"):
        row(f"{name}: peak memory, MB", partial(_memory, name))
    for side in ("ours", "plain"):
        for what in ("pages", "bytes", "search index", "heaviest page", "first visit"):
            row(f"{side}: {what}", partial(_weight, side, what))
    for name in ("ours, cold", "ours, one edit", "plain"):
        row(f"where the CPU time goes, {name}", partial(_parts, name))
    lines += ["", "| goal | found | at most | |", "| --- | --- | --- | --- |"]
    for goal in results["goals"]:
        met = "met" if goal["met"] else "missed"
        lines.append(f"| {goal['what']} | {goal['found']:.3f} | {goal['goal']} | {met} |")
    return "\n".join(lines)


def _time(name: str, found: Row) -> str:
    return f"{found[name]['cpu']:.2f} ({found[name]['wall']:.2f})"


def _memory(name: str, found: Row) -> str:
    return f"{found[name]['memory'] / 1e6:.0f}"


def _weight(side: str, what: str, found: Row) -> str:
    value = found[f"site, {side}"][what]
    if isinstance(value, dict):
        return ", ".join(f"{name} {n / 1e3:.0f} kB" for name, n in value.items()) + ", gzipped"
    if isinstance(value, list):
        return f"{value[0]}, {value[1] / 1e6:.2f} MB"
    return f"{value:,}" if what == "pages" else f"{value / 1e6:.2f} MB"


def _parts(name: str, found: Row) -> str:
    return ", ".join(f"{part} {seconds:.2f}" for part, seconds in found["where"][name].items())


if __name__ == "__main__":
    main()
