"""``abicase event checked``: a second reading, recorded in a case."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from conftest import Run, loaded

pytestmark = pytest.mark.slow


def test_a_second_reading_is_noted(book: Path, run: Run) -> None:
    path = book / "cases" / "pour.yml"
    text = path.read_text("utf-8")
    edited = text.replace("  - id: unit-named\n", "  # Read by Ada.\n  - id: unit-named\n")
    path.write_text(edited, encoding="utf-8")
    call = ("abicase", "event", "checked", "pour")
    result = run(*call, "first", "unit-named", "doubt", "--on", "2024-05-06", cwd=book)
    assert (result.returncode, result.stderr) == (0, "")
    assert "unit-named: read on 2024-05-06 against first-commit, counted" in result.stdout
    first, named, merged, doubt = loaded(book).cases["pour"].events
    for event in (first, named, doubt):
        check = event.text_checked
        assert check is not None
        assert (check.on.text, check.against) == ("2024-05-06", event.sources)
        assert not event.changed_since
    assert merged.text_checked is None
    assert "  # Read by Ada.\n  - id: unit-named\n" in path.read_text("utf-8")

    # A later change is reported with the command, which then replaces what was noted.
    changed = path.read_text("utf-8").replace("The parameter `t`", "The parameter `u`")
    path.write_text(changed, encoding="utf-8")
    (warning,) = run("abicase", "check", cwd=book).stdout.splitlines()
    assert warning.endswith("(read it again; then abicase event checked pour unit-named)")
    assert run(*call, "unit-named", "--not-reached", "counted", cwd=book).returncode == 0
    assert run("abicase", "check", cwd=book).stdout == "No problems.\n"
    check = loaded(book).cases["pour"].events[1].text_checked
    assert check is not None
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    assert check.on.text == today
    assert (check.against, check.not_reached) == (("first-commit",), ("counted",))
    assert path.read_text("utf-8").count("text_checked:") == 3
    assert run("abicase", "fmt", "--check", "cases/pour.yml", cwd=book).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["first", "frist"], "there is no event 'frist' (did you mean 'first'?)"),
        (["first", "--against", "counted"], "'first' does not cite 'counted' (it cites first-"),
        (["first", "--not-reached", "frist-commit"], "(did you mean 'first-commit'?)"),
        (["doubt", "--against", "a", "--not-reached", "a"], "'a' was either read or not reached"),
        (["first", "--on", "yesterday"], "Invalid value for '--on'"),
        ([], "Missing argument 'EVENTS...'"),
    ],
)
def test_a_wrong_call_writes_nothing(
    book: Path, run: Run, arguments: list[str], message: str
) -> None:
    path = book / "cases" / "pour.yml"
    text = path.read_text("utf-8")
    result = run("abicase", "event", "checked", "pour", *arguments, cwd=book)
    assert (result.returncode, result.stdout) == (2, "")
    assert message in " ".join(result.stderr.replace("│", "").split())
    assert path.read_text("utf-8") == text
