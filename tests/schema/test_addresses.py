from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abicase.schema.addresses import Address, Site, address_of, history_in, relative
from abicase.schema.items import Item
from conftest import loaded

PAGES = ["index.md", "debate.md", "cases/index.md", "cases/perf.md", "compare/a-vs-b.md"]


@pytest.mark.parametrize(
    ("address", "url", "flat"),
    [
        (Address("index.md"), "", "index.html"),
        (Address("debate.md"), "debate/", "debate.html"),
        (Address("cases/index.md"), "cases/", "cases/index.html"),
        (Address("cases/perf.md", "x"), "cases/perf/#x", "cases/perf.html#x"),
    ],
)
def test_urls(address: Address, url: str, flat: str) -> None:
    assert address.url() == url
    assert address.url(directories=False) == flat


@given(
    st.sampled_from(PAGES),
    st.sampled_from(PAGES),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["", "x"]),
)
def test_relative_addresses_arrive(
    page: str, target: str, directories: bool, from_file: bool, anchor: str
) -> None:
    address = Address(target, anchor)
    link = relative(address, page, directories=directories, from_file=from_file)
    of_file = from_file and not link.startswith("#")  # those stay on the page
    place = page if of_file else Address(page).url(directories=directories)
    base = "https://example.org/sub/" + place
    assert not urlsplit(link).netloc
    arrived = urljoin(base, link)
    assert arrived == "https://example.org/sub/" + address.url(directories=directories)


def test_addresses_of_items() -> None:
    assert address_of(Item("case/perf", "case", "perf", "", None)) == Address("cases/perf.md")
    assert address_of(Item("case/perf#a", "event", "a", "", None, "perf")) == Address(
        "cases/perf.md", "a"
    )
    assert address_of(Item("pair/a-vs-b", "pair", "a-vs-b", "", None)) == Address(
        "compare/a-vs-b.md"
    )
    assert address_of(Item("stage/s", "stage", "s", "", None, "p")) == Address(
        "patterns/index.md", "s"
    )


@pytest.mark.parametrize(
    ("repository", "revision", "address"),
    [
        (
            "https://github.com/ada/tea/",
            "",
            "https://github.com/ada/tea/commits/HEAD/records/{file}",
        ),
        (
            "https://gitlab.example.org/ada/tea",
            "0123abc",
            "https://gitlab.example.org/ada/tea/-/commits/0123abc/records/{file}",
        ),
        (
            "https://codeberg.org/ada/tea",
            "0123abc",
            "https://codeberg.org/ada/tea/commits/commit/0123abc/records/{file}",
        ),
        ("https://codeberg.org/ada/tea", "", ""),  # it has no name for the newest revision
        ("https://git.example.org/tea", "0123abc", ""),
        ("", "0123abc", ""),
    ],
)
def test_the_git_history_of_a_file_on_known_hosts(
    repository: str, revision: str, address: str
) -> None:
    assert history_in(repository, revision, "records") == address


def test_the_git_history_of_each_record() -> None:
    items = loaded().items
    site = Site(history="https://git.example.org/{file}")
    for reference, file in {
        "case/pour": "cases/pour.yml",
        "case/pour#doubt": "cases/pour.yml",
        "stage/try-it": "patterns/together.yml",
        "lesson/name-the-unit": "lessons/name-the-unit.yml",
        "pair/pour-vs-steep": "pairs/pour-vs-steep.yml",
    }.items():
        assert site.history_of(items[reference]) == f"https://git.example.org/{file}"
    assert Site().history_of(items["case/pour"]) == ""
