"""Pages to Markdown text, by Jinja2 templates that a site can override one by one."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import CodeType, MethodType
from typing import Any, Literal

import jinja2
import jinja2.runtime
import yaml
from jinja2 import StrictUndefined, meta
from jinja2.runtime import Macro
from markupsafe import Markup, escape

from abicase.addresses import Address, Site, address_of, relative, relative_address, reply_file
from abicase.catalogue import Catalogue
from abicase.cite import Replies, Reply, mapped
from abicase.compiled import Compiled
from abicase.figures import figures
from abicase.glossary import Glossary
from abicase.items import Item
from abicase.ledger import Fate
from abicase.pages import Page
from abicase.parts import ByPattern, ListPart, by_pattern, parts
from abicase.plaintext import as_ascii, as_markdown, fill, one_line, sentences
from abicase.prose import closed, owned
from abicase.records import Case, Claim, Event, Term
from abicase.timeline import timeline
from abicase.tracking import RATINGS, TITLES, TOLD, tracked

TEMPLATES = Path(__file__).with_name("templates")
"""The templates that the package brings."""

# Characters with a meaning in Markdown or in its usual extensions, inside a line.
_MARKDOWN = re.compile(r"[\\`*_{}\[\]#!|~^=$]")


_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # libyaml's where it is there

_MOST_KEPT = 4_000
"""So many parts of pages are kept for others; those that show the same are made one after another.
"""

ReplyForm = Literal["mail", "markdown", "link"]
"""The forms in which a reply is pasted."""
_REPLIES = {"mail": "reply.txt.jinja", "markdown": "reply.markdown.jinja"}

# All renderers set their templates up alike; those of plain text are compiled otherwise.
_compiled, _compiled_plain = Compiled(), Compiled()


class TemplateProblem(Exception):
    """A template could not be found or rendered; the message says which and why."""


_SPECIAL = re.compile("[&<>\"']")


def _escaped(value: Any) -> str:
    """What Jinja2's own escaping makes of a value that is put out, and faster.

    Nearly all that templates put out is finished HTML, numbers, and words in which there is nothing
    to escape; to make sure that it stays so takes MarkupSafe longer than all else they do.
    """
    kind = type(value)
    if kind is Markup or kind is int or kind is float:
        return value if kind is Markup else str(value)
    if kind is str and _SPECIAL.search(value) is None:
        return str(value)
    return escape(value)


class _Template(jinja2.Template):
    """A template whose output is escaped by :func:`_escaped`."""

    @classmethod
    def from_code(
        cls,
        environment: jinja2.Environment,
        code: CodeType,
        globals: MutableMapping[str, Any],  # noqa: A002 - as it is called there
        uptodate: Callable[[], bool] | None = None,
    ) -> jinja2.Template:
        """Load what was compiled."""
        made = super().from_code(environment, code, globals, uptodate)
        made.root_render_func.__globals__["escape"] = _escaped
        return made


class _Context(jinja2.runtime.Context):
    """Calls the macros of templates and what is on hand in them without asking what they take."""

    def call(self, called: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """Call something, as Jinja2 does."""
        kind = type(called)
        if kind is Macro:
            args = (self.eval_ctx, *args)
        elif kind is not MethodType or type(called.__self__) is not Here:  # type: ignore[attr-defined]
            return super().call(called, *args, **options)
        options.pop("_loop_vars", None)
        options.pop("_block_vars", None)
        return called(*args, **options)


class _Environment(jinja2.Environment):
    context_class = _Context
    template_class = _Template

    def __init__(self, overrides: Path | None) -> None:
        own = jinja2.FileSystemLoader(TEMPLATES)
        loaders: list[jinja2.BaseLoader] = [own, jinja2.PrefixLoader({"abicase": own})]
        if overrides:
            loaders.insert(0, jinja2.FileSystemLoader(overrides))
        super().__init__(
            loader=jinja2.ChoiceLoader(loaders),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=False,
            auto_reload=False,  # nothing changes during a build
            bytecode_cache=_compiled,
        )
        self.tests["contains"] = lambda held, one: one in held
        self.filters.update(
            bibtex=bibtex,
            heading=heading,
            literals=literals,
            words=words,
            zip=zip,
            chronicle=chronicle,
            sentences=sentences,
            attribute=attribute,
        )

    def plain(self) -> jinja2.Environment:
        """The same for what is no HTML, and not escaped: its texts are made safe before."""
        made = self.overlay(autoescape=False, bytecode_cache=_compiled_plain)
        made.filters = {**self.filters, "fill": fill, "target": _target}
        return made


@contextmanager
def compiled_ahead(overrides: Path | None) -> Iterator[None]:
    """Compile the templates of pages and replies, beside this process.

    Args:
        overrides: The folder that the renderer is going to get.
    """
    pages = _Environment(overrides)
    replies = pages.plain()
    names = (path.name for path in TEMPLATES.glob("*.md.jinja"))
    with _compiled.ahead(pages, names), _compiled_plain.ahead(replies, _REPLIES.values()):
        yield


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page as a Markdown file."""

    page: Page
    title: str
    """The title, as HTML text."""
    front: Mapping[str, Any]
    """The front matter."""
    body: str
    """The Markdown below it."""
    reads: frozenset[str]
    """What its template read of the catalogue, by the names of ``tracking``."""

    @property
    def markdown(self) -> str:
        """The whole file, with its front matter."""
        return with_front(self.front, self.body)


