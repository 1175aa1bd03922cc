"""The rendered lesson pages, and the list of lessons."""

from __future__ import annotations

from pathlib import Path

import pytest

from abicase.render.renderer import Renderer
from abicase.text.highlight import snippet
from abicase.views.pages import pages
from abicase.views.pagination import evidence
from abicase.views.witnesses import first_witnesses
from conftest import loaded, real
from rulebook import add_rules


@pytest.fixture
def rendered(book: Path) -> dict[str, str]:
    catalogue = loaded(add_rules(book))
    renderer = Renderer(catalogue)
    wanted = (page for page in pages(catalogue) if page.file.startswith("lessons/"))
    return {page.file: renderer.page(page).markdown for page in wanted}


def in_order(text: str, *parts: str) -> None:
    place = 0
    for part in parts:
        place = text.find(part, place)
        assert place >= 0, part


def test_a_lesson_begins_with_what_to_do_and_to_copy(rendered: dict[str, str]) -> None:
    page = rendered["lessons/rule.md"]
    in_order(
        page,
        "# Pass milliseconds {",
        "Pass times in milliseconds.",
        'data-ac-copy><a class="ac-button" href="#cite">',
        "<code>/L/rule/</code>",
        "ac-snippet--no",
        "Three of what?",
        "ac-snippet--yes",
        "Callers guess otherwise.",
        '<a href="https://docs.example.org/api/units/">docs/api/units.md</a>',
        "Evidence for",
        "2 events in 1 case",
        "Evidence against",
        "None found: Ada Example looked at both cases",
        '<a href="../name-the-unit/">Name the unit</a>',
        "commit 0123456789ab",
    )
    assert "<b>" not in page
    assert "search:\n  boost: 4\n" in page


def test_a_rule_without_a_case_says_so(rendered: dict[str, str]) -> None:
    assert (
        "This is a documented rule; no case on record shows it yet."
        in rendered["lessons/documented.md"]
    )
    listed = rendered["lessons/index.md"]
    in_order(
        listed,
        "2 have evidence from cases; 1 is a documented rule with no case yet.",
        "## Shape { #shape }",
        ">Pass milliseconds</a>",
        "ms_of_cup(), bare number",
        "## Talk { #talk }",
        "documented rule: docs/units.md; no case yet",
        "## Others",
        ">Name the unit</a>",
    )
    assert listed.count(">Pass milliseconds</a>") == 1, "each once"
    assert 'id="function" href="for/function/"' in listed
    assert "Announce the unit" in rendered["lessons/for/file-format.md"]
    assert "Pass milliseconds" not in rendered["lessons/for/file-format.md"]


def test_lines_are_marked_whatever_they_contain() -> None:
    code = 'int a; /* <b>\n\n  "two" */\nint b;'
    html = snippet("c", code, [1, 2])
    assert html.count("<mark>") == 2
    assert "<b>" not in html
    assert html.count("<span") == html.count("</span>")
    for line in html.split("<mark>")[1:]:
        inside = line.partition("</mark>")[0]
        assert inside.count("<span") == inside.count("</span>"), "no element leaves its line"
    plain = snippet("c", code, [4], highlight=False)
    assert "<mark>int b;" in plain
    assert "<span" not in plain


def test_three_events_a_side_from_as_many_cases() -> None:
    catalogue = real()
    for id_ in catalogue.lessons:
        sides = first_witnesses(evidence(catalogue, f"lesson/{id_}")[0].shown, ())
        found = catalogue.evidence[f"lesson/{id_}"]
        for side, all_ in (
            (sides.speaking_for, found.speaking_for),
            (sides.speaking_against, found.speaking_against),
        ):
            assert len(side.first) == min(len(all_), 3)
            assert len(side.first) + len(side.more) == len(all_)
            if not any(one.because for one in all_):
                cases = {one.case.id for one in all_}
                assert len({one.case for one in side.first}) == min(len(cases), len(side.first))
