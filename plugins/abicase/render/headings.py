"""The headings of generated pages: in Markdown, or in HTML with a table of contents."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from markdown import Markdown
from markdown.extensions.toc import nest_toc_tokens
from markupsafe import Markup, escape

# Characters with a meaning in Markdown or in its usual extensions, inside a line.
_MARKDOWN = re.compile(r"[\\`*_{}\[\]#!|~^=$]")


class Headings(Protocol):
    """A writer of the headings of one page, in order."""

    def write(self, level: int, text: object, id_: str, attributes: tuple[str, ...] = ()) -> Markup:
        """Write a heading.

        Args:
            level: From 1 to 6.
            text: Plain text, or HTML if it is ``Markup``.
            id_: Its anchor.
            attributes: Names of attributes without a value.
        """

    @property
    def foldable(self) -> bool:
        """Return whether a heading can be inside an HTML element such as ``details``."""

    @property
    def contents(self) -> list[Any]:
        """Return the table of contents, nested, in the form of Markdown's ``toc_tokens``."""


class MarkdownHeadings:
    """Headings as Markdown with an attribute list, for any site generator."""

    foldable = False
    contents: list[Any] = []  # noqa: RUF012 - whoever converts the Markdown makes it

    def write(self, level: int, text: object, id_: str, attributes: tuple[str, ...] = ()) -> Markup:
        """See :class:`Headings`."""
        more = "".join(f" {name}" for name in attributes)
        return Markup(f"{'#' * level} {heading_text(text)} {{ #{id_}{more} }}")  # noqa: S704


def heading_text(text: object) -> Markup:
    """Escape a plain text for a Markdown heading, so that nothing in it is markup."""
    escaped = str(escape(text)).replace("&#34;", '"').replace("&#39;", "'")
    escaped = _MARKDOWN.sub(lambda match: f"&#{ord(match[0])};", escaped.replace("&#", "\0"))
    escaped = re.sub(r":(?=[\w+-]+:)", "&#58;", escaped)  # :emoji: in a common extension
    return Markup(escaped.replace("\0", "&#"))  # noqa: S704 - escaped above


@dataclass(frozen=True, slots=True)
class TocOptions:
    """The options of Markdown's extension ``toc`` that shape a heading."""

    permalink: str = ""
    """The text of the link to the heading; empty for none."""
    permalink_class: str = "headerlink"
    permalink_title: str = "Permanent link"
    permalink_leading: bool = False
    anchorlink: bool = False
    anchorlink_class: str = "toclink"
    baselevel: int = 1
    top: int = 1
    """The first level in the table of contents."""
    bottom: int = 6
    """The last one."""

    @classmethod
    def of(cls, configured: Mapping[str, Any]) -> TocOptions:
        """Return the options as Markdown interprets those of ``toc`` in a site's configuration."""
        markdown = Markdown(extensions=["toc"], extension_configs={"toc": dict(configured)})
        toc: Any = markdown.treeprocessors["toc"]
        permalink = toc.use_permalinks
        return cls(
            permalink="¶" if permalink is True else permalink or "",
            permalink_class=toc.permalink_class,
            permalink_title=toc.permalink_title,
            permalink_leading=bool(toc.permalink_leading),
            anchorlink=bool(toc.use_anchors),
            anchorlink_class=toc.anchorlink_class,
            baselevel=toc.base_level + 1,
            top=toc.toc_top,
            bottom=toc.toc_bottom,
        )


class HtmlHeadings:
    """Headings as HTML, in the form that Markdown's extension ``toc`` writes."""

    foldable = True

    def __init__(self, options: TocOptions) -> None:
        self._options = options
        self._tokens: list[Any] = []

    def write(self, level: int, text: object, id_: str, attributes: tuple[str, ...] = ()) -> Markup:
        """See :class:`Headings`."""
        options = self._options
        level = min(level + options.baselevel - 1, 6)
        # Markdown leaves quotation marks in texts as they are.
        html = str(escape(text)).replace("&#34;", '"').replace("&#39;", "'")
        if options.top <= level <= options.bottom:
            name = " ".join(re.sub(r"<[^>]*>", "", html).split())
            self._tokens.append(
                {"level": level, "id": id_, "name": name, "html": html, "data-toc-label": ""}
            )
        if options.anchorlink:
            html = f'<a class="{escape(options.anchorlink_class)}" href="#{id_}">{html}</a>'
        if options.permalink:
            title = options.permalink_title
            title = f' title="{escape(title)}"' if title else ""
            own = f'<a class="{escape(options.permalink_class)}" href="#{id_}"{title}>'
            link = f"{own}{escape(options.permalink)}</a>"
            html = link + html if options.permalink_leading else html + link
        more = "".join(f" {name}" for name in attributes)
        return Markup(f'<h{level}{more} id="{id_}">{html}</h{level}>')  # noqa: S704 - escaped

    @property
    def contents(self) -> list[Any]:
        """See :class:`Headings`."""
        tokens: list[Any] = [dict(token) for token in self._tokens]  # they are nested in place
        return list(nest_toc_tokens(tokens))
