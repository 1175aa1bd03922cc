"""A comparison of a series of patches with the signs of lessons.

A sign is a pattern, not a proof, so each match becomes a question to the author of the patch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from itertools import chain, islice
from typing import Any, Literal

from abicase.advice.fragments import Changes, Fragment, changes, without_moved
from abicase.advice.matching import SearchResult, look, patterns_of
from abicase.authoring.series import Series
from abicase.schema.argument import Checker, RuleSign, Sign
from abicase.views.signs import SignedLesson

_QUOTED_BEFORE = 3
"""The maximum number of lines quoted above the place of advice."""


@dataclass(frozen=True, slots=True)
class Advice:
    """A place in a patch to which a lesson may apply."""

    lesson: SignedLesson
    note: str
    """A description of what was seen there."""
    fragment: Fragment
    index: int
    """The number of the line in the fragment, from 0."""
    column: int
    """From 1."""
    more: Sequence[int]
    """The numbers of the other lines of the file with the same sign."""
    patch: int
    """The number of the patch in its series, from 0."""

    @property
    def place(self) -> tuple[str, int, int]:
        """The file, line and column, after the patch."""
        return self.fragment.path, self.fragment.lines[self.index].number, self.column

    @property
    def severity(self) -> Literal["notice"]:
        """The level at which GitHub shows the advice."""
        return "notice"

    @property
    def code(self) -> str:
        """The reference of the lesson."""
        return self.lesson.reference

    @property
    def label(self) -> str:
        """The words before the text in a line."""
        return f"note: {self.lesson.reference}"

    @property
    def seen(self) -> str:
        """The note, with the other lines that have the same sign."""
        listed = ", ".join(map(str, self.more))
        lines = "line" if len(self.more) == 1 else "lines"
        return f"{self.note} (also {lines} {listed})" if self.more else self.note

    @property
    def text(self) -> str:
        """The question, the reason for it and the address."""
        lesson = self.lesson
        return f'{self.seen}. Does "{lesson.title}" apply? {lesson.why} {lesson.address}'

    @property
    def quoted(self) -> list[str]:
        """The lines that a reply quotes, as written in the patch."""
        lines = self.fragment.lines[max(0, self.index - _QUOTED_BEFORE) : self.index + 1]
        return [("+" if line.added else " ") + line.text for line in lines]

    def row(self) -> Mapping[str, Any]:
        """Return the advice as a JSON object."""
        file, line, column = self.place
        return {
            "file": file,
            "line": line,
            "column": column,
            "more_lines": list(self.more),
            "patch": self.patch + 1,
            "lesson": self.lesson.reference,
            "title": self.lesson.title,
            "note": self.note,
            "ask": self.lesson.ask,
            "why": self.lesson.why,
            "address": self.lesson.address,
        }


@dataclass(slots=True)
class Review:
    """The outcome of comparing a series with lessons."""

    advice: list[Advice] = field(default_factory=list)
    tools: list[tuple[Checker, SignedLesson]] = field(default_factory=list)
    """Tools that check more, for the lessons whose files the series touches."""
    files: int = 0
    """The number of files that the series changes."""
    looked_at: int = 0
    """The number of those that were searched for a sign."""
    missing: list[str] = field(default_factory=list)
    """The lessons with signs that need ast-grep, if it is not installed."""
    failed: list[str] = field(default_factory=list)
    """The signs and patches that could not be searched, each with the reason."""


@dataclass(frozen=True, slots=True)
class _Hunk:
    """A fragment of a patch that adds something, with the numbers of its texts."""

    patch: int
    fragment: Fragment
    texts: tuple[int, ...]
    """The number of its text, and of the text with its heading if there is one."""


def review(lessons: Sequence[SignedLesson], series: Series) -> Review:
    """Compare a series of patches with the signs of lessons.

    The advice is in the order of the patches.
    """
    changed = [changes(patch.text, prefixes=patch.prefixes) for patch in series.patches]
    paths = set(chain.from_iterable(one.paths for one in changed))
    texts: list[str] = []
    hunks = list(_hunks(changed, texts))
    added = [line.text for hunk in hunks for line in hunk.fragment.lines if line.added]
    mails = [*(patch.message for patch in series.patches), *series.others]
    added_text, mail_text = len(texts), len(texts) + 1
    texts += ["\n".join(added), "\n".join(mails)]
    signs = [
        (lesson, sign, patterns_of(sign, _texts_for(sign, hunks), [added_text], [mail_text]))
        for lesson in lessons
        for sign in lesson.signs
        if not (sign.unless and any_matches(sign.unless.paths, paths))
    ]
    patterns = list(chain.from_iterable(of_sign for _, _, of_sign in signs))
    answers = iter(look(patterns, texts) if hunks else [SearchResult()] * len(patterns))
    found = Review(files=len(paths))
    found.failed = [
        f"{patch.box}: {patch.title} is cut off"
        for patch, one in zip(series.patches, changed, strict=True)
        if one.cut_off
    ]
    for lesson, sign, of_sign in signs:
        seen, *answered = islice(answers, len(of_sign))
        reason = next((one.problem for one in (seen, *answered) if one.problem), "")
        if seen.missing:
            found.missing.append(lesson.reference)
        elif reason:
            found.failed.append(f"{lesson.reference} ({sign.note}): {reason}")
        elif not any(one.matches for one in answered):
            found.advice += _advice(lesson, sign, seen, hunks)
    found.advice = _in_order(found.advice)
    found.missing = list(dict.fromkeys(found.missing))
    found.looked_at = sum(
        any(any_matches(sign.paths, [path]) for _, sign, _ in signs) for path in paths
    )
    found.tools = [
        (tool, lesson)
        for lesson in lessons
        if any(any_matches(lesson.paths, [path]) for path in paths)
        for tool in lesson.checked_by
    ]
    return found


def any_matches(patterns: Sequence[str], paths: Iterable[str]) -> bool:
    """Return whether patterns match any of the paths.

    A path matches if a pattern matches it, and no pattern with a ! in front does.
    """
    wanted = [pattern for pattern in patterns if not pattern.startswith("!")]
    unwanted = [pattern[1:] for pattern in patterns if pattern.startswith("!")]
    return any(
        any(fnmatchcase(path, pattern) for pattern in wanted)
        and not any(fnmatchcase(path, pattern) for pattern in unwanted)
        for path in paths
    )


def _hunks(changed: Sequence[Changes], texts: list[str]) -> Iterator[_Hunk]:
    """Yield the fragments that add something, and append their texts."""
    for patch, fragments in enumerate(without_moved(changed)):
        for fragment in fragments:
            if not any(line.added for line in fragment.lines):
                continue
            own = [fragment.text, *([fragment.opened] if fragment.opened else [])]
            numbers = tuple(range(len(texts), len(texts) + len(own)))
            texts += own
            yield _Hunk(patch, fragment, numbers)


def _texts_for(sign: Sign, hunks: Iterable[_Hunk]) -> list[int]:
    """Return the numbers of the texts to search for a sign."""
    wanted = [hunk.texts for hunk in hunks if any_matches(sign.paths, [hunk.fragment.path])]
    if isinstance(sign, RuleSign):
        return list(chain.from_iterable(wanted))
    return [without_heading for without_heading, *_ in wanted]


def _advice(
    lesson: SignedLesson, sign: Sign, seen: SearchResult, hunks: Sequence[_Hunk]
) -> Iterator[Advice]:
    """Yield the advice of a sign: one per hunk, or one per series if the sign can be answered."""
    where = {number: (hunk, up) for hunk in hunks for up, number in enumerate(hunk.texts)}
    columns: dict[int, dict[int, int]] = {}
    for match in seen.matches:
        hunk, up = where[match.text]
        index = match.line - up
        if index >= 0 and hunk.fragment.lines[index].added:
            columns.setdefault(hunk.texts[0], {}).setdefault(index, match.column + 1)
    for text, by_index in sorted(columns.items()):
        hunk, _ = where[text]
        first, *rest = sorted(by_index)
        more = [] if sign.unless else [hunk.fragment.lines[index].number for index in rest]
        yield Advice(lesson, sign.note, hunk.fragment, first, by_index[first], more, hunk.patch)
        if sign.unless:
            return


def _in_order(found: Iterable[Advice]) -> list[Advice]:
    """Return the advice in the order of the patches, only the first of a lesson for each line."""
    single: dict[tuple[int, str, int, str], Advice] = {}
    for one in found:
        file, line, _ = one.place
        single.setdefault((one.patch, file, line, one.code), one)
    return [single[key] for key in sorted(single, key=lambda key: key[:3])]
