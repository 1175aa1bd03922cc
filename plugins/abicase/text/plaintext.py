"""Plain text and Markdown for mails and comments, in short lines that no text can forge.

Most texts are one paragraph. A text with lists or code is in lines, as in
:attr:`abicase.text.prose.Converted.lines`: a list item keeps its dash or number, and code follows a
tab and is kept as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

WIDTH = 72
"""The maximum width of a line in a mail, except for text that must not be broken."""

_TYPOGRAPHY = str.maketrans(
    {
        "‐": "-",
        "‑": "-",
        "‒": "-",
        "–": "-",
        "—": "--",
        "―": "--",
        "−": "-",
        "‘": "'",
        "’": "'",
        "‚": "'",
        "′": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "″": '"',
        "«": '"',
        "»": '"',
        "…": "...",
        "→": "->",
        "←": "<-",
        "↔": "<->",
        "⇒": "=>",
        "≤": "<=",
        "≥": ">=",
        "≠": "!=",
        "×": "x",
        "·": "-",
        "•": "-",
        "\N{SOFT HYPHEN}": "",
    }
)

# Line starts that mailers and patch tools do not take for plain text: a trailer such as
# "Reviewed-by:", a quote, the start of a mail in a mailbox, a separator, a patch.
_MEANT_AT_START = re.compile(r"[\w-]+:(?!//)|>|(?:From|diff)(?: |$)|-{2}|\+{3}|@@")


def one_line(text: str) -> str:
    """Return a text on one line, with single spaces."""
    return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class _Block:
    kind: Literal["paragraph", "item", "code"]
    lead: str
    """The blanks, the dash or the number in front of an item; the blanks in front of code."""
    words: str
    """The text of a paragraph or an item on one line; the lines of code."""

    def __str__(self) -> str:
        if self.kind == "code":
            return "\n".join(f"{self.lead}\t{line}" for line in self.words.split("\n"))
        return self.lead + self.words


_CODE = re.compile(r"( *)\t(.*)")
_ITEM = re.compile(r"( *(?:-|\d{1,9}\.)(?: |$)| {2,})(.*)")
_CODE_INDENT = "    "


def _blocks(text: str) -> Iterator[_Block]:
    """Split a text into paragraphs, list items and code."""
    if "\n" not in text and "\t" not in text:  # most texts are one line
        yield _Block("paragraph", "", one_line(text))
        return
    for lead, lines in groupby(text.split("\n"), _code_lead):
        if lead is not None:
            yield _Block("code", lead, "\n".join(line[len(lead) + 1 :] for line in lines))
            continue
        words: list[str] = []
        for line in lines:
            item = _ITEM.fullmatch(line)
            if item is None:
                words.append(line)
                continue
            if paragraph := one_line(" ".join(words)):
                yield _Block("paragraph", "", paragraph)
            words.clear()
            yield _Block("item", item[1], one_line(item[2]))
        if paragraph := one_line(" ".join(words)):
            yield _Block("paragraph", "", paragraph)


def _code_lead(line: str) -> str | None:
    match = _CODE.fullmatch(line)
    return match[1] if match else None


def _set(blocks: Iterable[_Block], form: Callable[[_Block], str]) -> str:
    """Join blocks, with a separate line for everything but paragraphs."""
    text, before = "", "paragraph"
    for block in blocks:
        if block.kind == before == "item":
            text += "\n"
        elif block.kind != before or before == "code":
            text += "\n\n"
        text += form(block)
        before = block.kind
    return text if before == "paragraph" else f"{text}\n\n"


def tidied(text: str, change: Callable[[str], str]) -> str:
    """Change the words of a text, and make its spaces single; code stays as it is.

    Args:
        text: The text, on one line or in lines.
        change: Takes the words of a paragraph or an item.
    """

    def form(block: _Block) -> str:
        return str(block if block.kind == "code" else replace(block, words=change(block.words)))

    return _set(_blocks(text), form)


def as_ascii(text: str) -> str:
    """Return a text in ASCII if possible; signs are written out, letters in names are kept."""
    if text.isascii():  # most texts are
        return text
    text = text.translate(_TYPOGRAPHY)
    if text.isascii():
        return text
    return "".join(
        sign if sign.isascii() or unicodedata.category(sign)[0] in "LM" else _written_out(sign)
        for sign in text
    )


def _written_out(sign: str) -> str:
    plain = unicodedata.normalize("NFKD", sign).replace("\N{FRACTION SLASH}", "/")
    return plain if plain.isascii() else sign


def fill(text: str, first: str = "", rest: str | None = None) -> str:
    """Wrap a text at 72 columns, with a line end.

    Lines break only at spaces, so a long address stays whole. No line except the first begins with
    a word that a mailer or a patch tool does not take for plain text; if the first one does, it is
    indented by a space. Code is indented and never broken.

    Args:
        text: The text; the line breaks in its paragraphs don't count.
        first: The prefix of the first line.
        rest: The prefix of all other lines; spaces as wide as ``first`` by default.
    """
    rest = " " * len(first) if rest is None else rest
    filled, before = "", ""
    for block in _blocks(text):
        if before and not before == block.kind == "item":
            filled += "\n"
        if block.kind == "code":
            lead = rest + block.lead + _CODE_INDENT
            filled += "".join(f"{lead}{line}\n" for line in block.words.split("\n"))
        else:
            lead = " " * len(block.lead)
            filled += _filled(block.words, first + block.lead, rest + lead)
        first, before = rest, block.kind
    return filled


def _filled(paragraph: str, first: str, rest: str) -> str:
    pieces: list[str] = []
    for word in paragraph.split():
        if pieces and _MEANT_AT_START.match(word):
            pieces[-1] += f" {word}"
        else:
            pieces.append(word)
    if not pieces:
        return f"{first.rstrip()}\n" if first.strip() else ""
    if not first.strip() and _MEANT_AT_START.match(pieces[0]):
        first += " "
    line, lines = first + pieces[0], []
    for piece in pieces[1:]:
        longer = f"{line} {piece}"
        if len(longer) <= WIDTH:
            line = longer
        else:
            lines.append(line)
            line = rest + piece
    return "\n".join([*lines, line, ""])


# A name with a small letter can begin a sentence.
_SENTENCE_END = re.compile(
    r"(?<=[.!?])(?<!e\.g\.)(?<!i\.e\.)(?<!cf\.)(?<!vs\.)(?<!etc\.)(?<!\bno\.)(?<!\bNo\.)\s+"
)


def sentences(text: str, count: int = 1) -> str:
    """Return the first sentences of a plain text, at most ``count``.

    A list or code belongs to the sentence that introduces it; after a full stop it counts as one.
    """
    found: list[str] = []
    for block in _blocks(text):
        if block.kind == "paragraph":
            found += _SENTENCE_END.split(block.words)
        elif found and not found[-1].endswith((".", "!", "?")):
            found[-1] += f"\n{block}\n"
        else:
            found.append(f"\n{block}\n")
    return " ".join(found[:count])


# At the start of a text this includes anything that would make it a list or a heading. An
# underscore inside a word means nothing; a colon makes links and emoji.
_ESCAPED = re.compile(r"[\\`*{}\[\]#]|(?<![^\W_])_|_(?![^\W_])|^[-+]|(?<=^\d)[.)]")
_WRITTEN = re.compile(r"[&<>|~$]|^=|:(?=//|[\w+-]+:)")


def as_markdown(text: str) -> str:
    """Return a plain text as Markdown in which only its lists and its code are markup."""
    return _set(_blocks(text), _markdown)


def _markdown(block: _Block) -> str:
    if block.kind == "code":
        ticks = max((len(run) for run in re.findall("`+", block.words)), default=0)
        fence = "`" * max(ticks + 1, 3)
        lines = [fence, *block.words.split("\n"), fence]
        return "\n".join(block.lead + line for line in lines)
    words = _ESCAPED.sub(r"\\\g<0>", block.words)
    return block.lead + _WRITTEN.sub(lambda sign: f"&#{ord(sign[0])};", words)
