"""The MkDocs plugin ``abicase``: hands the generated pages to MkDocs.

But for this module and ``mkdocs_theme``, nothing imports MkDocs.

Everything that can fail does so in ``on_pre_build``, before MkDocs empties the folder of the site,
so that a record with a problem leaves the last good site in place.
"""

from __future__ import annotations

import contextlib
import copy
import gc
import os
import posixpath
import re
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from mkdocs.config import config_options as c
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel, get_files, set_exclusions
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import TableOfContents, get_toc
from mkdocs.theme import Theme
from mkdocs.utils import write_file
from mkdocs.utils.templates import TemplateContext

import abicase.pages
from abicase import cache
from abicase.addresses import Site, root_of_site
from abicase.cache import Cache, digest
from abicase.catalogue import Catalogue, load
from abicase.compiled import Compiled
from abicase.feeds import FEED, SITEMAP, Visit, sitemap
from abicase.finished import anchors, hold, put_back
from abicase.frames import Frames, Texts
from abicase.handwritten import Expander
from abicase.head import Head, with_head
from abicase.headings import Headings
from abicase.mkdocs_theme import QuickTheme
from abicase.navigation import NoSection, expanded
from abicase.outputs import ASSETS, SCRIPT, STYLE, Bundle, bundles
from abicase.pages import pages
from abicase.planning import Plan, PlannedPage
from abicase.problems import Problem, as_text
from abicase.reading import shown_path
from abicase.reference import reference
from abicase.render import TEMPLATES, Renderer, TemplateProblem, compiled_ahead, with_front
from abicase.searched import as_json, entries, with_entries
from abicase.shelf import Finished, Shelf
from abicase.sitekey import making_of, shows_pages_alike, site_key, titles_of
from abicase.spool import Spool
from abicase.standing import Standing, Stood
from abicase.themed import marked
from abicase.unpublished import is_input
from abicase.workers import Started
from abicase.workshop import Workshop

log = get_plugin_logger(__name__)

