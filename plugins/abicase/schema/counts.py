"""Counts in a git history: what is counted, as data, and the git commands that count it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Discriminator, Tag

from abicase.schema.fields import DayField, Flag, Line, Number
from abicase.schema.part import Part, tag_by_field
from abicase.schema.revisions import CommitRange, Pathspec, Pattern, Revision

Stage = tuple[str, ...]
"""The arguments of one git command; it reads the output of the one before."""


class CommitCount(Part):
    """A number of commits."""

    commits: CommitRange
    """The commits that are looked at: ``from..to``, or a revision with all its history."""
    touching: tuple[Pathspec, ...] = ()
    """Count those that change one of these paths, as ``git log -- PATH`` shows them."""
    also: tuple[Pathspec, ...] = ()
    """Of them, count those whose own diff changes one of these paths as well."""
    full_history: Flag = False
    """Whether commits on branches that the paths do not need count too: ``--full-history``."""
    no_merges: Flag = False
    """Whether merges are left out: ``--no-merges``."""
    author: Pattern | None = None
    """A pattern in the author's name and address."""
    message: Pattern | None = None
    """A pattern in a line of the message."""
    invert: Flag = False
    """Whether to count those whose message does not match: ``--invert-grep``."""
    ignore_case: Flag = False
    """Whether the patterns match in upper and lower case."""
    since: DayField | None = None
    """The first day of the author's date."""
    until: DayField | None = None
    """The last day of the author's date."""
    result: Number
    """How many there are."""
    what: Line
    """What they are, in a few words that follow the number."""

    @property
    def revisions(self) -> tuple[str, ...]:
        """The revisions of the range."""
        return tuple(self.commits.split(".."))

    def stages(self, revisions: Sequence[str], *, top: bool = False) -> list[Stage]:
        """List the git commands that print one line for each commit.

        Args:
            revisions: The revisions of the range, by names or by ids.
            top: Whether paths start from the top of the clone, wherever git runs.

        Returns:
            Their arguments. A line holds the author's date where days are asked for.
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
        """Count the lines that the last of the commands prints."""
        first = self.since.first.isoformat() if self.since else ""
        last = self.until.last.isoformat() if self.until else "~"
        return sum(first <= line <= last for line in lines)

    @property
    def command(self) -> str:
        """The command that anyone can run in a clone."""
        days = [f'$1 >= "{self.since.first}"'] if self.since else []
        days += [f'$1 <= "{self.until.last}"'] if self.until else []
        kept = f" | awk '{' && '.join(days)}'" if days else ""
        return f"{_piped(self.stages(self.revisions))}{kept} | wc -l"


class MatchCount(Part):
    """A number of matches of a pattern in files."""

    matches: Pattern
    """The pattern."""
    at: Revision
    """The tag or commit whose files are searched; binary files are not."""
    below: tuple[Pathspec, ...] = ()
    """The files and folders that are searched; all without it."""
    count: Literal["lines", "files", "texts"]
    """Whether the lines that match are counted, the files that have one, or the different texts
    that match."""
    ignore_case: Flag = False
    """Whether the pattern matches in upper and lower case."""
    result: Number
    """How many there are."""
    what: Line
    """What they are, in a few words that follow the number."""

    @property
    def revisions(self) -> tuple[str, ...]:
        """The revision whose files are searched."""
        return (self.at,)

    def stages(self, revisions: Sequence[str], *, top: bool = False) -> list[Stage]:
        """List the one git command that prints the lines, the files or the texts.

        Args:
            revisions: The revision whose files are searched, by its name or its id.
            top: Whether paths start from the top of the clone, wherever git runs.

        Returns:
            Its arguments.
        """
        form = {"lines": "-h", "files": "-l", "texts": "-oh"}[self.count]
        case = ("-i",) if self.ignore_case else ()
        pattern = ("-E", "-e", self.matches)
        return [("grep", form, "-I", *case, *pattern, *revisions, *_below(self.below, top=top))]

    def tally(self, lines: Sequence[str]) -> int:
        """Count the lines that the command prints, or the different ones."""
        return len(set(lines)) if self.count == "texts" else len(lines)

    @property
    def command(self) -> str:
        """The command that anyone can run in a clone."""
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
"""The forms of a count, each by the field that it alone has."""


Count = Annotated[
    Annotated[CommitCount, Tag("<commits>")] | Annotated[MatchCount, Tag("<matches>")],
    Discriminator(tag_by_field(COUNTS)),
]
"""A number that a git command counts."""