class Kept:
    """Parts of pages that are the same on many, with what their macros read."""

    def __init__(
        self, reads: set[str], noting: Callable[[], AbstractContextManager[set[str]]]
    ) -> None:
        """Begin with none.

        Args:
            reads: Gets what they read.
            noting: Notes what is read meanwhile, see :meth:`Renderer.noting`.
        """
        self._reads = reads
        self._noting = noting
        self._known: dict[tuple[object, ...], tuple[Any, frozenset[str]]] = {}

    def of(self, key: tuple[object, ...], macro: Callable[..., Any], *values: Any) -> Any:
        """What a macro makes of some values, made once for each key."""
        known = self._known.get(key)
        if known is None:
            if len(self._known) > _MOST_KEPT:
                del self._known[next(iter(self._known))]  # the oldest
            with self._noting() as reads:
                made = macro(*values)
            known = self._known[key] = made, frozenset(reads)
        self._reads |= known[1]
        return known[0]


class Here:
    """What depends on the page that is rendered; templates know it as ``here``."""

    def __init__(
        self, catalogue: Catalogue, glossary: Glossary, file: str, site: Site, kept: Kept
    ) -> None:
        self._catalogue = catalogue
        self._glossary = glossary
        self._file = file
        self._site = site
        self._kept = kept
        self._folder = posixpath.dirname(file)
        self._beside: dict[str, tuple[str, str]] = {}  # by case
        self._relative = partial(relative, page=file, directories=site.directories)
        self._addresses: dict[str, Markup] = {}
        # The ledger has the addresses in the form in which they were published.
        forms = [Address(file).url(directories=directories) for directories in (True, False)]
        self._retired = [fate for form in forms for fate in catalogue.ledger.retired.get(form, ())]

    def href(self, reference: str) -> Markup:
        """The address of an item, relative to this page."""
        known = self._addresses.get(reference)
        if known is None:
            target = self._relative(address_of(self._catalogue.items[reference]))
            # Made of ids and quoted paths, so that there is nothing to escape.
            known = self._addresses[reference] = Markup(target)  # noqa: S704
        return known

    def part(self, case: Case, part: str) -> Markup:
        """The address of a part of a case, named by its id, relative to this page."""
        place, page = self._place(case)
        return Markup(f"{'' if place == self._file else page}#{part}")  # noqa: S704 - as above

    def permalink(self, reference: str) -> str:
        """The whole address of an item; empty where the site does not know its own."""
        address = self._site.address(address_of(self._catalogue.items[reference]))
        return address if self._site.url else ""

    def page(self, file: str, anchor: str = "") -> str:
        """The address of a page, named by its Markdown file, relative to this page."""
        return self._relative(Address(file, anchor))

    def reply_file(self, reference: str) -> str:
        """The address of the file with an item's reply, relative to this page."""
        return self.place(reply_file(self._catalogue.items[reference]))

    def place(self, address: str) -> str:
        """An address from the root of the site, as the ledger has it, relative to this page."""
        return relative_address(address, self._file, directories=self._site.directories)

    def canonical(self, reference: str) -> str:
        """The whole address of the page of an item; relative where the site's is not known."""
        page = Address(address_of(self._catalogue.items[reference]).page)
        return self._site.address(page) if self._site.url else self._relative(page)

    def former(self, reference: str) -> list[str]:
        """The anchors of this page that are now those of an item on it."""
        return [
            fate.anchor
            for fate in self._retired
            if fate.state == "moved" and fate.to == (reference,) and self._stayed(fate)
        ]

    def gone(self) -> list[Fate]:
        """What had an anchor on this page and is no longer on it."""
        return [fate for fate in self._retired if fate.anchor and not self._stayed(fate)]

    def _stayed(self, fate: Fate) -> bool:
        if fate.state != "moved":
            return False
        return address_of(self._catalogue.items[fate.to[0]]).page == self._file

    def kept(self, macro: Macro, case: Case, parts: Iterable[Any], *values: Any) -> dict[str, str]:
        """What a macro makes of parts of a case, once for all pages that lie side by side.

        Args:
            macro: A macro of ``macros.md.jinja``. It may depend on nothing but what it is given,
                and on where the page lies.
            case: The case.
            parts: What the macro is given in turn, the same on each page: events of the case, its
                figures, or the ids of its findings.
            values: What else it is given: plain values.

        Returns:
            What it makes of each, by its id.
        """

        def made() -> dict[str, str]:
            return {getattr(part, "id", part): macro(case, part, *values) for part in parts}

        place = self._place(case)
        if place[0] == self._file:  # no other page has the same
            return made()
        found: dict[str, str] = self._kept.of((macro.name, place, *values), made)
        return found

    def _place(self, case: Case) -> tuple[str, str]:
        """What the addresses of a case and of its parts depend on; it names the case, too."""
        place = self._beside.get(case.id)
        if place is None:
            own = address_of(self._catalogue.items[f"case/{case.id}"]).page == self._file
            # On the page of the case, links to its parts have no other page in them.
            place = (self._file if own else self._folder, self.href(f"case/{case.id}"))
            self._beside[case.id] = place
        return place

    def plain(self, text: str) -> str:
        """A text of a record without its markup."""
        return self._catalogue.converter.convert(text).plain

    def prose(self, text: str, owner: str) -> Markup:
        """A text of a record as HTML; its links and terms are open until the page is whole.

        Args:
            text: Markdown.
            owner: The reference of the record, for links to its own parts (``#part``).
        """
        html = self._glossary.mark(self._catalogue.converter.convert(text).html)
        return Markup(owned(html, owner))  # noqa: S704 - nothing is in it but the converter's tags

    def whole(self, text: str) -> str:
        """Fill in the links and terms that prose left open; done at the end, not by templates."""
        return closed(text, self.href, self._term)

    def _term(self, id_: str, word: str) -> str:
        term: Term = self._catalogue.items[f"term/{id_}"].value
        href = self.href(f"term/{id_}")
        return f'<a class="ac-term" href="{href}" title="{escape(term.means)}">{word}</a>'


