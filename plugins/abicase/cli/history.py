"""``abicase history``."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from abicase.cli.completing import complete_references
from abicase.cli.ending import UNREAD, wrong_call
from abicase.cli.options import Command, records_option
from abicase.cli.records import sound_reading

if TYPE_CHECKING:
    from abicase.ledger.ledger import Ledger


@click.command(cls=Command)
@click.argument("item", shell_complete=complete_references)
@click.option(
    "--format", "-f", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@records_option
def history(item: str, form: str, records: Path | None) -> None:
    """Print every wording that a statement had, with its date, newest first.

    ITEM is the reference of a case, event, finding, claim, lesson, stage or pair, such as
    lesson/some-lesson or case/some-case#some-event, or its address. Items that were published and
    have moved or been withdrawn since are found too.

    The wordings come from the git history of the records, and the dates are those of the commits.
    Only the words that a reader sees count, not their markup. JSON has the day, commit and texts of
    each wording, and whether all of the history could be read.

    Exit status: 3 when the history, or a part of it, could not be read.
    """
    from abicase.ledger.edits import ledger_of
    from abicase.provenance.git import GitError
    from abicase.provenance.wordings import PastWording, WordingHistory
    from abicase.text.wording import STATEMENTS, wording_of

    reading = sound_reading(records)
    ledger = ledger_of(reading)
    items = {item.reference: item for entry in reading.every() for item in entry.items}
    reference = _meant(item, ledger, items)
    found = items.get(reference)
    if found is not None and found.kind not in STATEMENTS:
        wrong_call(f"{reference} has no wording: only {', '.join(STATEMENTS)} have one")
    now = wording_of(found.kind, found.value) if found else None
    past: list[PastWording] = []
    unread = ""
    try:
        versions = WordingHistory(reading.root)
        unread = "this clone is shallow" if versions.shallow else ""
        past = versions.of([reference, *ledger.former(reference)])
    except GitError as problem:
        unread = str(problem)
    rows = [_row(one.wording.texts, one.day, one.commit) for one in past]
    if now is not None and (not past or past[0].wording != now):
        rows.insert(0, _row(now.texts))
    facts = _facts(ledger, reference)
    if form == "json":
        shown = {"reference": reference, **facts, "complete": not unread, "wordings": rows}
        click.echo(json.dumps(shown, indent=2, ensure_ascii=False))
    else:
        click.echo(_as_text(reference, facts, rows), nl=False)
    if unread:
        click.echo(f"The history was not read, or not all of it: {unread}.", err=True)
        sys.exit(UNREAD)


def _meant(text: str, ledger: Ledger, items: Collection[str]) -> str:
    """Return an item's reference, given it or an address; exit with 2 if there is none."""
    from abicase.problems.suggestions import nearest_reference
    from abicase.schema.items import long_of

    known = {*ledger.permalinks, *items}
    found: str | None = text if text in known else None
    if "://" in text or text.startswith("/"):
        places = {permalink.at: reference for reference, permalink in ledger.permalinks.items()}
        path = text.partition("://")[2] or text
        while found is None and path:  # the site can be below the root of its host
            path = path.partition("/")[2]
            found = places.get(path) or places.get(f"{path}/")
    if found is None:
        hint = nearest_reference(text, known) or "abicase find searches by words"
        wrong_call(f"there is no item {text!r}, and none was published under that name ({hint})")
    return long_of(found) or found


def _row(texts: Mapping[str, str], day: str = "", commit: str = "") -> dict[str, Any]:
    """Return a wording as a JSON object; one without a day is not committed yet."""
    from abicase.source.yamltext import STRANGE

    clean = {name: STRANGE.sub("", text) for name, text in texts.items()}
    return {"day": day, "commit": commit, "texts": clean} if day else {"texts": clean}


def _facts(ledger: Ledger, reference: str) -> dict[str, Any]:
    """Return what the ledger says about an item."""
    if reference not in ledger.permalinks:
        return {}
    fate = ledger.fate(reference)
    facts = {"published": str(fate.since)}
    if reworded := ledger.reworded(reference):
        facts["reworded"] = str(reworded)
    if fate.state == "live":
        return facts
    return facts | {"state": fate.state, "to": list(fate.to), "on": str(fate.on)}


def _as_text(reference: str, facts: Mapping[str, Any], rows: Collection[dict[str, Any]]) -> str:
    """Format the history for people."""
    from abicase.text.plaintext import fill

    said = [f"first published {facts['published']}" if facts else "not published yet"]
    if "reworded" in facts:
        said.append(f"reworded {facts['reworded']}")
    if "state" in facts:
        to = f" to {', '.join(facts['to'])}" if facts["to"] else ""
        said.append(f"{facts['state']} {facts['on']}{to}")
    lines = [f"{reference}: {', '.join(said)}\n"]
    for row in rows:
        when = f"{row['day']}  commit {row['commit'][:12]}" if "day" in row else "Not committed yet"
        lines.append(f"\n{when}\n")
        lines += [fill(text, "    ", "    ") for text in row["texts"].values()]
    return "".join(lines)
