"""Options and helpers that `abicase source` and `abicase event` share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from abicase.cli import settings
from abicase.cli.ending import wrong_call
from abicase.cli.mails import read_given, shown_name
from abicase.cli.options import checked_id, clone_of, today
from abicase.cli.records import known_entry

if TYPE_CHECKING:
    from abicase.authoring.sources import Cited, Found
    from abicase.source.reading import Entry, Reading


def _with_id(text: str) -> tuple[str, str]:
    """Split a citation from the id that it will get, or exit with 2."""
    what, equals, id_ = text.rpartition("=")
    return (what, checked_id(id_)) if equals else (text, "")


class _MailFile(click.Path):
    """A file with a mail, and the id that the mail will get."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Split a value; an existing file with an equals sign in its name is taken as it is."""
        path, id_ = (value, "") if Path(value).exists() else _with_id(value)
        return super().convert(path, param, ctx), id_


commit_option = click.option(
    "--commit",
    "commits",
    multiple=True,
    metavar="COMMIT[=NAME]",
    callback=lambda _context, _option, texts: tuple(map(_with_id, texts)),
    help="A commit id or its beginning, another name in git, or a range A..B; NAME is the id it"
    " will get in the case. Repeatable.",
)
git_option = click.option(
    "--git",
    "clone",
    metavar="REPOSITORY[=PATH]",
    help="The repository that contains the commits, and a clone of it, which the settings can name"
    " instead.  [default: the casebook's default repository]",
)
mail_option = click.option(
    "--mail",
    "mails",
    multiple=True,
    metavar="FILE[=NAME]",
    type=_MailFile(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    help="A file with one mail, raw or as an mbox; - for standard input. Repeatable.",
)


def found_in(
    reading: Reading,
    entry: Entry,
    commits: Sequence[tuple[str, str]],
    clone: str | None,
    mails: Sequence[tuple[Path, str]],
) -> list[Found]:
    """Look up the commits and read the mails that the options name, or exit with an error."""
    from abicase.authoring.commits import Clone
    from abicase.authoring.sources import NotCited
    from abicase.provenance.git import GitError

    day = today().isoformat()
    found: list[Found] = []
    if clone and not commits:
        wrong_call("--git names the clone of the commits; name the commits with --commit")
    if commits:
        repository, path = clone_of(clone) if clone else _default_clone(reading)
        known_entry(repository, "repository", reading)
        try:
            found += Clone(reading, repository, path).look_up(commits, entry.record, day)
        except (NotCited, GitError) as problem:
            raise click.ClickException(str(problem)) from None
    return [*found, *(replace(_mail(path, day), id=id_) for path, id_ in mails)]


def write_additions(
    reading: Reading,
    entry: Entry,
    cited: Sequence[Cited],
    events: Sequence[dict[str, str | list[str]]] = (),
) -> None:
    """Write new sources and events to the file of a case, or exit with an error."""
    from abicase.authoring.additions import with_additions

    sources = {citation.id: citation.found.fields for citation in cited if citation.new}
    _write(entry, lambda: with_additions(reading, entry, sources, events))


def write_text_checks(entry: Entry, checks: Mapping[int, dict[str, str | list[str]]]) -> None:
    """Write second readings to the file of a case, or exit with an error."""
    from abicase.authoring.additions import with_text_checks

    _write(entry, lambda: with_text_checks(entry, checks))


def _write(entry: Entry, text_of: Callable[[], str]) -> None:
    from abicase.authoring.sources import NotCited
    from abicase.source.canonical import Unsafe
    from abicase.source.writing import write

    try:
        text = text_of()
    except (NotCited, Unsafe) as problem:
        raise click.ClickException(str(problem)) from None
    try:
        write(entry.path, text)
    except OSError as error:
        wrong_call(f"{entry.document.file} can't be written: {error.strerror}")


def _mail(path: Path, day: str) -> Found:
    from abicase.authoring.mails import MAX_BYTES, read_mail
    from abicase.authoring.sources import NotCited

    try:
        return read_mail(read_given(path, MAX_BYTES), day)
    except NotCited as problem:
        raise click.ClickException(f"{shown_name(path)}: {problem}") from None


def _default_clone(reading: Reading) -> tuple[str, Path]:
    """Return the clone of the default repository that the settings name, or exit with 2."""
    assert reading.casebook is not None  # otherwise no case could be read
    repository: str | None = reading.casebook.record.default_repository
    if repository is None:
        wrong_call("Missing option '--git': the casebook has no default_repository")
    clone = settings.clones().get(repository)
    if clone is None:
        wrong_call(
            f"Missing option '--git'; or name a clone of {repository!r} below [clones] in your"
            " settings"
        )
    return repository, Path(clone.value)
