"""The MkDocs plugin ``abicase``: hands the generated pages to MkDocs, event by event.

Everything that can fail does so in ``on_pre_build``, before MkDocs empties the folder of the site,
so that a record with a problem leaves the last good site in place.
"""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files, get_files, set_exclusions
from mkdocs.structure.pages import Page

from abicase.authoring.preview import observer, why_not_at
from abicase.cli.group import abicase as commands
from abicase.edition import Edition, EditionError, Editions, Order
from abicase.mkdocs.config import AbicaseConfig
from abicase.mkdocs.files import INCLUDED, add, fill, leave_out, states, version, visits
from abicase.outputs.feeds import SITEMAP, sitemap
from abicase.outputs.files import ASSETS, MISSING, SCRIPT, STYLE
from abicase.reference import reference
from abicase.render.environment import TEMPLATES
from abicase.render.head import Head, with_head, with_notice
from abicase.render.headings import TocOptions
from abicase.render.renderer import Rendered
from abicase.render.themed import marked
from abicase.schema.addresses import Site, history_in
from abicase.source.folders import work_tree
from abicase.views.pages import pages

log = get_plugin_logger(__name__)


class AbicasePlugin(BasePlugin[AbicaseConfig]):  # type: ignore[no-untyped-call]
    """Reads the records, renders their pages, and gives them to MkDocs."""

    def __init__(self) -> None:
        super().__init__()
        self._serving = False
        self._editions = Editions(log.info)
        self._edition: Edition | None = None
        self._ours: dict[str, Rendered] = {}
        """The pages that we have rendered, by their Markdown file."""
        self._files: Files | None = None
        self._shown: dict[str, str] | None = None
        """The states of our files in a live preview with ``--dirty``, once it shows them."""
        self._watching: Any = None

    # Here because MkDocs says only now what it was called for. Having this event also keeps the
    # plugin from one build of the live preview to the next, and with it the last good records.
    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Note whether this is the live preview."""
        self._serving = command == "serve"
        self._shown = {} if self._serving and dirty else None

    # Here because the configuration is complete only now, and MkDocs' live preview takes the
    # folders to watch from it. At the default priority: nothing depends on the order.
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Watch the records and templates; add the style sheet and the script."""
        for folder in (self.config.records, self.config.templates, TEMPLATES, ASSETS):
            if folder and Path(folder).is_dir() and str(folder) not in config.watch:
                config.watch.append(str(folder))
        if STYLE not in config.extra_css:
            config.extra_css.append(STYLE)
        if SCRIPT not in config.extra_javascript:
            config.extra_javascript.append(SCRIPT)
        return config

    # Here because MkDocs empties the site right after it: all that can fail has to fail now. After
    # that the server of the preview would answer nothing, so there the pages say what is wrong.
    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Read, check and render everything; stop with all problems if there are any."""
        if self._serving and self._edition is None and (why := why_not_at(*config.dev_addr)):
            hint = "dev_addr in mkdocs.yml, or mkdocs serve -a, names another address"
            raise PluginError(f"the preview can't be served at {config.dev_addr}: {why}; {hint}")
        try:
            self._edition = self._editions.next(self._order(config))
        except (EditionError, OSError) as error:
            raise PluginError(str(error)) from None
        if self._edition.notice:
            log.error(self._edition.notice)
        config.nav = self._edition.nav

    # Before plugins that list or check pages, wherever they stand: they have to see ours, too.
    @event_priority(50)
    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add the generated pages, and the files beside them that the site does not bring."""
        assert self._edition is not None
        leave_out(files, config.docs_dir, self.config.records, self.config.templates)
        self._ours = add(files, self._edition, config, self._shown)
        if self._shown:
            self._shown = {}  # until all is written, nobody knows what is shown
        self._files = files
        return files

    # After plugins that take a page for a template: the parts that are placed here are none.
    @event_priority(-100)
    def on_page_markdown(self, markdown: str, *, page: Page, **_: Any) -> str:
        """Expand a page, whoever has made it; of ours there is the front matter only."""
        assert self._edition is not None
        if rendered := self._ours.get(page.file.src_uri):
            page.meta = marked(rendered.front)
            return ""
        return self._edition.expand(markdown, page.file.src_uri, log.warning)

    # Here because MkDocs has converted what it thinks the page is; before other plugins, so that
    # they find what it really is.
    @event_priority(100)
    def on_page_content(self, html: str, *, page: Page, **_: Any) -> str:
        """Give our pages their HTML; it goes through no Markdown."""
        rendered = self._ours.get(page.file.src_uri)
        return fill(page, rendered) if rendered else html

    # Here because only now all pages have been read, and no file has been written.
    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> None:
        """Put our sitemap and 404 page in place of the theme's; version styles and scripts."""
        if MISSING in files.src_uris:
            config.theme.static_templates.discard(MISSING)
        config.theme.static_templates.discard(SITEMAP)
        if config.site_url and SITEMAP not in files.src_uris:
            text = sitemap(visits(files, self._ours))
            files.append(File.generated(config, SITEMAP, content=text, inclusion=INCLUDED))
        version(config, files)

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
        return with_notice(with_head(output, head), self._edition.notice if self._edition else "")

    # Here because a build that failed before has made nothing worth keeping, or shows nothing.
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Keep what was made for the next build."""
        self._editions.save()
        if self._shown is not None and self._files is not None:
            self._shown = states(self._files)

    # After those of other plugins, since none is asked after it.
    @event_priority(-100)
    def on_build_error(self, *, error: Exception) -> None:
        """Say in a sentence what the system did not let MkDocs do."""
        if isinstance(error, OSError):
            raise PluginError(f"abicase: the site can't be built: {error}") from None

    # Here because MkDocs begins to watch after it, and passes on what ``config.watch`` names.
    def on_serve(self, server: Any, *, config: MkDocsConfig, **_: Any) -> Any:
        """Watch folders also where they go away and come back."""
        # What is watched already stays with the first observer; the second gets the rest.
        server.unwatch(config.docs_dir)
        config.watch.append(config.docs_dir)
        self._watching = server.observer
        self._watching.start()
        server.observer = observer(config.watch)
        return server

    # Here because it is the last event, also where a build has failed.
    def on_shutdown(self) -> None:
        """Stop watching, and let go of what is kept."""
        if self._watching is not None:
            self._watching.stop()
        self._editions.close()

    def _order(self, config: MkDocsConfig) -> Order:
        files = get_files(config)
        set_exclusions(files, config)
        own = self.config
        more = {key: own[key] for key in ("revision", "contact", "dispute_form", "dispute_guide")}
        return Order(
            records=Path(own.records),
            templates=Path(own.templates) if own.templates else None,
            chapters=(pages, partial(reference, command=commands)) if own.reference else (pages,),
            site=Site(
                config.site_url or "",
                config.use_directory_urls,
                history=_history(config, Path(own.records), own.revision),
                **more,
            ),
            toc=TocOptions.of(config.mdx_configs.get("toc", {})),
            nav=config.nav,
            navigation_limit=own.navigation_limit,
            docs=Path(config.docs_dir),
            written={f.src_uri: Path(f.abs_src_path or "") for f in files.documentation_pages()},
            taken={file.dest_uri: file.src_uri for file in files},
            preview=self._serving,
        )


def _history(config: MkDocsConfig, records: Path, revision: str) -> str:
    """The address of the git history of a record; see :attr:`Site.history`."""
    top = work_tree(records) or Path(config.config_file_path).parent
    folder = Path(os.path.relpath(records, top)).as_posix()
    return history_in(config.repo_url or "", revision, folder)