THEME = Path(__file__).with_name("theme")
"""The theme templates that the package brings."""
FINISHED = "abicase-finished.html"
"""The template of a page that is finished."""
_STOOD = "site.json"
_ALLOCATED = 7_000
"""After so many new objects Python looks for garbage: a tenth as often as it does by itself, since
few of the many that a build makes are any. To look still less often takes longer again."""
_MUCH = 500_000
"""Bytes of records that take as long to read as all templates to compile."""
_LOOK_EARLIEST, _LOOK_LATEST = 0.05, 0.5
"""Seconds after which the live preview looks for changes again."""
_LOOK_PER_FILE = 0.0001
"""The same for each file: to look at one takes some 5 µs, so that a twentieth of the time is spent
on it."""
_SHOWN = ("title", "description")
"""What is shown of the front matter of a page."""
_LEFT_OUT = (InclusionLevel.EXCLUDED, InclusionLevel.DRAFT)


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
        self._build: _Build | None = None
        self._serving = False
        self._shelf: Shelf | None = None
        self._stood: Stood = {}
        self._compiled = Compiled()
        self._watching: Any = None

    # Here because MkDocs says only now what it was called for. Having this event also keeps the
    # plugin from one build of the live preview to the next, and with it the last good pages.
    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Note whether this is the live preview."""
        self._serving = command == "serve"
        self._good = self._build = self._shelf = None
        self._stood = {}

    # Before other plugins, which may ask for the templates of the theme here.
    @event_priority(100)
    def _quicken(self, config: MkDocsConfig) -> MkDocsConfig:
        """Have the theme set up faster."""
        if type(config.theme) is Theme:
            config.theme = QuickTheme(config.theme, self._compiled)
        return config

    # Here because the configuration is complete only now, and MkDocs' live preview takes the
    # folders to watch from it.
    def _complement(self, config: MkDocsConfig) -> MkDocsConfig:
        """Watch the records and templates; make sure that headings can carry their ids."""
        if self._records(config).resolve() == Path(config.docs_dir).resolve():
            message = f"abicase: records: {self.config.records!r} is the folder of pages"
            hint = "which is published as it is, drafts as well; give the records their own folder"
            raise PluginError(f"{message}, {hint}")
        for folder in self._folders(config):
            if str(folder) not in config.watch:
                config.watch.append(str(folder))
        if "attr_list" not in config.markdown_extensions:
            config.markdown_extensions.append("attr_list")
        if STYLE not in config.extra_css:
            config.extra_css.append(STYLE)
        if str(THEME) not in config.theme.dirs:
            config.theme.dirs.append(str(THEME))  # last, so that a theme comes first
        if SCRIPT not in config.extra_javascript:
            config.extra_javascript.append(SCRIPT)
        return config

    on_config = CombinedEvent(_quicken, _complement)

    # Here because MkDocs empties the site right after it: all that can fail has to fail now.
    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Read, check and render everything; stop with all problems if there are any.

        The live preview goes on with the last good pages instead: MkDocs' server answers nothing
        after a build that failed.
        """
        gc.set_threshold(_ALLOCATED)
        try:
            good = self._read(config)
            build = self._prepared(good, config, lenient=False)
            self._good = good
        except PluginError as error:
            if not (self._serving and self._good):
                raise
            kept = "The preview shows the last good records until this is mended."
            log.error(f"{error}\n{kept}")  # noqa: TRY400 - a record is wrong, not the code
            build = self._prepared(self._good, config, lenient=True)
        self._build = build
        unchanged = sum(one.finished is not None for one in build.plan.pages.values())
        log.info(f"{unchanged} of {len(build.plan.pages)} pages are as they were in the last build")
        texts = list(_texts(config))
        build.linked = build.plan.linked(text for _, text in texts)
        found = _problems_of_pages(texts, self._good.expander)
        if found and not self._serving:
            raise PluginError(_listed(found))
        if found:
            log.error(_listed(found))
        build.standing.set_aside()
        if not self._serving:
            gc.freeze()  # all of it is needed to the end, and need not be looked through again

    # At the default priority, so that plugins that sort or list pages see ours.
    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add the generated pages, and take out the records and templates among the files.

        Pages stay, wherever their authors have put them.
        """
        assert self._build is not None
        folders = filter(None, (self._records(config), self._templates(config)))
        makes_the_site = is_input(Path(config.docs_dir), folders)
        for file in files:
            path = "" if file.is_documentation_page() else file.abs_src_path
            if path and makes_the_site(path):
                file.inclusion = InclusionLevel.EXCLUDED
        self._build.taken = {file.dest_uri for file in files}
        for file in self._build.files:
            files.append(file)
        for path in self._build.linked:
            if path not in self._build.taken:  # a site can bring its own
                files.append(_WrittenFile.generated(config, path, content=""))
        return files

    def on_page_markdown(
        self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> str:
        """Expand a hand-written page; of a generated one, tell the theme that it gets HTML."""
        if page.file.generated_by == "abicase":
            page.meta = marked(page.meta)
        if page.file.generated_by is not None or self._good is None:
            return markdown
        name = page.file.src_uri
        return self._good.expander.expand(markdown, name, name).markdown

    # Here because only now all pages have been read, and no file has been written.
    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> None:
        """Write the files beside the pages, but for those that stand or that the site brings.

        A sitemap that is dated by the records takes the place of MkDocs', dated by the build.
        """
        assert self._build is not None
        self._build.environment = env
        config.theme.static_templates.discard(SITEMAP)
        if config.site_url and SITEMAP not in files.src_uris:
            file = File.generated(config, SITEMAP, content=sitemap(self._visits(config, files)))
            file.inclusion = InclusionLevel.INCLUDED
            files.append(file)
        self._build.write_beside(Path(config.site_dir))

    # After the search plugin, which would look through the content for nothing.
    @event_priority(-100)
    def on_page_context(
        self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        """Fetch the content that lies aside, and frame it where that can be done at once."""
        if isinstance(page, _RenderedPage):
            page.fetch()
            page.frame(context)
        return context

    # After other plugins, so that what is kept is what they made of the page; and because the
    # theme has written it, so that what its head lacks is put in whatever theme it is.
    @event_priority(-100)
    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Complete the head of a page; keep a generated one for the next build."""
        if isinstance(page, _FinishedPage):
            return output
        head = Head(
            title=str(page.meta.get("title") or page.title or config.site_name),
            description=str(page.meta.get("description") or config.site_description or ""),
            site_name=config.site_name,
            url=page.canonical_url or "",
            home=page.is_homepage,
            feed=self._good.feed if self._good else "",
            robots=str(page.meta.get("robots") or ""),
        )
        output = with_head(output, head)
        if isinstance(page, _RenderedPage) and self._good:
            page.keep(self._good.shelf, output)
        return output

    # Before other plugins, which may look for all files of the site here.
    @event_priority(100)
    def _wait(self, *, config: MkDocsConfig) -> None:
        """See to it that the files beside the pages are there."""
        if self._build is not None and self._build.writing is not None:
            self._build.writing.result()

    # After the search plugin, which writes its index here.
    @event_priority(-100)
    def _complete(self, *, config: MkDocsConfig) -> None:
        """Add the entries of generated pages to the search index; keep what is known of pages."""
        if self._good is None or self._build is None:
            return
        planned = self._build.plan.pages
        if _theme_searches(config):
            _add_to_index(config, planned.values())
        before, self._stood = self._stood, self._build.stood()
        if not self._serving:
            if self._stood != before:
                of = (cache.program(), str(config.site_dir))
                self._good.cache.write_json(_STOOD, (*of, self._stood))
            self._save()

    on_post_build = CombinedEvent(_wait, _complete)

    def on_build_error(self, *, error: Exception) -> None:
        """Leave the last good site where nothing has been written yet."""
        if self._build is not None:
            if self._build.writing is not None:
                self._build.writing.end()
            self._build.standing.restore()

    # Here because MkDocs begins to watch after it.
    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: object
    ) -> LiveReloadServer:
        """Watch the records and templates more closely than MkDocs does what it watches."""
        folders = self._folders(config)
        files = sum(1 for folder in folders for _ in folder.rglob("*"))
        seconds = min(_LOOK_LATEST, max(_LOOK_EARLIEST, files * _LOOK_PER_FILE))
        watching = server.observer
        # Whoever watches them now keeps them: to watch them again does nothing.
        self._watching = server.observer = type(watching)(timeout=seconds)
        for folder in folders:
            server.watch(str(folder))
        server.observer = watching
        server.build_delay = _LOOK_EARLIEST  # more than it takes to save a file
        self._watching.start()
        return server

    # The live preview keeps what it knows in memory, since to write it takes longer than most
    # of its builds.
    def on_shutdown(self) -> None:
        """Keep what is known of pages."""
        if self._watching is not None:
            self._watching.stop()
        if self._serving:
            self._save()

    def _save(self) -> None:
        if self._good is not None and self._build is not None:
            names = {bundle.name for bundle in self._good.bundles}
            self._good.shelf.save(self._build.plan.pages, names)

    def _read(self, config: MkDocsConfig) -> _Good:
        root = self._records(config)
        if not root.is_dir():
            raise PluginError(f"abicase: there is no folder of records {shown_path(root)!r}")
        part = digest(str(config.config_file_path), config.site_url or "")[:32]
        kept = Cache(cache.folder(), part, log.info)
        if self._shelf is None or not self._serving:
            self._shelf = Shelf(kept)
        templates = self._templates(config)
        before = self._good.catalogue if self._good and self._serving else None
        # Where nothing is known, all templates are wanted.
        ahead = self._shelf.empty and _size(root) > _MUCH
        with compiled_ahead(templates) if ahead else contextlib.nullcontext():
            catalogue, problems = load(root, drafts=self._serving, kept=kept, before=before)
        for problem in problems:
            if problem.severity == "warning":
                log.info(str(problem))
        if catalogue is None:
            raise PluginError(_listed(problems))
        url = root_of_site(config.site_url, catalogue.casebook.published_at)
        site = self._site(url, config)
        renderer = Renderer(catalogue, templates, site)
        common = digest(
            cache.program(),
            cache.tree(templates) if templates else "",
            repr(site),
            *_shared(root, catalogue),
        )
        beside = list(bundles(catalogue, renderer))
        return _Good(
            catalogue=catalogue,
            pages=[*pages(catalogue), *(reference(catalogue) if self.config.reference else ())],
            bundles=beside,
            renderer=renderer,
            expander=Expander(catalogue, renderer),
            site=site,
            cache=kept,
            shelf=self._shelf,
            common=common,
            feed=site.url + FEED if any(bundle.name == FEED for bundle in beside) else "",
        )

    def _prepared(self, good: _Good, config: MkDocsConfig, *, lenient: bool) -> _Build:
        """What has changed is made, and everything has its place among MkDocs' files.

        Where it has to be lenient, a page whose address is taken is left out, and a section of the
        navigation that is not there as well.
        """
        good.shelf.renew(good.catalogue, good.common)
        there = list(_free(good, config, lenient=lenient))
        try:
            config.nav = expanded(
                config.nav, good.pages, self.config.navigation_limit, lenient=lenient
            )
        except NoSection as problem:
            raise PluginError(f"abicase: {problem}") from None
        spool = Spool()
        making = making_of(config) if _theme_searches(config) else ""
        headings = Headings(config.markdown_extensions, config.mdx_configs)
        workshop = Workshop(good.renderer, headings if making else None, spool)
        if not self._serving:
            *of, stood = good.cache.read_json(_STOOD) or ({},)
            self._stood = stood if of == [cache.program(), str(config.site_dir)] else {}
        # Another plugin may change files after they were written; then none stands as it was.
        standing = Standing(Path(config.site_dir), self._stood if making else {})
        stands = standing.look()
        try:
            plan = Plan(good.shelf, workshop, spool, there, good.bundles)
            fronts = {file: one.known.front for file, one in plan.pages.items()}
            key = site_key(making, config, fronts, good.feed)
            titles = titles_of(config.nav)
            for file, one in plan.pages.items():
                if key:
                    edit = _edit_uri(one.page, good.catalogue, config)
                    one.key = digest(key, one.known.shown, edit or "", repr(titles.get(file)))
            site = good.site
            plan.finish(
                {
                    file
                    for file, one in plan.pages.items()
                    if one.key and file not in titles and stands.get(site.file_of(file)) == one.key
                }
            )
        except TemplateProblem as problem:
            raise PluginError(f"abicase: {problem}") from None
        build = _Build(plan, site, spool, workshop, standing, stands, headings, config)
        for file, one in plan.pages.items():
            build.add(one, titles.get(file), file in titles, good)
        return build

    def _visits(self, config: MkDocsConfig, files: Files) -> Iterator[Visit]:
        """The pages for the sitemap: not those kept out of search, here or elsewhere."""
        assert self._build is not None
        for file in files:
            own = self._build.plan.pages.get(file.src_uri)
            if own is not None and file.generated_by:
                if own.page.searched:
                    yield Visit(urljoin(config.site_url or "", file.url), own.page.dated)
                continue
            page = file.page
            if page is None or not page.canonical_url or file.inclusion in _LEFT_OUT:
                continue
            search = page.meta.get("search")
            repeats = isinstance(search, Mapping) and bool(search.get("exclude"))
            if not repeats and "noindex" not in str(page.meta.get("robots") or ""):
                yield Visit(page.canonical_url)

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
        """The folders beside those of MkDocs from which the site is made, as far as they exist."""
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


