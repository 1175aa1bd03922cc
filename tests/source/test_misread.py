"""Valid YAML that can't mean what its author intended gets a warning."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from abicase.schema.case import Case
from abicase.schema.records import model_of
from abicase.source.document import parse
from abicase.source.misread import misread
from abicase.source.reading import read
from conftest import ROOT, SMALL, Run

TEXT = "    text: It was merged.\n"
SURFACE = '  surface: ["void pour(int ms)"]\n'


def found(old: str, new: str) -> list[str]:
    text = (SMALL / "cases" / "pour.yml").read_text("utf-8")
    assert text.count(old) == 1
    document, problems = parse(text.replace(old, new), "x")
    assert document is not None
    assert not problems
    return [problem.message for problem in misread(document, Case)]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (TEXT, "    text: See bug #34 for more.\n", "ends before '#34 for more.'"),
        (TEXT, "    text: See bug\n      #34 for more.\n", "ends before '#34 for more.'"),
        (SURFACE, "  surface:\n    - void pour() #1\n", "ends before '#1'"),
        (SURFACE, "  surface: [void pour(int a, int b)]\n", "ends this item, 'void pour(int a'"),
        (SURFACE, "  surface: [pour, void steep(a,\n    int b)]\n", "ends this item, 'void steep(a'"),
        (SURFACE, '  surface: [say "a, b"]\n', "ends this item, 'say \"a'"),
        (SURFACE, "  surface: [pour, ~]\n", "~ means no value"),
        (SURFACE, "  surface:\n    - pour()\n     - steep()\n", "like a list item"),
        ("    release: v1.0\n    kind: proposal\n", "    release: null\n    kind: proposal\n", "null means no value"),
        (TEXT, TEXT + "    reading: null # yet\n", "null means no value"),
        (TEXT, TEXT + "    reading: Null\n", "Null means no value"),
        (TEXT, "    text: It was merged. # or so\n", "ends before '# or so'"),
        (TEXT, '    text: "It was merged.\n    reading: And so on."\n', "looks like a field"),
    ],
)  # fmt: skip
def test_what_is_hardly_meant(old: str, new: str, message: str) -> None:
    (said,) = found(old, new)
    assert message in said


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (TEXT, "    text: It was merged.  # or so\n"),
        (TEXT, "    text: It was merged.\n    #reading: later\n"),
        (TEXT, '    text: "See bug #34."\n'),
        (TEXT, "    text: See bug#34.\n"),
        (TEXT, "    text: >-\n      See bug\n      #34.\n"),
        (TEXT, TEXT + "    reading: 'null'\n"),
        (TEXT, TEXT + "    reading: null and void\n"),
        (TEXT, "    text: |-\n      - a\n      - b\n"),
        (TEXT, "    text: >-\n      Points\n        - a\n        - b\n"),
        (TEXT, "    text: >-\n      - a\n\n      - b\n"),
        (TEXT, "    text: >-\n      It went\n      - so they say - in\n"),
        (TEXT, '    text: "It was merged, and the\n      reading: of it"\n'),
        (SURFACE, "  surface: [pour(), steep()]\n"),
        (SURFACE, '  surface: ["void pour(int a, int b)"]\n'),
        ("    date: 2020-02\n", "    date: 2020-02 #1\n"),
    ],
)
def test_what_is_meant(old: str, new: str) -> None:
    assert found(old, new) == []


@pytest.mark.parametrize(
    "text",
    [
        "[" + 'a"' * 200_000 + "]",
        "[" + "a(, " * 40_000 + "]",
        "[" + "(" * 400_000,
        "\n" + "  - >\n" * 30_000,
        ">\n" + "    \n" * 80_000 + "   - a\n",
        ">\n" + "  - a\n" * 80_000,
        '"' + "\n  a" * 100_000 + '"',
        " a" * 200_000 + " #1",
    ],
    ids=["quotes", "parentheses", "open", "heads", "blank", "items", "lines", "words"],
)
def test_no_file_takes_long(text: str) -> None:
    document, _ = parse(f"id: pour\nabi:\n  surface: {text}\n", "x")
    begun = time.process_time()
    if document is not None:
        list(misread(document, Case))
    assert time.process_time() - begun < 15


@pytest.mark.parametrize("root", [SMALL, ROOT / "casestudies"], ids=["small", "real"])
def test_good_records_have_nothing_of_it(root: Path) -> None:
    for entry in read(root).every():
        assert not list(misread(entry.document, model_of(entry.kind))), entry.path


def test_a_warning_stays_until_it_is_settled(book: Path, run: Run) -> None:
    """`abicase fmt` leaves the file alone, because its form would hide the mistake."""
    case = book / "cases" / "pour.yml"
    text = case.read_text("utf-8").replace(SURFACE, "  surface: [void pour(int a, int b)]\n")
    case.write_text(text, "utf-8")
    said = "cases/pour.yml:12:13: warning: unquoted: interface.surface[0]: a comma in the middle of a text ends this item"
    for _ in range(2):  # the second time from the cache
        result = run("abicase", "check", cwd=book)
        assert result.returncode == 0
        assert result.stdout.startswith(said)
    result = run("abicase", "fmt", "cases/pour.yml", cwd=book)
    assert result.returncode == 1
    assert result.stderr.startswith(said)
    assert result.stderr.endswith("\n1 warning.\n")
    assert case.read_text("utf-8") == text
