"""Permalinks: published items still exist, or the ledger says what became of them."""

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
    """Every published item exists or is retired in the ledger, and retired ids are not reused."""
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
                message = f"this was {fate.state} on {fate.on}, but its id is in the records again"
                hint = "choose another id for the new item"
                path = (FIELD, fate.reference)
                yield from entry.tell("reused-id", path, message, hint, key=True)
        elif fate.reference not in published and not records.excused(fate.reference):
            page, _, part = fate.reference.partition("#")
            if not part or page in published or not ledger.is_live(page):  # reported for the page
                lost.append(fate)
    committed = keys_at_head(entry.path, FIELD) if lost else None
    for fate in lost:
        message, hint = _lost(records, ledger, fate)
        if committed is not None and fate.reference not in committed:
            undo = how_to_undo(entry.document.file, is_new=not committed)
            hint = f"its ledger entry is not committed yet; delete it, or all such entries: {undo}"
        path = (FIELD, fate.reference)
        yield from entry.tell("lost-permalink", path, message, hint, key=True)


def _lost(records: RecordSet, ledger: Ledger, fate: Fate) -> tuple[str, str]:
    """Return the message and the hint about a published item that is missing."""
    if fate.reference in records.items:
        message = f"this was published on {fate.since}, but is now a draft"
        return message, "finish it and remove 'draft: true', because published items must stay"
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
    message = f"this was published on {fate.since}, but is not in the records"
    command = how_to_retire(fate.reference, renamed, records_option_for(records.reading.shown))
    hint = f"restore it, or record what became of it: {command}"
    return message, hint
