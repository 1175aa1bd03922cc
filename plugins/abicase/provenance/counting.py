"""Repeating a record's counts in a clone, and finding the revisions that a record names."""

from __future__ import annotations

import re
from typing import Literal

from abicase.provenance.git import GitRepository
from abicase.schema.counts import CommitCount, Count

Result = Literal["confirmed", "wrong", "unchecked"]


class NoRevision(Exception):
    """A revision can't be found; the message says why."""

    def __init__(self, result: Result, message: str) -> None:
        """Store the message, and whether the record is wrong or the clone lacks the revision."""
        super().__init__(message)
        self.result = result


def tree_of(git: GitRepository, name: str) -> str:
    """Find the tree of a tag or an abbreviated commit.

    Returns:
        ``refs/tags/`` and the tag, or the full commit id.

    Raises:
        NoRevision: There is none in this clone, or there are several.
    """
    # Twelve digits or more always mean a commit, as on the site, even if there is such a tag.
    digits = re.fullmatch(r"[0-9a-f]{4,64}", name) is not None
    tree, kind = f"refs/tags/{name}", "tag" if name in git.tags else "missing"
    if digits and (kind == "missing" or len(name) >= 12):
        id_, found = git.objects([name])[name]
        tree, kind = (id_, found) if found != "missing" else (tree, kind)
    if kind == "ambiguous":
        raise NoRevision("wrong", f"the id {name} has become ambiguous; give more digits")
    if kind == "missing":
        raise NoRevision("unchecked", f"this clone has no {name}")
    return tree


def judge_count(git: GitRepository, count: Count) -> tuple[Result, str]:
    """Repeat a count.

    Returns:
        The result and, unless it is confirmed, a message with both numbers and the command.

    Raises:
        NoRevision: The clone lacks one of its revisions.
        GitError: Git can't count it.
    """
    ids = [_commit(git, revision) for revision in count.revisions]
    if git.shallow and isinstance(count, CommitCount):
        return "unchecked", f"this clone is shallow, and may lack commits of {count.commits}"
    counted = count.tally(git.piped(count.stages(ids, top=True)))
    if counted == count.result:
        return "confirmed", ""
    return "wrong", f"the number is {counted}, not {count.result}, by {count.command}"


def _commit(git: GitRepository, revision: str) -> str:
    """Return the full id of a commit given by a tag or an abbreviation, and steps back from it."""
    name = re.split("[~^]", revision)[0]
    id_ = git.resolve(tree_of(git, name) + revision.removeprefix(name))
    if id_:
        return id_
    if git.limit:
        raise NoRevision("unchecked", f"this clone has no {revision}, and {git.limit}")
    raise NoRevision("wrong", f"{revision} is not a commit")
