"""Search by words, by path and by kind of interface."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from yaml import CBaseLoader as Loader

from abicase.catalogue.model import Catalogue
from abicase.text.words import stem, stems
from abicase.views.ranking import asked, score, tables, total
from abicase.views.search import Hit, SearchIndex, findable
from conftest import ROOT, Run, real
from queries import QUERIES


class Asked(SearchIndex):
    """The real records that existed when the queries below were written.

    A later record can be a better answer to one of them.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(findable(catalogue))
        ledger = yaml.load((ROOT / "casestudies" / "permalinks.yml").read_text("utf-8"), Loader)
        self.asked_of = {
            reference
            for reference, permalink in ledger["permalinks"].items()
            if permalink["since"] <= "2026-11-24"
        }

    def find(self, *arguments: Any, **options: Any) -> list[Hit]:
        hits = super().find(*arguments, **options)
        return [hit for hit in hits if hit.item.reference in self.asked_of]


@pytest.fixture(scope="module")
def index() -> SearchIndex:
    return Asked(real())


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("size field", "lesson/size-versioned-struct"),
        ("extensible struct", "lesson/size-versioned-struct"),
        ("sized structs", "lesson/size-versioned-struct"),
        ("unknown flags", "lesson/refuse-unknown-bits"),
        ("bitfields", "lesson/no-bitfields"),
        ("32 64 bits layout", "lesson/same-layout-everywhere"),
        ("byte order", "lesson/state-units-and-order"),
        ("spare words zero", "lesson/reserve-room"),
        ("feature negotiation", "lesson/negotiate-features"),
        ("bisect", "lesson/keep-steps-building"),
        ("header copies", "lesson/plan-for-copies"),
        ("tools/perf", "case/perf"),
        ("include/uapi/linux/perf_event.h", "case/perf"),
        ("perf", "case/perf"),
        ("ca037701a025", "case/perf#precise-ip"),
        ("ca037701a025334e724e5c61b3b1082940c8b981", "case/perf#precise-ip"),
        ("ca0377", "case/perf#precise-ip"),
        ("frictionless", "claim/frictionless-iteration"),
    ],
)
def test_the_right_one_comes_first(index: SearchIndex, words: str, first: str) -> None:
    assert index.find(words.split())[0].item.reference == first


def test_a_path_is_met_by_its_parts(index: SearchIndex) -> None:
    found = {hit.item.reference for hit in index.find(["drivers/android/binder.c"])}
    assert "case/binder" in found
    assert "case/perf" not in found
    assert index.find(["kernel/events/core.c"])[0].item.reference == "case/perf", "by its folder"
    assert index.find(["include/uapi/linux/perf"])[0].item.reference == "case/perf", "begun"
    assert index.find(["nowhere/at/all.c"]) == []
    assert index.find(["https://example.org/"]) == []


def test_by_kind_of_interface(index: SearchIndex) -> None:
    hits = index.find([], interface="netlink")
    assert {hit.item.kind for hit in hits} >= {"lesson"}
    for hit in hits:
        if hit.item.kind == "lesson":
            assert "netlink" in hit.item.interfaces
    assert [hit.item.kind for hit in index.find(["ioctl"])[:5]] == ["lesson"] * 5
    assert all("ioctl" in hit.item.interfaces for hit in index.find(["ioctl"])[:5])
    assert {hit.item.kind for hit in index.find(["ring"], kinds=["claim"])} <= {"claim"}


def test_more_of_the_words_is_better(index: SearchIndex) -> None:
    hits = index.find(["barrier", "launcher"], kinds=["event"])
    best = " ".join((hits[0].item.title, hits[0].item.texts["text"])).lower()
    assert "barrier" in best
    assert "launcher" in best
    turned = index.find(["launcher", "barrier"], kinds=["event"])
    assert {hit.item.reference for hit in hits} == {hit.item.reference for hit in turned}
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_a_name_is_found_by_its_beginning(index: SearchIndex) -> None:
    whole = [hit.item.reference for hit in index.find(["perf_event_attr"])]
    assert "case/perf" in whole
    assert "case/perf" in [hit.item.reference for hit in index.find(["perf_event_at"])]
    assert "case/perf#capability-bits" in [hit.item.reference for hit in index.find(["capabilit"])]


