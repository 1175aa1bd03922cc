"""Wordings: the words of a record that belong to one, and the comparison of two."""

from __future__ import annotations

import pytest
import yaml

from abicase.text.wording import STATEMENTS, Wording, wording_of
from conftest import SMALL, loaded

EVENT = {
    "id": "first",
    "title": "The call  gets a size",
    "text": "It was *added* in [one commit](#other),\nwith `size`.",
    "reading": "",
}


def test_digests_stay_the_same_forever() -> None:
    """They are in ledgers: if one changed, all statements would count as reworded."""
    wording = wording_of("event", EVENT)
    assert wording is not None
    assert dict(wording.texts) == {
        "title": "The call gets a size",
        "text": "It was added in one commit, with size.",
    }
    assert wording.digest == "25d695436c59"


def test_records_and_their_yaml_have_the_same_wordings() -> None:
    catalogue = loaded()
    stated = [item for item in catalogue.items.values() if item.kind in STATEMENTS]
    assert {item.kind for item in stated} == set(STATEMENTS)
    assert all(wording_of(item.kind, item.value) for item in stated)
    text = (SMALL / "cases" / "pour.yml").read_text("utf-8")
    case = yaml.load(text, yaml.BaseLoader)
    for kind, id_, written in [
        ("case", "", case),
        ("event", "#doubt", case["events"][-1]),
        ("finding", "#speed", case["findings"]["speed"]),
    ]:
        item = catalogue.items[f"case/pour{id_}"]
        assert wording_of(kind, item.value) == wording_of(kind, written)


@pytest.mark.parametrize("value", [None, "x", [], {}, {"title": ["x"], "cite": "y"}, {"text": {}}])
def test_what_holds_no_statement_has_no_wording(value: object) -> None:
    for kind in (*STATEMENTS, "source", ""):
        assert wording_of(kind, value) is None


@pytest.mark.parametrize(
    ("old", "new", "share"),
    [
        ("One two three four.", "One, two: three four", 0),
        ("one two three four", "one two three five", 0.25),
        ("one two", "three four", 1),
        ("one two", "one two three four", 1 / 3),
    ],
)
def test_the_share_of_words_that_changed(old: str, new: str, share: float) -> None:
    before, after = Wording({"text": old}), Wording({"text": new})
    assert after.change_from(before) == pytest.approx(share)
    assert before.change_from(after) == pytest.approx(share)
