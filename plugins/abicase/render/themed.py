"""The border to the theme, which record texts cross as HTML without any markup.

MkDocs themes insert titles and descriptions into their pages as they are, so markup in a text of a
record would run on every page that names it. The type shows that a text is already escaped, so it
is not escaped again here or by a filter of the theme.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

_TEXTS = ("title", "description")


def as_html(text: str) -> Markup:
    """Return HTML that shows a plain text; a text that is known to be HTML stays as it is."""
    return escape(text)


def marked(front: Mapping[str, Any]) -> dict[str, Any]:
    """Mark the texts in the front matter of a generated page as HTML.

    Templates have escaped them, but YAML does not keep the type.
    """
    texts = {name: Markup(front[name]) for name in _TEXTS if name in front}  # noqa: S704 - escaped
    return {**front, **texts}
