"""Changes to the ledger: new items are added, retired ones get a state, and nothing is removed.

The file stays as people left it, including comments: only the affected lines change.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from abicase.ledger.ledger import FIELD, Ledger
from abicase.problems.suggestions import nearest_reference
from abicase.schema.addresses import address_of
from abicase.schema.fields import Day
from abicase.schema.items import Item, long_of, short_of
from abicase.schema.records import LEDGER_FILE, Permalink, Permalinks, State
from abicase.source import writing
from abicase.source.canonical import is_typed
from abicase.source.document import parse
from abicase.source.reading import Entry, Reading
from abicase.source.yamltext import MapNode
from abicase.text.wording import Wording, wording_of

NEW = f"""\
# Every permalink ever published, by its item. Nothing is removed from this file: a retired item
# gets a state (moved, split, withdrawn), and its address still resolves.
# "abicase links publish" adds new items, and the date on which a statement was reworded;
# "abicase links retire" records what became of a retired item.
{FIELD}:
"""
"""The beginning of a ledger."""

_LAYOUT = f"{LEDGER_FILE} does not have one permalink per line"


class NotWritten(Exception):
    """The ledger could not be changed; the message says why."""


def publish(reading: Reading, on: Day, *, directories: bool = True) -> dict[str, Permalink]:
    """Return new permalinks for items that the ledger lacks, except drafts, and the changed ones.

    An item that is in the ledger with another wording gets the date on which it changed.

    Args:
        reading: Records without errors.
        on: The date of publication.
        directories: Whether pages are folders, see :meth:`~abicase.schema.addresses.Address.url`;
            used only if nothing was published yet.

    Raises:
        NotWritten: A published item would get another address.
    """
    ledger = ledger_of(reading)
    items = _items(reading.published())
    at = _places(ledger, items.values(), directories=directories)
    for reference, place in at.items():
        old = ledger.permalinks.get(reference)
        if old is not None and old.at != place:
            message = f"{reference} was published at {old.at}; its address can't become {place}"
            raise NotWritten(message)
    wordings = _wordings(items.values())
    changed = {}
    for reference, wording in wordings.items():
        old = ledger.permalinks.get(reference)
        if old is not None and old.wording != wording.digest:
            update: dict[str, Any] = {"wording": wording.digest}
            if old.wording is not None and str(old.since) != str(on):
                update["reworded"] = on
            changed[reference] = old.model_copy(update=update)
    return {**_new(ledger, at, on, wordings), **changed}


def reworded(reading: Reading) -> dict[str, Wording]:
    """Find the published statements whose wording differs from the one in the ledger.

    Return their current wordings, by reference; the records must have no errors.
    """
    ledger = ledger_of(reading)
    return {
        reference: wording
        for reference, wording in _wordings(_items(reading.published()).values()).items()
        if reference in ledger.permalinks
        and ledger.permalinks[reference].wording not in (None, wording.digest)
    }


def retire(
    reading: Reading,
    references: Sequence[str],
    state: State,
    to: Sequence[str],
    on: Day,
    why: str,
) -> dict[str, Permalink]:
    """Give a state to published items that are no longer in the records.

    Addresses that led to them are redirected, so that none leads to a retired item, and their
    targets are published with them. ``to`` has the items to which they moved, or into which they
    were split.

    Returns:
        The permalinks to add and to change.

    Raises:
        NotWritten: The ledger would contradict itself or the records.
    """
    ledger, items = ledger_of(reading), _items(reading.published())
    there = _items(reading.every())
    for reference in references:
        _reject(ledger, there, reference)
    for target in to:
        if target in there and target not in items:
            raise NotWritten(f"{target} is a draft; finish it first")
        if target not in items:
            raise NotWritten(_with(f"there is no {target!r}", nearest_reference(target, items)))
    led_to = [
        item
        for item in items.values()
        if any(item.reference == target or item.reference.startswith(f"{target}#") for target in to)
    ]
    new = _new(ledger, _places(ledger, led_to), on, _wordings(led_to))
    before = Ledger({**ledger.permalinks, **new}, ledger.many_retired_on)
    update = {"state": state, "to": tuple(to), "on": on, "because": why}
    changed = {ref: ledger.permalinks[ref].model_copy(update=update) for ref in references}
    changed |= _led_on(before, changed, on, why)
    after = Ledger({**before.permalinks, **changed}, before.many_retired_on)
    known = set(before.flaws(items))
    for flaw in after.flaws(items):
        if flaw.code != "many-retired" and flaw not in known:
            raise NotWritten(_with(f"{flaw.reference}: {flaw.message}", flaw.hint))
    return {**new, **changed}


def too_many(reading: Reading, changes: Mapping[str, Permalink], on: Day) -> int:
    """Count the permalinks retired on a day if changes are made, if that needs confirmation.

    Return 0 if the number is small, or if the ledger already names the day.
    """
    ledger = ledger_of(reading)
    after = Ledger({**ledger.permalinks, **changes}, ledger.many_retired_on)
    return len(after.many_retired().get(str(on), ()))


def ledger_of(reading: Reading) -> Ledger:
    """Return the ledger that belongs to records."""
    return Ledger.of(reading.ledger.record if reading.ledger else None)


def _items(entries: Iterable[Entry]) -> dict[str, Item]:
    return {item.reference: item for entry in entries for item in entry.items}


def _places(ledger: Ledger, items: Iterable[Item], *, directories: bool = True) -> dict[str, str]:
    """Map items and their short addresses to their published addresses, in the ledger's form."""
    if ledger.permalinks:
        directories = not any(".html" in permalink.at for permalink in ledger.permalinks.values())
    found = {}
    for item in items:
        found[item.reference] = address_of(item).url(directories=directories)
        short = short_of(item.reference)
        if short is not None:
            found[short] = f"{short}/"
    return found


