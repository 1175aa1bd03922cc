"""``abicase render``."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

import click

from abicase.cli.ending import stop, wrong_call
from abicase.cli.options import Command, records_option, site_url_option, templates_option
from abicase.cli.records import records_root


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
    help="What relative links in HTML count from: the address of the page, as for a browser, or"
    " its Markdown file, as for Zensical.",
)
@click.option("--drafts", is_flag=True, help="Write the pages of drafts as well, to read them.")
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
    from abicase.edition import EditionError, Editions, Order
    from abicase.project import DOCS, THEME, project_of
    from abicase.render.headings import MarkdownHeadings
    from abicase.schema.addresses import Site
    from abicase.source.configuration import SITE_FILE, ConfigurationError
    from abicase.source.reading import shown_path
    from abicase.source.writing import write
    from abicase.views.pages import pages

    out = Path(os.path.realpath(out))
    site = Site(site_url or "", directories=not flat_urls, links_from_files=links_from == "file")
    editions = Editions(lambda _: None, None)
    try:
        if docs is None:
            _reject_foreign(out)
            order = Order(
                records=records_root(records, ()),
                templates=templates,
                chapters=(pages,),
                site=site,
                headings=MarkdownHeadings,
                highlight=False,
                nav=None,
                navigation_limit=0,
                docs=None,
                written={},
                taken={},
                drafts=drafts,
                preview=False,
            )
            edition = editions.next(order)
            files = {one.page.file: one.markdown.encode() for one in edition.rendered}
            files |= {one.file: one.text.encode() for one in edition.outputs}
            _replace(out, files)
        else:
            project = project_of(docs)
            if out.is_relative_to(docs.resolve()):
                wrong_call(f"{shown_path(out)} lies in the folder of pages, which is published")
            ours = (out / DOCS / _MARKER).is_file()
            if not ours and (out / SITE_FILE).exists():
                wrong_call(f"{out} holds {SITE_FILE!r}, which this command has not written")
            for folder in (DOCS, THEME):
                _reject_foreign(out / folder)
            root = records_root(records or project.folder("records"), ())
            command = context.find_root().command
            order = project.order(site, root, templates, command, drafts=drafts)
            edition = editions.next(order)
            files = project.documents(order, edition)
            _replace(out / DOCS, files)
            _replace(out / THEME, project.theme(files))
            write(out / SITE_FILE, project.written_configuration(edition))
    except ConfigurationError as error:
        wrong_call(str(error))
    except EditionError as error:
        if error.problems:
            stop(error.problems)
        raise click.ClickException(str(error.args[0])) from None
    except OSError as error:
        wrong_call(f"{out} can't be written: {error.strerror}")
    finally:
        editions.close()
    click.echo(f"{len(edition.rendered)} pages written to {shown_path(out)}")


_MARKER = ".abicase-render"
"""Lists, in a folder that ``render`` has written, the files that are its own."""


def _reject_foreign(out: Path) -> None:
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


def _replace(out: Path, files: Mapping[str, bytes]) -> None:
    """Write files beside their place and move them there, so that nobody sees half of them."""
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
