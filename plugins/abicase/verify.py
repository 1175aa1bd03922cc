"""Whether commits and files are what the records say, checked offline in clones.

That an id exists says little: a mistyped id can be another commit. So the subject, the author, the
date and the first release are compared as well. Commands given by measurements are never run.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from abicase.fields import Day
from abicase.problems import annotation
from abicase.reading import Entry, Reading
from abicase.records import Case, CommitSource, FileSource
from abicase.writing import write

Result = Literal["confirmed", "wrong", "unchecked"]


class NoRepository(Exception):
    """A path that was given is no git repository; the message says which."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found out about one source."""

    result: Result
    entry: Entry
    """The case that cites it."""
    source: str
    """Its id in that case."""
    message: str
    """What is wrong, or why it could not be checked; empty when it is confirmed."""

    @property
    def place(self) -> tuple[str, int, int]:
        """File, line and column of the source."""
        position = self.entry.document.position(("sources", self.source), key=True)
        return self.entry.document.file, position.line, position.column

    def __str__(self) -> str:
        file, line, column = self.place
        return f"{file}:{line}:{column}: {self.result}: sources.{self.source}: {self.message}"


def clean_environment() -> dict[str, str]:
    """The environment in which git is run.

    A repository is asked as data: nothing that its configuration names may run, nothing is fetched,
    and what a git hook has set in the environment does not count.
    """
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    return environment | {
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
    }


