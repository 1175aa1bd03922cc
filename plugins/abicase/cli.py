"""The command ``abicase``: checks records, and writes the pages for any site generator."""

from __future__ import annotations

import datetime
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
    whole = root.resolve()
    for path in paths:
        if not (_within(path.resolve(), [whole]) or _within(whole, [path.resolve()])):
            _wrong_call(f"{str(path)!r} does not belong to the records in {str(root)!r}")
    _, problems = load(root)
    if paths and not any(_within(whole, [path.resolve()]) for path in paths):
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
    from abicase.reading import shown_path
    from abicase.render import STYLE, Renderer, TemplateProblem

    out = out.resolve()
    _refuse_foreign(out)
    catalogue, problems = load(_root(records, ()))
    if catalogue is None:
        _stop(problems)
    renderer = Renderer(catalogue, templates, directories=not flat_urls)
    try:
        rendered = [renderer.page(page) for page in pages(catalogue)]
    except TemplateProblem as problem:
        _stop([Problem("templates", 1, 1, "template", "", str(problem))])
    files = {page.page.file: page.markdown for page in rendered}
    files[f"assets/{STYLE.name}"] = STYLE.read_text(encoding="utf-8")
    try:
        _replace(out, files)
    except OSError as error:
        _wrong_call(f"{out} can't be written: {error.strerror}")
    click.echo(f"{len(rendered)} pages written to {shown_path(out)}")


_MARKER = ".abicase-render"
"""Lists, in a folder that ``render`` has written, the files that are its own."""


def _refuse_foreign(out: Path) -> None:
    if not out.exists():
        return
    if not out.is_dir():
        _wrong_call(f"{out} is no folder")
    there = {path.relative_to(out).as_posix() for path in out.rglob("*") if not path.is_dir()}
    marker = out / _MARKER
    own = set(marker.read_text(encoding="utf-8").splitlines()) if marker.is_file() else set()
    foreign = sorted(there - own - {_MARKER})
    if foreign:
        _wrong_call(f"{out} holds {foreign[0]!r}, which this command has not written")


def _replace(out: Path, files: dict[str, str]) -> None:
    """Write files beside their place and move them there, so that nobody sees half of them."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as folder:
        fresh, old = Path(folder, "fresh"), Path(folder, "old")
        for name, text in files.items():
            target = fresh / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        (fresh / _MARKER).write_text("\n".join(sorted(files)) + "\n", encoding="utf-8")
        if not out.exists():
            fresh.rename(out)
            return
        out.rename(old)
        try:
            fresh.rename(out)
        except OSError:
            old.rename(out)
            raise


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
        try:
            changed = verifying.record_days(verdicts, today)
        except verifying.Changed as problem:
            raise click.ClickException(str(problem)) from None
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
