"""Rendering of pages with Jinja2 templates, which a site can override one by one."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal

import jinja2
import jinja2.runtime
import yaml
from jinja2 import meta
from markupsafe import Markup, escape

from abicase.catalogue.figures import figures
from abicase.catalogue.model import Catalogue
from abicase.catalogue.readings import readings
from abicase.memo import Memo, digest, no_memo
from abicase.render.environment import Environment
from abicase.render.filters import for_mail, for_markdown
from abicase.render.headings import Headings, MarkdownHeadings
from abicase.render.here import Here
from abicase.schema.addresses import Site, checklist_of
from abicase.schema.argument import Example
from abicase.schema.items import Item
from abicase.text.glossary import Glossary
from abicase.text.highlight import highlighted, snippet
from abicase.text.plaintext import one_line
from abicase.views.claim_list import claim_groups, origins
from abicase.views.comparison import comparison
from abicase.views.layouts import layouts
from abicase.views.page import Page
from abicase.views.pagination import ByPattern, ListPart, by_pattern, list_parts
from abicase.views.pairs import differences
from abicase.views.replies import Replies
from abicase.views.reply import mapped
from abicase.views.runs import strand, years
from abicase.views.strips import strips
from abicase.views.timeline import first_release, origin, timeline

_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # libyaml's if it is available

ReplyForm = Literal["mail", "markdown", "link"]
"""The forms of a reply."""
_REPLIES = {
    "mail": ("reply.txt.jinja", for_mail),
    "markdown": ("reply.markdown.jinja", for_markdown),
}
"""The forms with a template, each with the function that writes its texts."""


_ID = re.compile(r'<[^>]* id="([^"]+)"')


class TemplateProblem(Exception):
    """An error about a template that can't be found or rendered; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page before the theme is applied."""

    page: Page
    front: Mapping[str, Any]
    """The front matter."""
    body: str
    """The content below it: HTML, with headings in the form that the renderer writes."""
    contents: list[Any]
    """The table of contents (see :class:`abicase.render.headings.Headings`)."""

    @property
    def anchors(self) -> set[str]:
        """The ids of the elements in the content."""
        return set(_ID.findall(self.body))

    @property
    def markdown(self) -> str:
        """The whole file, with its front matter."""
        return with_front(self.front, self.body)


