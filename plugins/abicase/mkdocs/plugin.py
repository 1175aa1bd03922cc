"""The MkDocs plugin ``abicase``: hands the generated pages to MkDocs.

Nothing else imports MkDocs. Everything that can fail does so in ``on_pre_build``, before MkDocs
empties the folder of the site, so that a record with a problem leaves the last good site in place.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import yaml
from mkdocs.config import config_options as c
from mkdocs.config.base import Config, ValidationError
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel, get_files, set_exclusions
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc

import abicase.views.page
from abicase.catalogue.loading import load, load_sound
from abicase.edition import Edition, make_edition
from abicase.incremental import cache
from abicase.incremental.store import Store
from abicase.incremental.stored import StoredMemo
from abicase.mkdocs.preview import observer, why_not_at
from abicase.mkdocs.unpublished import is_input
from abicase.outputs.feeds import SITEMAP, Visit, sitemap
from abicase.outputs.files import ASSETS, SCRIPT, STYLE
from abicase.problems.problem import Problem
from abicase.problems.reporters import as_text
from abicase.reference import reference
from abicase.render.handwritten import Expander
from abicase.render.head import Head, with_head, with_notice
from abicase.render.headings import TocOptions
from abicase.render.navigation import NoSection, expanded, titles_of
from abicase.render.renderer import TEMPLATES, Rendered, TemplateProblem
from abicase.render.themed import marked
from abicase.schema.addresses import Site, root_of_site, what_is_wrong
from abicase.source.reading import shown_path
from abicase.text.prose import ProseConverter
from abicase.views.pages import pages

log = get_plugin_logger(__name__)

_LOOK = 0.25
"""Seconds after which the live preview looks for changes again."""
_LEFT_OUT = (InclusionLevel.EXCLUDED, InclusionLevel.DRAFT)
_ID = re.compile(r'<[^>]* id="([^"]+)"')


class _Revision(c.Type[str]):
    """A text, or the number that YAML makes of a commit of digits only."""

    def run_validation(self, value: object) -> str:
        if type(value) is int:  # from 0123 YAML makes 83, but the environment has what was written
            written = os.environ.get("REVISION", "")
            return written if written.isdigit() and yaml.safe_load(written) == value else str(value)
        if not isinstance(value, str):
            raise ValidationError(
                f"YAML reads this as {value!r}, which is no text; put quotes around it, or a letter"
                " before it"
            )
        return value


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
    revision = _Revision(str, default="")
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
        self._serving = False
        self._converter = ProseConverter()
        self._edition: Edition | None = None
        self._store: Store | None = None
        self._told: set[str] = set()
        """What has been said of pages on disk before the build."""
        self._notice = ""
        """What the pages of the preview say of records with errors."""
        self._watching: Any = None

    # Here because MkDocs says only now what it was called for. Having this event also keeps the
    # plugin from one build of the live preview to the next, and with it the last good records.
    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Note whether this is the live preview."""
        self._serving = command == "serve"
        self._edition = None

    # Here because the configuration is complete only now, and MkDocs' live preview takes the
    # folders to watch from it.
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Watch the records and templates; add the style sheet and the script."""
        if self._records(config).resolve() == Path(config.docs_dir).resolve():
            message = f"abicase: records: {self.config.records!r} is the folder of pages"
            hint = "which is published as it is, drafts as well; give the records their own folder"
            raise PluginError(f"{message}, {hint}")
        for folder in self._folders(config):
            if str(folder) not in config.watch:
                config.watch.append(str(folder))
        if STYLE not in config.extra_css:
            config.extra_css.append(STYLE)
        if SCRIPT not in config.extra_javascript:
            config.extra_javascript.append(SCRIPT)
        return config

    # Here because MkDocs empties the site right after it: all that can fail has to fail now.
    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Read, check and render everything; stop with all problems if there are any.

        The live preview goes on with the last good records instead, or begins with those that have
        no error, and says so on every page: MkDocs' server answers nothing after a build that
        failed.
        """
        if self._serving and self._edition is None and (why := why_not_at(*config.dev_addr)):
            raise PluginError(
                f"the preview can't be served at {config.dev_addr}: {why};"
                " dev_addr in mkdocs.yml, or mkdocs serve -a, names another address"
            )
        self._notice = ""
        try:
            self._edition = self._read(config)
            self._place(self._edition, config)
        except (PluginError, OSError) as error:
            if not self._serving:
                raise PluginError(str(error)) from None
            shown = "the last good records" if self._edition else "the records without errors"
            self._notice = f"{error}\nThe preview shows {shown}."
            log.error(self._notice)  # noqa: TRY400 - a record is wrong, not the code
            self._edition = self._edition or self._read(config, only_sound=True)
            self._place(self._edition, config, lenient=True)
        found = _problems_of_pages(config, self._edition.expander)
        self._told = {problem.message for problem in found}
        if found and not self._serving:
            raise PluginError(_listed(found))
        if found:
            self._notice = "\n".join(filter(None, (self._notice, _listed(found))))
            log.error(_listed(found))

    # At the default priority, so that plugins that sort or list pages see ours.
    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add the generated pages, and the files beside them that the site does not bring.

        Records and templates among the files are taken out; pages stay, wherever they lie.
        """
        assert self._edition is not None
        folders = filter(None, (self._records(config), self._templates(config)))
        makes_the_site = is_input(Path(config.docs_dir), folders)
        for file in files:
            path = "" if file.is_documentation_page() else file.abs_src_path
            if path and makes_the_site(path):
                file.inclusion = InclusionLevel.EXCLUDED
        taken = {file.dest_uri for file in files}
        titles = titles_of(config.nav)
        for rendered in self._edition.rendered:
            if self._edition.site.file_of(rendered.page.file) not in taken:
                files.append(self._file(rendered, titles, config))
        for output in self._edition.outputs:
            if output.file not in taken:
                file = File.generated(config, output.file, content=output.text)
                file.inclusion = InclusionLevel.INCLUDED
                files.append(file)
        return files

    # After plugins that take a page for a template: the parts that are placed here are none.
    @event_priority(-100)
    def on_page_markdown(
        self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> str:
        """Expand a page, unless it is one of ours; others may have been made by other plugins."""
        if isinstance(page, GeneratedPage) or self._edition is None:
            return markdown
        name = page.file.src_uri
        expanded = self._edition.expander.expand(markdown, name, name)
        for problem in expanded.problems:
            if problem.message not in self._told:
                log.warning(problem)
        return expanded.markdown

    # Here because only now all pages have been read, and no file has been written.
    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> None:
        """Add a sitemap that is dated by the records, in place of MkDocs', dated by the build."""
        config.theme.static_templates.discard(SITEMAP)
        if config.site_url and SITEMAP not in files.src_uris:
            file = File.generated(config, SITEMAP, content=sitemap(_visits(files, config)))
            file.inclusion = InclusionLevel.INCLUDED
            files.append(file)

    # Here because the theme has written the page, so that what its head lacks is put in whatever
    # theme it is; and late, so that it is found what other plugins have put there.
    @event_priority(-100)
    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Complete the head of a page; in the preview, say on it what is wrong with the records."""
        head = Head(
            title=str(page.meta.get("title") or page.title or config.site_name),
            description=str(page.meta.get("description") or config.site_description or ""),
            site_name=config.site_name,
            url=page.canonical_url or "",
            home=page.is_homepage,
            feed=self._edition.feed if self._edition else "",
            robots=str(page.meta.get("robots") or ""),
        )
        return with_notice(with_head(output, head), self._notice)

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Keep what was made for the next build."""
        if self._store is not None:
            self._store.save()

    # After those of other plugins, since none is asked after it.
    @event_priority(-100)
    def on_build_error(self, *, error: Exception) -> None:
        """Say in a sentence what the system did not let MkDocs do."""
        if isinstance(error, OSError):
            raise PluginError(f"abicase: the site can't be built: {error}") from None

    # Here because MkDocs begins to watch after it.
    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: object
    ) -> LiveReloadServer:
        """Watch the records, templates and pages also where they go away and come back."""
        folders = [*self._folders(config), Path(config.docs_dir)]
        server.unwatch(config.docs_dir)
        watching = server.observer
        # Whoever watches them now keeps them: to watch them again does nothing.
        self._watching = observer(folders, _LOOK)
        server.observer = self._watching
        for folder in folders:
            server.watch(str(folder))
        server.observer = watching
        self._watching.start()
        return server

    def on_shutdown(self) -> None:
        """Stop watching, and let go of what is kept."""
        if self._watching is not None:
            self._watching.stop()
        if self._store is not None:
            self._store.close()
            self._store = None

    def _read(self, config: MkDocsConfig, *, only_sound: bool = False) -> Edition:
        root = self._records(config)
        if not root.is_dir():
            raise PluginError(f"abicase: there is no folder of records {shown_path(root)!r}")
        templates = self._templates(config)
        if self._store is None:
            self._store = Store(cache.folder(), str(root.resolve()), log.info)
        store = self._store
        memo = StoredMemo(store, cache.program())
        if only_sound:
            catalogue, problems, _ = load_sound(root, drafts=True, memo=memo)
        else:
            catalogue, problems = load(
                root, drafts=self._serving, converter=self._converter, memo=memo
            )
        for problem in problems:
            if problem.severity == "warning":
                log.info(str(problem))
        if catalogue is None:
            raise PluginError(_listed(problems))
        wrong = what_is_wrong(config.site_url) if config.site_url else ""
        if wrong and not self._serving:  # that of the preview is MkDocs' own
            raise PluginError(f"abicase: site_url: {wrong}")
        url = root_of_site(config.site_url, catalogue.casebook.published_at)
        site = self._site(url, config)
        toc = TocOptions.of(config.mdx_configs.get("toc", {}))
        chapters = [*pages(catalogue), *(reference(catalogue) if self.config.reference else ())]
        try:
            edition = make_edition(root, catalogue, chapters, site, toc, templates, store)
        except TemplateProblem as problem:
            raise PluginError(f"abicase: {problem}") from None
        log.info(f"{edition.kept} of {len(chapters)} pages are as they were in the last build")
        return edition

    def _place(self, edition: Edition, config: MkDocsConfig, *, lenient: bool = False) -> None:
        """Put the pages into the navigation, and see that no hand-written page has their address.

        Where it has to be lenient, a page whose address is taken is left out, and a section of the
        navigation that is not there as well.
        """
        chapters = [rendered.page for rendered in edition.rendered]
        taken = {file.dest_uri: file.src_uri for file in get_files(config)}
        for page in () if lenient else chapters:
            other = taken.get(edition.site.file_of(page.file))
            if other is not None:
                message = f"{other!r} and the generated {page.file!r} have the same address"
                raise PluginError(f"abicase: {message}; rename the former")
        try:
            limit = self.config.navigation_limit
            config.nav = expanded(config.nav, chapters, limit, lenient=lenient)
        except NoSection as problem:
            raise PluginError(f"abicase: {problem}") from None

    def _file(
        self, rendered: Rendered, titles: Mapping[str, str | None], config: MkDocsConfig
    ) -> File:
        """The file of a generated page, with its page."""
        assert self._edition is not None
        page = rendered.page
        file = File.generated(config, page.file, content=rendered.markdown)
        if page.record:
            record = self._edition.catalogue.files[page.record]
            file.edit_uri = os.path.relpath(record, config.docs_dir).replace(os.sep, "/")
        if config.nav is not None and page.file not in titles:
            file.inclusion = InclusionLevel.NOT_IN_NAV
        GeneratedPage(titles.get(page.file), file, config, rendered)
        return file

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

    def _folders(self, config: MkDocsConfig) -> list[Path]:
        """The folders, besides those of MkDocs, from which the site is made."""
        folders = (self._records(config), TEMPLATES, ASSETS, self._templates(config))
        return [folder for folder in folders if folder and folder.is_dir()]

    def _records(self, config: MkDocsConfig) -> Path:
        return _beside(config, self.config.records)

    def _templates(self, config: MkDocsConfig) -> Path | None:
        if not self.config.templates:
            return None
        folder = _beside(config, self.config.templates)
        if not folder.is_dir():
            raise PluginError(f"abicase: there is no folder of templates {shown_path(folder)!r}")
        return folder


