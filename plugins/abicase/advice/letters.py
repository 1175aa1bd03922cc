"""Replies to patches, with lines quoted and questions below them, to edit and send."""

from __future__ import annotations

from collections.abc import Sequence
from email import policy
from email.errors import MessageError
from email.parser import HeaderParser
from itertools import groupby

from abicase.advice.review import Advice
from abicase.authoring.series import Patch, Series
from abicase.provenance.git import as_line
from abicase.render.environment import Environment

_TEMPLATE = "advice.txt.jinja"


def letters(advice: Sequence[Advice], series: Series) -> str:
    """Write a reply with headers for a mailer to each patch for which there is advice.

    The advice is in the order of the patches.
    """
    template = Environment().plain().get_template(_TEMPLATE)
    written = []
    for number, of_patch in groupby(advice, key=lambda one: one.patch):
        head = _head(series.patches[number])
        places = [list(group) for _, group in groupby(of_patch, key=lambda one: one.place[:2])]
        written.append(template.render(head=head, places=places))
    return "\n".join(written)


def _head(patch: Patch) -> dict[str, str]:
    """Return the headers of a mail that a reply needs; empty if the patch has none."""
    try:
        message = HeaderParser(policy=policy.default).parsestr(patch.message)
        return {
            name.lower(): as_line(str(message.get(name, "")))
            for name in ("From", "Subject", "Message-ID")
        }
    except (MessageError, ValueError, IndexError, AttributeError, TypeError):
        return {"from": "", "subject": "", "message-id": ""}  # malformed headers
