"""The feed and the sitemap: well-formed with any records, and dated by them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

from abicase.catalogue.loading import load
from abicase.outputs.feeds import FEED, Visit, feed, sitemap
from abicase.outputs.files import outputs
from abicase.render.renderer import Renderer
from abicase.schema.addresses import Site
from abicase.schema.fields import Day
from conftest import loaded

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SITE = Site("https://tea.example/book/")


def test_the_feed_is_dated_by_the_records() -> None:
    text = feed(loaded(), SITE)
    assert text.startswith("<?xml version='1.0' encoding='utf-8'?>\n")
    root = ET.fromstring(text)
    assert root.tag == ATOM + "feed"
    assert root.findtext(ATOM + "title") == "The Teapot Book"
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "The Teapot Book"
    entries = root.findall(ATOM + "entry")
    dates = [entry.findtext(ATOM + "updated") or "" for entry in entries]
    assert dates == sorted(dates, reverse=True)
    assert root.findtext(ATOM + "updated") == dates[0]
    reviewed = {case.id: case.reviewed for case in loaded().cases.values()}
    for entry in entries:
        id_ = entry.findtext(ATOM + "id") or ""
        assert id_.startswith("https://tea.example/book/cases/")
        case = id_.rstrip("/").rpartition("/")[2]
        assert entry.findtext(ATOM + "updated") == f"{reviewed.pop(case).first}T00:00:00Z"
        assert entry.find(ATOM + "link").attrib["href"] == id_  # type: ignore[union-attr]
        assert entry.findtext(ATOM + "summary")
    assert reviewed == {}
    assert feed(loaded(today=date(2040, 1, 1)), SITE) == text


def test_a_lesson_is_dated_by_its_publication(book: Path) -> None:
    (book / "permalinks.yml").write_text(
        "permalinks:\n"
        "  lesson/name-the-unit: {at: lessons/name-the-unit/, since: 2025-01-02}\n"
        "  case/pour: {at: cases/pour/, since: 2023-04}\n",
        encoding="utf-8",
    )
    first, *others = ET.fromstring(feed(loaded(book), SITE)).findall(ATOM + "entry")
    assert first.findtext(ATOM + "id") == "https://tea.example/book/lessons/name-the-unit/"
    assert first.findtext(ATOM + "updated") == "2025-01-02T00:00:00Z"
    assert first.findtext(ATOM + "published") == "2025-01-02T00:00:00Z"
    assert {one.findtext(ATOM + "published") for one in others} == {None, "2023-04-01T00:00:00Z"}


def test_a_hostile_record_stays_in_its_entry(book: Path) -> None:
    path = book / "cases" / "pour.yml"
    title = "]]></title><script>&amp; \"'"
    text = path.read_text("utf-8").replace(
        'title: "pour(): a function that took & <gave>"', f"title: {title!r}"
    )
    assert title in text.replace("\\", "")
    path.write_text(text.replace(repr(title), "'" + title.replace("'", "''") + "'"), "utf-8")
    entries = ET.fromstring(feed(loaded(book), SITE)).findall(ATOM + "entry")
    assert title in [entry.findtext(ATOM + "title") for entry in entries]


def test_a_character_that_xml_has_not_is_rejected(book: Path) -> None:
    path = book / "cases" / "pour.yml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("title: It goes in", 'title: "It \\uFFFE in"'), "utf-8")
    found, problems = load(book)
    assert found is None
    assert [problem.code for problem in problems] == ["control-character"]


def test_the_feed_is_short_however_many_cases_there_are(book: Path) -> None:
    pour = (book / "cases" / "steep.yml").read_text("utf-8")
    for number in range(60):
        text = pour.replace("id: steep", f"id: steep-{number}", 1)
        (book / "cases" / f"steep-{number}.yml").write_text(text, encoding="utf-8")
    assert feed(loaded(book), SITE).count("<entry>") == 50


def output_files(site: Site) -> list[str]:
    book = loaded()
    return [output.file for output in outputs(book, Renderer(book, site=site))]


def test_without_an_address_there_is_no_feed() -> None:
    assert FEED in output_files(SITE)
    assert FEED not in output_files(Site())


def test_the_sitemap() -> None:
    text = sitemap(
        [
            Visit("https://x.example/b/?a&b", {}),
            Visit("https://x.example/a/", {}, Day.parse("2024-05")),
            Visit("https://x.example/c/", {"search": {"exclude": True}}),
            Visit("https://x.example/d/", {"robots": "noindex"}),
            Visit("", {}),
        ]
    )
    found = ET.fromstring(text).findall(MAP + "url")
    assert [(one.findtext(MAP + "loc"), one.findtext(MAP + "lastmod")) for one in found] == [
        ("https://x.example/a/", "2024-05"),
        ("https://x.example/b/?a&b", None),
    ]
