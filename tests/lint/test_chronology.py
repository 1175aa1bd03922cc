from __future__ import annotations

import random
import re
from itertools import combinations
from pathlib import Path

import pytest

from abicase.catalogue.loading import load_reading
from abicase.incremental.store import Store
from abicase.incremental.stored import StoredMemo
from abicase.lint.chronology import out_of_order
from abicase.schema.fields import Day
from sites import copied


def days(*texts: str) -> list[Day]:
    return [Day.parse(text) for text in texts]


@pytest.mark.parametrize(
    ("texts", "blamed"),
    [
        ("2019 2020 2020 2021", {}),
        ("2020-05 2020 2020-03", {2: 0}),  # the year between them agrees with both
        ("2029 2020 2020-02 2021", {0: 2}),
        ("2019 2020-01 2010 2020-02 2021", {2: 1}),
        ("2019 2020-01 2029 2020-02 2021", {2: 3}),
        ("2019 2020 2021 2001", {3: 2}),
        ("2020 2019", {1: 0}),  # either may be wrong
        ("2020 2029 2002 2021 2022", {1: 3, 2: 0}),
    ],
)
def test_the_fewest_dates_are_blamed(texts: str, blamed: dict[int, int]) -> None:
    assert out_of_order(days(*texts.split())) == blamed


def test_a_doubtful_date_is_blamed_before_others() -> None:
    assert out_of_order(days("2020", "2019"), doubtful={0}) == {0: 1}
    assert out_of_order(days("2020"), doubtful={0}) == {}


def in_order(some: list[Day]) -> bool:
    return all(one.first <= other.last for one, other in combinations(some, 2))


def test_no_fewer_dates_would_do() -> None:
    choice = random.Random(1)
    for _ in range(300):
        texts = (choice.choice(["2001", "2001-03", "2002", "2002-05", "2003"]) for _ in range(7))
        some = days(*texts)
        blamed = out_of_order(some)
        assert in_order([day for n, day in enumerate(some) if n not in blamed])
        fewer = len(some) - len(blamed) + 1
        assert not any(in_order(list(kept)) for kept in combinations(some, fewer))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["cases/perf.yml", "cases/fuse.yml", "repositories/linux.yml"])
def test_one_wrong_year_is_named_once(tmp_path: Path, name: str) -> None:
    """In real records, any single wrong date of an event, a commit or a release is found."""
    records = copied(tmp_path / "project") / "casestudies"
    path = records / name
    whole = path.read_text("utf-8")
    memo = StoredMemo(Store(tmp_path / "kept", "", pytest.fail), "")
    dates = list(re.finditer(r"^ +(?:date|v\d\S*): '?(\d{4})-", whole, re.MULTILINE))
    assert len(dates) > 10
    for number, found in enumerate(dates[:: len(dates) // 4]):
        year = int(found[1]) + 4 if number % 2 else 1987
        path.write_text(whole[: found.start(1)] + str(year) + whole[found.end(1) :], "utf-8")
        _, problems = load_reading(records, memo=memo)
        assert len(problems) <= 1, [str(one) for one in problems]
        line = whole.count("\n", 0, found.start(1)) + 1
        for one in problems:
            its = one.file.endswith(name) and one.line == line
            # An event says so if nothing tells whether it or its commit is wrong.
            assert its or (one.code == "differs-from-commit" and f"is {year}" in one.hint), one