class Git:
    """Asks a clone; changes nothing in it."""

    def __init__(self, path: Path) -> None:
        # Named exactly, so that a folder inside another repository is not taken for a clone.
        self._folder = path / ".git" if (path / ".git").exists() else path
        if self._run("rev-parse", "--git-dir").returncode:
            raise NoRepository(f"{path} is no git repository")
        self.tags = set(self._lines("tag", "--list"))
        self.shallow = self._run("rev-parse", "--is-shallow-repository").stdout.strip() == "true"

    def _run(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        environment = clean_environment()
        settings = ("core.fsmonitor=false", "log.showSignature=false", "gpg.program=false")
        options = [option for setting in settings for option in ("-c", setting)]
        return subprocess.run(  # noqa: S603
            ["git", f"--git-dir={self._folder}", *options, *arguments],  # noqa: S607
            input=given,
            capture_output=True,
            text=True,
            errors="replace",
            env=environment,
            check=False,
        )

    def _lines(self, *arguments: str, given: str = "") -> list[str]:
        return self._run(*arguments, given=given).stdout.splitlines()

    def objects(self, names: Iterable[str]) -> dict[str, tuple[str, str]]:
        """For each name the id and the type of its object; the type may be missing, ambiguous."""
        wanted = list(dict.fromkeys(names))
        format_ = "--batch-check=%(objectname) %(objecttype)"
        found = {}
        for name, line in zip(
            wanted, self._lines("cat-file", format_, given="\n".join(wanted)), strict=False
        ):
            id_, _, kind = line.rpartition(" ")
            found[name] = (id_, kind)
        return found

    def identity(self, commit: str) -> tuple[str, str, str]:
        """Subject, author and author's date of a commit."""
        result = self._run("log", "--no-walk", "--format=%s%x00%an%x00%as", commit)
        subject, author, date = result.stdout.rstrip("\n").split("\0")
        return subject, author, date

    def contains(self, tag: str, commit: str) -> bool:
        """Whether a release contains a commit."""
        ancestor = ("merge-base", "--is-ancestor", commit, f"refs/tags/{tag}^{{commit}}")
        return self._run(*ancestor).returncode == 0

    def ends(self) -> str:
        """The date of the newest commit."""
        return "".join(self._lines("log", "--all", "-1", "--date-order", "--format=%cs"))

    def lines_ever(self, file: str) -> list[str]:
        """The lines that a file has at the current commit, and those that it ever lost before.

        What came and went on a branch before that was merged does not count.

        Args:
            file: Its path from the root of the repository.
        """
        options = ("--no-ext-diff", "--no-textconv", "--no-color", "--unified=0", "--format=", "-m")
        changes = self._lines(
            "log", "-p", "--first-parent", "--follow", *options, "HEAD", "--", file
        )
        lost = [line[1:] for line in changes if re.match(r"-(?!-- )", line)]
        return self._lines("cat-file", "blob", f"HEAD:{file}") + lost

    def namesakes(self, subject: str, author: str) -> list[str]:
        """Commits of the same subject and author."""
        lines = self._lines(
            "log", "--all", "--fixed-strings", f"--grep={subject}", "--format=%H%x00%s%x00%an"
        )
        parts = [line.split("\0") for line in lines]
        return [part[0] for part in parts if part[1:] == [subject, author]]


def verify(
    reading: Reading,
    clones: Mapping[str, Path],
    cases: Iterable[str] = (),
    progress: Callable[[list[tuple[Entry, str]]], Iterable[tuple[Entry, str]]] = iter,
) -> list[Verdict]:
    """Check the commit and file sources of cases.

    Args:
        reading: The records, without errors.
        clones: For each repository, by its id, the path of a clone.
        cases: The ids of the cases; all when empty.
        progress: Passes on the work, one source at a time, and may show how far it is.

    Returns:
        A verdict on each of these sources.

    Raises:
        NoRepository: A path is no git repository.
    """
    wanted = set(cases)
    work: list[tuple[Entry, str]] = []
    for entry in reading.of("case"):
        case: Case = entry.record
        if not wanted or case.id in wanted:
            sources = case.sources.items()
            work += [(entry, i) for i, s in sources if isinstance(s, CommitSource | FileSource)]
    gits = {repository: Git(path) for repository, path in clones.items()}
    known = {
        repository: git.objects(
            _name(source)
            for entry, id_ in work
            if (source := entry.record.sources[id_]).repository == repository
        )
        for repository, git in gits.items()
    }
    verdicts = []
    for entry, id_ in progress(work):
        source = entry.record.sources[id_]
        git = gits.get(source.repository)
        if git is None:
            result: Result = "unchecked"
            message = f"no clone of {source.repository!r} was given"
        else:
            releases: Mapping[str, Day] = reading.entries[
                "repository", source.repository
            ].record.releases
            object_, kind = known[source.repository].get(_name(source), ("", "missing"))
            if isinstance(source, FileSource):
                result, message = _judge_file(git, source, kind)
            else:
                result, message = _judge(git, source, object_, kind, releases)
        verdicts.append(Verdict(result, entry, id_, message))
    return verdicts


def _name(source: CommitSource | FileSource) -> str:
    return source.commit if isinstance(source, CommitSource) else f"{source.at}:{source.file}"


def _judge(
    git: Git, source: CommitSource, object_: str, kind: str, releases: Mapping[str, Day]
) -> tuple[Result, str]:
    if kind == "ambiguous":
        return "wrong", f"the id {source.commit} has become ambiguous; give more digits"
    if kind == "missing":
        return _judge_missing(git, source)
    if kind != "commit":
        return "wrong", f"{source.commit} is no commit but a {kind}"
    subject, author, date = git.identity(object_)
    faults = []
    if subject != source.subject:
        faults.append(f"the subject is {subject!r}, not {source.subject!r}")
    if author != source.author:
        faults.append(f"the author is {author!r}, not {source.author!r}")
    if not date.startswith(source.date.text):
        faults.append(f"the author's date is {date}, not {source.date}")
    unknown = ""
    if source.release is not None:
        fault, unknown = _judge_release(git, object_, source.release, releases)
        faults += [fault] if fault else []
    if faults:
        return "wrong", "; ".join(faults)
    return ("unchecked", unknown) if unknown else ("confirmed", "")


def _judge_missing(git: Git, source: CommitSource) -> tuple[Result, str]:
    namesakes = git.namesakes(source.subject, source.author)
    if namesakes:
        hint = f"a commit of the same subject and author is {namesakes[0]}"
        return "wrong", f"there is no commit {source.commit}; was the history rewritten? {hint}"
    ends = git.ends()
    if git.shallow or source.date.text > ends:
        return "unchecked", f"the history of this clone does not reach it; it ends on {ends}"
    return "wrong", f"there is no commit {source.commit}, and none of its subject and author"


def _judge_release(
    git: Git, commit: str, release: str, releases: Mapping[str, Day]
) -> tuple[str, str]:
    """What is wrong with a first release, and why it could not be told; one of them is empty."""
    if release not in git.tags:
        return "", f"the rest holds, but this clone has no tag {release}"
    if not git.contains(release, commit):
        return f"{release} does not contain it", ""
    earlier = [
        tag
        for tag, day in releases.items()
        if tag in git.tags and release in releases and day.order < releases[release].order
    ]
    if earlier:
        before = max(earlier, key=lambda tag: releases[tag].order)
        if git.contains(before, commit):
            return f"{before} contains it already, before {release}", ""
    return "", ""


def _judge_file(git: Git, source: FileSource, kind: str) -> tuple[Result, str]:
    if kind == "blob":
        return "confirmed", ""
    if kind == "tree":
        return "wrong", f"{source.file!r} is a folder at {source.at}"
    _, revision = git.objects([source.at])[source.at]
    if revision == "ambiguous":
        return "wrong", f"the id {source.at} has become ambiguous; give more digits"
    if revision == "missing":
        return "unchecked", f"this clone has no {source.at}"
    return "wrong", f"there is no file {source.file!r} at {source.at}"


def as_text(verdicts: Iterable[Verdict]) -> str:
    """What was not confirmed, one to a line."""
    return "\n".join(str(v) for v in _sorted(verdicts) if v.result != "confirmed")


def as_json(verdicts: Iterable[Verdict]) -> str:
    """All verdicts as a JSON list of objects."""
    rows: list[dict[str, Any]] = []
    for verdict in _sorted(verdicts):
        file, line, column = verdict.place
        case = verdict.entry.record.id
        rows.append(
            {
                "result": verdict.result,
                "case": case,
                "source": verdict.source,
                "file": file,
                "line": line,
                "column": column,
                "message": verdict.message,
            }
        )
    return json.dumps(rows, indent=2, ensure_ascii=False)


def as_github(verdicts: Iterable[Verdict]) -> str:
    """What was not confirmed, as annotations."""
    levels = {"wrong": "error", "unchecked": "notice"}
    return "\n".join(
        annotation(levels[v.result], v.place, v.result, f"sources.{v.source}: {v.message}")
        for v in _sorted(verdicts)
        if v.result != "confirmed"
    )


def _sorted(verdicts: Iterable[Verdict]) -> list[Verdict]:
    return sorted(verdicts, key=lambda verdict: verdict.place)


class Changed(Exception):
    """A record was changed while its sources were verified; the message says which."""


def record_days(verdicts: Iterable[Verdict], today: str) -> int:
    """Write a day into the ``checked`` field of each confirmed source.

    Args:
        verdicts: The verdicts; those that are not confirmed are left alone.
        today: The day, YYYY-MM-DD.

    Returns:
        How many fields were changed.

    Raises:
        Changed: A record is no longer what was verified; it and those after it are left alone.
    """
    changed = 0
    confirmed: dict[Path, list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.result == "confirmed":
            confirmed.setdefault(verdict.entry.path, []).append(verdict)
    for path, of_path in confirmed.items():
        document = of_path[0].entry.document
        if path.read_bytes().decode("utf-8") != document.text:
            raise Changed(f"{document.file} was changed meanwhile; run it again")
        lines = document.text.splitlines(keepends=True)
        places = [(document.node(("sources", v.source, "checked"))[0], v) for v in of_path]
        # From the right, since a day may be longer than the month that stood there.
        places.sort(key=lambda place: (place[0].position.line, -place[0].position.column))
        before = changed
        for node, verdict in places:
            line, start = node.position.line - 1, node.position.column - 1
            start += lines[line][start] in "'\""
            old = verdict.entry.record.sources[verdict.source].checked.text
            if old != today and lines[line].startswith(old, start):
                lines[line] = lines[line][:start] + today + lines[line][start + len(old) :]
                changed += 1
        if changed > before:
            write(path, "".join(lines))
    return changed