class Renderer:
    """A renderer of pages, and of parts for hand-written pages."""

    def __init__(
        self,
        catalogue: Catalogue,
        overrides: Path | None = None,
        site: Site | None = None,
        headings: Callable[[], Headings] = MarkdownHeadings,
        memo: Memo = no_memo,
        *,
        highlight: bool = True,
    ) -> None:
        """Set up the templates.

        Args:
            catalogue: The records.
            overrides: A folder whose templates replace those of the same name, which are still
                available as ``abicase/NAME``.
            site: Where the pages will be published.
            headings: Makes the writer of a page's headings.
            memo: Keeps pages and replies.
            highlight: Whether code gets Pygments classes, for which MkDocs' themes have colours;
                other site generators only look for the name of the language.
        """
        self._catalogue = catalogue
        self._highlight = highlight
        self.site = site or Site()
        """The site where the pages will be published."""
        self._glossary = Glossary(catalogue.casebook.terms)
        self._headings = headings
        self._memo = memo
        self._replies = Replies(catalogue, self.site)
        self._uses = cache(self._variables)
        self._environment = Environment(overrides)
        self._environment.globals.update(
            book=catalogue,
            site=self.site,
            figures=partial(figures, catalogue),
            readings=partial(readings, catalogue),
            comparison=partial(comparison, catalogue),
            layouts=layouts,
            strips=partial(strips, catalogue),
            claim_groups=partial(claim_groups, catalogue),
            origins=partial(origins, catalogue),
            timeline=partial(timeline, catalogue),
            strand=partial(strand, catalogue),
            years=years,
            origin=origin,
            differences=partial(differences, catalogue),
            first_release=partial(first_release, catalogue),
            first_cases=self._first_cases,
            reply=self._reply,
            snippet=self._snippet,
            short_address=self._short_address,
            checklist_of=checklist_of,
            address_of_mail=catalogue.mail_address,
            address_of_file=catalogue.file_address,
        )
        self._plain = self._environment.plain()

    def page(self, page: Page) -> Rendered:
        """Render a page, with headings in the requested form.

        Raises:
            TemplateProblem: Its template is missing or wrong.
        """
        kept = self._memo(f"page/{page.file}", digest(repr(page)), partial(self._page, page))
        return Rendered(page, **kept)

    def _page(self, page: Page) -> dict[str, Any]:
        headings = self._headings()
        context = dict(page.context)
        if page.record:
            item = self._catalogue.items[page.record]
            context |= {item.kind: item.value, "record": item.value}
        context |= {"here": self._here(page.file, headings), "reference": page.record}
        try:
            template = self._environment.get_template(page.template)
            body, title, description = self._rendered(template, context)
            body = context["here"].whole(_tidy(body))
        except Exception as error:  # a site's template can raise anything
            raise _explained(error, page.template) from error
        # Records are not templates, but mkdocs-macros would run anything between braces in them.
        front: dict[str, Any] = {
            "title": title,
            "description": description,
            "render_macros": False,
        }
        if not page.searched:
            front["search"] = {"exclude": True}
        elif page.boost:
            front["search"] = {"boost": page.boost}
        if page.without:
            front["hide"] = list(page.without)  # in the form that the Material theme understands
        return {"front": front, "body": body, "contents": headings.contents}

    def file(self, output: str, template: str, context: Mapping[str, Any]) -> str:
        """Render a file of the site that is not a page.

        Args:
            output: Its path on the site, such as ``L/some-lesson/index.html``.
            template: The name of its template.
            context: The template's context in addition to the catalogue.

        Raises:
            TemplateProblem: Its template is missing or wrong.
        """
        return self._filled(template, posixpath.splitext(output)[0] + ".md", context)

    def part(self, name: str, file: str, context: Mapping[str, Any]) -> str:
        """Render a part for a hand-written page, as Markdown.

        Args:
            name: The part; its template is ``parts/NAME.md.jinja``.
            file: The Markdown file of the page.
            context: The template's context in addition to the catalogue.

        Raises:
            TemplateProblem: Its template is missing or wrong.
        """
        return self._filled(f"parts/{name}.md.jinja", file, context)

    def _filled(self, template: str, file: str, context: Mapping[str, Any]) -> str:
        """Render a template for the page of a Markdown file."""
        try:
            here = self._here(file)
            found = self._environment.get_template(template)
            return here.whole(_tidy(found.render({**context, "here": here})))
        except Exception as error:  # a site's template can raise anything
            raise _explained(error, template) from error

    def reply(self, item: Item, form: ReplyForm = "mail") -> str:
        """Render the reply to paste for an item, with a line end.

        Args:
            item: An item of one of the kinds in :data:`abicase.views.replies.CITED`.
            form: For a mail, in Markdown, or the bare address.

        Raises:
            TemplateProblem: Its template is missing or wrong.
        """
        if form == "link":
            return self.site.cited(item) + "\n"
        write = partial(self._written, item.reference)
        return str(self._memo(f"reply/{item.reference}", "", write)[form])

    def _written(self, reference: str) -> dict[str, str]:
        """Return the reply for an item in each form that has a template."""
        reply = self._replies.of(self._catalogue.items[reference])
        texts = {}
        for form, (template, change) in _REPLIES.items():
            try:
                found = self._plain.get_template(template).render(reply=mapped(reply, change))
            except Exception as error:  # a site's template can raise anything
                raise _explained(error, template) from error
            texts[form] = re.sub(r"\n{3,}", "\n\n", found).strip("\n") + "\n"
        return texts

    def part_uses(self, name: str, kind: str) -> bool:
        """Return whether a part takes an item of a kind."""
        return kind in self._uses(f"parts/{name}.md.jinja")

    def _variables(self, template: str) -> set[str]:
        """Return the variables that a template takes from its context."""
        source, _, _ = self._environment.loader.get_source(  # type: ignore[union-attr]
            self._environment, template
        )
        return meta.find_undeclared_variables(self._environment.parse(source))

    def parts(self) -> list[str]:
        """Return the names of the parts for hand-written pages."""
        names = self._environment.list_templates()
        return sorted(
            name.removeprefix("parts/").removesuffix(".md.jinja")
            for name in names
            if name.startswith("parts/") and name.endswith(".md.jinja")
        )

    def _here(self, file: str, headings: Headings | None = None) -> Here:
        headings = headings or MarkdownHeadings()
        return Here(self._catalogue, self._finished, file, self.site, headings)

    def _finished(self, html: str) -> str:
        """Mark the terms and highlight the code in a converted text."""
        html = self._glossary.mark(html)
        return highlighted(html) if self._highlight else html

    def _snippet(self, example: Example) -> Markup:
        """Return the code of an example, with its marked lines."""
        html = snippet(example.language, example.code, example.mark, highlight=self._highlight)
        return Markup(html)  # noqa: S704 - escaped

    def _first_cases(self, file: str, below: str) -> ListPart[ByPattern]:
        """Return the first part of a list of all cases, for hand-written pages."""
        return list_parts(file, below, by_pattern(self._catalogue))[0]

    def _reply(self, reference: str, form: ReplyForm = "mail") -> str:
        return self.reply(self._catalogue.items[reference], form)

    def _short_address(self, reference: str) -> str:
        return self.site.cited(self._catalogue.items[reference])

    def _rendered(
        self, template: jinja2.Template, context: Mapping[str, Any]
    ) -> tuple[str, str, str]:
        """Return the text of a template, its title and its description."""
        rendering = template.new_context(dict(context))
        try:
            # Before its blocks are read, because they can come from a template that it extends.
            body = "".join(template.root_render_func(rendering))
            return (
                body,
                _plain_text(_block(rendering, "title") + _block(rendering, "part", "")),
                _plain_text(_block(rendering, "description")),
            )
        except Exception:  # noqa: BLE001 - handle_exception raises it again
            self._environment.handle_exception()  # with the template's line numbers


