"""A file as it is committed, beside the one in the work tree."""

from __future__ import annotations

from pathlib import Path

from abicase.provenance import git
from abicase.source.yamltext import parse


def keys_at_head(file: Path, field: str) -> frozenset[str] | None:
    """The keys of a mapping that the current commit has in a YAML file.

    Args:
        file: The file in the work tree.
        field: The field that holds the mapping.

    Returns:
        The keys; none where the commit has no such file. None where git can't tell: without git,
        without a repository or a commit, and where the clone lacks the file's content.
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
    """Run git in a folder and return its output; None where it fails."""
    try:
        result = git.run("-C", str(folder), *arguments)
    except git.NoGit:
        return None
    return result.stdout if result.returncode == 0 else None
