from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abicase.schema.addresses import Address, address_of, relative
from abicase.schema.items import Item

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


@given(st.sampled_from(PAGES), st.sampled_from(PAGES), st.booleans(), st.sampled_from(["", "x"]))
def test_relative_addresses_arrive(page: str, target: str, directories: bool, anchor: str) -> None:
    address = Address(target, anchor)
    base = "https://example.org/sub/" + Address(page).url(directories=directories)
    link = relative(address, page, directories=directories)
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
