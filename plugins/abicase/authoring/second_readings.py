"""Second readings of events, as recorded in ``text_checked``."""

from __future__ import annotations

from collections.abc import Collection

from abicase.problems.suggestions import nearest
from abicase.schema.case import Event


class NotCitedByEvent(Exception):
    """An event does not cite a source; the message says which ones it cites."""


def text_check(
    event: Event, day: str, against: Collection[str], not_reached: Collection[str]
) -> dict[str, str | list[str]]:
    """Return the fields for a second reading, with the digest of the current wording.

    Args:
        event: The event that was read.
        day: The date of the reading.
        against: The sources it was read against; if empty, all but those not reached.
        not_reached: The sources that could not be reached.

    Raises:
        NotCitedByEvent: The event does not cite one of the sources.
    """
    for source in (*against, *not_reached):
        if source not in event.sources:
            hint = nearest(source, event.sources) or f"it cites {', '.join(event.sources)}"
            raise NotCitedByEvent(f"the event {event.id!r} does not cite {source!r} ({hint})")
    read = [source_id for source_id in event.sources if source_id in (against or event.sources)]
    read = [source_id for source_id in read if source_id not in not_reached]
    unread = [source_id for source_id in event.sources if source_id in not_reached]
    return {
        "on": day,
        **({"against": read} if read else {}),
        **({"not_reached": unread} if unread else {}),
        "wording": event.wording,
    }