class Renderer:
    """Renders pages and the parts that hand-written pages ask for."""

    def __init__(
        self,
        catalogue: Catalogue,
        overrides: Path | None = None,
        site: Site | None = None,
    ) -> None:
        """Set up the templates.

        Args:
            catalogue: The records.
            overrides: A folder whose templates stand in for those of the same name; those can
                still be had as ``abicase/NAME``.
            site: Where the pages will be published.
        """
        self._catalogue = catalogue
        self.site = site or Site()
        """Where the pages will be published."""
        self._glossary = Glossary(catalogue.casebook.terms)
        self._reads: set[str] = set()
        self._noted = False  # whether that is noted for somebody just now
        book = self.book = tracked(catalogue, self._reads)
        """The records; what is read of them here is noted."""
        self._replies = Replies(
            book, self.site, catalogue, lambda name: self._reads.add(f"{TOLD}/{name}")
        )
        self._kept = Kept(self._reads, self.noting)
        self.recalled: dict[str, str] = {}
        """Replies of an earlier build that are as they were, by the items' references."""
        self._uses: dict[str, set[str]] = {}  # by part
        # On a page, beside it, for programs; each with what it was made from.
        self._written: dict[tuple[str, ReplyForm], tuple[str, frozenset[str]]] = {}
        self._said: tuple[str, Reply, frozenset[str]] | None = None  # the last one
        self._environment = _Environment(overrides)
        self._environment.filters["most_evidence"] = self._most_evidence
        self._environment.globals.update(
            book=book,
            site=self.site,
            figures=partial(figures, book),
            timeline=partial(timeline, book),
            first_cases=self._first_cases,
            reply=self._reply,
            short_address=self._short_address,
            address_of_mail=catalogue.mail_address,
            address_of_file=catalogue.file_address,
        )
        self._plain = self._environment.plain()

    @contextmanager
    def noting(self) -> Iterator[set[str]]:
        """Note what is read meanwhile, apart from what was read before.

        Yields:
            The names of what is read, as ``tracking`` has them; complete at the end.
        """
        within, self._noted = self._noted, True
        before, found = self._reads.copy(), set[str]()
        self._reads.clear()
        try:
            yield found
        finally:
            found |= self._reads
            self._noted = within
            if within:  # what surrounds it has read all of that, too
                self._reads |= before
            else:
                self._reads.clear()  # or all that is ever read would be copied again and again

    def page(self, page: Page) -> Rendered:
        """Render a page.

        Args:
            page: The page.

        Returns:
            Its Markdown.

        Raises:
            TemplateProblem: Its template is missing or wrong.
        """
        here = self._here(page.file)
        context = {**page.context, "here": here, "reference": page.record}
        try:
            with self.noting() as reads:
                template = self._environment.get_template(page.template)
                body, title, description = self._rendered(template, context)
                body = here.whole(_tidy(body))
        except Exception as error:  # a template of a site can raise anything
            raise _explained(error, page.template) from error
        front: dict[str, Any] = {"title": title, "description": description}
        if not page.searched:
            front["search"] = {"exclude": True}
        if page.without:
            front["hide"] = list(page.without)  # as the Material theme understands it
        return Rendered(page, title, front, body, frozenset(reads))

    def file(self, output: str, template: str, context: Mapping[str, Any]) -> str:
        """Render a file of the site that is no page.

        Args:
            output: Its path on the site, such as ``L/some-lesson/index.html``.
            template: The name of its template.
            context: What the template gets besides the catalogue.

        Returns:
            Its text.

        Raises:
            TemplateProblem: Its template is missing or wrong.
        """
        return self._filled(template, posixpath.splitext(output)[0] + ".md", context)

    def part(self, name: str, file: str, context: Mapping[str, Any]) -> str:
        """Render a part for a hand-written page.

        Args:
            name: The part; its template is ``parts/NAME.md.jinja``.
            file: The Markdown file of the page.
            context: What the template gets besides the catalogue.

        Returns:
            Markdown.

        Raises:
            TemplateProblem: Its template is missing or wrong.
        """
        return self._filled(f"parts/{name}.md.jinja", file, context)

    def _filled(self, template: str, file: str, context: Mapping[str, Any]) -> str:
        """A template as it is for the page of a Markdown file."""
        try:
            here = self._here(file)
            found = self._environment.get_template(template)
            return here.whole(_tidy(found.render({**context, "here": here})))
        except Exception as error:  # a template of a site can raise anything
            raise _explained(error, template) from error

    def reply(self, item: Item, form: ReplyForm = "mail") -> str:
        """Render what a reviewer pastes.

        Args:
            item: An item of one of the kinds in :data:`abicase.cite.CITED`.
            form: For a mail, in Markdown, or the bare address.

        Returns:
            Its text, with a line end.

        Raises:
            TemplateProblem: Its template is missing or wrong.
        """
        known = self._written.get((item.reference, form))
        if known is None:
            if len(self._written) > _MOST_KEPT:
                self._written.clear()
            with self.noting() as reads:
                text = self._write(item, form)
            known = self._written[item.reference, form] = text, frozenset(reads)
        self._reads |= known[1]
        return known[0]

    def _write(self, item: Item, form: ReplyForm) -> str:
        if form == "link":
            return self.site.cited(item) + "\n"
        data = self._said_of(item)
        template = _REPLIES[form]
        data = mapped(data, _for_mail if form == "mail" else _for_markdown)
        try:
            text = self._plain.get_template(template).render(reply=data)
        except Exception as error:  # a template of a site can raise anything
            raise _explained(error, template) from error
        return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"

    def _said_of(self, item: Item) -> Reply:
        """What replies say of an item, in whichever form."""
        known = self._said
        if known is None or known[0] != item.reference:
            with self.noting() as reads:
                data = self._replies.of(item)
            known = self._said = item.reference, data, frozenset({*reads, TITLES, RATINGS})
        self._reads |= known[2]
        return known[1]

    def part_uses(self, name: str, kind: str) -> bool:
        """Whether a part looks at an item of a kind."""
        uses = self._uses.get(name)
        if uses is None:
            source, _, _ = self._environment.loader.get_source(  # type: ignore[union-attr]
                self._environment, f"parts/{name}.md.jinja"
            )
            uses = meta.find_undeclared_variables(self._environment.parse(source))
            self._uses[name] = uses
        return kind in uses

    def parts(self) -> list[str]:
        """The names of the parts that hand-written pages can ask for."""
        names = self._environment.list_templates()
        return sorted(
            name.removeprefix("parts/").removesuffix(".md.jinja")
            for name in names
            if name.startswith("parts/") and name.endswith(".md.jinja")
        )

    def _here(self, file: str) -> Here:
        return Here(self._catalogue, self._glossary, file, self.site, self._kept)

    def _most_evidence(self, claims: Iterable[Claim]) -> int:
        """The most events on one side of any of some claims: the scale of their bars."""
        found = [self.book.counts[f"claim/{claim.id}"] for claim in claims]
        sides = [side for one in found for side in (one.speaking_for, one.speaking_against)]
        return max((side.events for side in sides), default=0)

    def _first_cases(self, file: str, below: str) -> ListPart[ByPattern]:
        """The first part of a list of all cases, for hand-written pages."""
        return parts(file, below, by_pattern(self._catalogue))[0]

    def _reply(self, reference: str, form: ReplyForm = "mail") -> str:
        return self.reply(self._catalogue.items[reference], form)

    def _short_address(self, reference: str) -> str:
        return self.site.cited(self._catalogue.items[reference])

    def _rendered(
        self, template: jinja2.Template, context: Mapping[str, Any]
    ) -> tuple[str, str, str]:
        """The text of a template, its title and its description."""
        rendering = template.new_context(dict(context))
        try:
            # Before its blocks are asked for: it may have them from a template that it extends.
            body = "".join(template.root_render_func(rendering))
            return (
                body,
                one_line(_block(rendering, "title") + _block(rendering, "part", "")),
                one_line(_block(rendering, "description")),
            )
        except Exception:  # noqa: BLE001 - handle_exception raises it again
            self._environment.handle_exception()  # with the lines of the template


