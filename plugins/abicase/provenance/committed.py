"""The committed version of a file, as opposed to the one in the work tree."""

from __future__ import annotations

from pathlib import Path

from abicase.provenance import git
from abicase.source.document import parse


def keys_at_head(file: Path, field: str) -> frozenset[str] | None:
    """Return the keys of a field of a YAML file in the work tree, as of the current commit.

    Returns:
        The keys, empty if the commit has no such file; None if git can't tell: it is not installed,
        there is no repository or commit, or the clone lacks the file's contents.
    """
    listed = _git(file.parent, "ls-tree", "-z", "HEAD", "--", file.name)
    if not listed:
        return None if listed is None else frozenset()
    text = _git(file.parent, "cat-file", "blob", f"HEAD:./{file.name}")
    if text is None:
        return None
    document, _ = parse(text.decode("utf-8", "replace"), "")
    mapping = document.plain().get(field) if document is not None else None
    return frozenset(mapping) if isinstance(mapping, dict) else None


def _git(folder: Path, *arguments: str) -> bytes | None:
    """Run git in a folder and return its output; None if it fails."""
    try:
        result = git.run("-C", str(folder), *arguments)
    except git.GitError:
        return None
    return result.stdout if result.returncode == 0 else None
