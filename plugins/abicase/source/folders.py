"""The folder of records: finding it, naming it in hints, and guessing it if it is missing."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterable
from pathlib import Path

import yaml

from abicase.problems.problem import CASEBOOK_FILE
from abicase.schema.options import Options
from abicase.source.configuration import SITE_FILE, ConfigurationError, node_at, read

DEFAULT_RECORDS = Options.records
"""The default name of the folder of records in a project."""

_DEPTH = 2  # levels below a folder that are searched for records


def records_from(here: Path) -> Path | None:
    """Find the folder of records for a folder: the folder itself, one in it, or one above it.

    ``mkdocs.yml`` names it; otherwise the default name is used.
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
    """Return whether a repository, possibly someone else's, names a folder inside itself."""
    root = work_tree(folder.absolute())
    return root is None or found.resolve().is_relative_to(root.resolve())


def records_of_site(folder: Path) -> str:
    """Return the folder of records that a folder's ``mkdocs.yml`` passes to the plugin, as written.

    Only the nodes of the file are read. Nothing is constructed, so tags have no effect, and values
    that depend on tags, such as environment variables, are unknown. The result is empty if there is
    none, or if the file can't be read.
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
    """Find the root of the git work tree that an absolute path is in; None if it is not in one."""
    return next(
        (parent for parent in (folder, *folder.parents) if (parent / ".git").exists()), None
    )


def path_in_tree(folder: Path, otherwise: Path) -> str:
    """Return the path of a folder in its git work tree, or else from another folder."""
    return Path(os.path.relpath(folder, work_tree(folder) or otherwise)).as_posix()


def from_root_of_tree(text: str, here: Path) -> str:
    """Return a path relative to the root of its git work tree.

    This converts an absolute path, one that begins with a dot, and any other that exists here.
    Other paths are returned unchanged: they are already relative to the root, or outside any work
    tree, as ``/dev/kvm`` is.

    Args:
        text: The path as typed, with a slash in it.
        here: The working folder.
    """
    path = Path(os.path.normpath(here / text))
    if not (text.startswith(("/", "./", "../")) or os.path.lexists(path)):
        return text
    root = work_tree(path)
    return f"./{path.relative_to(root).as_posix()}" if root else text


def records_option_for(shown: str) -> str:
    """Return the option that a command in a hint needs to find the records, with a leading space.

    It is empty if the command finds them by itself. ``shown`` is their folder, relative to the
    working folder.
    """
    found = records_from(Path.cwd())
    if found is not None and found.resolve() == Path(shown).resolve():
        return ""
    return f" --records {shlex.quote(shown)}"


def meant_instead_of(folder: Path) -> list[Path]:
    """Return the folders of records, above or below, that may be meant instead of a wrong one."""
    if (folder.absolute().parent / CASEBOOK_FILE).is_file():
        return [folder.parent if folder.name not in ("", "..") else folder / ".."]
    named = records_of_site(folder)
    if named and (folder / named / CASEBOOK_FILE).is_file():
        return [folder / named]
    found: list[Path] = []
    for inside, folders, names in os.walk(folder):
        depth = len(Path(inside).relative_to(folder).parts)
        folders[:] = sorted(name for name in folders if depth < _DEPTH and not name.startswith("."))
        if CASEBOOK_FILE in names:
            found.append(Path(inside))
    usual = [name for name in found if name.name == DEFAULT_RECORDS]
    return usual if len(usual) == 1 else found


def is_input(docs: Path, folders: Iterable[Path]) -> Callable[[str], bool]:
    """Return a test for files that are inputs of a site and not part of it, even through links.

    A site generator copies everything in its folder of pages, which would include drafts if the
    records are there.

    Args:
        docs: The folder of pages; a folder that contains it does not make its files inputs.
        folders: The folders of records and templates.

    Returns:
        A function that takes the path of a file and returns whether it is in one of the folders.
    """
    pages = docs.resolve()
    real = [folder.resolve() for folder in folders]
    inputs = [folder for folder in real if not pages.is_relative_to(folder)]

    def lies_in_one(path: str) -> bool:
        file = Path(path).resolve()
        return any(file.is_relative_to(folder) for folder in inputs)

    return lies_in_one
