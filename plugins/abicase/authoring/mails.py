"""Mails, read to be cited: a file with one mail, raw or in the form of an mbox."""

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
"""The most bytes of a mail that are read."""
_MOST_OF_HEAD = 500_000
_MOST_OF_HEADER = 10_000
_FROM_LINE = re.compile(
    rb"(?:\A|\r?\n\r?\n)From \S{1,300}[^\r\n]{0,99} \d\d:\d\d[^\r\n]{0,99}\r?\n"
)
"""The line before each mail of an mbox."""
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")


def read_mail(data: bytes, today: str) -> Found:
    """Read what a source says of a mail.

    Args:
        data: The mail, with or without the first line of an mbox.
        today: The day of the check.

    Returns:
        What makes it a source. The date is the day that its author's clock showed.

    Raises:
        NotCited: It is no mail, or lacks what a source needs.
    """
    if len(data) > MAX_BYTES:
        raise NotCited(f"the mail has more than {MAX_BYTES:,} bytes")
    mails = len(_FROM_LINE.findall(data))
    if mails > 1:
        raise NotCited(f"there are {mails} mails in it; give a file with one")
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
        raise NotCited("it is no mail: it does not begin with headers such as From and Date")
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
    """A message id as records have it, without angle brackets.

    Raises:
        NotCited: It is none.
    """
    bare = text.strip().removeprefix("<").removesuffix(">")
    try:
        return str(TypeAdapter(MailId).validate_python(bare))
    except ValidationError as error:
        raise NotCited(error.errors()[0]["msg"]) from None


def _header(message: EmailMessage, name: str) -> str:
    """The text of a header, in one line."""
    raw = next((text for key, text in message.raw_items() if key.lower() == name.lower()), None)
    if raw is None:
        raise NotCited(f"the mail has no {name}, and a source needs one")
    if len(raw) > _MOST_OF_HEADER:
        raise NotCited(f"its {name} has more than {_MOST_OF_HEADER:,} characters")
    try:
        text = as_line(str(message[name]))
    except (MessageError, ValueError, LookupError, TypeError, AttributeError):
        text = ""  # the parser of headers stumbles over some that are broken
    if not text:
        raise NotCited(f"its {name} is empty, or can't be read")
    return text


def _author(message: EmailMessage) -> str:
    """The name of the first author, or the address where there is no name."""
    text = _header(message, "From")
    addresses = message["From"].addresses
    if not addresses:
        return text
    return as_line(addresses[0].display_name) or str(addresses[0].addr_spec) or text


def _day(message: EmailMessage) -> str:
    """The day of a mail in the time zone of its author."""
    text = _header(message, "Date")
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        raise NotCited(f"its Date can't be read: {text[:60]!r}") from None