@dataclass(frozen=True, slots=True)
class _Good:
    """What was read without an error."""

    catalogue: Catalogue
    pages: list[abicase.pages.Page]
    bundles: list[Bundle]
    renderer: Renderer
    expander: Expander
    site: Site
    cache: Cache
    shelf: Shelf
    common: str
    """A digest of what goes into everything: program, templates, options."""
    feed: str
    """The whole address of the feed; empty where there is none."""


class _Build:
    """One build of the site."""

    def __init__(
        self,
        plan: Plan,
        site: Site,
        spool: Spool,
        workshop: Workshop,
        standing: Standing,
        stands: Mapping[str, str],
        headings: Headings,
        config: MkDocsConfig,
    ) -> None:
        self.plan = plan
        self.site = site
        self.spool = spool
        self.workshop = workshop
        self.standing = standing
        self.stands = stands
        self.headings = headings
        self.config = config
        self.frames = Frames() if shows_pages_alike(config) else None
        self.environment: Any = None
        """The templates of the theme, once they are complete."""
        self.files: list[File] = []
        self.linked: set[str] = set()
        """The files beside the pages to which hand-written pages may link."""
        self.taken: set[str] = set()
        self.stood_still: set[str] = set()
        """The paths of what is put back."""
        self.writing: Started[None] | None = None
        """Writes the files beside the pages while MkDocs writes the pages."""

    def add(self, one: PlannedPage, title: str | None, listed: bool, good: _Good) -> None:
        """Give a page its place among MkDocs' files."""
        config = self.config
        if one.finished and config.nav is not None and not listed:
            self.files.append(_FinishedFile(one, self))
            return
        file = File.generated(config, one.page.file, content="")
        file.edit_uri = _edit_uri(one.page, good.catalogue, config)
        if config.nav is not None and not listed:
            file.inclusion = InclusionLevel.NOT_IN_NAV
        self.files.append(file)
        if one.finished:
            _FinishedPage(title, file, self, one)
            return
        page = _RenderedPage(title, file, self, one, listed=listed)
        if not one.key:  # some other plugin may look at the file
            file.content_string = with_front(one.known.front, page.body)

    def write_beside(self, folder: Path) -> None:
        """Put back what stands, and begin to write the files beside the pages that don't."""
        beside = {path: one for path, one in self.plan.files.items() if path not in self.taken}
        same = {path for path, (known, _) in beside.items() if self.stands.get(path) == known}
        finished = (file for file in self.files if isinstance(file, _FinishedFile))
        self.stood_still = same | {file.dest_uri for file in finished if file.stands}
        self.standing.put_back(self.stood_still)
        missing: dict[str, Bundle] = {}
        for path, (_, bundle) in beside.items():
            if path not in same:
                missing[bundle.name] = bundle
        self.writing = Started(partial(self._write, missing.values(), beside.keys() - same, folder))

    def _write(self, bundles: Iterable[Bundle], paths: Collection[str], folder: Path) -> None:
        """Write some files of some bundles, and keep what the next build can use."""
        for bundle in bundles:
            for path, text in self.plan.texts(bundle).items():
                if path in paths:
                    write_file(text.encode(), str(folder / path))
        self.plan.keep_texts()

    def stood(self) -> Stood:
        """What is to be known of the folder of the site before the next build."""
        written = {path: known for path, (known, _) in self.plan.files.items()}
        written |= {
            file.dest_uri: own.key
            for file in self.files
            if (own := self.plan.pages[file.src_uri]).key and own.finished
        }
        return self.standing.noted(written, self.stood_still)