def _plain_text(html: str) -> str:
    """Return a block of plain text as HTML on one line, even if a template did not escape it."""
    return one_line(str(escape(Markup(html).unescape())))  # noqa: S704 - escaped again


def with_front(front: Mapping[str, Any], body: str) -> str:
    """Return a Markdown file with front matter."""
    matter = yaml.dump(
        dict(front), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000
    )
    return f"---\n{matter}---\n\n{body}"


def _block(context: jinja2.runtime.Context, name: str, otherwise: str | None = None) -> str:
    if name not in context.blocks:
        if otherwise is not None:
            return otherwise
        raise TemplateProblem(f"{context.name}: the block {name!r} is missing")
    return "".join(context.blocks[name][0](context))


def _tidy(markdown: str) -> str:
    """Leave at most one blank line between blocks, none in front, and one line end at the end."""
    return re.sub(r"\n[ \t]*(?:\n[ \t]*)+\n", "\n\n", markdown).strip() + "\n"


def _explained(error: Exception, template: str) -> TemplateProblem:
    if isinstance(error, TemplateProblem):
        return error
    if isinstance(error, RecursionError):
        hint = f"to extend the one of the package, name it abicase/{template}"
        return TemplateProblem(f"{template}: it extends or includes itself ({hint})")
    if isinstance(error, jinja2.TemplateNotFound):
        return TemplateProblem(f"there is no template {error.name!r}")
    if isinstance(error, jinja2.TemplateSyntaxError):
        return TemplateProblem(f"{error.filename or error.name}:{error.lineno}: {error.message}")
    trace, line = error.__traceback__, 0
    file = template
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith(".jinja"):
            file, line = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next
    message = error if isinstance(error, jinja2.TemplateError) else repr(error)
    return TemplateProblem(f"{file}:{line}: {message}")
