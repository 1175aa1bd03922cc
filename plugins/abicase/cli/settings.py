"""The settings: the locations of the records, the published site and the clones.

Users have a file of settings, and so may a repository. A repository's may come from a stranger,
so it can do little: its records must be in that repository, and its site is not fetched.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from abicase.problems.suggestions import nearest
from abicase.source.folders import work_tree

RECORDS_VARIABLE = "ABICASE_RECORDS"
"""The environment variable that names the folder of records."""
REPOSITORY_FILE = ".abicase.toml"
"""The name of the settings file in a repository."""

_KEYS = ("records", "site", "clones")
_MOST_BYTES = 65_536
_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


class WrongSettings(click.ClickException):
    """A file of settings that can't be used; the message says where and why."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Setting:
    """A value, with its source."""

    value: str
    """The path of a folder, or an address."""
    place: str
    """The file, line and column to show, or the name of a variable."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in one file; empty if there is no such file."""

    records: Setting | None = None
    """The folder of records."""
    site: Setting | None = None
    """The address of the published site."""
    clones: Mapping[str, Setting] = field(default_factory=dict)
    """The clones of repositories, by the id of the repository."""


def records_variable() -> Setting | None:
    """Return the folder of records that the environment names."""
    value = os.environ.get(RECORDS_VARIABLE)
    return Setting(value, RECORDS_VARIABLE) if value else None


def user_file() -> Path | None:
    """Return the path of the user's settings; None if there is no home folder."""
    from platformdirs import user_config_path

    folder = user_config_path("abicase", appauthor=False)
    return folder / "config.toml" if folder.is_absolute() else None


def repository_file() -> Path | None:
    """Find the settings of the repository, in the working folder or above, up to its root.

    Outside a repository only the working folder counts.
    """
    here = Path.cwd()
    root = work_tree(here) or here
    folders = [parent for parent in (here, *here.parents) if parent.is_relative_to(root)]
    return next((file for parent in folders if (file := parent / REPOSITORY_FILE).is_file()), None)


def of_user() -> Settings:
    """Read the user's settings."""
    file = user_file()
    return _read(file, None) if file and file.is_file() else Settings()


def of_repository() -> Settings:
    """Read the settings of the repository that contains the working folder."""
    file = repository_file()
    return _read(file, work_tree(file.parent) or file.parent) if file else Settings()


def clones() -> dict[str, Setting]:
    """Return the clones that the settings name; the repository's take precedence."""
    return {**of_user().clones, **of_repository().clones}


def site_of(records: Path) -> str:
    """Return the address of the site of some records, if the same settings name both."""
    try:
        repositorys = of_repository()
    except WrongSettings:  # reported where they are needed, so a stranger's mistake does no harm
        repositorys = Settings()
    for settings in (repositorys, of_user()):
        if settings.records and settings.site:
            folder = Path(settings.records.value)
            if folder.is_dir() and folder.samefile(records):
                return settings.site.value
    return ""


def _read(file: Path, repository: Path | None) -> Settings:
    """Read the file of settings of a repository, given by its root; None for the user's own.

    Raises:
        WrongSettings: The file has a mistake.
    """
    text, tables = _parsed(file)
    source = _SettingsFile(file, text, repository)
    for key in tables:
        if key not in _KEYS:
            hint = nearest(key, _KEYS) or f"use one of {', '.join(_KEYS)}"
            raise WrongSettings(f"{source.place(key)}: there is no setting {key!r} ({hint})")
    named = tables.get("clones", {})
    if not isinstance(named, dict):
        example = 'as in teapot = "~/src/teapot" below [clones]'
        raise WrongSettings(f"{source.place('clones')}: clones must be a table of paths, {example}")
    return Settings(
        source.records(tables["records"]) if "records" in tables else None,
        source.site(tables["site"]) if "site" in tables else None,
        {id_: source.path(path, "clones", id_) for id_, path in named.items()},
    )


