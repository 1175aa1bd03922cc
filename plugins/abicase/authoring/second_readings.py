"""Second readings of events, as they are noted in ``text_checked``."""

from __future__ import annotations

from collections.abc import Collection

from abicase.problems.suggestions import nearest
from abicase.schema.case import Event


class NotCitedByEvent(Exception):
    """An event does not cite a source; the message says which it cites."""


def text_check(
    event: Event, day: str, against: Collection[str], not_reached: Collection[str]
) -> dict[str, str | list[str]]:
    """Make the fields of a second reading.

    Args:
        event: The event that was read.
        day: The day of the reading.
        against: The sources that it was read against; all but those not reached when empty.
        not_reached: The sources that could not be reached.

    Returns:
        The fields, with the digest of the wording as it is now.

    Raises:
        NotCitedByEvent: The event does not cite one of the sources.
    """
    for source in (*against, *not_reached):
        if source not in event.sources:
            hint = nearest(source, event.sources) or f"it cites {', '.join(event.sources)}"
            raise NotCitedByEvent(f"the event {event.id!r} does not cite {source!r} ({hint})")
    read = [one for one in event.sources if one in (against or event.sources)]
    read = [one for one in read if one not in not_reached]
    unread = [one for one in event.sources if one in not_reached]
    return {
        "on": day,
        **({"against": read} if read else {}),
        **({"not_reached": unread} if unread else {}),
        "wording": event.wording,
    }
