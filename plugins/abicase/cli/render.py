"""``abicase render``."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import click

from abicase.cli.ending import stop, wrong_call
from abicase.cli.options import Command, records_option, site_url_option, templates_option
from abicase.cli.records import records_root
from abicase.problems.problem import Problem


@click.command(cls=Command)
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@records_option
@site_url_option
@templates_option
@click.option(
    "--flat-urls",
    is_flag=True,
    help="Link to cases/some-case.html rather than to cases/some-case/.",
)
@click.option("--drafts", is_flag=True, help="Write the pages of drafts as well, to read them.")
def render(
    out: Path,
    records: Path | None,
    site_url: str | None,
    templates: Path | None,
    flat_urls: bool,
    drafts: bool,
) -> None:
    """Write the generated pages as Markdown files into OUT, for any site generator.

    OUT is replaced as a whole, and only when every page could be rendered; a folder that holds
    anything but an earlier result of this command is rejected.
    """
    from abicase.catalogue.loading import load
    from abicase.outputs.files import outputs
    from abicase.render.overrides import wrong_template
    from abicase.render.renderer import Renderer, TemplateProblem
    from abicase.schema.addresses import Site, root_of_site
    from abicase.source.reading import shown_path
    from abicase.views.pages import pages

    out = Path(os.path.realpath(out))
    _refuse_foreign(out)
    catalogue, problems = load(records_root(records, ()), drafts=drafts)
    if catalogue is None:
        stop(problems)
    if templates and (wrong := wrong_template(templates)):
        stop([Problem("templates", 1, 1, "template", "", wrong)])
    site = Site(root_of_site(site_url, catalogue.casebook.published_at), directories=not flat_urls)
    renderer = Renderer(catalogue, templates, site, highlight=False)
    try:
        rendered = [renderer.page(page) for page in pages(catalogue)]
        beside = list(outputs(catalogue, renderer))
    except TemplateProblem as problem:
        stop([Problem("templates", 1, 1, "template", "", str(problem))])
    files = {page.page.file: page.markdown for page in rendered}
    files |= {output.file: output.text for output in beside}
    try:
        _replace(out, files)
    except OSError as error:
        wrong_call(f"{out} can't be written: {error.strerror}")
    click.echo(f"{len(rendered)} pages written to {shown_path(out)}")


_MARKER = ".abicase-render"
"""Lists, in a folder that ``render`` has written, the files that are its own."""


def _refuse_foreign(out: Path) -> None:
    if not out.exists():
        return
    if not out.is_dir():
        wrong_call(f"{out} is no folder")
    there = {path.relative_to(out).as_posix() for path in out.rglob("*") if not path.is_dir()}
    marker = out / _MARKER
    listed = marker.read_text("utf-8", errors="replace") if marker.is_file() else ""
    foreign = sorted(there - {*listed.splitlines(), _MARKER})
    if foreign:
        wrong_call(f"{out} holds {foreign[0]!r}, which this command has not written")


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
        try:
            out.rename(old)
            fresh.rename(out)
        finally:
            if old.exists() and not out.exists():  # it failed, or was interrupted, in between
                old.rename(out)
