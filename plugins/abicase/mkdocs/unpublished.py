"""Which files below the folder of pages make the site and are no part of it.

A site generator copies all that it finds there; of the records that would be the drafts, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path


def is_input(docs: Path, folders: Iterable[Path]) -> Callable[[str], bool]:
    """Tell files that lie in some folders from others, through symbolic links as well.

    Args:
        docs: The folder of pages; a folder that contains it says nothing about its files.
        folders: The folders of records and templates.

    Returns:
        A function that takes the path of a file and tells whether it lies in one of them.
    """
    pages = docs.resolve()
    real = [folder.resolve() for folder in folders]
    inputs = [folder for folder in real if not pages.is_relative_to(folder)]

    def lies_in_one(path: str) -> bool:
        file = Path(path).resolve()
        return any(file.is_relative_to(folder) for folder in inputs)

    return lies_in_one
