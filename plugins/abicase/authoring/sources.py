"""Commits, looked up in a clone and written into a case as sources."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from abicase.provenance.git import Repository, as_line
from abicase.schema.casebook import model_of
from abicase.schema.items import RESERVED
from abicase.schema.records import Case, CommitSource
from abicase.source.canonical import canonical
from abicase.source.misread import misread
from abicase.source.reading import Entry, Reading
from abicase.source.writing import line_end
from abicase.source.yamltext import Document, MapNode, parse


class NotCited(Exception):
    """A commit can't be made a source; the message says why."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A source that was made, or found."""

    id: str
    commit: str
    """The whole id of the commit."""
    fields: dict[str, str]
    """The fields of the source; empty where it was there already."""
    remarks: tuple[str, ...] = ()
    """Why the release is left out, and in what the source differs from the commit."""


def cite(
    reading: Reading,
    entry: Entry,
    repository: str,
    clone: Path,
    commits: Iterable[str],
    id_: str,
    today: str,
) -> tuple[list[Cited], str]:
    """Make commits sources of a case, all of them or none.

    Args:
        reading: The records.
        entry: The case.
        repository: The id of the repository.
        clone: A clone of it.
        commits: The commits, by their ids or the beginnings of them.
        id_: The id of the source, where there is one commit; made from the subject when empty.
        today: The day of the check.

    Returns:
        A source for each commit, and the file that holds them; empty where nothing is new.

    Raises:
        NotCited: A commit can't be a source, or the id can't be taken.
        GitError: The path is no git repository that can be read, or there is no git.
    """
    case: Case = entry.record
    git = Repository(clone)
    taken = _taken(entry)
    if id_ and id_ in taken:
        raise NotCited(f"the id {id_!r} is taken in {case.id!r}, or pages use it for themselves")
    there = [
        (known, source.commit)
        for known, source in case.sources.items()
        if isinstance(source, CommitSource) and source.repository == repository
    ]
    cited: list[Cited] = []
    failures = []
    for commit in commits:
        try:
            full = _found(git, repository, commit)
            known = next((known for known, digits in there if full.startswith(digits)), "")
            if known:
                cited.append(Cited(known, full, {}))
                continue
            fields, remarks = _fields(reading, git, repository, full, today)
        except NotCited as failure:
            failures.append(str(failure))
            continue
        new = id_ or _id_of(fields["subject"], taken)
        taken.add(new)
        there.append((new, full))
        cited.append(Cited(new, full, fields, remarks))
    if failures:
        raise NotCited("\n".join(failures))
    sources = {one.id: one.fields for one in cited if one.fields}
    return cited, _with_sources(entry, sources) if sources else ""


def _found(git: Repository, repository: str, commit: str) -> str:
    if not re.fullmatch(r"[0-9a-fA-F]{4,64}", commit):
        raise NotCited(
            f"{commit!r} is no commit id; give its hexadecimal digits, or at least four of them"
        )
    object_, kind = git.objects([commit.lower()])[commit.lower()]
    if kind == "ambiguous":
        raise NotCited(f"several objects in {repository} begin with {commit}; give more digits")
    if kind == "missing":
        limit = f"; this clone {git.limit}, and may lack it" if git.limit else ""
        raise NotCited(f"there is no commit {commit} in this clone of {repository}{limit}")
    if kind != "commit":
        raise NotCited(f"{commit} is no commit but a {kind}")
    return object_


def _fields(
    reading: Reading, git: Repository, repository: str, id_: str, today: str
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the fields of a source, and what has to be said of them."""
    commit = git.commit(id_)
    release, unknown = _first_release(reading, git, repository, id_, commit.date)
    fields = {
        "commit": id_,
        "repository": repository,
        "subject": as_line(commit.subject),
        "author": as_line(commit.author),
        "date": commit.date,
        **({"release": release} if release else {}),
        "checked": today,
        "how": "read from a clone",
    }
    for name in ("subject", "author", "date"):
        if not fields[name]:
            raise NotCited(f"{id_} has no {name}, and a source needs one; it can't be added")
    try:
        CommitSource.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        raise NotCited(f"{id_} can't be added: its {first['loc'][0]}: {first['msg']}") from None
    remarks = [f"The release is left out: {unknown}."] if unknown else []
    if commit.guessed:
        remarks.append(
            "The commit is not in UTF-8 and does not say so; it was read as Windows-1252."
        )
    for name, whole in (("subject", commit.subject), ("author", commit.author)):
        if fields[name] != whole.strip():
            remarks.append(f"What no record can hold, such as tabs, is left out of the {name}.")
    return fields, tuple(remarks)


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
    reading: Reading, git: Repository, repository: str, commit: str, date: str
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
        if git.shallow:
            return "", f"this clone is shallow, and may lack the way from {tag} to the commit"
    return "", "no release that the record lists contains it"


def _with_sources(entry: Entry, new: Mapping[str, Mapping[str, str]]) -> str:
    """Return the file of a case with more sources, in the canonical form."""
    document = entry.document
    sources = document.node(("sources",))[0]
    assert isinstance(sources, MapNode)
    # Where brackets are used, or another indentation, the canonical form is the firm ground.
    model = model_of("case")
    for problem in misread(document, model):  # the new form would hide it
        raise NotCited(f"the case has to be corrected first: {problem}")
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
    added = []
    for id_, fields in new.items():
        added.append(f"  {id_}:")
        for name, value in fields.items():
            quoted = value.replace("'", "''")
            added.append(f"    {name}: '{quoted}'")
    lines[end:end] = added
    return canonical(_parsed(line_end(text).join([*lines, ""]), document.file), model)


def _parsed(text: str, file: str) -> Document:
    document, problems = parse(text, file)
    assert document is not None, problems
    return document
