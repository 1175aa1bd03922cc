"""The MkDocs plugin ``abicase``: hands the generated pages to MkDocs. Nothing else imports MkDocs.

Everything that can fail does so in ``on_pre_build``, before MkDocs empties the folder of the site,
so that a record with a problem leaves the last good site in place.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mkdocs.config import config_options as c
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel, get_files, set_exclusions
from mkdocs.structure.pages import Page

from abicase.addresses import Site, root_of_site
from abicase.catalogue import Catalogue, load
from abicase.feeds import FEED, SITEMAP, Visit, sitemap
from abicase.handwritten import Expander
from abicase.head import Head, with_head
from abicase.outputs import ASSETS, SCRIPT, STYLE, Output, outputs
from abicase.pages import pages
from abicase.problems import Problem, as_text
from abicase.reading import shown_path
from abicase.reference import reference
from abicase.render import TEMPLATES, Rendered, Renderer, TemplateProblem

log = get_plugin_logger(__name__)

NAVIGATION_PREFIX = "abicase:"
"""In the navigation, ``abicase:cases`` stands for the generated pages of the section ``cases``."""


class AbicaseConfig(Config):  # type: ignore[no-untyped-call]
    """The options of the plugin in ``mkdocs.yml``."""

    records = c.Type(str, default="casestudies")
    """The folder of records, relative to ``mkdocs.yml``."""
    templates = c.Optional(c.Type(str))
    """A folder, relative to ``mkdocs.yml``, whose templates stand in for those of the same name."""
    navigation_limit = c.Type(int, default=20)
    """How many pages of a section the navigation lists; a larger section has its index only."""
    reference = c.Type(bool, default=False)
    """Whether the site has the pages of this reference, under ``reference/``."""
    revision = c.Type(str, default="")
    """The revision of the records, shown where a statement is disputed. Git is not asked for it."""
    contact = c.Type(str, default="")
    """A mail address to which disputes can be sent; without it no page offers one."""
    dispute_form = c.Type(str, default="")
    """The address of a form for disputes; ``{item}`` and ``{revision}`` in it are filled in."""
    dispute_guide = c.Type(str, default="")
    """The hand-written page that tells how to dispute a statement, such as ``guide.md#dispute``."""