def _wordings(items: Iterable[Item]) -> dict[str, Wording]:
    """Map the items that are statements to their wordings."""
    found = {item.reference: wording_of(item.kind, item.value) for item in items}
    return {reference: wording for reference, wording in found.items() if wording is not None}


def _new(
    ledger: Ledger, at: Mapping[str, str], on: Day, wordings: Mapping[str, Wording]
) -> dict[str, Permalink]:
    digests = {reference: wording.digest for reference, wording in wordings.items()}
    return {
        reference: Permalink(at=place, since=on, wording=digests.get(reference))
        for reference, place in at.items()
        if reference not in ledger.permalinks
    }


def _reject(ledger: Ledger, items: Mapping[str, Item], reference: str) -> None:
    """Reject an item that can't be retired."""
    if reference not in ledger.permalinks:
        near = nearest_reference(reference, ledger.permalinks)
        hint = near or "an item that was never published can be deleted"
        raise NotWritten(f"{reference!r} is not in the ledger ({hint})")
    if reference[0].isupper():
        raise NotWritten(f"{reference} follows {long_of(reference)}; retire that")
    fate = ledger.permalinks[reference]
    if fate.state != "live":
        raise NotWritten(f"{reference} was already {fate.state} on {fate.on}")
    if reference in items:
        message = f"{reference} is still in the records"
        raise NotWritten(f"{message}; rename or remove it there first")


def _led_on(
    before: Ledger, changed: Mapping[str, Permalink], on: Day, why: str
) -> dict[str, Permalink]:
    """Redirect permalinks whose targets were retired to the targets of those."""
    after = Ledger({**before.permalinks, **changed})
    found: dict[str, Permalink] = {}
    for reference, permalink in before.permalinks.items():
        if reference in changed or all(after.is_live(target) for target in permalink.to):
            continue
        further: list[str] = []
        for target in permalink.to:
            further += [target] if after.is_live(target) else after.fate(target).to
        to = tuple(dict.fromkeys(further))
        if len(to) == 1 and permalink.state == "split":
            message = f"{reference} was split, and only {to[0]} would be left of it"
            raise NotWritten(
                f"{message}; first change the line of {reference} to say what became of it"
            )
        update: dict[str, Any] = {"state": "split" if len(to) > 1 else "moved", "to": to}
        if not to:
            update = {"state": "withdrawn", "to": (), "on": on, "because": why}
        found[reference] = permalink.model_copy(update=update)
    return found


def _with(message: str, hint: str) -> str:
    return f"{message} ({hint})" if hint else message


# The file


