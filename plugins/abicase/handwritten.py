"""Hand-written pages: links to items, and generated parts placed with an HTML comment.

A link such as ``[text](claim/some-claim)`` becomes a link to the page's Markdown file, which the
site generator then checks and rewrites like any other. ``<!-- abicase: matrix -->`` and
``<!-- abicase: balance claim/better-abis -->`` are replaced by that part.
"""

from __future__ import annotations

import posixpath
import re
import textwrap
from dataclasses import dataclass

from abicase.addresses import address_of
from abicase.catalogue import Catalogue
from abicase.fields import REFERENCE
from abicase.problems import Code, Problem, nearest, nearest_reference
from abicase.records import KINDS
from abicase.render import Renderer, TemplateProblem

_KINDS = "|".join([*(kind for kind in KINDS if kind != "repository"), "stage", "term"])
_TOKEN = re.compile(
    rf"""
    (?P<code>
        ^(?P<fence>[ ]*(?:`{{3,}}|~{{3,}}))[^\n]*\n(?:.*?\n)??(?P=fence)[^\n]*$
        | (?P<ticks>`+)(?!`)(?:(?!\n\s*\n).)+?(?<!`)(?P=ticks)(?!`)
    )
    | \]\([ ]*<? (?P<link> (?:{_KINDS})/[^)\s>]+ ) >?(?=[ ]*(?:["'][^\n)]*)?\))
    | ^[ ]{{0,3}}\[[^\]\n]+\]:[ \t]+<? (?P<definition> (?:{_KINDS})/[^\s>]+ )
    | (?P<indent>^[ \t]*)? <!--\s*abicase:\s* (?P<directive>.*?) \s*-->
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Expanded:
    """A hand-written page after expansion."""

    markdown: str
    problems: tuple[Problem, ...]


class Expander:
    """Expands hand-written pages."""

    def __init__(self, catalogue: Catalogue, renderer: Renderer) -> None:
        self._catalogue = catalogue
        self._renderer = renderer

    def expand(self, markdown: str, file: str, shown: str) -> Expanded:
        """Expand a page.

        Args:
            markdown: Its text.
            file: Its place below the folder of pages, such as ``about/method.md``.
            shown: The name to report.

        Returns:
            Its Markdown, and what is wrong with it; what is wrong is left as it was.
        """
        problems: list[Problem] = []

        def replace(match: re.Match[str]) -> str:
            whole = match[0]
            if match["code"] is not None:
                return whole
            try:
                if match["directive"] is not None:
                    # Blank lines around it keep a part from running into the text beside it; its
                    # indentation keeps it inside a list or an admonition.
                    indent = match["indent"] or ""
                    part = textwrap.indent(self._part(match["directive"], file), indent)
                    return f"\n\n{part}\n\n"
                name = "link" if match["link"] is not None else "definition"
                start, end = match.start(name) - match.start(), match.end(name) - match.start()
                return whole[:start] + self._target(match[name], file) + whole[end:]
            except _Wrong as wrong:
                line = markdown.count("\n", 0, match.start()) + 1
                column = match.start() - (markdown.rfind("\n", 0, match.start()) + 1) + 1
                problems.append(
                    Problem(shown, line, column, wrong.code, "", wrong.message, wrong.hint)
                )
                return whole

        return Expanded(_TOKEN.sub(replace, markdown), tuple(problems))

    def _target(self, reference: str, file: str) -> str:
        item = self._catalogue.items.get(reference)
        if item is None:
            message = f"the link leads to {reference!r}, which is not there"
            hint = nearest_reference(reference, self._catalogue.items)
            raise _Wrong("unknown-reference", message, hint)
        address = address_of(item)
        path = posixpath.relpath(address.page, posixpath.dirname(file) or ".")
        return path + (f"#{address.anchor}" if address.anchor else "")

    def _part(self, directive: str, file: str) -> str:
        name, _, argument = directive.partition(" ")
        argument = argument.strip()
        parts = self._renderer.parts()
        if name not in parts:
            hint = nearest(name, parts) or f"there are {', '.join(parts)}"
            raise _Wrong("directive", f"there is no part {name!r}", hint)
        context = {}
        if argument:
            item = self._catalogue.items.get(argument)
            if item is None:
                hint = nearest_reference(argument, self._catalogue.items)
                if not REFERENCE.fullmatch(argument):
                    hint = hint or "write kind/id, as in claim/some-claim"
                raise _Wrong("directive", f"there is no {argument!r}", hint)
            context[item.kind] = item.value
            if not self._renderer.part_uses(name, item.kind):
                raise _Wrong("directive", f"the part {name!r} takes no {item.kind}", "")
        try:
            return self._renderer.part(name, file, context)
        except TemplateProblem as problem:
            hint = "does it need an item, as in <!-- abicase: balance claim/some-claim -->?"
            raise _Wrong("directive", f"the part {name!r}: {problem}", hint) from None


class _Wrong(Exception):
    def __init__(self, code: Code, message: str, hint: str) -> None:
        super().__init__(message)
        self.code: Code = code
        self.message = message
        self.hint = hint
