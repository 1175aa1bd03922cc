"""The MkDocs plugin ``abicase``: hands the generated pages to MkDocs. Nothing else imports MkDocs.

Everything that can fail does so in ``on_pre_build``, before MkDocs empties the folder of the site,
so that a record with a problem leaves the last good site in place.
"""

from __future__ import annotations

import json
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
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel, get_files, set_exclusions
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc
from mkdocs.utils.templates import TemplateContext

import abicase.pages
from abicase import cache
from abicase.addresses import Site, root_of_site
from abicase.cache import Cache, digest
from abicase.catalogue import Catalogue, load
from abicase.feeds import FEED, SITEMAP, Visit, sitemap
from abicase.finished import anchors, hold, put_back
from abicase.handwritten import Expander
from abicase.head import Head, with_head
from abicase.headings import Headings
from abicase.outputs import ASSETS, SCRIPT, STYLE, Output, outputs
from abicase.pages import pages
from abicase.problems import Problem, as_text
from abicase.reading import shown_path
from abicase.reference import reference
from abicase.render import TEMPLATES, Renderer, TemplateProblem, with_front
from abicase.searched import Entry, entries
from abicase.shelf import Extra, Made, Shelf
from abicase.sitekey import site_key, titles_of
from abicase.spool import Place, Spool
from abicase.tracking import Digests

log = get_plugin_logger(__name__)

NAVIGATION_PREFIX = "abicase:"
"""In the navigation, ``abicase:cases`` stands for the generated pages of the section ``cases``."""


THEME = Path(__file__).with_name("theme")
"""The theme templates that the package brings."""
FINISHED = "abicase-finished.html"
"""The template of a page that is finished."""


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
        self._files: list[_PageFile] = []
        self._own: dict[File, _PageFile] = {}
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
        if str(THEME) not in config.theme.dirs:
            config.theme.dirs.append(str(THEME))  # last, so that a theme comes first
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
        unchanged = sum(isinstance(one.file.page, _FinishedPage) for one in self._files)
        log.info(f"{unchanged} of {len(self._files)} pages are as they were in the last build")
        found = _problems_of_pages(config, self._good.expander)
        if found and not self._serving:
            raise PluginError(_listed(found))
        if found:
            log.error(_listed(found))

    # At the default priority, so that plugins that sort or list pages see ours.
    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add the generated pages and the files beside them."""
        self._own = {one.file: one for one in self._files}
        for one in self._files:
            files.append(one.file)
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
        visits = []
        for page in (file.page for file in files.documentation_pages()):
            if page is None or not page.canonical_url:
                continue
            own = self._own.get(page.file)
            if _listable(page, own.page.searched if own else None):
                visits.append(Visit(page.canonical_url, own.page.dated if own else None))
        file = File.generated(config, SITEMAP, content=sitemap(visits))
        file.inclusion = InclusionLevel.INCLUDED
        files.append(file)

    # After the search plugin, which would look through the content for nothing.
    @event_priority(-100)
    def on_page_context(
        self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        """Fetch the content that lies aside."""
        own = self._own.get(page.file)
        if own is not None and own.content is not None and self._good:
            page.content = self._good.spool.get(own.content)
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
        own = self._own.get(page.file)
        if own and own.key and own.extra and self._good:
            self._good.shelf.keep(page.file.src_uri, own.key, own.extra, output)
            page.content = ""
        return output

    # After the search plugin, which writes its index here.
    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Add the entries of generated pages to the search index; keep what is known of pages."""
        if _theme_searches(config):
            _add_to_index(config, [own.extra.entries for own in self._files if own.extra])
        if self._good is not None:
            self._good.shelf.save(own.page.file for own in self._files)

    def _read(self, config: MkDocsConfig) -> _Good:
        root = self._records(config)
        if not root.is_dir():
            raise PluginError(f"abicase: there is no folder of records {shown_path(root)!r}")
        part = digest(str(config.config_file_path), config.site_url or "")[:32]
        kept = Cache(cache.folder(), part, log.info)
        catalogue, problems = load(root, drafts=self._serving, kept=kept)
        for problem in problems:
            if problem.severity == "warning":
                log.info(str(problem))
        if catalogue is None:
            raise PluginError(_listed(problems))
        url = root_of_site(config.site_url, catalogue.casebook.published_at)
        site = self._site(url, config)
        templates = self._templates(config)
        renderer = Renderer(catalogue, templates, site)
        common = digest(
            cache.program(),
            cache.tree(templates) if templates else "",
            repr(site),
            *_shared(root, catalogue),
        )
        shelf = Shelf(kept, Digests(catalogue, catalogue.digests), common)
        expander = Expander(catalogue, renderer)
        made = [*pages(catalogue), *(reference(catalogue) if self.config.reference else ())]
        try:
            beside = list(outputs(catalogue, renderer))
        except TemplateProblem as problem:
            raise PluginError(f"abicase: {problem}") from None
        headings = Headings(config.markdown_extensions, config.mdx_configs)
        return _Good(catalogue, made, renderer, beside, expander, site, shelf, Spool(), headings)

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
    """What was read without an error."""

    catalogue: Catalogue
    pages: list[abicase.pages.Page]
    renderer: Renderer
    outputs: list[Output]
    expander: Expander
    site: Site
    shelf: Shelf
    spool: Spool
    headings: Headings

    @property
    def feed(self) -> str:
        """The whole address of the feed; empty where there is none."""
        return self.site.url + FEED if FEED in {one.file for one in self.outputs} else ""


