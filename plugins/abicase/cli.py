"""The command ``abicase``: checks records, and writes the pages for any site generator."""

from __future__ import annotations

import datetime
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from abicase import __version__
from abicase.problems import Problem, as_github, as_json, as_text, nearest

if TYPE_CHECKING:
    from abicase.reading import Entry

DEFAULT_RECORDS = "casestudies"

_records = click.option(
    "--records",
    "-r",
    type=click.Path(file_okay=False, path_type=Path),
    help=f"The folder of records.  [default: the folder of PATH, or ./{DEFAULT_RECORDS}]",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96})
@click.version_option(__version__, prog_name="abicase")
def main() -> None:
    """Check case-study records, and render them to pages.

    Exit status: 0 when all is well, 1 when a record has a problem, 2 when the command was
    called wrongly.
    """


_format = click.option(
    "--format",
    "-f",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="text for people; json for programs; github for annotations on a pull request.",
)


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@_records
@_format
def check(paths: tuple[Path, ...], records: Path | None, form: str) -> None:
    """Check records, and print every problem as FILE:LINE:COLUMN.

    With PATHS, only the problems of those files and folders are printed; the other records are
    read all the same, since references lead to them.
    """
    from abicase.catalogue import load  # the import takes longer than --help should

    for path in paths:
        if not path.exists():
            _wrong_call(f"there is no file or folder {str(path)!r}")
    root = _root(records, paths)
    _, problems = load(root)
    if paths and not any(path.resolve() == root.resolve() for path in paths):
        wanted = [path.resolve() for path in paths]
        problems = [p for p in problems if _within(Path(p.file).resolve(), wanted)]
    if form == "json":
        click.echo(as_json(problems))
    elif problems:
        click.echo(as_text(problems) if form == "text" else as_github(problems))
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    if form == "text":
        click.echo(_summary(errors, warnings), err=bool(problems))
    sys.exit(1 if errors else 0)


@main.command()
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@_records
@click.option(
    "--templates",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder whose templates stand in for those of the same name.",
)
@click.option(
    "--flat-urls",
    is_flag=True,
    help="Link to cases/perf.html rather than to cases/perf/.",
)
def render(out: Path, records: Path | None, templates: Path | None, flat_urls: bool) -> None:
    """Write the generated pages as Markdown files into OUT, for any site generator.

    OUT is replaced as a whole, and only when every page could be rendered; a folder that holds
    anything but an earlier result of this command is refused.
    """
    from abicase.catalogue import load
    from abicase.pages import pages
    from abicase.render import STYLE, Renderer, TemplateProblem

    marker = ".abicase-render"
    if out.exists() and any(out.iterdir()) and not (out / marker).exists():
        _wrong_call(f"{out} holds files that this command has not written; name another folder")
    catalogue, problems = load(_root(records, ()))
    if catalogue is None:
        _stop(problems)
    renderer = Renderer(catalogue, templates, directories=not flat_urls)
    try:
        rendered = [renderer.page(page) for page in pages(catalogue)]
    except TemplateProblem as problem:
        _stop([Problem("templates", 1, 1, "template", "", str(problem))])
    out.parent.mkdir(parents=True, exist_ok=True)
    # Written beside its place and moved there, so that no half-written result is ever seen.
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as folder:
        fresh = Path(folder, "fresh")
        for page in rendered:
            target = fresh / page.page.file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(page.markdown, encoding="utf-8")
        (fresh / "assets").mkdir()
        shutil.copy(STYLE, fresh / "assets" / STYLE.name)
        (fresh / marker).touch()
        if out.exists():
            out.rename(Path(folder, "old"))
        fresh.rename(out)
    click.echo(f"{len(rendered)} pages written to {out}")


