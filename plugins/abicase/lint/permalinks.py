"""Permalinks: what was published is still there, or the ledger says what became of it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from abicase.ledger.ledger import FIELD, Fate, Ledger, how_to_retire, how_to_undo
from abicase.lint.records import RecordSet
from abicase.lint.rule import rule
from abicase.problems.problem import Problem
from abicase.provenance.committed import keys_at_head
from abicase.source.folders import records_option_for


@rule("bad-permalink", "lost-permalink", "many-retired", "reused-id")
def published_items_are_there(records: RecordSet) -> Iterator[Problem]:
    """Check that what was published is there or has a state; the id of what went stays unused."""
    entry = records.reading.ledger
    if entry is None:
        return
    ledger = Ledger.of(entry.record)
    published = {reference for reference in records.items if not records.in_draft(reference)}
    for flaw in ledger.flaws(published, records_option_for(records.reading.shown)):
        path = (FIELD, flaw.reference)
        yield from entry.tell(flaw.code, path, flaw.message, flaw.hint, key=True)
    lost: list[Fate] = []
    for fate in ledger.fates():
        if fate.state != "live":
            if fate.reference in records.items:
                message = f"it was {fate.state} on {fate.on}, and its id is in the records again"
                hint = "choose another id for what is new"
                path = (FIELD, fate.reference)
                yield from entry.tell("reused-id", path, message, hint, key=True)
        elif fate.reference not in published and not records.excused(fate.reference):
            page, _, part = fate.reference.partition("#")
            if not part or page in published or not ledger.is_live(page):  # else said of its page
                lost.append(fate)
    committed = keys_at_head(entry.path, FIELD) if lost else None
    for fate in lost:
        message, hint = _lost(records, ledger, fate)
        if committed is not None and fate.reference not in committed:
            undo = how_to_undo(entry.document.file, is_new=not committed)
            hint = f"its line is not committed yet; take it out, or all such lines: {undo}"
        path = (FIELD, fate.reference)
        yield from entry.tell("lost-permalink", path, message, hint, key=True)


def _lost(records: RecordSet, ledger: Ledger, fate: Fate) -> tuple[str, str]:
    """The message and the hint about something that was published and is gone."""
    if fate.reference in records.items:
        message = f"it was published on {fate.since}, and is a draft"
        return message, "finish it and take 'draft: true' out; what was published is kept"
    page, _, part = fate.reference.partition("#")
    group = f"{page}#" if part else f"{page.partition('/')[0]}/"
    new = [
        reference.removeprefix(group)
        for reference in records.items
        if reference.startswith(group)
        and ("#" in reference) == bool(part)
        and reference not in ledger.permalinks
    ]
    near = difflib.get_close_matches(fate.reference.removeprefix(group), new[:500], n=1)
    renamed = group + (near or new)[0] if near or len(new) == 1 else ""
    message = f"it was published on {fate.since}, and is not in the records"
    command = how_to_retire(fate.reference, renamed, records_option_for(records.reading.shown))
    hint = f"put it back, or say what became of it: {command}"
    return message, hint