class _WrittenFile(File):
    """A file beside the pages, for links to it; it is written without MkDocs' help."""

    def copy_file(self, dirty: bool = False) -> None:
        """It is there."""


class _FinishedFile(File):
    """A finished page that the navigation does not list: MkDocs knows its address, and no more."""

    def __init__(self, one: PlannedPage, build: _Build) -> None:
        super().__init__(
            one.page.file,
            src_dir=None,
            dest_dir=build.config.site_dir,
            use_directory_urls=build.config.use_directory_urls,
            dest_uri=build.site.file_of(one.page.file),
            inclusion=InclusionLevel.NOT_IN_NAV,
        )
        self.generated_by = "abicase"
        self._one = one
        self._build = build

    def is_documentation_page(self) -> bool:
        """Nothing is left to convert."""
        return False

    @property
    def stands(self) -> bool:
        """Whether it is in the folder of the site already."""
        return self._one.html is None

    @property
    def page(self) -> Page | None:
        """The page, for what looks for its anchors."""
        known = vars(self).get("_page")
        if known is None:
            _FinishedPage(None, self, self._build, self._one)
            known = vars(self)["_page"]
        return known  # type: ignore[no-any-return]

    @page.setter
    def page(self, page: Page | None) -> None:
        self._page = page

    def copy_file(self, dirty: bool = False) -> None:
        """Write the page, where it does not stand already."""
        if self._one.html is not None:
            write_file(self._build.spool.get(self._one.html).encode(), self.abs_dest_path)


