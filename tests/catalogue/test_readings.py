"""The coverage by second readings, which the method page shows."""

from __future__ import annotations

from pathlib import Path

from abicase.catalogue.readings import Coverage, readings
from conftest import loaded


def test_a_text_that_changed_counts_as_read_once(book: Path) -> None:
    case = book / "cases" / "pour.yml"
    good = case.read_text("utf-8")
    text = "    text: Both halves came in one commit.\n"
    check = "    text_checked: {{on: 2024-05-06, {}: [first-commit], wording: {}}}\n"

    def counted(field: str, wording: str) -> tuple[Coverage, Coverage]:
        changed = good.replace(text, text + check.format(field, wording))
        case.write_text(changed, encoding="utf-8")
        found = dict(readings(loaded(book)))
        return found["pour"], found[""]

    wording = "e69c0c25ab09"
    pour, every = counted("against", wording)
    assert pour.twice == every.twice == 1
    assert pour.once == pour.events - 1
    assert every.events > pour.events
    assert counted("not_reached", wording)[0].not_reached == 1
    assert counted("against", "0" * 12)[0].once == pour.events
