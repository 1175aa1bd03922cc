from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from abicase.glossary import Glossary
from abicase.prose import ProseConverter
from abicase.records import Term

TERMS = [
    Term(id="abi", term="ABI", means="binary interface"),
    Term(id="kernel-abi", term="kernel ABI", means="that of the kernel"),
    Term(id="amp", term="A&B", means="has a sign"),
]


def link(term: Term, word: str) -> str:
    return f"[{term.id}:{word}]"


def marked(html: str, seen: set[str] | None = None) -> str:
    return Glossary(TERMS).mark(html, set() if seen is None else seen, link)


def test_the_first_use_of_each_term_is_marked() -> None:
    assert marked("<p>An ABI, the ABI.</p>") == "<p>An [abi:ABI], the ABI.</p>"
    assert marked("<p>ABIs and ABI-like and xABI</p>") == "<p>[abi:ABI]s and ABI-like and xABI</p>"
    assert marked("<p>the kernel ABI</p>") == "<p>the [kernel-abi:kernel ABI]</p>"
    assert marked("<p>A&amp;B</p>") == "<p>[amp:A&amp;B]</p>"


def test_a_page_remembers() -> None:
    seen: set[str] = set()
    assert marked("<p>ABI</p>", seen) == "<p>[abi:ABI]</p>"
    assert marked("<p>ABI</p>", seen) == "<p>ABI</p>"
    assert seen == {"abi"}


def test_code_and_links_are_left_alone() -> None:
    html = '<p><code>ABI</code> <a href="ABI">the <em>ABI</em></a> ABI</p>'
    assert marked(html) == '<p><code>ABI</code> <a href="ABI">the <em>ABI</em></a> [abi:ABI]</p>'
    assert Glossary([]).mark(html, set(), link) == html


@given(st.text(alphabet="ABI kernl&<>`[]()*_s\n"))
def test_nothing_but_the_mark_is_added(text: str) -> None:
    html = ProseConverter().convert(text).html
    found = marked(html)
    for term in TERMS:
        found = found.replace(f"[{term.id}:", "", 1)
    assert found.replace("]", "") == html.replace("]", "")