class _FinishedPage(Page):
    """A page that an earlier build has finished: MkDocs has nothing to do but to write it."""

    def __init__(self, title: str | None, file: File, build: _Build, one: PlannedPage) -> None:
        super().__init__(title, file, build.config)
        self._build = build
        self._one = one
        assert one.finished is not None
        self.present_anchor_ids = set(one.finished.anchors)

    def read_source(self, config: MkDocsConfig) -> None:
        """Know what the navigation asks of the page."""
        self.markdown = ""
        self.meta = {**self._one.known.front, "template": FINISHED, "search": {"exclude": True}}

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """There is nothing to convert."""
        self.content = ""

    @property
    def finished(self) -> str:
        """The whole page, for its template."""
        assert self._one.html is not None
        return self._build.spool.get(self._one.html)


class _RenderedPage(Page):
    """A page whose Markdown has been made, and lies aside until MkDocs comes to it."""

    def __init__(
        self, title: str | None, file: File, build: _Build, one: PlannedPage, *, listed: bool
    ) -> None:
        super().__init__(title, file, build.config)
        assert one.made is not None
        self.finished = ""
        """The whole page, once it is framed."""
        self._build = build
        self._one = one
        self._alone = listed or not one.key
        self._kind: Hashable = None
        self._toc: TableOfContents | None = None
        self._heading = ""
        self._finished: Finished | None = None
        self._body = one.made.body
        self._assembled = one.made.assembled
        self._html = self._assembled.html if self._assembled else None

    @property
    def body(self) -> str:
        """Its Markdown; empty where that has been converted."""
        return "" if self._assembled else self._build.spool.get(self._body)

    def read_source(self, config: MkDocsConfig) -> None:
        """Fetch the Markdown."""
        self.markdown = self.body
        self.meta = dict(self._one.known.front)

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Convert the headings, and leave the HTML between them as it is."""
        if self._assembled is None:
            markdown, held = hold(self.markdown or "")
            converted = self._build.headings.convert(markdown) if held else None
            if converted is not None:
                self.content, self.toc = converted.html, get_toc(converted.contents)
                self.present_anchor_ids = converted.anchors
            else:
                self.markdown = markdown
                super().render(config, files)
            self.content = put_back(self.content or "", held)
            self.present_anchor_ids = (self.present_anchor_ids or set()) | anchors(held)
            if not (self._one.key and held):
                return
            found = entries(self.url, markdown, held) if self._one.page.searched else []
            there = sorted(self.present_anchor_ids)
            self._finished = Finished(self._one.key, there, as_json(found))
            self._html = self._build.spool.put(self.content)
        else:
            details = self._build.workshop.details(self._assembled)
            self.present_anchor_ids = set(details.anchors)
            self._finished = Finished(self._one.key, details.anchors, details.entries)
            self._expect(details.contents)
        self.content = ""
        self.meta["search"] = {"exclude": True}  # its entries are added at the end

    @property
    def toc(self) -> TableOfContents:
        """Its table of contents; few pages are asked for it, so that it lies aside till then."""
        return get_toc(self._contents()) if self._toc is None else self._toc

    @toc.setter
    def toc(self, toc: TableOfContents) -> None:
        self._toc = toc

    def _contents(self) -> list[Any]:
        """The tokens of its table of contents."""
        return self._build.workshop.details(self._assembled).contents if self._assembled else []

    def fetch(self) -> None:
        """Fetch the content that lies aside."""
        if self._html is not None:
            self.content = self._build.spool.get(self._html)

    def _expect(self, contents: list[Any]) -> None:
        """Count the page among those of its kind, of which the theme writes the frame once."""
        if self._alone or self._build.frames is None:
            return
        meta = {name: value for name, value in self.meta.items() if name not in _SHOWN}
        there = (self.meta.get("description"), self.canonical_url, self.edit_url, contents)
        self._heading = contents[0]["name"] if contents else ""
        self._kind = (
            posixpath.dirname(self.url.rstrip("/")),
            digest(repr(_headed(contents, "")), repr(meta)),
            *map(bool, there),
        )
        self._build.frames.expect(self._kind)
        self.meta["template"] = FINISHED

    def frame(self, context: TemplateContext) -> None:
        """Put the theme around the page, where :data:`FINISHED` does not leave that to MkDocs."""
        if self._kind is None or self._build.frames is None:
            return

        def write(texts: Texts | None) -> str:
            shown = self if texts is None else self._with(texts)
            template = self._build.environment.get_template("main.html")
            return str(template.render({**context, "page": shown}))

        texts = {name: str(self.meta.get(name) or "") for name in _SHOWN}
        texts |= {
            "content": self.content or "",
            "heading": self._heading,
            "canonical": self.canonical_url or "",
            "edit": self.edit_url or "",
        }
        self.finished = self._build.frames.framed(self._kind, texts, write)

    def _with(self, texts: Texts) -> Page:
        """The same page with other texts, where it has some."""
        shown = copy.copy(self)
        shown.meta = {**self.meta, **{name: texts[name] for name in _SHOWN if self.meta.get(name)}}
        shown.content = texts["content"]
        shown.toc = get_toc(_headed(self._contents(), texts["heading"]))
        shown.canonical_url = self.canonical_url and texts["canonical"]
        shown.edit_url = self.edit_url and texts["edit"]
        return shown

    def keep(self, shelf: Shelf, html: str) -> None:
        """Keep the finished page for the next build."""
        if self._finished is not None:
            self._one.finished = self._finished
            shelf.keep(self.file.src_uri, self._finished, html)
            # MkDocs holds all pages to the end; what is written need not lie in memory with them.
            self.content = self.finished = ""
            self._one.made = None


def _headed(contents: list[Any], heading: str) -> list[Any]:
    """A table of contents with another first heading, which is that of the page."""
    own = {"name": heading, "html": heading}
    return [{**token, **({} if number else own)} for number, token in enumerate(contents)]


def _edit_uri(page: abicase.pages.Page, catalogue: Catalogue, config: MkDocsConfig) -> str | None:
    """Where the record that a page shows is edited, from the folder of the documents."""
    if not page.record:
        return None
    return os.path.relpath(catalogue.files[page.record], config.docs_dir).replace(os.sep, "/")


def _free(good: _Good, config: MkDocsConfig, *, lenient: bool) -> Iterator[abicase.pages.Page]:
    """The pages whose address no hand-written page has."""
    taken = {file.dest_uri: file.src_uri for file in get_files(config)}
    for page in good.pages:
        other = taken.get(good.site.file_of(page.file))
        if other is None:
            yield page
        elif not lenient:
            message = f"abicase: {other!r} and the generated {page.file!r} have the same address"
            raise PluginError(f"{message}; rename the former")


def _shared(root: Path, catalogue: Catalogue) -> list[str | bytes]:
    """What goes into every page: the files beside the records, and the repositories."""
    parts: list[str | bytes] = []
    for path in sorted(root.iterdir()):
        if path.is_file():
            parts += [path.name, path.read_bytes()]
    for id_ in catalogue.repositories:
        parts += [id_, catalogue.digests[f"repository/{id_}"]]
    return parts


def _size(root: Path) -> int:
    """The bytes of all records."""
    return sum(path.stat().st_size for path in root.rglob("*.yml") if path.is_file())


def _theme_searches(config: MkDocsConfig) -> bool:
    """Whether the search plugin is the one of the Material theme, which can leave pages out."""
    plugins = (config.plugins.get(name) for name in ("search", "material/search"))
    return any(type(plugin).__module__.startswith("material.") for plugin in plugins)


def _add_to_index(config: MkDocsConfig, planned: Iterable[PlannedPage]) -> None:
    path = Path(config.site_dir, "search", "search_index.json")
    if path.is_file():
        found = (one.finished.entries for one in planned if one.finished)
        path.write_text(with_entries(path.read_text("utf-8"), found), encoding="utf-8")


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


def _problems_of_pages(texts: Iterable[tuple[File, str]], expander: Expander) -> list[Problem]:
    """What is wrong with the links and directives of all hand-written pages."""
    return [
        problem
        for file, text in texts
        for problem in expander.expand(
            text, file.src_uri, shown_path(Path(file.abs_src_path or ""))
        ).problems
    ]


def _listed(problems: list[Problem]) -> str:
    errors = [problem for problem in problems if problem.severity == "error"]
    return f"abicase: {len(errors)} problem{'s' if len(errors) > 1 else ''}\n{as_text(errors)}"
