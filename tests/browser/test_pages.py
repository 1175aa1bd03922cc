"""Every kind of page, at all widths and in both palettes, loaded once for all of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from playwright.sync_api import Page

from browser.conftest import NARROW, PALETTES, WIDE, WIDTHS, Open, on_each_host
from sites import BARE, examples, html, kinds, leading_on, of_kind

pytestmark = pytest.mark.slow

SHOWN = ["index.md", "case", "compare", "lessons", "pair"]
"""The kinds of pages that are read with Zensical, too: those with drawings, tables and forms."""

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

# Everything unfolded, no transitions, and in the navigation, which the theme scrolls to the open page,
# no heading over the links that passed below it.
AT_REST = """() => {
  const sheet = new CSSStyleSheet()  // the policy of the site allows no new style element
  sheet.replaceSync("* { transition: none !important; animation: none !important }"
    + ".md-sidebar .md-nav__link { position: static !important }")
  document.adoptedStyleSheets = [sheet]
  document.querySelectorAll("article details").forEach(one => { one.open = true })
}"""

# Elements wider than the window, and boxes that scroll without saying so. A box that scrolls has
# to be reachable by keyboard and to have a name; a code listing is named by its text, and contains
# nothing else to reach, so browsers stop at it themselves.
SIDEWAYS = """() => {
  const root = document.documentElement
  const name = one => one.outerHTML.slice(0, 120)
  const scrolls = one => one.scrollWidth > one.clientWidth + 1
    && ["auto", "scroll"].includes(getComputedStyle(one).overflowX)
  const boxes = [...document.querySelectorAll("article *")].filter(scrolls)
  const found = boxes
    .filter(one => !one.matches("pre > code")
      && (one.tabIndex < 0 || !(one.ariaLabel || one.getAttribute("aria-labelledby"))))
    .map(one => "scrolls without a name or the keyboard: " + name(one))
  if (root.scrollWidth > root.clientWidth) {
    const wide = [...document.body.querySelectorAll("*")]
      .filter(one => one.getBoundingClientRect().right > root.clientWidth + 1)
      .filter(one => !boxes.some(box => box !== one && box.contains(one)))
    found.push(`${root.scrollWidth} pixels of ${root.clientWidth}: ` + wide.slice(0, 3).map(name))
  }
  return found
}"""

# Texts of the article that nobody can see: neither shown, nor folded, nor only for paper.
UNSEEN = """() => {
  const found = []
  const walk = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT)
  while (walk.nextNode()) {
    const parent = walk.currentNode.parentElement
    if (!walk.currentNode.data.trim()) continue
    if (parent.closest("script, style, noscript, svg title, svg desc, .headerlink, .ac-printed")) continue
    // There is always either a drawing or a list: test_use.py.
    if (parent.closest(".ac-drawing, .ac-instead, .ac-strand-of > summary, .ac-why")) continue
    // What is said of the plot of all cases goes where the plot does; each case has its figures.
    if (parent.closest("#reach, #reach + .ac-headline, .ac-plot")) continue
    if (parent.closest("details:not([open]) > :not(summary)")) continue
    if (!parent.checkVisibility({opacityProperty: true, visibilityProperty: true}))
      found.push(walk.currentNode.data.trim().slice(0, 60))
  }
  return found
}"""


# Only two stay of elements with the same structure in the same context, because they have the same
# colours. Axe spends most of its time on the colours of each element.
THINNED = """() => {
  const told = ["class", "scope"]
  const made = one => [...one.attributes]
    .map(({name, value}) => told.includes(name) ? `${name}=${value}` : name).sort().join(" ")
  const times = new Map()
  const thin = (one, above) => {
    const key = `${above}>${one.tagName} ${made(one)}`
    times.set(key, (times.get(key) ?? 0) + 1)
    const few = times.get(key) <= 2
    const kept = [...one.children].filter(child => thin(child, key)).length || few
    if (!kept) one.remove()
    return kept
  }
  thin(document.body, "")
}"""

# Texts that are too small to read, or cut off by their box.
CRAMPED = """() => {
  const found = []
  const walk = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT)
  while (walk.nextNode()) {
    const parent = walk.currentNode.parentElement
    if (!walk.currentNode.data.trim() || !parent.checkVisibility()) continue
    if (parent.closest("script, style, title, desc, sup, .ac-hidden, .headerlink")) continue
    const scale = parent.getScreenCTM?.()?.d ?? 1
    const size = parseFloat(getComputedStyle(parent).fontSize) * Math.abs(scale || 1)
    if (size < 11.9) found.push(`${size.toFixed(1)} pixels: ${walk.currentNode.data.trim().slice(0, 40)}`)
  }
  for (const one of document.querySelectorAll("article *")) {
    const hides = ["hidden", "clip"].includes(getComputedStyle(one).overflowX)
    if (hides && one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 1 && !one.closest("svg"))
      found.push("cut: " + one.outerHTML.slice(0, 80))
  }
  return found.slice(0, 8)
}"""

COLOURS = ["color-contrast", "link-in-text-block"]


def violations(page: Page, *, colours: bool) -> list[str]:
    """Return axe's violations of WCAG 2.2 AA, either of colours or of everything else."""
    options: dict[str, Any] = {
        "runOnly": COLOURS if colours else {"type": "tag", "values": LEVELS},
        "rules": {} if colours else {rule: {"enabled": False} for rule in COLOURS},
        "resultTypes": ["violations"],
    }
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(
        "options => axe.run(document, options).then(all => all.violations)", options
    )
    return [
        f"{page.url} {one['id']}: {node['target']} {node['html'][:120]} {why['message']}"
        for one in found
        for node in one["nodes"][:3]
        for why in (node["any"] + node["all"] + node["none"])[:1]
    ]


