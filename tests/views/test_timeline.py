from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from itertools import combinations
from xml.etree import ElementTree

import pytest

from abicase.catalogue.model import Catalogue
from abicase.render.renderer import Renderer
from abicase.schema.case import Case, Event, TurningPoint
from abicase.schema.fields import Day
from abicase.views.labels import Box, Leader, hung
from abicase.views.runs import strand, years
from abicase.views.swarm import BIG, SMALL
from abicase.views.timeline import LEFT, ROW, Release, Timeline, first_release, origin, timeline
from conftest import ROOT, loaded, real
from conftest import SMALL as BOOK


def label_boxes(drawing: Timeline) -> list[Box]:
    boxes = []
    for label in drawing.labels:
        at, anchor = label.place.at, label.place.anchor
        left = at if anchor == "start" else at - label.width
        boxes.append(Box(left, label.top, left + label.width, label.top + ROW))
    return boxes


def mark_boxes(drawing: Timeline) -> list[Box]:
    dots = [(mark.x, mark.y, SMALL) for row in drawing.rows for mark in row.marks]
    dots += [(label.x, label.y, BIG) for label in drawing.labels]
    return [Box(x - half, y - half, x + half, y + half) for x, y, half in dots]


def check(drawing: Timeline) -> None:
    """Check that no two labels overlap, no mark hides another, and nothing leaves the drawing."""
    labels, marks = label_boxes(drawing), mark_boxes(drawing)
    for boxes in (labels, marks):
        for one, other in combinations(boxes, 2):
            assert not one.meets(other)
    for box in labels:
        assert box.left >= 0
        assert box.right <= drawing.width
        assert box.top >= 0
        assert box.bottom <= drawing.top
    for box in marks:
        assert box.left >= LEFT - BIG
        assert box.right <= drawing.width
        assert drawing.top <= box.top
        assert box.bottom <= drawing.bottom
    for band in drawing.bands:
        assert band.x >= LEFT
        assert band.x + band.width <= drawing.width
        assert drawing.bottom < band.y < drawing.axis
    for tick in drawing.ticks:
        assert LEFT <= tick.x <= drawing.width


def drawings(catalogue: Catalogue) -> Iterator[Timeline]:
    for case in catalogue.cases.values():
        for calendar in (False, True):
            yield timeline(catalogue, case, calendar=calendar)
    for pair in catalogue.pairs.values():
        one, other = (catalogue.cases[case] for case in pair.cases)
        yield timeline(catalogue, one, other, width=860)
        yield timeline(catalogue, other, one, width=860, calendar=True)


@pytest.mark.parametrize("root", [BOOK, ROOT / "casestudies"], ids=["small", "real"])
def test_drawings_are_clear(root: object) -> None:
    catalogue = loaded(BOOK) if root == BOOK else real()
    for drawing in drawings(catalogue):
        check(drawing)


