"""Syntax highlighting of fenced code, with classes that the Material theme knows and no script."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from html import unescape

from markupsafe import escape

from abicase.text.prose import inert

_CODE = re.compile(r'<pre><code class="language-([a-z]+)">(.*?)</code></pre>', re.DOTALL)
_LONGEST = 3_000
"""The longest code that is highlighted; lexers take quadratic time for some texts."""
_MOST_KEPT = 500  # the same code is on a few pages, which are rendered in a row


def highlighted(html: str) -> str:
    """Return converted HTML with Pygments classes in the code that names its language."""
    return _CODE.sub(_block, html) if "<pre>" in html else html


def snippet(language: str, code: str, marks: Collection[int], *, highlight: bool = True) -> str:
    """Convert an example to HTML, in which each line whose number is in ``marks`` is a ``<mark>``.

    ``highlight`` gives the code Pygments classes.
    """
    html = _spans(language, code) if highlight else inert(str(escape(code)))
    # Pygments closes its elements at the end of each line.
    lines = html.removesuffix("\n").replace("&#10;", "\n").split("\n")
    shown = [
        f"<mark>{line or ' '}\n</mark>" if number in marks else f"{line}\n"
        for number, line in enumerate(lines, start=1)
    ]
    code = inert("".join(shown).rstrip("\n"))
    return (
        f'<div class="highlight"><pre><code class="language-{language}">{code}</code></pre></div>'
    )


def _block(match: re.Match[str]) -> str:
    language, code = match.groups()
    if len(code) <= _LONGEST:
        code = _spans(language, unescape(code))
    code = f'<code class="language-{language}">{code}</code>'
    return f'<div class="highlight"><pre>{code}</pre></div>'


@lru_cache(_MOST_KEPT)
def _spans(language: str, code: str) -> str:
    # Few texts have code, and importing Pygments takes longer than converting all the others.
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name

    lexer = get_lexer_by_name(language, stripnl=False)
    return inert(highlight(code, lexer, HtmlFormatter(nowrap=True)))
