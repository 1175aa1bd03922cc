from __future__ import annotations

import re
from xml.etree import ElementTree

from abicase.render.renderer import Renderer
from abicase.views.timeline import LEFT, STEP, WIDTH, origin, timeline
from conftest import ROOT, SMALL, loaded, real


def test_every_event_stands_in_its_lane_in_order_of_time() -> None:
    for root in (SMALL, ROOT / "casestudies"):
        catalogue = loaded(root)
        for case in catalogue.cases.values():
            drawing = timeline(catalogue, case)
            drawn = [mark.event for row in drawing.rows for mark in row.marks]
            assert sorted(e.id for e in drawn) == sorted(e.id for e in case.events)
            for row in drawing.rows:
                assert all(mark.event.lane == row.lane.id for mark in row.marks)
                places = [mark.x for mark in row.marks]
                assert places == sorted(places)
                assert all(LEFT <= mark.x <= WIDTH for mark in row.marks)
                assert all(row.top < mark.y < row.top + row.height for mark in row.marks)


def test_no_mark_hides_another() -> None:
    catalogue = real()
    for case in catalogue.cases.values():
        for row in timeline(catalogue, case).rows:
            for index, mark in enumerate(row.marks):
                for other in row.marks[:index]:
                    apart = max(abs(mark.x - other.x), abs(mark.y - other.y))
                    assert apart >= STEP - 0.11, (case.id, mark.event.id, other.event.id)


def test_two_cases_on_one_scale() -> None:
    catalogue = loaded(SMALL)
    pour, steep = catalogue.cases["pour"], catalogue.cases["steep"]
    alone = timeline(catalogue, pour)
    beside = timeline(catalogue, pour, steep)
    assert beside.ticks == timeline(catalogue, steep, pour).ticks
    assert alone.rows[0].marks[-1].x > beside.rows[0].marks[-1].x


def test_two_cases_since_their_first_proposals() -> None:
    catalogue = real()
    perf, virtio = catalogue.cases["perf"], catalogue.cases["virtio"]
    drawings = {
        case.id: timeline(catalogue, case, other, aligned=True)
        for case, other in ((perf, virtio), (virtio, perf))
    }
    assert drawings["perf"].ticks == drawings["virtio"].ticks
    zero = next(tick.x for tick in drawings["perf"].ticks if tick.label == "0")
    for case in (perf, virtio):
        drawing = drawings[case.id]
        marks = {mark.event.id: mark for row in drawing.rows for mark in row.marks}
        assert marks[origin(case).id].x == zero
        assert all(LEFT <= mark.x <= WIDTH for mark in marks.values())
        assert all(band.x >= LEFT and band.x + band.width <= WIDTH for band in drawing.bands)
        for event in case.events:  # earlier than the proposal is to the left of it
            before = event.date.last < origin(case).date.first
            assert (marks[event.id].x < zero) == before, event.id


def test_a_case_without_a_proposal_counts_from_its_first_event() -> None:
    catalogue = loaded(SMALL)
    case = catalogue.cases["pour"]
    other = tuple(event for event in case.events if event.kind != "proposal")
    assert origin(case.model_copy(update={"events": other})) == other[0]


def test_the_drawing_is_well_formed_and_names_every_event() -> None:
    catalogue = loaded(SMALL)
    case = catalogue.cases["pour"]
    html = Renderer(catalogue).part("timeline", "x.md", {"case": case})
    svg = ElementTree.fromstring(re.search(r"<svg.*?</svg>", html, re.DOTALL).group())  # type: ignore[union-attr]
    titles = [title.text for title in svg.iter("title")]
    for event in case.events:
        assert any(title and title.endswith(event.title) for title in titles)
    assert {link.get("href") for link in svg.iter("a")} == {
        f"../cases/pour/#{event.id}" for event in case.events
    }
