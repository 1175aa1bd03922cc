"""Printed on A4."""

from __future__ import annotations

import io
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, PdfMargins
from pypdf import PdfReader

from browser.conftest import Open, on_each_host
from sites import examples, of_kind

pytestmark = pytest.mark.slow

MARGIN = 36.0
"""Half an inch, in points."""
LEGIBLE = 6.0
"""The smallest type in points, which is that of labels in drawings."""

# The texts of the article that paper can show, including folded ones, but without the names of
# controls, the labels of drawings, the lists that replace drawings on a narrow screen, and the events
# that a figure was counted from.
TEXTS = """() => {
  const texts = []
  const walk = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT)
  while (walk.nextNode()) {
    const parent = walk.currentNode.parentElement
    const text = walk.currentNode.data.trim()
    const left = "script, style, nav, svg, button, .headerlink, .ac-hidden, .ac-basis, .ac-instead"
    if (text && !parent.closest(left)) texts.push(text)
  }
  return texts
}"""


def printed(page: Page) -> PdfReader:
    margin = f"{MARGIN / 72}in"
    margins: PdfMargins = {"top": margin, "right": margin, "bottom": margin, "left": margin}
    return PdfReader(io.BytesIO(page.pdf(format="A4", margin=margins)))


def read(paper: PdfReader) -> tuple[str, list[tuple[float, str]]]:
    """Return the text of printed sheets, and the size of each piece; none can be off its sheet."""
    text, sizes = "", []
    for sheet in paper.pages:
        right = float(sheet.mediabox.right) - MARGIN

        def place(
            piece: str, matrix: Any, of_text: Any, _: Any, size: float, right: float = right
        ) -> None:
            if piece.strip():
                scale = abs(matrix[0] * of_text[0]) or abs(matrix[1] * of_text[1])
                sizes.append((size * scale, piece))
                left = matrix[0] * of_text[4] + matrix[4]
                assert MARGIN - 2 <= left < right, f"{piece!r} is outside the sheet"

        text += sheet.extract_text(visitor_text=place)
    return text, sizes


def squeezed(text: str) -> str:
    """Remove everything that a line break changes from a text, and split its ligatures.

    Some fonts have one glyph for two letters in a row, such as fi.
    """
    return re.sub(r"[\s\u00ad\u200b-]+", "", unicodedata.normalize("NFKC", text))


@on_each_host
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_pair_is_printed_whole_and_legibly(script: bool, project: Path, reader: Open) -> None:
    address = examples(project, "pair")[0 if script else -1]
    page = reader(java_script_enabled=script).visit(address)
    texts = page.evaluate(TEXTS)
    paper, sizes = read(printed(page))
    assert min(sizes)[0] >= LEGIBLE, min(sizes)
    assert len(texts) > 300
    whole = squeezed(paper)
    # A text at several places, such as an event's title, is printed at each.
    often = Counter(squeezed(text) for text in texts)
    missing = [text for text, times in often.items() if whole.count(text) < times]
    assert missing == [], f"{address}: {len(missing)} texts"


@on_each_host
@pytest.mark.parametrize("kind", ["pair", "case", "compare", "patterns"])
def test_nothing_is_wider_than_the_paper(kind: str, project: Path, reader: Open) -> None:
    """A browser shrinks or cuts off a page that is too wide for paper."""
    someone = reader(viewport={"width": 720, "height": 1000})  # A4 less its margins
    page = someone.visit(of_kind(project, kind)[0])
    page.emulate_media(media="print")
    wide = page.evaluate(
        """() => [...document.querySelectorAll("article, article *")]
          .filter(one => one.checkVisibility() && !one.closest("svg, .ac-hidden, .headerlink"))
          .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1
            || (one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== "visible"))
          .map(one => one.outerHTML.slice(0, 120))"""
    )
    assert wide == []
