"""A commit, looked up in a clone and written into a case as a source."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from abicase.canonical import canonical
from abicase.items import RESERVED
from abicase.reading import Entry, Reading
from abicase.records import Case, CommitSource, model_of
from abicase.verify import Git
from abicase.writing import line_end
from abicase.yamltext import Document, MapNode, parse


class NotCited(Exception):
    """The commit can't be made a source; the message says why."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A source that was made, or found."""

    id: str
    text: str
    """The file of the case with the source in it; empty where it was there already."""
    fields: dict[str, str]
    """The fields of the source."""
    remark: str = ""
    """Why the release is left out; empty where it is not."""


def cite(
    reading: Reading, entry: Entry, repository: str, clone: Path, commit: str, id_: str, today: str
) -> Cited:
    """Make a commit a source of a case.

    Args:
        reading: The records.
        entry: The case.
        repository: The id of the repository.
        clone: A clone of it.
        commit: The commit, by its id or the beginning of it.
        id_: The id of the source; made from the subject when empty.
        today: The day of the check.

    Returns:
        The source, and the file that holds it.

    Raises:
        NotCited: There is no such commit, or the id can't be taken.
        NoRepository: The path is no git repository.
    """
    case: Case = entry.record
    git = Git(clone)
    full = _found(git, repository, commit)
    for known, source in case.sources.items():
        same = isinstance(source, CommitSource) and source.repository == repository
        if same and isinstance(source, CommitSource) and full.startswith(source.commit):
            return Cited(known, "", {})
    subject, author, date = git.identity(full)
    taken = _taken(entry)
    if id_ and id_ in taken:
        raise NotCited(f"the id {id_!r} is taken in {case.id!r}, or pages use it for themselves")
    id_ = id_ or _id_of(subject, taken)
    release, remark = _first_release(reading, git, repository, full, date)
    fields = {
        "commit": full,
        "repository": repository,
        "subject": subject,
        "author": author,
        "date": date,
        **({"release": release} if release else {}),
        "checked": today,
        "how": "read from a clone",
    }
    return Cited(id_, _with_source(entry, id_, fields), fields, remark)


def _found(git: Git, repository: str, commit: str) -> str:
    if not re.fullmatch(r"[0-9a-fA-F]{4,40}", commit):
        raise NotCited(f"{commit!r} is no commit id; give the hexadecimal digits")
    object_, kind = git.objects([commit.lower()])[commit.lower()]
    if kind == "ambiguous":
        raise NotCited(f"several objects in {repository} begin with {commit}; give more digits")
    if kind == "missing":
        shallow = "; this clone is shallow, and may end before it" if git.shallow else ""
        raise NotCited(f"there is no commit {commit} in this clone of {repository}{shallow}")
    if kind != "commit":
        raise NotCited(f"{commit} is no commit but a {kind}")
    return object_


def _taken(entry: Entry) -> set[str]:
    case: Case = entry.record
    ids = {event.id for event in case.events} | {side.id for side in case.sides}
    return ids | set(case.sources) | set(case.findings) | RESERVED


def _id_of(subject: str, taken: Collection[str]) -> str:
    """An id from the words of a subject, without the name of the part that it begins with."""
    words = re.findall(r"[a-z0-9]+", re.sub(r"^([\w./-]+: )+", "", subject.lower()))
    id_ = ""
    for word in words:
        if len(id_) + 1 + len(word) > 30:
            break
        id_ += ("-" if id_ else "") + word
    id_ = (id_ or "change") + "-commit"
    number = 1
    while (numbered := id_ if number == 1 else f"{id_}-{number}") in taken:
        number += 1
    return numbered


def _first_release(
    reading: Reading, git: Git, repository: str, commit: str, date: str
) -> tuple[str, str]:
    """The first release that contains a commit, or why there is none to name."""
    releases = reading.entries["repository", repository].record.releases
    if not releases:
        return "", f"the record of {repository} lists no releases"
    if not set(releases) & git.tags:
        return "", "this clone has none of the tags of the releases; git fetch --tags gets them"
    for tag in sorted(releases, key=lambda tag: releases[tag].order):
        if releases[tag].last.isoformat() < date:
            continue  # it was made before the commit was written
        if tag not in git.tags:
            return "", f"this clone lacks the tag {tag}, which may be the first to contain it"
        if git.contains(tag, commit):
            return tag, ""
    return "", "no release that the record lists contains it"


def _with_source(entry: Entry, id_: str, fields: dict[str, str]) -> str:
    """The file of a case with one more source, in the canonical form."""
    document = entry.document
    sources = document.node(("sources",))[0]
    assert isinstance(sources, MapNode)
    # Where brackets are used, or another indentation, the canonical form is the firm ground.
    model = model_of("case")
    text = canonical(document, model)
    formed = _parsed(text, document.file)
    lines = text.splitlines()
    following = [
        position.line
        for key, position in formed.root.keys.items()
        if position.line > formed.root.keys["sources"].line
    ]
    end = min(following, default=len(lines) + 1) - 1
    while end and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1  # what stands above the next key stays there
    quoted = [
        f"    {name}: '{value.replace(chr(39), chr(39) * 2)}'" for name, value in fields.items()
    ]
    lines[end:end] = [f"  {id_}:", *quoted]
    return canonical(_parsed(line_end(text).join([*lines, ""]), document.file), model)


def _parsed(text: str, file: str) -> Document:
    document, problems = parse(text, file)
    assert document is not None, problems
    return document
