"""The ledger as it is committed.

A permalink that is not committed yet was published nowhere, and may still be taken out.
"""

from __future__ import annotations

from pathlib import Path

from abicase.ledger.ledger import FIELD
from abicase.provenance import git
from abicase.source.yamltext import parse


def permalinks_at_head(file: Path) -> frozenset[str] | None:
    """The permalinks that the current commit has in a ledger.

    Args:
        file: The ledger in the work tree.

    Returns:
        The references; none where the commit has no such file. None where git can't tell: without
        git, without a repository or a commit, and where the clone lacks the file's content.
    """
    listed = _git(file.parent, "ls-tree", "-z", "HEAD", "--", file.name)
    if not listed:
        return None if listed is None else frozenset()
    text = _git(file.parent, "cat-file", "blob", f"HEAD:./{file.name}")
    if text is None:
        return None
    document, _ = parse(text.decode("utf-8", "replace"), "")
    permalinks = document.plain().get(FIELD) if document is not None else None
    return frozenset(permalinks) if isinstance(permalinks, dict) else None


def _git(folder: Path, *arguments: str) -> bytes | None:
    """Run git in a folder and return its output; None where it fails."""
    try:
        result = git.run("-C", str(folder), *arguments)
    except git.NoGit:
        return None
    return result.stdout if result.returncode == 0 else None
