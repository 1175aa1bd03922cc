"""What a build has to make, and what earlier builds have left that is still right."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from abicase.outputs import Bundle
from abicase.pages import Page
from abicase.shelf import Finished, Known, Shelf
from abicase.spool import Place, Spool
from abicase.workshop import MadePage, Workshop

_FILE_NAME = re.compile(r"[\w./%-]+\.\w+")


@dataclass(slots=True)
class PlannedPage:
    """A page, and how far it is done."""

    page: Page
    known: Known
    key: str = ""
    """The key under which it is kept when it is finished; empty where it can't be kept."""
    finished: Finished | None = None
    """What is known of it, where an earlier build has finished it."""
    html: Place | None = None
    """Where its HTML lies, if it is finished and has to be written."""
    made: MadePage | None = None
    """What this build has made of it, if it is not finished."""


class Plan:
    """All that a site holds of ours: what has changed is made, the rest is there."""

    def __init__(
        self,
        shelf: Shelf,
        workshop: Workshop,
        spool: Spool,
        pages: Sequence[Page],
        bundles: Sequence[Bundle],
    ) -> None:
        """Make what has changed.

        Args:
            shelf: What earlier builds have left.
            workshop: Makes what has changed.
            spool: Where everything lies until it is written.
            pages: All pages of the site.
            bundles: All its bundles.

        Raises:
            TemplateProblem: A template is missing or wrong.
        """
        self._shelf = shelf
        self._workshop = workshop
        self._spool = spool
        known = {page.file: shelf.known(page) for page in pages}
        files = {bundle.name: shelf.bundle(bundle) for bundle in bundles}
        for bundle in bundles:
            if files[bundle.name] is not None:
                workshop.recall(shelf.replies(bundle))
        made, self._bundles = workshop.make(
            [page for page in pages if known[page.file] is None],
            [bundle for bundle in bundles if files[bundle.name] is None],
        )
        self.pages: dict[str, PlannedPage] = {}
        """The pages by their Markdown files; without keys at first."""
        for page in pages:
            one = made.get(page.file)
            if one is not None:
                known[page.file] = shelf.learn(page, one.front, one.shown, one.reads)
            there = known[page.file]
            assert there is not None
            self.pages[page.file] = PlannedPage(page, there, made=one)
        self.files: dict[str, tuple[str, Bundle]] = {}
        """Each file beside the pages, by path: the digest of its text, and its bundle."""
        for bundle in bundles:
            fresh = self._bundles.get(bundle.name)
            if fresh is not None:
                files[bundle.name] = fresh.files
                shelf.learn_bundle(bundle, fresh.files, fresh.reads, fresh.replies)
            for path, its_digest in (files[bundle.name] or {}).items():
                self.files[path] = its_digest, bundle
        shelf.settle()

    def finish(self, stands: Collection[str]) -> None:
        """Take the pages that an earlier build has finished under the same key; make the others.

        Args:
            stands: The Markdown files of those that stand on the site already.

        Raises:
            TemplateProblem: A template is missing or wrong.
        """
        for file, one in self.pages.items():
            found = self._shelf.finished(file, one.key) if one.key else None
            if found and file not in stands:
                html = self._shelf.html(file)
                if html is None:
                    continue
                one.html = self._spool.put(html)
            one.finished = found
        late = [one.page for one in self.pages.values() if not (one.finished or one.made)]
        for file, made in self._workshop.make(late, [])[0].items():
            self.pages[file].made = made

    def linked(self, texts: Iterable[str]) -> set[str]:
        """The files beside the pages that some texts may link to.

        There are tens of thousands of files, too many to tell MkDocs of all.

        Args:
            texts: Markdown.

        Returns:
            Their paths.
        """
        named = {name for text in texts for name in _FILE_NAME.findall(text)}
        ends = {"/" + name.lstrip("./").rpartition("../")[2] for name in named}
        names = {end.rpartition("/")[2] for end in ends}
        return {
            path
            for path in self.files
            if path.rpartition("/")[2] in names and any(f"/{path}".endswith(end) for end in ends)
        }

    def keep_texts(self) -> None:
        """Keep the texts of the bundles that this build has made."""
        for name, made in self._bundles.items():
            self._shelf.keep_texts(name, self._spool.get(made.texts))

    def texts(self, bundle: Bundle) -> Mapping[str, str]:
        """The texts of the files of a bundle, by path."""
        fresh = self._bundles.get(bundle.name)
        kept = self._workshop.texts(fresh) if fresh else self._shelf.texts(bundle.name)
        return kept or {output.file: output.text for output in bundle.make()}
