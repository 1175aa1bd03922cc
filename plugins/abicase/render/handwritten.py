"""Hand-written pages: links to items, and generated parts placed with an HTML comment.

A link such as ``[text](claim/some-claim)`` becomes a link to the page's Markdown file, which the
site generator then checks and rewrites like any other. ``<!-- abicase: matrix -->`` and
``<!-- abicase: balance claim/better-abis -->`` are replaced by that part, and
``<!-- abicase: count cases -->`` by a number counted from the records, in the middle of a sentence.
Anything that Python-Markdown shows as code, or not at all, is left alone.
"""

from __future__ import annotations

import contextlib
import posixpath
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path

from abicase.catalogue.model import Catalogue
from abicase.problems.problem import Problem
from abicase.problems.suggestions import nearest, nearest_reference
from abicase.render.counts import WrongDirective, counted
from abicase.render.renderer import Renderer, TemplateProblem
from abicase.schema.addresses import address_of
from abicase.schema.fields import REFERENCE
from abicase.schema.records import KINDS
from abicase.source.reading import shown_path

_KINDS = "|".join([*(kind for kind in KINDS if kind != "repository"), "stage", "term"])
_TOKEN = re.compile(
    rf"""
    (?P<code>
        <(?P<tag>pre|script|style|textarea)\b[^>]*>.*?</(?P=tag)>
        | <!--(?!\s*abicase:).*?-->
        | (?P<ticks>`+)(?!`)(?:(?!\n\s*\n).)+?(?<!`)(?P=ticks)(?!`)
    )
    | \]\([ ]*<? (?P<link> (?:{_KINDS})/[^)\s>]+ ) >?(?=[ ]*(?:["'][^\n)]*)?\))
    | ^[ ]{{0,3}}\[[^\]\n]+\]:[ \t]+<? (?P<definition> (?:{_KINDS})/[^\s>]+ )
    | (?P<indent>^[ \t]*)? <!--\s*abicase:\s* (?P<directive>.*?) \s*-->
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_COUNT = "count"
_QUOTE = re.compile(r"^(?: {0,3}>)+ ?")
_INDENT = 4
_FENCE = re.compile(r"( *)(`{3,}|~{3,})")
_LIST = re.compile(r"(?:[-*+]|\d+\.)[ ]")
_RAW_END = re.compile(r"(?:-->|</(?:pre|script|style|textarea)>)$")
# Other containers of indented blocks: admonitions, tabs, footnotes, definitions.
_HOLDER = re.compile(r"!!!|\?\?\?|===[ ]|\[\^[^\]]+\]:|:[ ]")


def _code_blocks(markdown: str) -> list[tuple[int, int]]:
    """Return the start and end of each piece of code, fenced or indented, in order.

    Python-Markdown finds the same pieces.
    """
    whole = [line.expandtabs(_INDENT).rstrip() for line in markdown.split("\n")]
    lines = [_QUOTE.sub("", line, count=1) for line in whole]
    starts = list(accumulate((len(line) + 1 for line in markdown.split("\n")), initial=0))
    blocks = _Blocks()
    found: list[tuple[int, int]] = []
    number = 0
    while number < len(lines):
        indented = blocks.is_code(lines[number], quoted=lines[number] != whole[number])
        last = number if indented else _last_of_fence(lines, number)
        if last > number:
            blocks.pass_over()
        if indented or last > number:
            found.append((starts[number], starts[last + 1] - 1))
        number = last + 1
    return found


def _last_of_fence(lines: list[str], number: int) -> int:
    """Return the last line of fenced code that starts on a line; the same line if none does."""
    fence = _FENCE.match(lines[number])
    if fence is None:
        return number
    for later in range(number + 1, len(lines)):
        line = lines[later]
        if line == fence[0]:
            return later
        if line and not line.startswith(fence[1]):  # the container of the fence ends before
            return number
    return number


class _Blocks:
    """A detector of indented code, for the lines of a page in order."""

    def __init__(self) -> None:
        self._held: list[int] = []  # the columns at which the contents of open containers begin
        self._begins = True  # whether the next line begins a block
        self._code = self._list = self._quoted = False  # whether the block is code

    def pass_over(self) -> None:
        """Continue after fenced code."""
        self._begins = self._code = self._list = False

    def is_code(self, line: str, *, quoted: bool) -> bool:
        """Return whether the next line is code."""
        words = line.lstrip(" ")
        if not words:
            self._begins = True
            return False
        if self._begins and quoted != self._quoted:
            self._held.clear()
            self._quoted, self._code = quoted, False
        column = len(line) - len(words)
        if self._code and column < (self._held[-1] if self._held else 0) + _INDENT:
            self._begins, self._code = True, False
        item = _LIST.match(words) is not None and (self._begins or self._list)
        holder = _HOLDER.match(words) is not None
        while self._held and column < self._held[-1] and (self._begins or item or holder):
            self._held.pop()
        inside = self._held[-1] if self._held else 0
        self._code = (self._begins or self._code) and column >= inside + _INDENT
        if self._code:
            self._begins = False
            return True
        if item or holder:
            self._held.append(inside + _INDENT)
        if self._begins:
            self._list = item
        self._begins = holder or _RAW_END.search(words) is not None
        return False


def _replaced(markdown: str, replace: Callable[[re.Match[str]], str]) -> Iterator[str]:
    """Yield the pieces of a page, with each token outside code blocks replaced."""
    done = 0
    code = _code_blocks(markdown)
    match = _TOKEN.search(markdown)
    while match is not None:
        start, end = match.span()
        while code and code[0][1] <= start:
            del code[0]
        if code and code[0][0] <= start:
            end = code[0][1]
            yield markdown[done:end]
        else:
            yield markdown[done:start]
            yield replace(match)
        done = end
        match = _TOKEN.search(markdown, end)
    yield markdown[done:]


@dataclass(frozen=True, slots=True)
class Expanded:
    """A hand-written page after expansion."""

    markdown: str
    problems: tuple[Problem, ...]


class Expander:
    """An expander of hand-written pages."""

    def __init__(self, catalogue: Catalogue, renderer: Renderer) -> None:
        self._catalogue = catalogue
        self._renderer = renderer
        # Pages are expanded twice: to find their problems, and to be shown.
        self._part = cache(self._rendered)

    def expand(self, markdown: str, file: str, shown: str) -> Expanded:
        """Expand a page; wrong links and directives are left as they were.

        Args:
            markdown: Its text.
            file: Its place below the folder of pages, such as ``about/method.md``.
            shown: The name to report.
        """
        problems: list[Problem] = []

        def replace(match: re.Match[str]) -> str:
            whole = match[0]
            if match["code"] is not None:
                return whole
            try:
                if match["directive"] is not None:
                    name, _, argument = match["directive"].partition(" ")
                    if name == _COUNT:
                        number = counted(self._catalogue, argument.strip())
                        return (match["indent"] or "") + number
                    # Blank lines around it keep a part from running into the text next to it; its
                    # indentation keeps it inside a list or an admonition.
                    indent = match["indent"] or ""
                    part = textwrap.indent(self._part(name, argument.strip(), file), indent)
                    return f"\n\n{part}\n\n"
                name = "link" if match["link"] is not None else "definition"
                start, end = match.start(name) - match.start(), match.end(name) - match.start()
                return whole[:start] + self._target(match[name], file) + whole[end:]
            except WrongDirective as wrong:
                line = markdown.count("\n", 0, match.start()) + 1
                column = match.start() - (markdown.rfind("\n", 0, match.start()) + 1) + 1
                problems.append(
                    Problem(shown, line, column, wrong.code, "", wrong.message, wrong.hint)
                )
                return whole

        return Expanded("".join(_replaced(markdown, replace)), tuple(problems))

    def problems_of(self, pages: Mapping[str, Path]) -> list[Problem]:
        """Find the problems with links and directives in hand-written pages.

        The files are given by their place below the folder of pages.
        """
        found: list[Problem] = []
        for file, path in pages.items():
            # The site generator reports pages that it can't read.
            with contextlib.suppress(OSError, UnicodeDecodeError):
                text = path.read_text(encoding="utf-8-sig")
                found += self.expand(text, file, shown_path(path)).problems
        return found

    def _target(self, reference: str, file: str) -> str:
        item = self._catalogue.items.get(reference)
        if item is None:
            message = f"the link leads to {reference!r}, which does not exist"
            hint = nearest_reference(reference, self._catalogue.items)
            raise WrongDirective(message, hint, "unknown-reference")
        address = address_of(item)
        path = posixpath.relpath(address.page, posixpath.dirname(file) or ".")
        return path + (f"#{address.anchor}" if address.anchor else "")

    def _rendered(self, name: str, argument: str, file: str) -> str:
        parts = self._renderer.parts()
        if name not in parts:
            known = [*parts, _COUNT]
            hint = nearest(name, known) or f"there are {', '.join(known)}"
            raise WrongDirective(f"there is no part {name!r}", hint)
        context = {}
        if argument:
            item = self._catalogue.items.get(argument)
            if item is None:
                hint = nearest_reference(argument, self._catalogue.items)
                if not REFERENCE.fullmatch(argument):
                    hint = hint or "write kind/id, as in claim/some-claim"
                raise WrongDirective(f"there is no {argument!r}", hint)
            context[item.kind] = item.value
            if not self._renderer.part_uses(name, item.kind):
                raise WrongDirective(f"the part {name!r} takes no {item.kind}", "")
        try:
            return self._renderer.part(name, file, context)
        except TemplateProblem as problem:
            hint = "does it need an item, as in <!-- abicase: balance claim/some-claim -->?"
            raise WrongDirective(f"the part {name!r}: {problem}", hint) from None