@pytest.mark.parametrize(
    ("home", "kind"),
    [("project", kind) for kind in kinds()] + [("zensical", kind) for kind in SHOWN],
    indirect=["home"],
)
def test_a_page(kind: str, project: Path, reader: Open) -> None:
    someone = reader()
    found = examples(project, kind)
    for address in found:
        page = someone.visit(address)
        page.evaluate(AT_REST)
        # Axe takes longest, so it examines each page at one width, and its colours at the other.
        width_of_axe, width_of_colours = (NARROW, WIDE) if address == found[0] else (WIDE, NARROW)
        for width in WIDTHS:
            someone.resize(width)
            assert page.evaluate(SIDEWAYS) == [], f"{address} at {width}"
            assert page.evaluate(UNSEEN) == [], f"{address} at {width}"
            assert page.evaluate(CRAMPED) == [], f"{address} at {width}"
            if width == width_of_axe:
                assert violations(page, colours=False) == [], f"{address} at {width}"
        someone.resize(width_of_colours)
        page.evaluate(THINNED)
        seen = set()
        for palette in PALETTES:
            if kind in BARE:  # it follows the system
                page.emulate_media(color_scheme=palette)
            seen.add(scheme := page.evaluate("document.body.dataset.mdColorScheme"))
            told = f"{address} at {width_of_colours}, {palette if kind in BARE else scheme}"
            assert violations(page, colours=True) == [], told
            if kind not in BARE:
                page.locator("form[data-md-component=palette] label:visible").click()
        assert kind in BARE or seen == set(PALETTES.values())


@on_each_host
@pytest.mark.parametrize(("palette", "scheme"), PALETTES.items())
def test_a_page_has_the_palette_of_the_system(palette: str, scheme: str, reader: Open) -> None:
    page = reader(color_scheme=palette).visit("cases/virtio/")
    assert page.evaluate("document.body.dataset.mdColorScheme") == scheme


@pytest.mark.parametrize("kind", kinds())
def test_a_page_without_script(kind: str, project: Path, reader: Open) -> None:
    someone = reader(java_script_enabled=False)
    address = examples(project, kind)[0]
    page = someone.visit(address)
    for width in WIDTHS:
        someone.resize(width)
        assert page.evaluate(SIDEWAYS) == [], f"{address} at {width}"
        assert page.evaluate(UNSEEN) == [], f"{address} at {width}"
    assert page.locator("article h1").is_visible()


def test_every_page_has_a_kind(project: Path) -> None:
    tested = {html(project, address) for kind in kinds() for address in of_kind(project, kind)}
    assert set((project / "site").rglob("*.html")) == tested | set(leading_on(project))


def test_short_addresses_lead_on(project: Path, reader: Open) -> None:
    someone = reader()
    first = {path.parent.parent: path for path in sorted(leading_on(project), reverse=True)}
    assert first
    for path in first.values():
        someone.visit(path.parent.relative_to(project / "site").as_posix() + "/")
        someone.page.locator("article h1").wait_for()
