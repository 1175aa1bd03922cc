"""What a page was made from: a record may be edited anywhere, and no page misses it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from abicase.cache import Cache, digest
from abicase.catalogue import Catalogue, load
from abicase.outputs import bundles
from abicase.pages import pages
from abicase.render import Renderer
from abicase.shelf import Shelf
from conftest import loaded, texts


class Known:
    """All pages and bundles of some records, and what is known of them after an edit."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.shelf = Shelf(Cache(None, "", print))
        self.shelf.renew(catalogue, "")
        renderer = Renderer(catalogue)
        for page in list(pages(catalogue)):  # all held, as in a build
            made = renderer.page(page)
            shown = digest(repr(made.front), made.body)
            self.shelf.learn(page, made.front, shown, made.reads)
        for bundle in bundles(catalogue, renderer):
            with renderer.noting() as reads:
                texts = {one.file: digest(one.text) for one in bundle.make()}
            self.shelf.learn_bundle(bundle, texts, reads, {})
        self.shelf.settle()

    def after(self, catalogue: Catalogue) -> set[str]:
        """The pages and bundles that are taken to be as they were; it is made sure that they are."""
        self.shelf.renew(catalogue, "")
        renderer = Renderer(catalogue)
        same: set[str] = set()
        for page in list(pages(catalogue)):  # all held, as in a build
            known = self.shelf.known(page)
            if known:
                made = renderer.page(page)
                assert known.shown == digest(repr(made.front), made.body), page.file
                same.add(page.file)
        for bundle in bundles(catalogue, renderer):
            files = self.shelf.bundle(bundle)
            if files is not None:
                assert files == {one.file: digest(one.text) for one in bundle.make()}, bundle.name
                same.add(bundle.name)
        return same


def edits(record: Path) -> Iterator[str]:
    """Each text of a record made another one, one at a time: where, and as the file then is."""
    tree = yaml.load(record.read_text("utf-8"), yaml.CBaseLoader)
    for node, key, where in texts(tree, record.stem):
        text = node[key]
        for other in (f"{text} anew", f"{text}x", _another_digit(text)):
            if other != text:
                node[key] = other
                record.write_text(yaml.dump(tree, sort_keys=False, allow_unicode=True), "utf-8")
                yield where
        node[key] = text


def _another_digit(text: str) -> str:
    last = text[-1:]
    return text[:-1] + str((int(last) + 1) % 10) if last.isdigit() else text


@pytest.fixture
def known(book: Path) -> Known:
    return Known(loaded(book))


@pytest.mark.slow
def test_every_edit_of_a_record_reaches_every_page(book: Path, known: Known) -> None:
    done = set()
    # The casebook and the repositories go into all pages alike, without being noted.
    for record in sorted(book.glob("[!r]*/*.yml")):
        text = record.read_text("utf-8")
        for where in edits(record):
            catalogue, _ = load(book)
            if catalogue is not None:  # else the edit is refused
                done.add(where)
                try:
                    known.after(catalogue)
                except AssertionError as error:
                    raise AssertionError(f"after an edit of {where}") from error
        record.write_text(text, "utf-8")
    assert len(done) > 100
    assert {"pour/title", "pour/name", "pour/findings/speed/text", "pour/events/0/text"} <= done


def test_an_edit_makes_only_what_shows_it(book: Path, known: Known) -> None:
    def after(old: str, new: str) -> set[str]:
        record = book / "cases" / "pour.yml"
        text = record.read_text("utf-8")
        assert old in text
        record.write_text(text.replace(old, new, 1), "utf-8")
        catalogue = loaded(book)
        record.write_text(text, "utf-8")
        return known.after(catalogue)

    everywhere = {"cases/pour.md", "compare/pour-vs-steep.md", "axes/speed.md"}
    elsewhere = {"cases/steep.md", "api/v1/cases/steep.json", "axes/outcome.md"}
    evidence = {"claims/faster.md", "lessons/name-the-unit.md"}
    finding = after("It took [two days]", "It lasted [two days]")
    assert finding >= elsewhere | evidence
    assert finding.isdisjoint(everywhere)
    event = after("The parameter `t` became", "The argument `t` became")
    assert event >= {"cases/steep.md", "axes/outcome.md", "claims/faster.md"}
    assert event.isdisjoint(everywhere | {"lessons/name-the-unit.md"})
    name = after("\nname: ", "\nname: the ")
    assert name.isdisjoint(everywhere | elsewhere | evidence)
