"""Offline checks in clones that commits, files and counts match the records.

An id that exists proves little: a mistyped id can be another commit. So the subject, the author,
the date and the first release are also compared. Counts in records are repeated with git commands
made from their fields; commands given as text are never run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from abicase.provenance.counting import NoRevision, Result, judge_count, tree_of
from abicase.provenance.git import GitError, GitRepository, as_line
from abicase.provenance.remarks import Remark
from abicase.schema.case import Case, CommitSource, CountSource, FileSource
from abicase.schema.fields import Day
from abicase.source.reading import Entry, Reading
from abicase.source.writing import write


class Verdict(Remark):
    """The verdict on a source; confirmed ones have no message."""

    def row(self) -> dict[str, Any]:
        """Return the verdict as a JSON object."""
        file, line, column = self.place
        return {
            "result": self.code,
            "case": self.entry.record.id,
            "source": self.source,
            "file": file,
            "line": line,
            "column": column,
            "message": self.message,
        }


def verify(
    reading: Reading,
    clones: Mapping[str, Path],
    cases: Iterable[str] = (),
    progress: Callable[[list[tuple[Entry, str]]], Iterable[tuple[Entry, str]]] = iter,
) -> list[Verdict]:
    """Check the commits, files and counts among the sources of cases.

    Args:
        reading: The records, without errors.
        clones: The path of a clone for each repository, by its id.
        cases: The ids of the cases; if empty, all.
        progress: Passes through the sources, one at a time, and may show progress.

    Returns:
        A verdict on each of these sources, or on each unconfirmed count in one, sorted by
        position.

    Raises:
        GitError: A path is not a readable git repository, or git is not installed.
    """
    wanted = set(cases)
    work: list[tuple[Entry, str]] = []
    for entry in reading.of("case"):
        case: Case = entry.record
        if not wanted or case.id in wanted:
            sources = case.sources.items()
            work += [
                (entry, i)
                for i, s in sources
                if isinstance(s, CommitSource | FileSource | CountSource)
            ]
    gits = {repository: GitRepository(path) for repository, path in clones.items()}
    cited = [entry.record.sources[id_] for entry, id_ in work]
    for repository, git in gits.items():
        with suppress(GitError):  # failed lookups are repeated one by one, and reported there
            git.objects(
                source.commit
                for source in cited
                if isinstance(source, CommitSource) and source.repository == repository
            )
    verdicts: list[Verdict] = []
    for entry, id_ in progress(work):
        verdicts += _judge(reading, gits, entry, id_)
    return sorted(verdicts, key=lambda verdict: verdict.place)


def _judge(
    reading: Reading, gits: Mapping[str, GitRepository], entry: Entry, id_: str
) -> list[Verdict]:
    source = entry.record.sources[id_]
    git = gits.get(source.repository)
    if git is None:
        message = f"no clone of {source.repository!r} was given"
        return [Verdict(entry, id_, "unchecked", message)]
    if isinstance(source, CountSource):
        judged = [_or_unread(partial(judge_count, git, count)) for count in source.measured]
        return [
            Verdict(entry, id_, result, message, ("measured", number, "result"))
            for number, (result, message) in enumerate(judged)
            if result != "confirmed"
        ] or [Verdict(entry, id_, "confirmed", "")]
    releases = reading.entries["repository", source.repository].record.releases
    if isinstance(source, FileSource):
        result, message = _or_unread(partial(_judge_file, git, source))
    else:
        result, message = _or_unread(partial(_judge_commit, git, source, releases))
    return [Verdict(entry, id_, result, message)]


def _or_unread(judge: Callable[[], tuple[Result, str]]) -> tuple[Result, str]:
    try:
        return judge()
    except NoRevision as missing:
        return missing.result, str(missing)
    except GitError as error:
        return "unchecked", f"not read: {error}"


def _judge_commit(
    git: GitRepository, source: CommitSource, releases: Mapping[str, Day]
) -> tuple[Result, str]:
    id_, kind = git.objects([source.commit])[source.commit]
    if kind == "ambiguous":
        return "wrong", f"the id {source.commit} has become ambiguous; give more digits"
    if kind == "missing":
        return _judge_missing(git, source)
    if kind != "commit":
        return "wrong", f"{source.commit} is not a commit but a {kind}"
    commit = git.commit(id_)
    differences = []
    if as_line(commit.subject) != as_line(source.subject):
        differences.append(f"the subject is {commit.subject!r}, not {source.subject!r}")
    if as_line(commit.author) != as_line(source.author):
        differences.append(f"the author is {commit.author!r}, not {source.author!r}")
    if not commit.date.startswith(source.date.text):
        differences.append(f"the author's date is {commit.date or 'missing'}, not {source.date}")
    unknown = ""
    if source.release is not None:
        difference, unknown = _judge_release(git, id_, commit.date, source.release, releases)
        differences += [difference] if difference else []
    if differences:
        return "wrong", "; ".join(differences)
    return ("unchecked", f"the rest is confirmed, but {unknown}") if unknown else ("confirmed", "")


def _judge_missing(git: GitRepository, source: CommitSource) -> tuple[Result, str]:
    last_day = git.last_day()
    if not last_day:
        return "unchecked", "this clone has no commits"
    unreached = f"the history of this clone does not reach it; it ends on {last_day}"
    if git.limit:
        # A commit with the same subject and author may be its copy on another branch.
        return "unchecked", f"{unreached}, and {git.limit}"
    namesakes = git.namesakes(as_line(source.subject), as_line(source.author))
    if namesakes:
        hint = f"a commit with the same subject and author is {namesakes[0]}"
        return "wrong", f"there is no commit {source.commit}; was the history rewritten? {hint}"
    if source.date.text > last_day:
        return "unchecked", unreached
    return "wrong", f"there is no commit {source.commit}, and none with its subject and author"


def _judge_release(
    git: GitRepository, commit: str, written: str, release: str, releases: Mapping[str, Day]
) -> tuple[str, str]:
    """Return what is wrong with a first release, and why it is unknown; at most one is set."""
    if release not in git.tags:
        return "", f"this clone has no tag {release}"
    if not git.contains(release, commit):
        if git.shallow:
            return "", f"this clone is shallow, and may lack the history between {release} and it"
        return f"{release} does not contain it", ""
    earlier = [
        tag
        for tag, day in sorted(releases.items(), key=lambda item: item[1].order)
        if release in releases and day.order < releases[release].order
    ]
    there = [tag for tag in earlier if tag in git.tags]
    if there and git.contains(there[-1], commit):
        return f"{there[-1]} already contains it, before {release}", ""
    if not earlier or releases[earlier[-1]].last.isoformat() < written:
        return "", ""  # earlier releases were made before it was written
    if earlier[-1] not in git.tags:
        return "", f"this clone has no tag {earlier[-1]}, which may contain it before {release}"
    if git.shallow:
        return "", f"this clone is shallow, and {earlier[-1]} may contain it before {release}"
    return "", ""


def _judge_file(git: GitRepository, source: FileSource) -> tuple[Result, str]:
    entry = git.entry(tree_of(git, source.at), source.file)
    if entry == "blob":
        return "confirmed", ""
    if entry == "tree":
        return "wrong", f"{source.file!r} is a folder at {source.at}"
    return "wrong", f"there is no file {source.file!r} at {source.at}"


class Changed(Exception):
    """A record was changed while its sources were being verified; the message says which."""


def record_days(verdicts: Iterable[Verdict], today: str) -> int:
    """Set the ``checked`` day of each confirmed source; return the number of changed fields.

    Raises:
        Changed: A record is no longer what was verified; it and later ones are left alone.
    """
    changed = 0
    confirmed: dict[Path, list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.code == "confirmed":
            confirmed.setdefault(verdict.entry.path, []).append(verdict)
    for path, of_path in confirmed.items():
        document = of_path[0].entry.document
        if path.read_bytes().decode("utf-8") != document.text:
            raise Changed(f"{document.file} was changed in the meantime; run the command again")
        lines = document.text.splitlines(keepends=True)
        places = [(document.node(("sources", v.source, "checked"))[0], v) for v in of_path]
        # From right to left, because a day may be longer than the month that was there.
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
