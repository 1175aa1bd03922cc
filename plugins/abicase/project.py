"""A site as its ``mkdocs.yml`` describes it, written out for another site generator.

The result needs no plugin: documents in ``docs/``, a theme in ``theme/``, and a ``mkdocs.yml``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import click
import yaml

from abicase.edition import Edition, EditionError, Order
from abicase.outputs.feeds import SITEMAP, Visit, sitemap
from abicase.outputs.files import MISSING, SCRIPT, STYLE
from abicase.problems.suggestions import nearest
from abicase.render.headings import MarkdownHeadings
from abicase.schema.addresses import Address, Site, revision_of
from abicase.schema.options import DISPUTES, Options
from abicase.source.configuration import SITE_FILE, Configuration, ConfigurationError, read
from abicase.source.folders import is_input
from abicase.source.reading import shown_path

_PLUGIN = "abicase"
_EDIT = "content.action.edit"
"""The feature of themes that leads to the source of a page."""
DOCS = "docs"
"""The output folder for documents."""
THEME = "theme"
"""The output folder for the theme."""


@dataclass(frozen=True)
class Project:
    """A site, and its folder of hand-written pages."""

    configuration: Configuration
    docs: Path

    @cached_property
    def options(self) -> dict[str, Any]:
        """Return the options of the plugin, with defaults for those that are not set.

        Raises:
            ConfigurationError: One is unknown, or of another type.
        """
        found = asdict(Options())
        at = ("plugins", _PLUGIN)
        given = self.configuration.value(*at) or {}
        if not isinstance(given, Mapping):
            raise self.configuration.wrong(at, "this is not a mapping of options")
        for name in given:
            if name not in found:
                hint = nearest(str(name), found) or f"there are {', '.join(found)}"
                raise self.configuration.wrong((*at, name), f"there is no such option ({hint})")
            if name == "revision":
                found[name] = self._revision(given[name])
                continue
            value = self.configuration.value(*at, name, kind=type(found[name]))
            found[name] = found[name] if value is None else value
        return found

    def _revision(self, value: object) -> str:
        try:
            return revision_of(value, os.environ.get("REVISION", ""))
        except ValueError as error:
            at = ("plugins", _PLUGIN, "revision")
            raise self.configuration.wrong(at, str(error)) from None

    def folder(self, option: str) -> Path | None:
        """Return the folder that an option names, relative to the configuration."""
        named = self.options[option]
        return self.configuration.path.parent / named if named else None

    def order(
        self,
        site: Site,
        records: Path,
        templates: Path | None,
        command: click.Command,
        *,
        drafts: bool,
    ) -> Order:
        """Return the order for the edition of this site.

        Args:
            site: The address and form of the site, where the configuration does not set them.
            records: The folder of records.
            templates: The folder of templates; None for that of the configuration.
            command: The command that the reference describes.
            drafts: Whether drafts are shown.

        Raises:
            ConfigurationError: The configuration is wrong.
        """
        value, own = self.configuration.value, self.options
        if value("INHERIT") is not None:
            raise self.configuration.wrong(("INHERIT",), "write all of it into one file")
        templates = templates or self.folder("templates")
        site = Site(
            site.url or value("site_url", kind=str) or "",
            directories=site.directories and value("use_directory_urls", kind=bool) is not False,
            links_from_files=site.links_from_files,
            **{name: own[name] for name in DISPUTES},
        )
        written, others = self._files(records, templates)
        taken = {site.file_of(name): name for name in written} | {name: name for name in others}
        return Order(
            records=records,
            templates=templates,
            reference=command if own["reference"] else None,
            site=site,
            headings=MarkdownHeadings,
            highlight=True,
            nav=value("nav"),
            navigation_limit=own["navigation_limit"],
            docs=self.docs,
            written=written,
            taken=taken,
            drafts=drafts,
        )

    def documents(self, order: Order, edition: Edition) -> dict[str, bytes]:
        """Return the documents of the site, by their path.

        Raises:
            EditionError: A hand-written page can't be read.
        """
        _, others = self._files(order.records, order.templates)
        found = {name: path.read_bytes() for name, path in others.items()}
        for name, path in order.written.items():
            try:
                text = path.read_text(encoding="utf-8-sig")
            except UnicodeDecodeError as error:
                raise EditionError(
                    f"{shown_path(path)} is not valid UTF-8: {error.reason}"
                ) from None
            found[name] = edition.expander.expand(text, name, name).markdown.encode()
        for rendered in edition.rendered:
            found.setdefault(rendered.page.file, rendered.markdown.encode())
        for output in edition.outputs:
            found.setdefault(output.file, output.text.encode())
        return found

    def theme(
        self, order: Order, edition: Edition, documents: Mapping[str, bytes]
    ) -> dict[str, bytes]:
        """Return the files that override the theme's: the site's own, our 404 page and sitemap."""
        at = ("theme", "custom_dir")
        found = {}
        if named := self.configuration.value(*at, kind=str):
            custom = self.configuration.path.parent / named
            if not custom.is_dir():
                raise self.configuration.wrong(at, f"there is no folder {named!r}")
            found = {name: path.read_bytes() for name, path in _walk(custom)}
        found.setdefault(MISSING, _as_template(documents[MISSING]))
        if edition.site.url:
            visits = _visits(order, edition, documents)
            found.setdefault(SITEMAP, _as_template(sitemap(visits).encode()))
        return found

    def written_configuration(self, edition: Edition) -> str:
        """Return the text of the ``mkdocs.yml`` to write."""
        value = self.configuration.value
        theme = value("theme")
        theme = dict(theme) if isinstance(theme, Mapping) else {"name": theme or "mkdocs"}
        theme["custom_dir"] = THEME
        if features := value("theme", "features", kind=list):
            theme["features"] = [one for one in features if one != _EDIT]
        values = {
            "site_url": edition.site.url,
            "docs_dir": DOCS,
            "site_dir": "site",
            "use_directory_urls": edition.site.directories,
            "edit_uri": "",  # generated pages are not edited
            "theme": theme,
        }
        if edition.feed:
            values["extra"] = {"feed": edition.feed}
        if edition.nav is not None:
            values["nav"] = edition.nav
        for key, file in (("extra_css", STYLE), ("extra_javascript", SCRIPT)):
            listed = value(key, kind=list) or []
            values[key] = listed if file in listed else [*listed, file]
        return self.configuration.text(values, without_plugin=_PLUGIN)

    def _files(
        self, records: Path, templates: Path | None
    ) -> tuple[dict[str, Path], dict[str, Path]]:
        """Return the hand-written pages and the other files of the site, by their path."""
        inputs = [folder for folder in (records, templates) if folder]
        makes_the_site = is_input(self.docs, inputs)
        there = dict(_walk(self.docs))
        written = {name: path for name, path in there.items() if path.suffix == ".md"}
        others = {
            name: path
            for name, path in there.items()
            if name not in written and not makes_the_site(str(path))
        }
        return written, others


def project_of(docs: Path) -> Project:
    """Return the project that a folder of hand-written pages belongs to.

    Raises:
        ConfigurationError: No folder above it has a configuration, or it can't be read.
    """
    found = next((one for one in docs.resolve().parents if (one / SITE_FILE).is_file()), None)
    if found is None:
        raise ConfigurationError(f"there is no {SITE_FILE} in a folder above {shown_path(docs)!r}")
    return Project(read(Path(shown_path(found / SITE_FILE))), docs)


def _as_template(text: bytes) -> bytes:
    """Return a theme template that produces a text, with its braces escaped."""
    return text.replace(b"{", b"{{ '{' }}")


def _visits(order: Order, edition: Edition, documents: Mapping[str, bytes]) -> Iterator[Visit]:
    """Yield the pages for the sitemap, see :func:`abicase.outputs.feeds.sitemap`."""
    site = edition.site
    for rendered in edition.rendered:
        address = site.address(Address(rendered.page.file))
        yield Visit(address, rendered.front, rendered.page.dated)
    for name in order.written:
        yield Visit(site.address(Address(name)), _front(documents[name].decode()))


def _front(markdown: str) -> Mapping[str, Any]:
    """Return the front matter of a hand-written page; empty if none can be read."""
    matter = re.match(r"---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*\n", markdown, re.DOTALL)
    try:
        front = yaml.safe_load(matter[1]) if matter else None
    except yaml.YAMLError:
        front = None
    return front if isinstance(front, Mapping) else {}


def _walk(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files below a folder with their paths, sorted, as MkDocs finds them."""
    for inside, folders, names in os.walk(folder, followlinks=True):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                path = Path(inside, name)
                yield path.relative_to(folder).as_posix(), path
