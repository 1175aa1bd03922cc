"""The MkDocs plugin ``abicase``, which passes the generated pages to MkDocs.

Everything that can fail does so in ``on_pre_build``, before MkDocs empties the site's folder, so
that a record with a problem leaves the last good site in place.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel, get_files, set_exclusions
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc

from abicase.authoring.preview import observer, why_not_at
from abicase.cli.group import abicase as commands
from abicase.edition import Edition, EditionError, Editions, Order
from abicase.incremental.cache import folder
from abicase.mkdocs.config import AbicaseConfig
from abicase.mkdocs.files import add, states, version
from abicase.outputs.feeds import SITEMAP, Visit, sitemap
from abicase.outputs.files import ASSETS, MISSING, SCRIPT, STYLE
from abicase.render.environment import TEMPLATES, CompiledTemplates
from abicase.render.head import Head, with_head, with_notice
from abicase.render.headings import HtmlHeadings, TocOptions
from abicase.render.renderer import Rendered
from abicase.render.themed import marked
from abicase.schema.addresses import Site, history_in
from abicase.schema.options import DISPUTES
from abicase.source.folders import is_input, path_in_tree

log = get_plugin_logger(__name__)
COMPILED_THEME = CompiledTemplates()
"""The compiled templates of the theme."""


class AbicasePlugin(BasePlugin[AbicaseConfig]):  # type: ignore[no-untyped-call]
    """The plugin: it reads the records, renders their pages, and passes them to MkDocs."""

    def __init__(self) -> None:
        super().__init__()
        self._serving = False
        self._editions = Editions(log.info, folder)
        self._edition: Edition | None = None
        self._ours: dict[str, Rendered] = {}
        """The generated pages, by their Markdown file."""
        self._files: Files | None = None
        self._shown: dict[str, str] | None = None
        """The states of generated files in a live preview with ``--dirty``, once it shows them."""
        self._watching: Any = None

    # The first event in which MkDocs passes the command. Having it also makes MkDocs keep the
    # plugin, and so the last good records, from one build of the live preview to the next.
    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Note whether this is the live preview."""
        self._serving = command == "serve"
        self._shown = {} if self._serving and dirty else None

    # Here, because MkDocs' live preview takes the folders to watch from the configuration.
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Watch the records and templates; add the style sheet and the script."""
        for watched in (self.config.records, self.config.templates, TEMPLATES, ASSETS):
            if watched and Path(watched).is_dir() and str(watched) not in config.watch:
                config.watch.append(str(watched))
        if STYLE not in config.extra_css:
            config.extra_css.append(STYLE)
        if SCRIPT not in config.extra_javascript:
            config.extra_javascript.append(SCRIPT)
        return config

    # Here, because MkDocs empties the site right after it, so everything that can fail has to fail
    # now. In the preview the server would have nothing to show, so its pages report the problems.
    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Read, check and render everything; stop with all problems if there are any."""
        if self._serving and self._edition is None and (why := why_not_at(*config.dev_addr)):
            hint = "dev_addr in mkdocs.yml, or mkdocs serve -a, names another address"
            raise PluginError(f"the preview can't be served at {config.dev_addr}: {why}; {hint}")
        try:
            self._edition = self._editions.next(self._order(config))
        except EditionError as error:
            raise PluginError(f"abicase: {error}") from None
        except OSError as error:
            raise PluginError(str(error)) from None
        if self._edition.notice:
            log.error(self._edition.notice)
        config.nav = self._edition.nav

    # Before plugins that list or check pages, wherever they are configured: they need these, too.
    @event_priority(50)
    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add the generated pages, and the other files that the site itself does not have."""
        assert self._edition is not None
        inputs = [Path(path) for path in (self.config.records, self.config.templates) if path]
        makes_the_site = is_input(Path(config.docs_dir), inputs)
        for file in files:  # pages stay, wherever they are
            path = file.abs_src_path or ""
            if path and not file.is_documentation_page() and makes_the_site(path):
                file.inclusion = InclusionLevel.EXCLUDED
        self._ours = add(files, self._edition, config, self._shown)
        if self._shown:
            self._shown = {}  # unknown until everything is written
        self._files = files
        return files

    # After plugins that treat a page as a template: the inserted parts are not templates.
    @event_priority(-100)
    def on_page_markdown(self, markdown: str, *, page: Page, **_: Any) -> str:
        """Expand a page of any origin; a generated one only has its front matter."""
        assert self._edition is not None
        if rendered := self._ours.get(page.file.src_uri):
            page.meta = marked(rendered.front)
            return ""
        return self._edition.expand(markdown, page.file.src_uri, log.warning)

    # After MkDocs has converted the empty page, and before plugins that look for its content.
    @event_priority(100)
    def on_page_content(self, html: str, *, page: Page, **_: Any) -> str:
        """Set the HTML of generated pages, which is not converted from Markdown."""
        if rendered := self._ours.get(page.file.src_uri):
            page.toc = get_toc(rendered.contents)
            page.present_anchor_ids = rendered.anchors
            return rendered.body
        return html

    # Here, because all pages have been read, but no template has been loaded and no file written.
    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> None:
        """Replace the theme's sitemap and 404 page, and version styles and scripts."""
        # In a live preview, MkDocs creates a new environment for each build.
        env.bytecode_cache = COMPILED_THEME
        if MISSING in files.src_uris:
            config.theme.static_templates.discard(MISSING)
        config.theme.static_templates.discard(SITEMAP)
        if config.site_url and SITEMAP not in files.src_uris:
            dates = {place: rendered.page.dated for place, rendered in self._ours.items()}
            text = sitemap(
                Visit(page.canonical_url or "", page.meta, dates.get(file.src_uri))
                for file in files.documentation_pages()
                if (page := file.page)
            )
            level = InclusionLevel.INCLUDED
            files.append(File.generated(config, SITEMAP, content=text, inclusion=level))
        version(config, files)

    # After the theme has written the page, so that the head can be completed in any theme; and
    # late, so that tags from other plugins are found.
    @event_priority(-100)
    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Complete the head of a page; in the preview, show the problems of the records on it."""
        assert self._edition is not None
        head = Head(
            title=str(page.meta.get("title") or page.title or config.site_name),
            description=str(page.meta.get("description") or config.site_description or ""),
            site_name=config.site_name,
            url=page.canonical_url or "",
            home=page.is_homepage,
            feed=self._edition.feed,
            robots=str(page.meta.get("robots") or ""),
        )
        return with_notice(with_head(output, head), self._edition.notice)

    # Here, because a build that failed earlier has nothing worth keeping.
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Keep the results for the next build."""
        self._editions.save()
        if self._shown is not None and self._files is not None:
            self._shown = states(self._files)  # without those that another plugin has removed

    # After other plugins, because MkDocs calls none after this one.
    @event_priority(-100)
    def on_build_error(self, *, error: Exception) -> None:
        """Report an operating system error in a sentence."""
        if isinstance(error, OSError):
            raise PluginError(f"abicase: the site can't be built: {error}") from None

    # Here, because MkDocs starts to watch after it, and watches the folders in ``config.watch``.
    def on_serve(self, server: Any, *, config: MkDocsConfig, **_: Any) -> Any:
        """Watch folders even if they disappear and come back."""
        # Folders that are already watched stay with the first observer; the second gets the rest.
        server.unwatch(config.docs_dir)
        config.watch.append(config.docs_dir)
        self._watching = server.observer
        self._watching.start()
        server.observer = observer(config.watch)
        return server

    # Here, because it is the last event, even if a build has failed.
    def on_shutdown(self) -> None:
        """Stop watching, and release the store."""
        if self._watching is not None:
            self._watching.stop()
        self._editions.close()

    def _order(self, config: MkDocsConfig) -> Order:
        files = get_files(config)
        set_exclusions(files, config)
        own, records = self.config, Path(self.config.records)
        in_tree = path_in_tree(records, Path(config.config_file_path).parent)
        return Order(
            records=records,
            templates=Path(own.templates) if own.templates else None,
            reference=commands if own.reference else None,
            site=Site(
                config.site_url or "",
                config.use_directory_urls,
                history=history_in(config.repo_url or "", own.revision, in_tree),
                **{name: own[name] for name in DISPUTES},
            ),
            headings=partial(HtmlHeadings, TocOptions.of(config.mdx_configs.get("toc", {}))),
            highlight=True,
            nav=config.nav,
            navigation_limit=own.navigation_limit,
            docs=Path(config.docs_dir),
            written={f.src_uri: Path(f.abs_src_path or "") for f in files.documentation_pages()},
            taken={file.dest_uri: file.src_uri for file in files},
            drafts=self._serving,
            preview=self._serving,
        )
