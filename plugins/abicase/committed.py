"""The ledger as it is committed.

A permalink that is not committed yet was published nowhere, and may still be taken out.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from abicase.ledger import FIELD
from abicase.yamltext import parse


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
    """What git prints; None where it fails. It fetches nothing and writes nothing."""
    # What a git hook has set would lead to another repository.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    environment |= {
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
    }
    try:
        result = subprocess.run(  # noqa: S603
            ["git", *arguments],  # noqa: S607
            cwd=folder,
            env=environment,
            capture_output=True,
            check=False,
        )
    except OSError:
        return None
    return result.stdout if result.returncode == 0 else None