def made(days: list[int], points: int) -> Case:
    """Return the case of the small casebook with events on other days, spread over its lanes."""
    case = loaded(BOOK).cases["pour"]
    first = datetime.date(2010, 1, 1)
    model = case.events[0]
    events = []
    for number, day in enumerate(days):
        date = Day.parse((first + datetime.timedelta(day)).isoformat())
        lane = ("library", "joint", "callers")[number % 3]
        kind = "proposal" if number == len(days) // 4 else "change"
        new = {"id": f"e{number}", "date": date, "lane": lane, "kind": kind}
        events.append(model.model_copy(update=new))
    chosen = [events[number * (len(events) - 1) // (points - 1)] for number in range(points)]
    turning = tuple(TurningPoint(event=event.id, label="w" * 60) for event in chosen)
    return case.model_copy(update={"events": tuple(events), "turning_points": turning})


@pytest.mark.parametrize(
    "case",
    [
        made([0, 1, 30, 4000], 4),
        made([0, 0, 0, 0], 4),
        made([number * number // 3 for number in range(120)], 6),
        made([10] * 120, 6),
        made([number // 6 for number in range(120)], 6),
        made([7000 - (119 - number) ** 2 // 2 for number in range(120)], 6),
    ],
    ids=["4", "4 on one day", "120", "120 on one day", "120 in 20 days", "120, most of them late"],
)
def test_drawings_of_few_and_of_many_events_are_clear(case: Case) -> None:
    catalogue = loaded(BOOK)
    for calendar in (False, True):
        check(timeline(catalogue, case, calendar=calendar))


def test_every_event_is_in_its_lane() -> None:
    catalogue = real()
    for case in catalogue.cases.values():
        drawing = timeline(catalogue, case)
        drawn: list[Event] = [label.event for label in drawing.labels]
        for row in drawing.rows:
            assert all(mark.event.lane == row.lane.id for mark in row.marks)
            drawn += [mark.event for mark in row.marks]
        assert sorted(event.id for event in drawn) == sorted(event.id for event in case.events)
        for label in drawing.labels:
            row = next(row for row in drawing.rows if row.lane.id == label.event.lane)
            assert row.top < label.y < row.top + row.height


def test_a_line_passes_behind_a_label_only_where_there_is_no_other_way() -> None:
    apart = hung([Leader(100, 200), Leader(120, 200), Leader(560, 90)], 600)
    assert [(place.anchor, place.row) for place in apart] == [
        ("start", 1),
        ("start", 0),
        ("end", 0),
    ]
    for labels in ([Leader(300, 420), Leader(310, 420)], [Leader(90, 590), Leader(500, 590)]):
        places = hung(labels, 600)
        assert len({place.row for place in places}) == 2


def test_two_cases_since_their_first_proposals() -> None:
    catalogue = real()
    perf, virtio = catalogue.cases["perf"], catalogue.cases["virtio"]
    drawn = {
        case.id: timeline(catalogue, case, other)
        for case, other in ((perf, virtio), (virtio, perf))
    }
    assert drawn["perf"].ticks == drawn["virtio"].ticks
    for case in (perf, virtio):
        drawing = drawn[case.id]
        places = {mark.event.id: mark.x for row in drawing.rows for mark in row.marks}
        places |= {label.event.id: label.x for label in drawing.labels}
        assert places[origin(case).id] == drawing.start
        for event in case.events:  # events before the proposal are to the left of it
            if event.date.last < origin(case).date.first:
                assert places[event.id] < drawing.start + 1, event.id


def test_a_case_without_a_proposal_counts_from_its_merge() -> None:
    case = loaded(BOOK).cases["pour"]
    others = tuple(event for event in case.events if event.kind != "proposal")
    changed = case.model_copy(update={"events": others})
    assert origin(changed).id == "merged"
    neither = tuple(event for event in others if event.kind != "merge")
    assert origin(case.model_copy(update={"events": neither})) == neither[0]


def test_the_first_release_is_that_of_the_merge() -> None:
    catalogue = real()
    gpio = catalogue.cases["gpio"]
    release = first_release(catalogue, gpio)
    assert release is not None
    assert (release.tag, gpio.interface.first_release) == ("v4.6", "v2.6.27")
    assert first_release(catalogue, catalogue.cases["kdbus"]) is None


def test_runs_hold_every_event_once_and_turning_points_alone() -> None:
    catalogue = real()
    for case in catalogue.cases.values():
        points = [point.event for point in case.turning_points]
        assert 4 <= len(points) <= 6
        runs = [run for run in strand(catalogue, case) if not isinstance(run, Release)]
        for some in (runs, [run for year in years(case) for run in year.runs]):
            assert [event for run in some for event in run.events] == list(case.events)
            assert [run.events[0].id for run in some if run.point] == points
            assert all(len(run.events) == 1 for run in some if run.point)


def test_the_drawing_is_well_formed_and_its_turning_points_are_links() -> None:
    catalogue = loaded(BOOK)
    case = catalogue.cases["pour"]
    html = Renderer(catalogue).part("timeline", "x.md", {"case": case})
    svg = ElementTree.fromstring(re.search(r"<svg.*</svg>", html, re.DOTALL).group())  # type: ignore[union-attr]
    assert [link.get("href") for link in svg.iter("a")] == [
        f"../cases/pour/#{point.event}" for point in case.turning_points
    ]
    words = " ".join(svg.itertext())
    for point in case.turning_points:
        assert point.label in words