def with_front(front: Mapping[str, Any], body: str) -> str:
    """A Markdown file with front matter."""
    matter = yaml.dump(
        dict(front), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000
    )
    return f"---\n{matter}---\n\n{body}"


def heading(text: str) -> Markup:
    """A plain text as the text of a Markdown heading: nothing in it is markup."""
    escaped = str(escape(text)).replace("&#34;", '"').replace("&#39;", "'")
    escaped = _MARKDOWN.sub(lambda match: f"&#{ord(match[0])};", escaped.replace("&#", "\0"))
    escaped = re.sub(r":(?=[\w+-]+:)", "&#58;", escaped)  # :emoji: of a common extension
    return Markup(escaped.replace("\0", "&#"))  # noqa: S704 - escaped above


def bibtex(text: str) -> str:
    """A plain text as the value of a BibTeX field: nothing in it is TeX, and no brace is open."""
    return "".join(_TEX.get(character, character) for character in text)


_TEX = {character: f"\\{character}" for character in "&%$#_"} | {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def attribute(text: str) -> Markup:
    """A text with lines as the value of an attribute of HTML inside Markdown."""
    return Markup(str(escape(text)).replace("\n", "&#10;"))  # noqa: S704 - escaped


def words(text: str, count: int) -> str:
    """The beginning of a text, at most so many words, with an ellipsis where it was cut."""
    parts = text.split()
    if len(parts) <= count:
        return " ".join(parts)
    return " ".join(parts[:count]).rstrip(".,;:") + "…"


def chronicle(cases: Iterable[Case]) -> list[tuple[Case, Event]]:
    """The events of some cases, each with its case, in order of time."""
    events = [(case, event) for case in cases for event in case.events]
    return sorted(events, key=lambda pair: pair[1].date.order)


def _for_mail(name: str, text: str) -> str:
    # A subject is quoted exactly.
    return one_line(text if name == "subject" else as_ascii(text))


def _target(link: str) -> str:
    """An address as the target of a link in Markdown: parentheses end it, quotes begin a title."""
    return link.replace("(", "%28").replace(")", "%29").replace("'", "%27")


def _for_markdown(name: str, text: str) -> str:
    return as_markdown(text)


def literals(text: str) -> Markup:
    """A text of the program with what stands in double backquotes as code."""
    return Markup(re.sub(r"``(.+?)``", r"<code>\1</code>", str(escape(text))))  # noqa: S704


def _block(context: jinja2.runtime.Context, name: str, otherwise: str | None = None) -> str:
    if name not in context.blocks:
        if otherwise is not None:
            return otherwise
        raise TemplateProblem(f"{context.name}: the block {name!r} is missing")
    return "".join(context.blocks[name][0](context))


def _tidy(markdown: str) -> str:
    """One blank line at most between blocks, none in front, one line end at the end."""
    return re.sub(r"\n[ \t]*(?:\n[ \t]*)+\n", "\n\n", markdown).strip() + "\n"


def _explained(error: Exception, template: str) -> TemplateProblem:
    if isinstance(error, TemplateProblem):
        return error
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
    said = error if isinstance(error, jinja2.TemplateError) else repr(error)
    return TemplateProblem(f"{file}:{line}: {said}")
