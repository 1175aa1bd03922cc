"""The folder of records: found from the working folder, named in hints, guessed where it is not."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterable
from pathlib import Path

import yaml

from abicase.problems.problem import CASEBOOK_FILE
from abicase.source.configuration import SITE_FILE, ConfigurationError, node_at, read

DEFAULT_RECORDS = "casestudies"
"""The name by which a folder of records is found in a project."""

_DEPTH = 2  # levels below a folder at which records are looked for


def records_from(here: Path) -> Path | None:
    """The folder of records that is found from a folder: the folder itself, in it, or above.

    In a project, ``mkdocs.yml`` names it; where that does not, it has its usual name.
    """
    for folder in (here, *here.absolute().parents):
        if (folder / CASEBOOK_FILE).is_file():
            return folder
        for name in (records_of_site(folder), DEFAULT_RECORDS):
            found = folder / name
            if name and (found / CASEBOOK_FILE).is_file() and _in_same_tree(found, folder):
                return found
    return None


def _in_same_tree(found: Path, folder: Path) -> bool:
    """Return whether a repository, which may be a stranger's, names a folder of its own."""
    root = work_tree(folder.absolute())
    return root is None or found.resolve().is_relative_to(root.resolve())


def records_of_site(folder: Path) -> str:
    """The folder of records that the ``mkdocs.yml`` in a folder gives the plugin.

    Of the file only the nodes are looked at: nothing is constructed, so that whatever its tags ask
    for is not done. What a tag stands for, such as a variable of the environment, is not known.

    Args:
        folder: The folder of a site.

    Returns:
        What is written there; empty where nothing is, or the file can't be read.
    """
    try:
        root = read(folder / SITE_FILE).root
    except ConfigurationError:
        return ""
    node = node_at(root, "plugins", "abicase", "records")
    if isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:str":
        return str(node.value)
    return ""


def work_tree(folder: Path) -> Path | None:
    """Find the root of the git work tree that a folder is in; None if it is in none.

    Args:
        folder: An absolute path.
    """
    return next((one for one in (folder, *folder.parents) if (one / ".git").exists()), None)


def from_root_of_tree(text: str, here: Path) -> str:
    """Return a path as it counts from the root of the git work tree it is in.

    An absolute path counts, one that begins with a dot, and any other that is there from here. All
    else stays as it is: it counts from the root already, or is in no work tree, as ``/dev/kvm``.

    Args:
        text: The path as it was typed, with a slash in it.
        here: The working folder.
    """
    path = Path(os.path.normpath(here / text))
    if not (text.startswith(("/", "./", "../")) or os.path.lexists(path)):
        return text
    root = work_tree(path)
    return f"./{path.relative_to(root).as_posix()}" if root else text


def records_option_for(shown: str) -> str:
    """The option that a command in a hint needs to find records.

    Args:
        shown: The folder of records, seen from the working folder.

    Returns:
        The option, with a blank before it; empty where the command finds the folder by itself.
    """
    found = records_from(Path.cwd())
    if found is not None and found.resolve() == Path(shown).resolve():
        return ""
    return f" --records {shlex.quote(shown)}"


def meant_instead_of(folder: Path) -> list[Path]:
    """The folders of records that may be meant by one that holds none: above it or below it."""
    if (folder.absolute().parent / CASEBOOK_FILE).is_file():
        return [folder.parent if folder.name not in ("", "..") else folder / ".."]
    named = records_of_site(folder)
    if named and (folder / named / CASEBOOK_FILE).is_file():
        return [folder / named]
    found: list[Path] = []
    for inside, folders, names in os.walk(folder):
        depth = len(Path(inside).relative_to(folder).parts)
        folders[:] = sorted(one for one in folders if depth < _DEPTH and not one.startswith("."))
        if CASEBOOK_FILE in names:
            found.append(Path(inside))
    usual = [one for one in found if one.name == DEFAULT_RECORDS]
    return usual if len(usual) == 1 else found


def is_input(docs: Path, folders: Iterable[Path]) -> Callable[[str], bool]:
    """Tell files that make a site from those that are part of it, through symbolic links as well.

    A site generator copies all that it finds below its folder of pages; of records that lie there
    that would be the drafts, too.

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
