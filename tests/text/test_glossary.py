from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from abicase.schema.casebook import Term
from abicase.text.glossary import Glossary
from abicase.text.prose import closed, convert

TERMS = [
    Term(id="abi", term="ABI", means="binary interface"),
    Term(id="kernel-abi", term="kernel ABI", means="that of the kernel"),
    Term(id="amp", term="A&B", means="has a sign"),
]


def link(id_: str, word: str) -> str:
    return f"[{id_}:{word}]"


def marked(*texts: str) -> str:
    glossary = Glossary(TERMS)
    return closed("".join(map(glossary.mark, texts)), str, link)


def test_the_first_use_of_each_term_is_marked() -> None:
    assert marked("<p>An ABI, the ABI.</p>") == "<p>An [abi:ABI], the ABI.</p>"
    assert marked("<p>ABIs and ABI-like and xABI</p>") == "<p>[abi:ABI]s and ABI-like and xABI</p>"
    assert marked("<p>the kernel ABI</p>") == "<p>the [kernel-abi:kernel ABI]</p>"
    assert marked("<p>A&amp;B</p>") == "<p>[amp:A&amp;B]</p>"


def test_a_page_remembers() -> None:
    assert marked("<p>ABI</p>", "<p>ABI</p>") == "<p>[abi:ABI]</p><p>ABI</p>"


def test_code_and_links_are_left_alone() -> None:
    html = '<p><code>ABI</code> <a href="ABI">the <em>ABI</em></a> ABI</p>'
    assert marked(html) == '<p><code>ABI</code> <a href="ABI">the <em>ABI</em></a> [abi:ABI]</p>'
    assert Glossary([]).mark(html) == html


@given(st.text(alphabet="ABI kernl&<>`[]()*_s\n"))
def test_nothing_but_the_mark_is_added(text: str) -> None:
    html = convert(text).html
    found = marked(html)
    for term in TERMS:
        found = found.replace(f"[{term.id}:", "", 1)
    assert found.replace("]", "") == html.replace("]", "")
