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


class Named(NamedTuple):
    """The things that a record can name."""

    id: str
    title: str
    draft: bool = False


def complete_words(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """Completes what can be listed."""
    return [word for word in _words() if word.startswith(begun)]


@click.command("list", cls=Command)
@click.argument("kind", required=False, shell_complete=complete_words)
@click.option(
    "--format", "-f", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@records_option
def list_(kind: str | None, form: str, records: Path | None) -> None:
    """Print the ids that records can name, with their titles.

    KIND is cases, patterns, axes, claims, lessons, pairs or repositories; stages, of all patterns;
    lanes, interfaces or trees, of the casebook; or kinds, of events. Without it, all of these are
    printed with their numbers.

    Exit status: 3 when some of them could not be read for errors.
    """
    words = _words()
    if kind is not None:
        known_word(kind, "list of", words)
    reading = sound_reading(records)
    if kind is not None:
        names = _names(reading, kind)
        rows = [one._asdict() for one in names]
        width = max((len(one.id) for one in names), default=0)
        lines = [
            f"{one.id:{width}}  {one.title}{'  (draft)' if one.draft else ''}" for one in names
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
    """The words for all that can be listed; those of records are their folders."""
    from abicase.schema.casebook import LISTED
    from abicase.schema.records import KINDS

    return [*(folder for folder, _ in KINDS.values()), "stages", *LISTED.values(), "kinds"]


def _names(reading: Reading, word: str) -> list[Named]:
    """The things that a word stands for, in the order in which pages have them."""
    from abicase.schema.casebook import LISTED
    from abicase.schema.records import KINDS

    assert reading.casebook is not None  # or it could not be read
    casebook = reading.casebook.record
    if word == "kinds":
        return [Named(kind, title) for kind, title in casebook.words.event_kinds]
    if word in LISTED.values():
        return [Named(one.id, one.title) for one in getattr(casebook, word)]
    kind = next((kind for kind, (folder, _) in KINDS.items() if folder == word), "pattern")
    entries = sorted(reading.of(kind), key=_order)
    if word == "stages":
        return [
            Named(one.id, one.title, entry.draft)
            for entry in entries
            for one in entry.record.stages
        ]
    return [Named(one.record.id, _title(one, reading), one.draft) for one in entries]


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