class AbicasePlugin(BasePlugin[AbicaseConfig]):  # type: ignore[no-untyped-call]
    """Reads the records, renders their pages, and gives them to MkDocs."""

    def __init__(self) -> None:
        super().__init__()
        self._good: _Good | None = None
        self._files: list[File] = []
        self._serving = False

    # Here because MkDocs says only now what it was called for. Having this event also keeps the
    # plugin from one build of the live preview to the next, and with it the last good pages.
    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Note whether this is the live preview."""
        self._serving = command == "serve"
        self._good = None

    # Here because the configuration is complete only now, and MkDocs' live preview takes the
    # folders to watch from it.
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Watch the records and templates; make sure that headings can carry their ids."""
        folders = [self._records(config), TEMPLATES, ASSETS]
        folders += [templates] if (templates := self._templates(config)) else []
        for folder in folders:
            if folder.is_dir() and str(folder) not in config.watch:
                config.watch.append(str(folder))
        if "attr_list" not in config.markdown_extensions:
            config.markdown_extensions.append("attr_list")
        if STYLE not in config.extra_css:
            config.extra_css.append(STYLE)
        if SCRIPT not in config.extra_javascript:
            config.extra_javascript.append(SCRIPT)
        return config

    # Here because MkDocs empties the site right after it: all that can fail has to fail now.
    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Read, check and render everything; stop with all problems if there are any.

        The live preview goes on with the last good pages instead: MkDocs' server answers nothing
        after a build that failed.
        """
        try:
            good = self._read(config)
            self._files = _files(good, self.config.navigation_limit, config)
            self._good = good
        except PluginError as error:
            if not (self._serving and self._good):
                raise
            kept = "The preview shows the last good records until this is mended."
            log.error(f"{error}\n{kept}")  # noqa: TRY400 - a record is wrong, not the code
            self._files = _files(self._good, self.config.navigation_limit, config, lenient=True)
        found = _problems_of_pages(config, self._good.expander)
        if found and not self._serving:
            raise PluginError(_listed(found))
        if found:
            log.error(_listed(found))

    # At the default priority, so that plugins that sort or list pages see ours.
    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add the generated pages and the files beside them."""
        for file in self._files:
            files.append(file)
        taken = {file.dest_uri for file in files}
        for output in self._good.outputs if self._good else ():
            if output.file not in taken:  # a site can bring its own
                files.append(File.generated(config, output.file, content=output.text))
        return files

    def on_page_markdown(
        self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> str:
        """Expand a hand-written page."""
        if page.file.generated_by is not None or self._good is None:
            return markdown
        name = page.file.src_uri
        return self._good.expander.expand(markdown, name, name).markdown

    # Here because only now all pages have been read, and no file has been written.
    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> None:
        """Put a sitemap that is dated by the records in place of MkDocs', dated by the build."""
        config.theme.static_templates.discard(SITEMAP)
        if not config.site_url or self._good is None or SITEMAP in files.src_uris:
            return
        dated = {one.page.file: one.page.dated for one in self._good.rendered}
        visits = [
            Visit(page.canonical_url, dated.get(page.file.src_uri))
            for page in (file.page for file in files.documentation_pages())
            if page is not None and page.canonical_url and _listable(page)
        ]
        file = File.generated(config, SITEMAP, content=sitemap(visits))
        file.inclusion = InclusionLevel.INCLUDED
        files.append(file)

    # Here because the theme has written the page; what it lacks is put in whatever theme it is.
    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Complete the head of a page."""
        head = Head(
            title=str(page.meta.get("title") or page.title or config.site_name),
            description=str(page.meta.get("description") or config.site_description or ""),
            site_name=config.site_name,
            url=page.canonical_url or "",
            home=page.is_homepage,
            feed=self._good.feed if self._good else "",
            robots=str(page.meta.get("robots") or ""),
        )
        return with_head(output, head)

    def _read(self, config: MkDocsConfig) -> _Good:
        root = self._records(config)
        if not root.is_dir():
            raise PluginError(f"abicase: there is no folder of records {shown_path(root)!r}")
        catalogue, problems = load(root, drafts=self._serving)
        for problem in problems:
            if problem.severity == "warning":
                log.info(str(problem))
        if catalogue is None:
            raise PluginError(_listed(problems))
        url = root_of_site(config.site_url, catalogue.casebook.published_at)
        site = self._site(url, config)
        renderer = Renderer(catalogue, self._templates(config), site)
        try:
            made = [*pages(catalogue), *(reference(catalogue) if self.config.reference else ())]
            rendered = [renderer.page(page) for page in made]
            beside = list(outputs(catalogue, renderer))
        except TemplateProblem as problem:
            raise PluginError(f"abicase: {problem}") from None
        return _Good(catalogue, rendered, beside, Expander(catalogue, renderer), site)

    def _site(self, url: str, config: MkDocsConfig) -> Site:
        options = self.config
        if options.dispute_form and not options.dispute_form.startswith("https://"):
            raise PluginError("abicase: dispute_form: this is no https address")
        if options.contact and not re.fullmatch(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", options.contact):
            raise PluginError(f"abicase: contact: {options.contact!r} is no mail address")
        guide = options.dispute_guide.partition("#")[0]
        if guide and get_files(config).get_file_from_path(guide) is None:
            raise PluginError(f"abicase: dispute_guide: there is no page {guide!r}")
        return Site(
            url,
            config.use_directory_urls,
            options.revision,
            options.contact,
            options.dispute_form,
            options.dispute_guide,
        )

    def _records(self, config: MkDocsConfig) -> Path:
        return _beside(config, self.config.records)

    def _templates(self, config: MkDocsConfig) -> Path | None:
        if not self.config.templates:
            return None
        folder = _beside(config, self.config.templates)
        if not folder.is_dir():
            raise PluginError(f"abicase: there is no folder of templates {shown_path(folder)!r}")
        return folder


@dataclass(frozen=True, slots=True)
class _Good:
    """What was read and rendered without an error."""

    catalogue: Catalogue
    rendered: list[Rendered]
    outputs: list[Output]
    expander: Expander
    site: Site

    @property
    def feed(self) -> str:
        """The whole address of the feed; empty where there is none."""
        return self.site.url + FEED if FEED in {one.file for one in self.outputs} else ""


def _files(
    good: _Good, navigation_limit: int, config: MkDocsConfig, *, lenient: bool = False
) -> list[File]:
    """The generated pages as MkDocs' files, with their edit links and places.

    Where it has to be lenient, a page whose address is taken is left out, and a section of the
    navigation that is not there as well.
    """
    taken = {file.dest_uri: file.src_uri for file in get_files(config)}
    listed = _list(good.rendered, navigation_limit, config, lenient=lenient)
    made = []
    for one in good.rendered:
        uri = one.page.file
        file = File.generated(config, uri, content=one.markdown)
        other = taken.get(file.dest_uri)
        if other is not None and lenient:
            continue
        if other is not None:
            message = f"abicase: {other!r} and the generated {uri!r} have the same address"
            raise PluginError(f"{message}; rename the former")
        if one.page.record:
            relative = os.path.relpath(good.catalogue.files[one.page.record], config.docs_dir)
            file.edit_uri = relative.replace(os.sep, "/")
        if config.nav is not None and uri not in listed:
            file.inclusion = InclusionLevel.NOT_IN_NAV
        made.append(file)
    return made


def _list(
    rendered: list[Rendered], navigation_limit: int, config: MkDocsConfig, *, lenient: bool
) -> set[str]:
    """Put the pages of each section in place of its name in the navigation.

    Returns:
        The files that the navigation lists.
    """
    sections: dict[str, list[Rendered]] = {}
    for one in rendered:
        sections.setdefault(posixpath.dirname(one.page.file), []).append(one)
    listed: set[str] = set()

    def expand(entry: Any) -> Any:
        if isinstance(entry, list):
            return [part for item in entry for part in _as_list(expand(item))]
        if isinstance(entry, Mapping):
            return {key: expand(value) for key, value in entry.items()}
        if not (isinstance(entry, str) and entry.startswith(NAVIGATION_PREFIX)):
            return entry
        name = entry.removeprefix(NAVIGATION_PREFIX).strip()
        if name not in sections and lenient:
            return []
        if name not in sections:
            known = ", ".join(sorted(sections))
            raise PluginError(f"abicase: nav: there is no section {name!r}; there are {known}")
        members = [one.page for one in sections[name]]
        if len(members) - 1 > navigation_limit:
            members = members[:1]
        listed.update(page.file for page in members)
        return [{page.name: page.file} if page.name else page.file for page in members]

    if config.nav is not None:
        config.nav = expand(config.nav)
    return listed


def _listable(page: Page) -> bool:
    """Whether the sitemap has a page: not if it is kept out of search, here or elsewhere."""
    search = page.meta.get("search")
    repeats = isinstance(search, Mapping) and bool(search.get("exclude"))
    return not repeats and "noindex" not in str(page.meta.get("robots") or "")


def _as_list(entry: Any) -> list[Any]:
    return entry if isinstance(entry, list) else [entry]


def _beside(config: MkDocsConfig, folder: str) -> Path:
    return Path(config.config_file_path or "mkdocs.yml").parent / folder


def _problems_of_pages(config: MkDocsConfig, expander: Expander) -> list[Problem]:
    """What is wrong with the links and directives of all hand-written pages."""
    found: list[Problem] = []
    files = get_files(config)
    set_exclusions(files, config)
    for file in files.documentation_pages():
        path = Path(file.abs_src_path or "")
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            continue  # MkDocs says so in its own words
        found += expander.expand(text, file.src_uri, shown_path(path)).problems
    return found


def _listed(problems: list[Problem]) -> str:
    errors = [problem for problem in problems if problem.severity == "error"]
    return f"abicase: {len(errors)} problem{'s' if len(errors) > 1 else ''}\n{as_text(errors)}"
