"""Plain text and Markdown for mails and comments: short lines, and nothing in a text forges one."""

from __future__ import annotations

import re
import unicodedata

WIDTH = 72
"""The most columns of a line in a mail, but for what must not be broken."""

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

# What mailers and patch tools take for more than text where a line begins with it: a trailer such
# as "Reviewed-by:", a quote, the start of a mail in a mailbox, a separator, a patch.
_MEANT_AT_START = re.compile(r"[\w-]+:(?!//)|>|(?:From|diff)(?: |$)|-{2}|\+{3}|@@")


def one_line(text: str) -> str:
    """A text on one line, with single spaces."""
    return " ".join(text.split())


def as_ascii(text: str) -> str:
    """A text in ASCII as far as it allows: signs are written out, letters of names are kept."""
    if text.isascii():  # most are
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
    """A paragraph in lines of at most 72 columns, with a line end.

    Lines break at spaces only, so an address stays whole even where it is longer. No line but the
    first begins with a word that a mailer or a patch tool takes for more than text; the first is
    moved in by a space where it does.

    Args:
        text: The text; its own line breaks don't count.
        first: What stands in front of the first line.
        rest: What stands in front of all others; as much space as ``first`` by default.
    """
    rest = " " * len(first) if rest is None else rest
    pieces: list[str] = []
    for word in text.split():
        if pieces and _MEANT_AT_START.match(word):
            pieces[-1] += f" {word}"
        else:
            pieces.append(word)
    if not pieces:
        return ""
    if not first and _MEANT_AT_START.match(pieces[0]):
        first = " "
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
    """The first sentences of a plain text, at most so many."""
    return " ".join(_SENTENCE_END.split(one_line(text))[:count])


# At the start of a text also what would make a list or a heading of it. An underscore inside a
# word means nothing; a colon makes links and little pictures.
_ESCAPED = re.compile(r"[\\`*{}\[\]#]|(?<![^\W_])_|_(?![^\W_])|^[-+]|(?<=^\d)[.)]")
_WRITTEN = re.compile(r"[&<>|~$]|^=|:(?=//|[\w+-]+:)")


def as_markdown(text: str) -> str:
    """A plain text on one line as Markdown: nothing in it is markup."""
    text = _ESCAPED.sub(r"\\\g<0>", one_line(text))
    return _WRITTEN.sub(lambda sign: f"&#{ord(sign[0])};", text)
