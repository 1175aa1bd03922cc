"""The inputs of pages: after any edit of a record, no page is stale."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from abicase.catalogue.loading import load
from abicase.catalogue.model import Catalogue
from abicase.edition import Editions, Order
from abicase.incremental.store import Store
from abicase.incremental.stored import StoredMemo
from abicase.incremental.tracking import Digests, Trace, traced
from abicase.memo import Memo, no_memo
from abicase.outputs.files import outputs
from abicase.render.headings import MarkdownHeadings
from abicase.render.renderer import Renderer
from abicase.schema.addresses import Site
from abicase.views.pages import pages
from conftest import loaded, texts


class Build:
    """Builds of all pages and files of some records, each compared with one without a memo."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder, "", pytest.fail)

    def of(self, catalogue: Catalogue) -> set[str]:
        """The pages and files that were reused from an earlier build."""
        trace = Trace()
        memo = StoredMemo(self.store, "", trace, Digests(catalogue))
        noting = traced(catalogue, trace)
        assert made(noting, memo) == made(catalogue, no_memo)
        return {name.partition("/")[2] for name in memo.kept if not name.startswith("reply/")}


def made(catalogue: Catalogue, memo: Memo) -> dict[str, Any]:
    """Return all pages and files."""
    renderer = Renderer(catalogue, memo=memo)
    found: dict[str, Any] = {}
    for one in outputs(catalogue, renderer, memo):
        found[one.file] = one.text
    for page in pages(catalogue):
        rendered = renderer.page(page)
        found[page.file] = (rendered.front, rendered.body)
    return found


def edits(record: Path) -> Iterator[str]:
    """Yield every text of a record changed, one at a time: its place, and the resulting file.

    Of a list, the first and the second text of each field are edited: templates go over all alike.
    """
    tree = yaml.load(record.read_text("utf-8"), yaml.CBaseLoader)
    times = Counter[str]()
    for node, key, where in texts(tree, record.stem):
        field = re.sub(r"/\d+", "/", where)
        times[field] += 1
        if times[field] > 2:
            continue
        text = node[key]
        node[key] = _another(text)
        record.write_text(
            yaml.dump(tree, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True), "utf-8"
        )
        yield where
        node[key] = text


def _another(text: str) -> str:
    """Return a different text, date or number."""
    last = text[-1:]
    return text[:-1] + str((int(last) + 1) % 10) if last.isdigit() else f"{text} again"


@pytest.mark.first
@pytest.mark.slow
def test_every_edit_of_a_record_reaches_every_page(book: Path, tmp_path: Path) -> None:
    build, done = Build(tmp_path / "kept"), set()
    # The casebook and the repositories go into all pages alike, without being noted.
    for record in sorted(book.glob("[!r]*/*.yml")):
        text = record.read_text("utf-8")
        for where in edits(record):
            catalogue, _ = load(book)
            if catalogue is not None:  # else the edit is rejected
                done.add(where)
                try:
                    build.of(catalogue)
                except AssertionError as error:
                    raise AssertionError(f"after an edit of {where}") from error
        record.write_text(text, "utf-8")
    assert len(done) > 100
    assert {"pour/title", "pour/name", "pour/findings/speed/text", "pour/events/0/text"} <= done


def test_an_edit_makes_only_what_shows_it(book: Path, tmp_path: Path) -> None:
    build = Build(tmp_path / "kept")
    every = set(made(loaded(book), no_memo))
    assert build.of(loaded(book)) == set()

    def made_again(file: str, old: str, new: str) -> set[str]:
        record = book / file
        text = record.read_text("utf-8")
        assert old in text
        record.write_text(text.replace(old, new, 1), "utf-8")
        found = every - build.of(loaded(book))
        record.write_text(text, "utf-8")
        build.of(loaded(book))
        return {name for name in found if name.endswith((".md", "/pour.json", "/steep.json"))}

    case = made_again("cases/pour.yml", "It took [two days]", "It lasted [two days]")
    assert {"cases/pour.md", "compare/pour-vs-steep.md", "axes/speed.md"} <= case
    assert case.isdisjoint({"glossary.md", "lessons/index.md", "axes/index.md"})
    pair = made_again("pairs/pour-vs-steep.yml", "Both take", "Either takes")
    assert {"compare/pour-vs-steep.md", "compare/index.md"} <= pair
    assert pair.isdisjoint({"claims/faster.md", "axes/speed.md", "lessons/name-the-unit.md"})


