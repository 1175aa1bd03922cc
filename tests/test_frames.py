"""Frames: what a theme makes of a page, unless it makes something else of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from abicase.frames import STAND_INS, Frames, Texts

Theme = Callable[[Texts], str]


def plain(texts: Texts) -> str:
    return (
        f'<title>{texts["title"]} - Site</title><meta content="{texts["description"]}">'
        f"<main>{texts['content']}</main><footer>{texts['title']}</footer>"
    )


def page(number: int, title: str = "") -> dict[str, str]:
    return {
        **dict.fromkeys(STAND_INS, ""),
        "title": title or f"Page {number}",
        "description": f"It says {number}.",
        "content": f"<h1>{number}</h1>",
    }


def built(pages: list[dict[str, str]], theme: Theme) -> tuple[list[str], int]:
    """The pages, and how often the theme was asked."""
    asked = 0
    frames = Frames()
    for _ in pages:
        frames.expect("kind")

    def framed(texts: dict[str, str]) -> str:
        def write(other: Texts | None) -> str:
            nonlocal asked
            asked += 1
            return theme(texts if other is None else other)

        return frames.framed("kind", texts, write)

    return [framed(texts) for texts in pages], asked


def test_pages_of_a_kind_share_a_frame() -> None:
    pages = [page(number) for number in range(20)]
    assert built(pages, plain) == ([plain(texts) for texts in pages], 3)


def test_few_pages_do_not() -> None:
    pages = [page(number) for number in range(3)]
    assert built(pages, plain) == ([plain(texts) for texts in pages], 3)


@pytest.mark.parametrize(
    "theme",
    [
        lambda texts: plain(texts).replace(texts["title"], texts["title"].upper()),
        lambda texts: plain({**texts, "title": texts["title"][:6]}),
        lambda texts: plain({**texts, "title": texts["title"].replace(" ", "%20")}),
        lambda texts: plain(texts) + str(len(texts["content"])),
    ],
)
def test_a_theme_that_makes_something_else_of_a_text_is_left_to_it(theme: Theme) -> None:
    pages = [page(number, f"A page with the number {number}") for number in range(8)]
    assert built(pages, theme)[0] == [theme(texts) for texts in pages]


def test_what_is_unusual_is_trusted_once_it_came_out_right() -> None:
    def escaping(texts: Texts) -> str:
        return plain({**texts, "title": texts["title"].replace("&", "&amp;")})

    titles = ["One", "Two", "Three", "A & B", "Four", "C & D", "Five"]
    pages = [page(number, title) for number, title in enumerate(titles)]
    assert built(pages, escaping)[0] == [escaping(texts) for texts in pages]
    titles = ["One", "Two", "Three", "It's", "Four", "That's", "What's"]
    pages = [page(number, title) for number, title in enumerate(titles)]
    assert built(pages, plain) == ([plain(texts) for texts in pages], 4)