@dataclass(slots=True)
class _PageFile:
    """A generated page as one of MkDocs' files."""

    page: abicase.pages.Page
    file: File
    key: str = ""
    """The key under which it is kept when it is finished; empty where it can't be kept."""
    extra: Extra | None = None
    """What it brings besides its HTML, once that is known."""
    content: Place | None = None
    """Where its content lies between Markdown and theme."""


class _FinishedPage(Page):
    """A page that an earlier build has finished: MkDocs has nothing to do but to write it."""

    def __init__(
        self, title: str | None, file: File, config: MkDocsConfig, made: Made, shelf: Shelf
    ) -> None:
        super().__init__(title, file, config)
        self._made = made
        self._shelf = shelf

    def read_source(self, config: MkDocsConfig) -> None:
        """Know what the navigation asks of the page."""
        self.markdown = ""
        self.meta = {**self._made.front, "template": FINISHED, "search": {"exclude": True}}

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """There is nothing to convert."""
        self.content = ""

    @property
    def finished(self) -> str:
        """The whole page, for its template."""
        return self._shelf.html(self.file.src_uri)


class _RenderedPage(Page):
    """A page whose Markdown has been made, and lies aside until MkDocs comes to it."""

    def __init__(
        self,
        title: str | None,
        own: _PageFile,
        config: MkDocsConfig,
        made: Made,
        good: _Good,
        body: Place,
    ) -> None:
        super().__init__(title, own.file, config)
        self._own = own
        self._made = made
        self._good = good
        self._body = body

    def read_source(self, config: MkDocsConfig) -> None:
        """Fetch the Markdown."""
        self.markdown = self._good.spool.get(self._body)
        self.meta = dict(self._made.front)

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Convert the headings, and leave the HTML between them as it is."""
        own, good = self._own, self._good
        self.markdown, held = hold(self.markdown or "")
        converted = good.headings.convert(self.markdown) if held else None
        if converted is None:
            super().render(config, files)
        else:
            self.content = converted.html
            self.toc = get_toc(converted.contents)
            self.present_anchor_ids = converted.anchors
        self.present_anchor_ids = (self.present_anchor_ids or set()) | anchors(held)
        if held and _theme_searches(config):
            self.meta["search"] = {"exclude": True}  # its entries are added at the end
            searched = own.page.searched
            found = entries(self.url, self.markdown, held) if searched else []
            own.extra = Extra(found, sorted(self.present_anchor_ids))
        html = put_back(self.content or "", held)
        if own.key and own.extra:
            own.content = good.spool.put(html)
            html = ""
        self.content = html


def _files(
    good: _Good, navigation_limit: int, config: MkDocsConfig, *, lenient: bool = False
) -> list[_PageFile]:
    """The generated pages as MkDocs' files, with their edit links and places.

    Where it has to be lenient, a page whose address is taken is left out, and a section of the
    navigation that is not there as well.
    """
    taken = {file.dest_uri: file.src_uri for file in get_files(config)}
    listed = _list(good.pages, navigation_limit, config, lenient=lenient)
    found = []
    for page in good.pages:
        file = File.generated(config, page.file, content="")
        other = taken.get(file.dest_uri)
        if other is not None and lenient:
            continue
        if other is not None:
            message = f"abicase: {other!r} and the generated {page.file!r} have the same address"
            raise PluginError(f"{message}; rename the former")
        if page.record:
            relative = os.path.relpath(good.catalogue.files[page.record], config.docs_dir)
            file.edit_uri = relative.replace(os.sep, "/")
        if config.nav is not None and page.file not in listed:
            file.inclusion = InclusionLevel.NOT_IN_NAV
        found.append(_PageFile(page, file))
    try:
        _fill(found, good, config)
    except TemplateProblem as problem:
        raise PluginError(f"abicase: {problem}") from None
    return found


def _fill(found: list[_PageFile], good: _Good, config: MkDocsConfig) -> None:
    """Give each page its contents: finished, where an earlier build left them so, or Markdown."""
    made: dict[str, Made] = {}
    bodies: dict[str, Place] = {}

    def render(one: _PageFile) -> Made:
        rendered = good.renderer.page(one.page)
        bodies[one.page.file] = good.spool.put(rendered.body)
        return good.shelf.now(rendered)

    for one in found:
        made[one.page.file] = good.shelf.made(one.page) or render(one)
    site = site_key(config, {file: known.front for file, known in made.items()}, good.feed)
    titles = titles_of(config.nav)
    for one in found:
        file, known, title = one.file, made[one.page.file], titles.get(one.page.file)
        if site:
            one.key = digest(site, known.shown, file.edit_uri or "", repr(title))
            one.extra = good.shelf.finished(one.page.file, one.key)
        if one.extra is not None:
            finished = _FinishedPage(title, file, config, known, good.shelf)
            finished.present_anchor_ids = set(one.extra.anchors)
            continue
        if one.page.file not in bodies:
            render(one)
        body = bodies[one.page.file]
        _RenderedPage(title, one, config, known, good, body)
        if not site:  # some other plugin may look at the file
            file.content_string = with_front(known.front, good.spool.get(body))


def _list(
    there: list[abicase.pages.Page], navigation_limit: int, config: MkDocsConfig, *, lenient: bool
) -> set[str]:
    """Put the pages of each section in place of its name in the navigation.

    Returns:
        The files that the navigation lists.
    """
    sections: dict[str, list[abicase.pages.Page]] = {}
    for page in there:
        sections.setdefault(posixpath.dirname(page.file), []).append(page)
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
        members = sections[name]
        if len(members) - 1 > navigation_limit:
            members = members[:1]
        listed.update(page.file for page in members)
        return [{page.name: page.file} if page.name else page.file for page in members]

    if config.nav is not None:
        config.nav = expand(config.nav)
    return listed


def _listable(page: Page, searched: bool | None) -> bool:
    """Whether the sitemap has a page: not if it is kept out of search, here or elsewhere."""
    search = page.meta.get("search")
    repeats = isinstance(search, Mapping) and bool(search.get("exclude"))
    if searched is not None:
        repeats = not searched
    return not repeats and "noindex" not in str(page.meta.get("robots") or "")


def _shared(root: Path, catalogue: Catalogue) -> list[str | bytes]:
    """What goes into every page: the files beside the records, and the repositories."""
    parts: list[str | bytes] = []
    for path in sorted(root.iterdir()):
        if path.is_file():
            parts += [path.name, path.read_bytes()]
    for id_ in catalogue.repositories:
        parts += [id_, catalogue.digests[f"repository/{id_}"]]
    return parts


def _theme_searches(config: MkDocsConfig) -> bool:
    """Whether the search plugin is the one of the Material theme, which can leave pages out."""
    plugins = (config.plugins.get(name) for name in ("search", "material/search"))
    return any(type(plugin).__module__.startswith("material.") for plugin in plugins)


def _add_to_index(config: MkDocsConfig, found: list[list[Entry]]) -> None:
    path = Path(config.site_dir, "search", "search_index.json")
    if not path.is_file():
        return
    index = json.loads(path.read_text("utf-8"))
    index["docs"] += [entry for some in found for entry in some]
    path.write_text(json.dumps(index, separators=(",", ":")), encoding="utf-8")


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
