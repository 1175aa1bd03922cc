"""The text that patches add, with its context lines."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from abicase.source.yamltext import STRANGE

_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)")
_IN_COMMENT = re.compile(r"(?:(?!/\*)[\s\S])*?\*/|(?:[ \t]*\*(?:[ \t].*)?(?:\n|\Z))+")
"""The start of a hunk inside a block comment, as in most languages: the comment ends without having
begun, or its lines begin with a star."""
_QUOTED = re.compile(rb'"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)")
_NAMED = {b"n": b"\n", b"t": b"\t", b'"': b'"', b"\\": b"\\"}


@dataclass(frozen=True, slots=True)
class PatchedLine:
    """A line of a file after a patch."""

    number: int
    text: str
    added: bool


@dataclass(frozen=True, slots=True)
class Fragment:
    """The lines of a hunk after its patch."""

    path: str
    heading: str
    """The line that git shows above the hunk, such as the head of a function."""
    lines: Sequence[PatchedLine]

    @property
    def text(self) -> str:
        """The lines as one text, without the rest of a comment that begins above them."""
        text = "\n".join(line.text for line in self.lines)
        inside = _IN_COMMENT.match(text)
        return "\n" * inside[0].count("\n") + text[inside.end() :] if inside else text

    @property
    def opened(self) -> str:
        """The text below its heading if that opens a block, else empty."""
        return f"{self.heading}\n{self.text}" if self.heading.endswith("{") else ""


@dataclass(slots=True)
class Changes:
    """The changes of a patch."""

    fragments: list[Fragment] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    """All files that it changes or adds, including those without text."""
    removed: set[str] = field(default_factory=set)
    """The lines that it removes, without the blanks around them."""
    cut_off: bool = False
    """True if it ends before a hunk does."""


def changes(patch: bytes, *, prefixes: bool = True) -> Changes:
    """Read the changes of a patch.

    Args:
        patch: The patch, as written by git, with line ends of one character.
        prefixes: Whether paths have a prefix of one part, such as ``b/``.
    """
    found = Changes()
    path = ""
    lines = iter(patch.split(b"\n"))
    for line in lines:
        if line.startswith((b"diff --git ", b"+++ ", b"rename to ", b"copy to ")):
            named = _path(line, prefixes=prefixes)
            path = named if named is not None else path
            if named and (not found.paths or found.paths[-1] != named):
                found.paths.append(named)
        elif hunk := _HUNK.match(line):
            read = _hunk(hunk, lines, found)
            if path:
                found.fragments.append(Fragment(path, _text(hunk[4]).rstrip(), read))
    return found


def without_moved(series: Iterable[Changes]) -> list[list[Fragment]]:
    """Return the fragments of each patch; lines that the series only moves are not added ones."""
    patches = list(series)
    removed = {line for one in patches for line in one.removed if line}
    return [[_without(removed, fragment) for fragment in one.fragments] for one in patches]


def _without(removed: Collection[str], fragment: Fragment) -> Fragment:
    lines = [
        replace(line, added=line.added and line.text.strip() not in removed)
        for line in fragment.lines
    ]
    return replace(fragment, lines=lines)


def _path(line: bytes, *, prefixes: bool) -> str | None:
    """Return the path that a line names: empty for a removed file, None if it names none."""
    if line.startswith(b"diff --git "):
        return None  # blanks make its two paths ambiguous; the lines below name them
    moved = line.startswith((b"rename to ", b"copy to "))
    name = line.partition(b" to " if moved else b" ")[2].partition(b"\t")[0]
    if quoted := _QUOTED.fullmatch(name):
        name = _ESCAPE.sub(_unescaped, quoted[1])
    if name == b"/dev/null":
        return ""
    if prefixes and not moved:
        name = name.partition(b"/")[2]
    return _text(name)


def _unescaped(escape: re.Match[bytes]) -> bytes:
    code = escape[1]
    return bytes([int(code, 8) & 255]) if len(code) == 3 else _NAMED.get(code, code)


def _hunk(head: re.Match[bytes], lines: Iterator[bytes], found: Changes) -> list[PatchedLine]:
    before, after = (int(head[group] or 1) for group in (1, 3))
    number = int(head[2])
    read: list[PatchedLine] = []
    while before > 0 or after > 0:
        line = next(lines, None)
        if line is None or line[:1] not in (b" ", b"+", b"-", b"\\", b""):
            found.cut_off = True
            break
        sign, text = line[:1], _text(line[1:])
        if sign == b"-":
            found.removed.add(text.strip())
            before -= 1
        elif sign != b"\\":
            read.append(PatchedLine(number, text, sign == b"+"))
            number += 1
            after -= 1
            before -= sign != b"+"
    return read


def _text(data: bytes) -> str:
    """Decode a line, without the control characters that a terminal would obey."""
    return STRANGE.sub("\ufffd", data.decode("utf-8", "replace").replace("\r", "")).replace(
        "\n", " "
    )
