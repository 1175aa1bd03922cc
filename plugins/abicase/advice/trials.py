"""Trials of signs on the examples of their lessons: only wrong examples may match."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from abicase.advice.matching import SearchPattern, SearchResult, look, patterns_of
from abicase.problems.codes import Code
from abicase.problems.problem import Problem
from abicase.schema.argument import Lesson, RuleSign, Sign
from abicase.source.reading import Entry, Reading
from abicase.source.yamltext import Path


@dataclass(frozen=True, slots=True)
class _Trial:
    """A sign, with the numbers of the texts it is tried on."""

    entry: Entry
    path: Path
    sign: Sign
    wrong: Sequence[int]
    """Code that goes against the lesson; the sign has to match one of these."""
    right: Sequence[int]
    """Code that follows it."""

    @property
    def patterns(self) -> list[SearchPattern]:
        """The pattern of the sign, and those that answer it, which are compiled but not tried."""
        return patterns_of(self.sign, [*self.wrong, *self.right])

    def problem(self, message: str, hint: str = "", code: Code = "sign") -> Problem:
        """Return a problem of the sign."""
        return self.entry.document.problem(code, self.path, message, hint)


def sign_problems(reading: Reading) -> list[Problem]:
    """Try all signs of records.

    Return a problem for each sign that is not valid, that matches no wrong example, or that matches
    a right one; and one warning if some could not be tried.
    """
    texts: list[str] = []
    lessons = [one for one in reading.every() if one.kind == "lesson" and not one.wrong_paths]
    trials = [trial for entry in lessons for trial in _trials(entry, texts)]
    if not trials:
        return []
    answers = iter(look([pattern for trial in trials for pattern in trial.patterns], texts))
    found: list[Problem] = []
    untried: list[_Trial] = []
    for trial in trials:
        of_trial = list(islice(answers, len(trial.patterns)))
        if of_trial[0].missing:
            untried.append(trial)
        found += _judged(trial, of_trial)
    if untried:
        message = f"without ast-grep this rule and {len(untried) - 1} others can't be tried"
        hint = "pip install 'mkdocs-abicase[advise]'"
        found.append(untried[0].problem(message, hint, "untried-sign"))
    return found


def _trials(entry: Entry, texts: list[str]) -> Iterator[_Trial]:
    """Yield the trials of a lesson, and append the texts of its examples."""
    lesson: Lesson = entry.record
    examples = [(len(texts) + number, one) for number, one in enumerate(lesson.examples)]
    texts += [one.code for one in lesson.examples]
    for number, sign in enumerate(lesson.signs):
        language = sign.language if isinstance(sign, RuleSign) else ""
        fitting = [(text, one) for text, one in examples if language in ("", one.language)]
        wrong = [text for text, one in fitting if not one.do]
        if sign.example is not None:
            wrong = [len(texts)]
            texts.append(sign.example)
        right = [text for text, one in fitting if one.do]
        yield _Trial(entry, ("signs", number), sign, wrong, right)


def _judged(trial: _Trial, answers: Iterable[SearchResult]) -> Iterator[Problem]:
    seen, *_ = every = list(answers)
    problem = next((one.problem for one in every if one.problem), "")
    if problem:
        yield trial.problem(f"it can't be looked for: {problem}")
    elif not seen.missing:
        met = {match.text for match in seen.matches}
        if trial.wrong and not met & set(trial.wrong):
            hint = "give it an example of its own" if trial.sign.example is None else ""
            yield trial.problem("it matches no wrong example", hint)
        if met & set(trial.right):
            yield trial.problem("it also matches a right example")
