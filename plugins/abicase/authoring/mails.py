"""Reading mails to cite them: a file with one mail, raw or as an mbox."""

from __future__ import annotations

import re
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import HeaderParser
from email.utils import parsedate_to_datetime

from pydantic import TypeAdapter, ValidationError

from abicase.authoring.sources import Found, NotCited
from abicase.provenance.git import as_line
from abicase.schema.case import MailSource
from abicase.schema.fields import MailId

MAX_BYTES = 10_000_000
"""The maximum size of a mail in bytes."""
_MOST_OF_HEAD = 500_000
_MOST_OF_HEADER = 10_000
_FROM_LINE = re.compile(
    rb"(?:\A|\r?\n\r?\n)From \S{1,300}[^\r\n]{0,99} \d\d:\d\d[^\r\n]{0,99}\r?\n"
)
"""The separator line before each mail of an mbox."""
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")


def read_mail(data: bytes, today: str) -> Found:
    """Read the data for a source from a mail.

    Args:
        data: The mail, with or without an mbox separator line.
        today: The date of the check.

    Returns:
        The data for the source. The date is the author's local day.

    Raises:
        NotCited: It is not a mail, or lacks data that a source needs.
    """
    if len(data) > MAX_BYTES:
        raise NotCited(f"the mail has more than {MAX_BYTES:,} bytes")
    mails = len(_FROM_LINE.findall(data))
    if mails > 1:
        raise NotCited(f"this contains {mails} mails; give a file with one")
    whole = _FROM_LINE.sub(b"", data, count=1) if _FROM_LINE.match(data) else data
    head = _END_OF_HEAD.split(whole.lstrip(b"\r\n"), maxsplit=1)[0]
    if len(head) > _MOST_OF_HEAD:
        raise NotCited(f"its headers have more than {_MOST_OF_HEAD:,} bytes")
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError:
        text = head.decode("cp1252", "replace")
    message = HeaderParser(EmailMessage, policy=policy.default).parsestr(text)
    if not any(name in message for name in ("From", "Subject", "Date", "Message-ID")):
        raise NotCited("this is not a mail: it does not begin with headers such as From and Date")
    found = {
        "mail": message_id(_header(message, "Message-ID")),
        "subject": _header(message, "Subject"),
        "author": _author(message),
        "date": _day(message),
        "checked": today,
        "how": "read from the mail",
    }
    try:
        MailSource.model_validate(found)
    except ValidationError as error:
        first = error.errors()[0]
        raise NotCited(f"its {first['loc'][0]} can't be in a record: {first['msg']}") from None
    return Found(f"the mail {found['mail']}", found)


def message_id(text: str) -> str:
    """Return a message id in the form that records use, without angle brackets.

    Raises:
        NotCited: The text is not a message id.
    """
    bare = text.strip().removeprefix("<").removesuffix(">")
    try:
        return str(TypeAdapter(MailId).validate_python(bare))
    except ValidationError as error:
        raise NotCited(error.errors()[0]["msg"]) from None


def _header(message: EmailMessage, name: str) -> str:
    """Return the text of a header, as one line."""
    raw = next((text for key, text in message.raw_items() if key.lower() == name.lower()), None)
    if raw is None:
        raise NotCited(f"the mail has no {name}, which a source needs")
    if len(raw) > _MOST_OF_HEADER:
        raise NotCited(f"its {name} has more than {_MOST_OF_HEADER:,} characters")
    try:
        text = as_line(str(message[name]))
    except (MessageError, ValueError, LookupError, TypeError, AttributeError):
        text = ""  # the header parser fails on some broken headers
    if not text:
        raise NotCited(f"its {name} is empty, or can't be read")
    return text


def _author(message: EmailMessage) -> str:
    """Return the name of the first author, or the address if there is no name."""
    text = _header(message, "From")
    addresses = message["From"].addresses
    if not addresses:
        return text
    return as_line(addresses[0].display_name) or str(addresses[0].addr_spec) or text


def _day(message: EmailMessage) -> str:
    """Return the day of a mail in its author's time zone."""
    text = _header(message, "Date")
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        raise NotCited(f"its Date can't be read: {text[:60]!r}") from None
