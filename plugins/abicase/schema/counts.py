"""Counts in a git history: the data that defines them, and the git commands that count."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Discriminator, Tag

from abicase.schema.fields import DayField, Flag, Line, Number
from abicase.schema.part import Part, tag_by_field
from abicase.schema.revisions import CommitRange, Pathspec, Pattern, Revision

Stage = tuple[str, ...]
"""The arguments of one git command, which reads the output of the previous one."""


class CommitCount(Part):
    """A number of commits."""

    commits: CommitRange
    """The range of commits: ``from..to``, or a revision with all its history."""
    touching: tuple[Pathspec, ...] = ()
    """Only commits that change one of these paths, as ``git log -- PATH`` shows them."""
    also: tuple[Pathspec, ...] = ()
    """Of those, only commits whose own diff also changes one of these paths."""
    full_history: Flag = False
    """True to include commits on branches that did not affect the paths: ``--full-history``."""
    no_merges: Flag = False
    """True to leave out merges: ``--no-merges``."""
    author: Pattern | None = None
    """A pattern in the author's name and address."""
    message: Pattern | None = None
    """A pattern in a line of the message."""
    invert: Flag = False
    """True to count commits whose message does not match: ``--invert-grep``."""
    ignore_case: Flag = False
    """True if the patterns ignore case."""
    since: DayField | None = None
    """The first author date to count."""
    until: DayField | None = None
    """The last author date to count."""
    result: Number
    """The number of commits."""
    what: Line
    """A few words that follow the number and say what was counted."""

    @property
    def revisions(self) -> tuple[str, ...]:
        """Return the revisions of the range."""
        return tuple(self.commits.split(".."))

    def stages(self, revisions: Sequence[str], *, top: bool = False) -> list[Stage]:
        """Return the git commands that print one line for each commit.

        Args:
            revisions: The revisions of the range, by names or by ids.
            top: True to make paths relative to the root of the clone, wherever git runs.

        Returns:
            Their arguments. Lines contain the author date if the count is limited by date.
        """
        dated = ("--format=%as",) if self.since or self.until else ()
        options = [
            *(["--full-history"] if self.full_history else []),
            *(["--no-merges"] if self.no_merges else []),
            *(["--extended-regexp"] if self.author or self.message else []),
            *(["--regexp-ignore-case"] if self.ignore_case else []),
            *(["--invert-grep"] if self.invert else []),
            *([f"--author={self.author}"] if self.author else []),
            *([f"--grep={self.message}"] if self.message else []),
        ]
        if not self.also:
            options += ["--no-commit-header", *dated] if dated else []
        stages = [("rev-list", *options, "..".join(revisions), *_below(self.touching, top=top))]
        if self.also:
            form = dated or ("--format=%H",)
            stages.append(
                ("diff-tree", "--stdin", "--root", "-r", "-s", *form, *_below(self.also, top=top))
            )
        return stages

    def tally(self, lines: Sequence[str]) -> int:
        """Count the lines printed by the last command."""
        first = self.since.first.isoformat() if self.since else ""
        last = self.until.last.isoformat() if self.until else "~"
        return sum(first <= line <= last for line in lines)

    @property
    def command(self) -> str:
        """Return the command that anyone can run in a clone."""
        days = [f'$1 >= "{self.since.first}"'] if self.since else []
        days += [f'$1 <= "{self.until.last}"'] if self.until else []
        filtered = f" | awk '{' && '.join(days)}'" if days else ""
        return f"{_piped(self.stages(self.revisions))}{filtered} | wc -l"


class MatchCount(Part):
    """A number of matches of a pattern in files."""

    matches: Pattern
    """The pattern."""
    at: Revision
    """The tag or commit whose files are searched, except for binary files."""
    below: tuple[Pathspec, ...] = ()
    """The files and folders to search; all if left out."""
    count: Literal["lines", "files", "texts"]
    """The unit of the count: matching lines, files with a match, or different matching texts."""
    ignore_case: Flag = False
    """True if the pattern ignores case."""
    result: Number
    """The number of matches."""
    what: Line
    """A few words that follow the number and say what was counted."""

    @property
    def revisions(self) -> tuple[str, ...]:
        """Return the revision whose files are searched."""
        return (self.at,)

    def stages(self, revisions: Sequence[str], *, top: bool = False) -> list[Stage]:
        """Return the single git command that prints the lines, the files or the texts.

        Args:
            revisions: The revision whose files are searched, by name or id.
            top: True to make paths relative to the root of the clone, wherever git runs.
        """
        form = {"lines": "-h", "files": "-l", "texts": "-oh"}[self.count]
        case = ("-i",) if self.ignore_case else ()
        pattern = ("-E", "-e", self.matches)
        return [("grep", form, "-I", *case, *pattern, *revisions, *_below(self.below, top=top))]

    def tally(self, lines: Sequence[str]) -> int:
        """Count the lines printed by the command, or only the different ones."""
        return len(set(lines)) if self.count == "texts" else len(lines)

    @property
    def command(self) -> str:
        """Return the command that anyone can run in a clone."""
        different = " | sort -u" if self.count == "texts" else ""
        return f"{_piped(self.stages(self.revisions))}{different} | wc -l"


def _below(paths: Sequence[str], *, top: bool) -> Stage:
    return ("--", *(_pathspec(path, top=top) for path in paths)) if paths else ()


def _pathspec(path: str, *, top: bool) -> str:
    magic = ["top"] * top + ["exclude"] * path.startswith("!")
    return (f":({','.join(magic)})" if magic else "") + path.removeprefix("!")


def _piped(stages: Sequence[Stage]) -> str:
    return " | ".join(shlex.join(("git", *stage)) for stage in stages)


COUNTS: dict[str, type[CommitCount | MatchCount]] = {
    "commits": CommitCount,
    "matches": MatchCount,
}
"""The forms of a count, each keyed by the field that only it has."""


Count = Annotated[
    Annotated[CommitCount, Tag("<commits>")] | Annotated[MatchCount, Tag("<matches>")],
    Discriminator(tag_by_field(COUNTS)),
]
"""A number that a git command counts."""