@pytest.mark.parametrize("word", ['"', "AND", "NOT", "title:", "(", "*", "_", "a-b", "^x", "\0"])
def test_no_word_is_an_operator(word: str, index: SearchIndex) -> None:
    index.find([word])
    assert index.find([word, "bisect"])[0].item.reference == "lesson/keep-steps-building"


def test_nothing_but_common_words_finds_nothing(index: SearchIndex) -> None:
    assert index.find(["the"]) == []
    assert index.find([]) != [], "nothing asked is everything, for --interface"


def test_stems() -> None:
    assert {stem(word) for word in ("size", "sizes", "sized", "sizing")} == {"siz"}
    assert {stem(word) for word in ("release", "released", "releases")} == {"releas"}
    assert stem("planned") == stem("plan")
    assert stem("copies") == stem("copy")
    assert stem("class") == "class"
    assert stems("The perf_event of a ring") == ["perf_event", "perf", "event", "ring"]


# The command


def test_the_command_finds(book: Path, run: Run) -> None:
    arguments = ("--site-url", "https://tea.example/")
    result = run("abicase", "find", "unit", "parameter", "-n", "1", *arguments, cwd=book)
    assert result.returncode == 0
    assert result.stdout == (
        "lesson/name-the-unit\n  Name the unit\n  https://tea.example/L/name-the-unit/\n"
    )
    assert "more; --limit shows them" in result.stderr
    result = run("abicase", "find", "-f", "json", "src/pour.c", *arguments, cwd=book)
    assert next(hit["reference"] for hit in json.loads(result.stdout)) == "case/pour"
    assert set(json.loads(result.stdout)[0]) == {"reference", "kind", "title", "address", "score"}
    result = run("abicase", "find", "-i", "function", "-k", "lesson", *arguments, cwd=book)
    assert result.stdout.startswith("lesson/name-the-unit\n")


def test_nothing_found(book: Path, run: Run) -> None:
    result = run("abicase", "find", "paramter", "--site-url", "https://tea.example/", cwd=book)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "Nothing found (did you mean 'parameter'?).\n"
    result = run("abicase", "find", "-f", "json", "xyzzy", cwd=book)
    assert (result.returncode, result.stdout) == (1, "[]\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name some words, a path, or a kind of interface"),
        (["  "], "name some words, a path, or a kind of interface"),
        (["-i", "functon"], "there is no kind of interface 'functon' (did you mean 'function'?)"),
        (["-k", "leson", "x"], "there is no kind 'leson' (did you mean 'lesson'?)"),
        (["-n", "0", "x"], "0 is not in the range"),
    ],
)
def test_wrong_calls(arguments: list[str], message: str, book: Path, run: Run) -> None:
    result = run("abicase", "find", *arguments, cwd=book)
    assert result.returncode == 2
    assert message in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr


def test_what_reviewers_type_finds_its_lesson() -> None:
    whole = SearchIndex(findable(real()))
    missed = [
        query
        for query, wanted in QUERIES
        if f"lesson/{wanted}" not in [hit.item.reference for hit in whole.find(query.split())[:3]]
    ]
    assert len(QUERIES) >= 40
    assert missed == []


def test_names_are_found_whole_and_by_their_parts() -> None:
    table = tables([{"keywords": "copy_struct_from_user() __u64 O_CLOEXEC"}, {"title": "other"}])[0]
    for query in ("copy_struct_from_user", "struct copy", "__u64", "u64", "cloexec", "O_CLO"):
        assert total(score(table, asked(query))) > 0, query
    assert score(table, asked("copied")) == score(table, asked("copy"))
    assert asked("the copy_struct_from_user()") == [
        "copy_struct_from_user",
        "cop",
        "struct",
        "user",
    ]
