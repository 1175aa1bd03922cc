"""The precision of the real lessons' signs, on patches and the replies of their reviewers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from abicase.advice.review import review
from abicase.authoring.series import read_series
from abicase.schema.addresses import Site
from abicase.views.signs import signed_lessons
from conftest import real

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
EXPECTED: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "expected.yml").read_text("utf-8"))


def compared(name: str, folder: Path) -> tuple[int, int, int, int]:
    """Return the right advice and all advice on a patch, and the remarks found and all remarks."""
    series = read_series({name: (HERE / "patches" / f"{name}.patch").read_bytes()}, folder)
    found = review(list(signed_lessons(real(), Site(""))), series)
    assert not found.failed
    assert not found.missing, "ast-grep is among what the tests need"
    said = [_place(one) for one in EXPECTED[name].get("said", ())]
    wanted = [*said, *(_place(one) for one in EXPECTED[name].get("also", ()))]
    given = [
        (one.lesson.reference, one.fragment.lines[one.index].text.strip()) for one in found.advice
    ]
    right = [one for one in given if one in wanted or (one[0], None) in wanted]
    hit = [one for one in said if one in given or (one[1] is None and one[0] in dict(given))]
    return len(right), len(given), len(hit), len(said)


def _place(one: dict[str, str]) -> tuple[str, str | None]:
    assert one["lesson"] in real().lessons
    return f"lesson/{one['lesson']}", one.get("line")


def test_every_patch_has_an_expectation() -> None:
    assert {path.stem for path in (HERE / "patches").iterdir()} == set(EXPECTED)
    assert len(EXPECTED) >= 40
    assert sum("review" in one for one in EXPECTED.values()) >= 20


@pytest.mark.parametrize("aside", [False, True])
def test_precision_and_recall(aside: bool, tmp_path: Path) -> None:
    names = [name for name, one in EXPECTED.items() if one.get("aside", False) is aside]
    counts = []
    for name in names:
        (tmp_path / name).mkdir()
        counts.append(compared(name, tmp_path / name))
    right, given, hit, said = (sum(column) for column in zip(*counts, strict=True))
    print(f"{len(names)} patches: {right} of {given} right, {hit} of {said} found")  # noqa: T201
    assert right >= 0.7 * given
    assert hit >= 0.7 * said