def edited(text: str, changes: Mapping[str, Permalink], many: str = "") -> str:
    """Return the text of a ledger with some permalinks added or changed.

    Args:
        text: The current text; empty if there is no ledger yet.
        changes: The permalinks.
        many: A day to be named as one on which many were retired; may be empty.

    Raises:
        NotWritten: The layout of the text does not allow editing it line by line.
    """
    text = text or NEW
    before = _permalinks(text)
    newline = writing.line_end(text)
    lines = text.splitlines()
    _edit_entries(lines, text, changes)
    if many:
        days = [*(str(day) for day in before.many_retired_on), many]
        _edit_days(lines, f"many_retired_on: [{', '.join(days)}]")
    made = newline.join(lines) + newline
    if _permalinks(made).permalinks != {**before.permalinks, **changes}:
        raise NotWritten(_LAYOUT)
    return made


def _permalinks(text: str) -> Permalinks:
    if text == NEW:
        return Permalinks(permalinks={})
    document, _ = parse(text, "")
    try:
        assert document is not None
        return Permalinks.model_validate(document.plain())
    except (AssertionError, ValidationError):
        raise NotWritten(_LAYOUT) from None


def _edit_entries(lines: list[str], text: str, changes: Mapping[str, Permalink]) -> None:
    document, _ = parse(text, "")
    assert document is not None
    node = document.root.values[FIELD]
    keys = node.keys if isinstance(node, MapNode) else {}
    indent = " " * (next(iter(keys.values())).column - 1 if keys else 2)
    field = document.root.keys[FIELD].line
    others = [position.line - 1 for position in document.root.keys.values()]
    starts = [position.line - 1 for position in keys.values()]

    def end(start: int) -> int:
        """Find the end of the entry that begins at a line, without comments on the next one."""
        next_ = min((n for n in [*starts, *others] if n > start), default=len(lines))
        while next_ > start + 1 and re.match(r"\s*(#|$)", lines[next_ - 1]):
            next_ -= 1
        return next_

    edits: list[tuple[int, int, str, str]] = []
    for reference, permalink in changes.items():
        line = f"{indent}{reference}: {_flow(permalink)}"
        if reference in keys:
            start = keys[reference].line - 1
            comment = re.search(r"(\s+#[^}]*)$", lines[end(start) - 1])
            line += comment[1] if comment else ""
            edits.append((start, end(start), reference, line))
        else:  # before its successor, and before the comments above that one
            before = [start for key, start in zip(keys, starts, strict=True) if key < reference]
            place = end(before[-1]) if before else field
            edits.append((place, place, reference, line))
    for start, stop, _, line in sorted(edits, reverse=True):
        lines[start:stop] = [line]


def _edit_days(lines: list[str], line: str) -> None:
    for number, old in enumerate(lines):
        if old.startswith(("many_retired_on:", f"{FIELD}:")):
            lines[number : number + old.startswith("many")] = [line]
            return


def _flow(permalink: Permalink) -> str:
    """Return a permalink on one line."""
    fields = {"at": permalink.at, "since": str(permalink.since)}
    if permalink.wording:
        digest = permalink.wording
        fields["wording"] = f'"{digest}"' if is_typed(digest) else digest
    if permalink.reworded:
        fields["reworded"] = str(permalink.reworded)
    if permalink.state != "live":
        to = permalink.to
        fields["state"] = permalink.state
        if to:
            fields["to"] = to[0] if len(to) == 1 else f"[{', '.join(to)}]"
        fields["on"] = str(permalink.on)
        fields["because"] = json.dumps(permalink.because, ensure_ascii=False)
    return "{" + ", ".join(f"{name}: {value}" for name, value in fields.items()) + "}"


def write(reading: Reading, changes: Mapping[str, Permalink], many: str = "") -> None:
    """Write permalinks to the ledger, atomically.

    ``many`` is a day to be named as one on which many were retired; it may be empty.

    Raises:
        NotWritten: It changed in the meantime, or can't be written.
    """
    path = reading.root / LEDGER_FILE
    old = reading.ledger.document.text if reading.ledger else ""
    new = edited(old, changes, many)
    try:
        if (path.read_bytes().decode("utf-8") if path.exists() else "") != old:
            raise NotWritten(f"{LEDGER_FILE} changed in the meantime; run the command again")
        writing.write(path, new)
    except OSError as error:
        raise NotWritten(f"{LEDGER_FILE}: {error.strerror}") from None