def test_a_result_depends_on_the_value_of_another_one(tmp_path: Path) -> None:
    store = Store(tmp_path / "kept", "", pytest.fail)
    made: list[str] = []

    def page(fact: str) -> str:
        """A page with a reply, of which only the first word of a fact is part."""
        trace = Trace()
        memo = StoredMemo(store, "", trace, lambda _: fact)

        def reply() -> str:
            trace.note("fact")
            made.append("reply")
            return fact.split()[0]

        def whole() -> str:
            made.append("page")
            return f"<p>{memo('reply', '', reply)}</p>"

        memo("reply", "", reply)
        text: str = memo("page", "", whole)
        store.save()
        return text

    for fact, text, expected in (
        ("tea is hot", "<p>tea</p>", ["reply", "page"]),
        ("tea is hot", "<p>tea</p>", []),
        ("tea is cold", "<p>tea</p>", ["reply"]),
        ("water is cold", "<p>water</p>", ["reply", "page"]),
    ):
        made.clear()
        assert (page(fact), made) == (text, expected)


def previewed(records: Path, kept: Path | None) -> dict[str, Any]:
    """Start a live preview of records, and return all pages and files that it shows."""
    order = Order(
        records=records,
        templates=None,
        site=Site("https://tea.example/"),
        headings=MarkdownHeadings,
        highlight=False,
        drafts=True,
        preview=True,
    )
    editions = Editions(lambda _: None, lambda: kept)
    edition = editions.next(order)
    editions.save()
    editions.close()
    found: dict[str, Any] = {one.page.file: (one.front, one.body) for one in edition.rendered}
    return found | {one.file: one.text for one in edition.outputs}


@pytest.mark.slow
def test_what_a_preview_left_out_or_completed_is_not_kept(book: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    pair = book / "pairs" / "pour-vs-steep.yml"
    text = pair.read_text("utf-8")
    items = {"case/pour": "cases/pour/", "pair/pour-vs-steep": "compare/pour-vs-steep/"}
    lines = [f"  {item}: {{at: {at}, since: 2026-11-24}}\n" for item, at in items.items()]
    claim, pattern = (book / path for path in ("claims/faster.yml", "patterns/apart.yml"))
    draft = claim.read_text("utf-8").replace("id: faster", "id: second\ndraft: true")
    draft = re.sub(r"(?m)^pattern: .*$", "pattern: TODO", draft)
    another = re.sub(r"(?m)^( *-? *id): (\S+)$", r"\1: a-\2", pattern.read_text("utf-8"))
    edits: dict[str, Callable[[], object]] = {
        "the ledger and a pair": lambda: (book / "permalinks.yml").write_text(
            "permalinks:\n" + "".join(lines), "utf-8"
        ),
        "no pair, so that the ledger has an error": pair.unlink,
        "the pair again": lambda: pair.write_text(text, "utf-8"),
        "a draft that is completed": lambda: (book / "claims" / "second.yml").write_text(
            draft, "utf-8"
        ),
        "what completes it": lambda: (book / "patterns" / "a-apart.yml").write_text(
            another, "utf-8"
        ),
    }
    shown = []
    for what, edit in edits.items():
        edit()
        shown.append(previewed(book, None))
        assert previewed(book, kept) == shown[-1], what
    assert "2026-11-24" not in str(shown[1]["cases/pour.md"])
    assert "2026-11-24" in str(shown[2]["cases/pour.md"])
    assert shown[3]["claims/second.md"] != shown[4]["claims/second.md"]