@dataclass(frozen=True, slots=True)
class _SettingsFile:
    """A file of settings, with checked access to its values."""

    file: Path
    content: str
    repository: Path | None

    def place(self, key: str) -> str:
        """Return the file, line and column of a key."""
        return f"{_shown(self.file)}:{_position(self.content, key)}"

    def text(self, value: Any, *keys: str) -> Setting:
        """Return a text that can be shown."""
        place, name = self.place(keys[-1]), ".".join(keys)
        if not isinstance(value, str) or not value:
            raise WrongSettings(f"{place}: {name} must be a quoted, non-empty string")
        if not value.isprintable():
            raise WrongSettings(f"{place}: {name} contains an invisible character: {value!r}")
        return Setting(value, place)

    def path(self, value: Any, *keys: str) -> Setting:
        """Return a path, which is relative to the folder of the file."""
        written = self.text(value, *keys)
        if self.repository and written.value.startswith(("//", "\\\\")):
            raise WrongSettings(f"{written.place}: {value!r} may be on another machine")
        try:
            path = self.file.parent / Path(written.value).expanduser()
        except RuntimeError as error:  # there is no such user, or no home folder
            raise WrongSettings(f"{written.place}: {value!r}: {error}") from None
        return Setting(os.path.normpath(path), written.place)

    def records(self, value: Any) -> Setting:
        """Return a folder of records, which for a repository must be inside it."""
        folder = self.path(value, "records")
        if self.repository and not _lies_in(Path(folder.value), self.repository):
            raise WrongSettings(
                f"{folder.place}: {value!r} is outside this repository; name it with --records, or"
                f" in your own settings ({user_file() or 'there is no home folder for them'})"
            )
        return folder

    def site(self, value: Any) -> Setting:
        """Return the address of a site."""
        from abicase.schema.addresses import what_is_wrong

        address = self.text(value, "site")
        if wrong := what_is_wrong(address.value):
            raise WrongSettings(f"{address.place}: {wrong}")
        return address


def _parsed(file: Path) -> tuple[str, dict[str, Any]]:
    """Return the text of a file of settings, and its parsed TOML."""
    try:
        with file.open("rb") as stream:
            data = stream.read(_MOST_BYTES + 1)
    except OSError as error:
        raise WrongSettings(f"{_shown(file)} can't be read: {error.strerror}") from None
    if len(data) > _MOST_BYTES:
        raise WrongSettings(f"{_shown(file)}:1:1: the file has more than {_MOST_BYTES} bytes")
    try:
        text = data.decode("utf-8").replace("\r\n", "\n")
        return text, tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise WrongSettings(f"{_shown(file)}:{line}:1: this is not UTF-8") from None
    except RecursionError:
        raise WrongSettings(f"{_shown(file)}:1:1: this is nested too deeply") from None
    except tomllib.TOMLDecodeError as error:
        what, at = _AT.sub("", str(error)), _AT.search(str(error))
        place = f"{at[1]}:{at[2]}" if at and at[1] else f"{text.rstrip().count(chr(10)) + 1}:1"
        raise WrongSettings(f"{_shown(file)}:{place}: this is not TOML: {what}") from None


def _position(text: str, key: str) -> str:
    """Return the line and column of a key, which the parser does not give; 1:1 if not found."""
    found = re.search(rf"(?m)^[^#\n]*?(?<![\w-])[\"']?({re.escape(key)})[\"']?\s*[.=\]]", text)
    if not found:
        return "1:1"
    start = found.start(1)
    return f"{text.count(chr(10), 0, start) + 1}:{start - text.rfind(chr(10), 0, start)}"


def _lies_in(path: Path, folder: Path) -> bool:
    """Return whether a path is in a folder, following symbolic links."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a loop of links
        return False


def _shown(file: Path) -> str:
    from abicase.source.reading import shown_path

    return shown_path(file)