class GeneratedPage(Page):
    """A page whose HTML is there already."""

    def __init__(
        self, title: str | None, file: File, config: MkDocsConfig, rendered: Rendered
    ) -> None:
        super().__init__(title, file, config)
        self._rendered = rendered

    @property
    def source(self) -> abicase.views.page.Page:
        """The page before it was rendered."""
        return self._rendered.page

    def read_source(self, config: MkDocsConfig) -> None:
        """Give MkDocs the front matter; there is no Markdown."""
        self.markdown = ""
        self.meta = marked(self._rendered.front)

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Give MkDocs the HTML, its table of contents and its anchors."""
        self.content = self._rendered.body
        self.toc = get_toc(self._rendered.contents)
        self.present_anchor_ids = set(_ID.findall(self._rendered.body))


def _visits(files: Files, config: MkDocsConfig) -> Iterator[Visit]:
    """The pages for the sitemap: not those kept out of search, here or elsewhere."""
    for file in files.documentation_pages():
        page = file.page
        if isinstance(page, GeneratedPage):
            if page.source.searched:
                yield Visit(urljoin(config.site_url or "", file.url), page.source.dated)
            continue
        if page is None or not page.canonical_url or file.inclusion in _LEFT_OUT:
            continue
        search = page.meta.get("search")
        repeats = isinstance(search, Mapping) and bool(search.get("exclude"))
        if not repeats and "noindex" not in str(page.meta.get("robots") or ""):
            yield Visit(page.canonical_url)


def _beside(config: MkDocsConfig, folder: str) -> Path:
    return Path(config.config_file_path or "mkdocs.yml").parent / folder


def _texts(config: MkDocsConfig) -> Iterator[tuple[File, str]]:
    """The texts of the hand-written pages."""
    files = get_files(config)
    set_exclusions(files, config)
    for file in files.documentation_pages():
        # What can't be read, MkDocs says in its own words.
        with contextlib.suppress(OSError, UnicodeDecodeError):
            yield file, Path(file.abs_src_path or "").read_text(encoding="utf-8-sig")


def _problems_of_pages(config: MkDocsConfig, expander: Expander) -> list[Problem]:
    """What is wrong with the links and directives of all hand-written pages."""
    return [
        problem
        for file, text in _texts(config)
        for problem in expander.expand(
            text, file.src_uri, shown_path(Path(file.abs_src_path or ""))
        ).problems
    ]


def _listed(problems: list[Problem]) -> str:
    errors = sorted(problem for problem in problems if problem.severity == "error")
    return f"abicase: {len(errors)} problem{'s' if len(errors) > 1 else ''}\n{as_text(errors)}"
