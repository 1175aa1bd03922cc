"""``abicase render``."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from abicase.cli.ending import stop, wrong_call
from abicase.cli.options import Command, records_option, site_url_option, templates_option
from abicase.cli.records import records_root

if TYPE_CHECKING:
    from abicase.edition import Edition, Order
    from abicase.schema.addresses import Site


@click.command(cls=Command)
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@records_option
@site_url_option
@templates_option
@click.option(
    "--docs",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Write the whole site, with the hand-written pages of this folder; the mkdocs.yml above it"
    " says the rest.",
)
@click.option(
    "--flat-urls",
    is_flag=True,
    help="Link to cases/some-case.html rather than to cases/some-case/.",
)
@click.option(
    "--links-from",
    type=click.Choice(["address", "file"]),
    default="address",
    show_default=True,
    help="The base of relative links in HTML: the address of the page, as for a browser, or"
    " its Markdown file, as for Zensical.",
)
@click.option("--drafts", is_flag=True, help="Write the pages of drafts, too.")
@click.pass_context
def render(
    context: click.Context,
    out: Path,
    records: Path | None,
    site_url: str | None,
    templates: Path | None,
    docs: Path | None,
    flat_urls: bool,
    links_from: str,
    drafts: bool,
) -> None:
    """Write the generated pages as Markdown files into OUT, for any site generator.

    OUT is replaced as a whole, and only when every page could be rendered; a folder that holds
    anything but an earlier result of this command is rejected.

    With --docs, OUT gets a site that Zensical and MkDocs build without a plugin: its documents
    in docs/, the files for its theme in theme/, and mkdocs.yml. Only these are replaced.
    """
    from abicase.edition import EditionError
    from abicase.schema.addresses import Site
    from abicase.source.configuration import ConfigurationError
    from abicase.source.reading import shown_path

    out = Path(os.path.realpath(out))
    site = Site(site_url or "", directories=not flat_urls, links_from_files=links_from == "file")
    try:
        if docs is None:
            count = _write_pages(out, records, site, templates, drafts=drafts)
        else:
            command = context.find_root().command
            count = _write_site(out, docs, records, site, templates, command, drafts=drafts)
    except ConfigurationError as error:
        wrong_call(str(error))
    except EditionError as error:
        if error.problems:
            stop(error.problems)
        raise click.ClickException(str(error)) from None
    click.echo(f"{count} pages written to {shown_path(out)}")


def _write_pages(
    out: Path, records: Path | None, site: Site, templates: Path | None, *, drafts: bool
) -> int:
    """Write the generated pages and the files next to them; return the number of pages."""
    from abicase.edition import Order
    from abicase.render.headings import MarkdownHeadings

    _reject_foreign(out)
    edition = _made(
        Order(
            records=records_root(records, ()),
            templates=templates,
            site=site,
            headings=MarkdownHeadings,
            highlight=False,
            drafts=drafts,
        )
    )
    files = {one.page.file: one.markdown.encode() for one in edition.rendered}
    _replace(out, files | {one.file: one.text.encode() for one in edition.outputs})
    return len(edition.rendered)


def _write_site(
    out: Path,
    docs: Path,
    records: Path | None,
    site: Site,
    templates: Path | None,
    command: click.Command,
    *,
    drafts: bool,
) -> int:
    """Write a whole site; return the number of generated pages."""
    from abicase.project import DOCS, THEME, project_of
    from abicase.source.configuration import SITE_FILE
    from abicase.source.writing import write

    project = project_of(docs)
    if out.is_relative_to(docs.resolve()):
        wrong_call(f"{out} is in the folder of hand-written pages")
    if (out / SITE_FILE).exists() and not (out / DOCS / _MARKER).is_file():
        wrong_call(f"{out} contains {SITE_FILE!r}, which this command did not write")
    for folder in (DOCS, THEME):
        _reject_foreign(out / folder)
    root = records_root(records or project.folder("records"), ())
    order = project.order(site, root, templates, command, drafts=drafts)
    edition = _made(order)
    documents = project.documents(order, edition)
    theme = project.theme(order, edition, documents)
    configuration = project.written_configuration(edition)
    _replace(out / DOCS, documents)
    _replace(out / THEME, theme)
    write(out / SITE_FILE, configuration)
    return len(edition.rendered)


def _made(order: Order) -> Edition:
    from abicase.edition import Editions

    return Editions(lambda _: None, cache=lambda: None).next(order)


_MARKER = ".abicase-render"
"""The list of the files that ``render`` wrote to a folder, in that folder."""


def _reject_foreign(out: Path) -> None:
    if not out.exists():
        return
    if not out.is_dir():
        wrong_call(f"{out} is not a folder")
    there = {path.relative_to(out).as_posix() for path in out.rglob("*") if not path.is_dir()}
    marker = out / _MARKER
    listed = marker.read_text("utf-8", errors="replace") if marker.is_file() else ""
    foreign = sorted(there - {*listed.splitlines(), _MARKER})
    if foreign:
        wrong_call(f"{out} contains {foreign[0]!r}, which this command did not write")


def _replace(out: Path, files: Mapping[str, bytes]) -> None:
    """Write files to a new folder and replace the old one with it, or exit with 2."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as folder:
            fresh, old = Path(folder, "fresh"), Path(folder, "old")
            for name, content in files.items():
                target = fresh / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
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
    except OSError as error:
        wrong_call(f"{out} can't be written: {error.strerror}")
