"""``abicase list``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from abicase.cli.ending import UNREAD
from abicase.cli.options import Command, records_option
from abicase.cli.records import known_word, sound_reading

if TYPE_CHECKING:
    from abicase.source.reading import Entry, Reading


class Nameable(NamedTuple):
    """Something that a record can name."""

    id: str
    title: str
    draft: bool = False


def complete_words(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """Complete the name of a list."""
    return [word for word in _words() if word.startswith(begun)]


@click.command("list", cls=Command)
@click.argument("kind", required=False, shell_complete=complete_words)
@click.option(
    "--format", "-f", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@records_option
def list_(kind: str | None, form: str, records: Path | None) -> None:
    """Print the ids that records can name, with their titles.

    KIND is cases, patterns, axes, claims, lessons, pairs or repositories; stages, from all
    patterns; lanes, interfaces or trees, from the casebook; or kinds, of events. Without KIND,
    all of these are printed with the number of entries.

    Exit status: 3 when some of them could not be read because of errors.
    """
    words = _words()
    if kind is not None:
        known_word(kind, "list of", words)
    reading = sound_reading(records)
    if kind is not None:
        names = _names(reading, kind)
        rows = [entry._asdict() for entry in names]
        width = max((len(entry.id) for entry in names), default=0)
        lines = [
            f"{entry.id:{width}}  {entry.title}{'  (draft)' if entry.draft else ''}"
            for entry in names
        ]
    else:
        counts = {word: len(_names(reading, word)) for word in words}
        rows = [{"kind": word, "count": count} for word, count in counts.items()]
        width = max(len(word) for word in words)
        lines = [f"{word:{width}}  {count}" for word, count in counts.items()]
    if form == "json":
        click.echo(json.dumps(rows, indent=2))
    for line in lines if form == "text" else ():
        click.echo(line.rstrip())
    wanted = {"patterns" if kind == "stages" else kind} if kind else set(words)
    if _folders_with_errors(reading) & wanted:
        sys.exit(UNREAD)


def _words() -> list[str]:
    """Return the names of all lists; a list of records is named after its folder."""
    from abicase.schema.casebook import LISTED
    from abicase.schema.records import KINDS

    return [*(folder for folder, _ in KINDS.values()), "stages", *LISTED.values(), "kinds"]


def _names(reading: Reading, word: str) -> list[Nameable]:
    """Return the entries of a list, in the order used on pages."""
    from abicase.schema.casebook import LISTED
    from abicase.schema.records import KINDS

    assert reading.casebook is not None  # otherwise nothing could be read
    casebook = reading.casebook.record
    if word == "kinds":
        return [Nameable(kind, title) for kind, title in casebook.words.event_kinds]
    if word in LISTED.values():
        return [Nameable(member.id, member.title) for member in getattr(casebook, word)]
    kind = next((kind for kind, (folder, _) in KINDS.items() if folder == word), "pattern")
    entries = sorted(reading.of(kind), key=_order)
    if word == "stages":
        return [
            Nameable(member.id, member.title, entry.draft)
            for entry in entries
            for member in entry.record.stages
        ]
    return [Nameable(entry.record.id, _title(entry, reading), entry.draft) for entry in entries]


def _order(entry: Entry) -> tuple[int, str]:
    return getattr(entry.record, "order", 0), entry.record.id


def _title(entry: Entry, reading: Reading) -> str:
    if entry.kind != "pair":
        return str(entry.record.title)
    cases = ((id_, reading.entries.get(("case", id_))) for id_ in entry.record.cases)
    return " and ".join(case.record.name if case else id_ for id_, case in cases)


def _folders_with_errors(reading: Reading) -> set[str]:
    from abicase.schema.records import KINDS

    return {KINDS[kind][0] for kind, _ in {*reading.partly, *reading.damaged} if kind in KINDS}
