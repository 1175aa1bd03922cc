"""The border to the theme: what crosses it from a record is HTML in which nothing is markup.

Themes of MkDocs put titles and descriptions into their pages as they are, so that markup in a text
of a record would run on every page that names it. The type says what has been escaped: such a text
is not escaped again, here or by a filter of the theme.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

_TEXTS = ("title", "description")


def as_html(text: str) -> Markup:
    """HTML that shows a plain text; what is known to be HTML stays as it is."""
    return escape(text)


def marked(front: Mapping[str, Any]) -> dict[str, Any]:
    """Front matter of a generated page, whose texts are known to be HTML.

    Templates have escaped them; YAML does not keep the type.
    """
    texts = {name: Markup(front[name]) for name in _TEXTS if name in front}  # noqa: S704 - escaped
    return {**front, **texts}
