"""Each rule owns its codes: it declares them, and a file in ``rejected/`` shows each of them."""

from __future__ import annotations

import datetime
import importlib
import shutil
from collections import Counter

import pytest

from abicase.lint.records import RecordSet
from abicase.lint.rule import Rule
from abicase.lint.rules import ENTRY_RULES, SET_RULES
from abicase.problems.codes import CODES
from abicase.source.reading import read
from conftest import SMALL
from test_layering import modules
from test_rejected import NOT_BY_ONE_FILE, REJECTED, change

TODAY = datetime.datetime.now(datetime.UTC).date()
RULES: tuple[Rule[...], ...] = (*ENTRY_RULES, *SET_RULES)
SHARED = {
    "bad-link": {"addresses", "texts"},
    "bad-value": {"lessons", "pairs", "turning_points"},
    "date-order": {"dates", "turning_points"},
    "missing-field": {"addresses", "interfaces"},
    "missing-evidence": {"evidence", "findings"},
    "named-twice": {"names", "turning_points"},
    "repeated-id": {"ids", "pairs"},
    "unknown-reference": {"findings", "lessons", "names", "texts"},
    "unknown-word": {"findings", "lessons", "names"},
}
"""Codes with one meaning for different things, with the files of the rules that yield them."""


def file_of(rule: Rule[...]) -> str:
    return rule.check.__module__.rpartition(".")[2]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Return the codes that each rule yields in ``rejected/``, by its name."""
    found: dict[str, set[str]] = {rule.check.__name__: set() for rule in RULES}
    for path in REJECTED:
        book = shutil.copytree(SMALL, tmp_path_factory.mktemp("rejected") / "records")
        change(book, path)
        records = RecordSet(read(book), TODAY)
        for rule in ENTRY_RULES:
            for entry in records.every():
                if rule.looks_at(entry.kind):
                    codes = {problem.code for problem in rule.check(records, entry)}
                    found[rule.check.__name__] |= codes
        for of_all in SET_RULES:
            found[of_all.check.__name__] |= {problem.code for problem in of_all.check(records)}
    return found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.check.__name__)
def test_a_rule_yields_what_it_declares(rule: Rule[...], shown: dict[str, set[str]]) -> None:
    assert shown[rule.check.__name__] == rule.codes - NOT_BY_ONE_FILE
    assert rule.finished <= rule.codes <= CODES.keys()
    assert rule.check.__doc__


def test_a_code_belongs_to_the_rules_of_one_file() -> None:
    files: dict[str, set[str]] = {}
    for rule in RULES:
        for code in rule.codes:
            files.setdefault(code, set()).add(file_of(rule))
    assert {code: its for code, its in files.items() if len(its) > 1} == SHARED
    assert not [
        name for name, count in Counter(r.check.__name__ for r in RULES).items() if count > 1
    ]


def test_every_rule_is_held() -> None:
    declared = {
        value.check.__name__
        for name in modules()
        if name.startswith("abicase.lint.")
        for value in vars(importlib.import_module(name)).values()
        if isinstance(value, Rule)
    }
    assert declared == {rule.check.__name__ for rule in RULES}