@main.command()
@click.argument("cases", nargs=-1)
@click.option(
    "--git",
    "clones",
    multiple=True,
    required=True,
    metavar="REPOSITORY=PATH",
    help="A clone of a repository; as often as there are repositories.",
)
@_records
@_format
@click.option("--record", is_flag=True, help="Write today into the checked: field of what holds.")
def verify(
    cases: tuple[str, ...], clones: tuple[str, ...], records: Path | None, form: str, record: bool
) -> None:
    """Check offline, in clones, that commits and files are what the records say.

    Of each commit: that it exists, its subject, author, date and first release; of each file: that
    it is there at that tag. CASES are ids of cases; all are checked when none is named.

    Exit status: 0 when everything is confirmed, 1 when something is wrong, 3 when nothing is wrong
    but something could not be checked.
    """
    from abicase import verify as verifying
    from abicase.catalogue import load_reading

    paths = {}
    for clone in clones:
        repository, equals, path = clone.partition("=")
        if not equals:
            _wrong_call(f"{clone!r} is not of the form REPOSITORY=PATH")
        paths[repository] = Path(path)
    reading, problems = load_reading(_root(records, ()))
    if any(problem.severity == "error" for problem in problems):
        _stop(problems)
    _known(paths, [entry.record.id for entry in reading.of("repository")], "repository")
    _known(cases, [entry.record.id for entry in reading.of("case")], "case")

    def progress(work: list[tuple[Entry, str]]) -> Iterator[tuple[Entry, str]]:
        with click.progressbar(work, label="Sources", file=sys.stderr, show_pos=True) as bar:
            yield from bar

    try:
        verdicts = verifying.verify(reading, paths, cases, progress)
    except verifying.NoRepository as problem:
        _wrong_call(str(problem))
    writers = {
        "text": verifying.as_text,
        "json": verifying.as_json,
        "github": verifying.as_github,
    }
    written = writers[form](verdicts)
    if written:
        click.echo(written)
    count = Counter(verdict.result for verdict in verdicts)
    click.echo(
        f"{count['confirmed']} confirmed, {count['wrong']} wrong,"
        f" {count['unchecked']} not checked.",
        err=True,
    )
    if record:
        today = datetime.datetime.now(datetime.UTC).date().isoformat()
        changed = verifying.record_days(verdicts, today)
        click.echo(f"The day was written to {changed} sources.", err=True)
    sys.exit(1 if count["wrong"] else 3 if count["unchecked"] else 0)


def _known(names: Iterable[str], known: list[str], what: str) -> None:
    for name in names:
        if name not in known:
            hint = nearest(name, known) or f"there are {', '.join(sorted(known))}"
            _wrong_call(f"there is no {what} {name!r} ({hint})")


def _root(records: Path | None, paths: tuple[Path, ...]) -> Path:  # noqa: RET503 - _wrong_call
    """The folder of records that is meant."""
    from abicase.records import CASEBOOK_FILE

    if records is not None:
        if not records.is_dir():
            _wrong_call(f"there is no folder {str(records)!r}")
        return records
    for path in paths:
        for folder in (path, *path.absolute().parents):
            if (folder / CASEBOOK_FILE).is_file():
                return folder
    for folder in (Path.cwd(), *Path.cwd().parents):
        if (folder / CASEBOOK_FILE).is_file():
            return folder
        if (folder / DEFAULT_RECORDS / CASEBOOK_FILE).is_file():
            return folder / DEFAULT_RECORDS
    _wrong_call(
        f"no folder of records found: there is no {DEFAULT_RECORDS}/{CASEBOOK_FILE} here or above;"
        " name the folder with --records"
    )


def _within(file: Path, wanted: list[Path]) -> bool:
    return any(file == path or path in file.parents for path in wanted)


def _summary(errors: int, warnings: int) -> str:
    if not errors and not warnings:
        return "No problems."
    parts = []
    if errors:
        parts.append(f"{errors} error{'s' if errors > 1 else ''}")
    if warnings:
        parts.append(f"{warnings} warning{'s' if warnings > 1 else ''}")
    return ", ".join(parts) + "."


def _stop(problems: list[Problem]) -> NoReturn:
    click.echo(as_text(problems), err=True)
    click.echo(_summary(sum(p.severity == "error" for p in problems), 0), err=True)
    sys.exit(1)


def _wrong_call(message: str) -> NoReturn:
    raise click.UsageError(message)
