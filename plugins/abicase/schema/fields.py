"""The types of single values in a record: ids, dates, releases, links, texts.

Each parses the text that was written, or raises a ``PydanticCustomError`` whose type is a problem
code, with a hint in its context.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from abicase.problems.codes import Code

_ID = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_KINDS = r"[a-z]+"
REFERENCE = re.compile(rf"(?P<kind>{_KINDS})/(?P<id>{_ID})(?:#(?P<part>{_ID}))?")
"""``kind/id`` or ``kind/id#part``."""
LOCAL_REFERENCE = re.compile(rf"#(?P<part>{_ID})")
"""``#part``: a part of the same record."""


def rejection(code: Code, message: str, hint: str = "") -> PydanticCustomError:
    """Return an error for a validator to raise about a value."""
    # pydantic would take braces for placeholders.
    return PydanticCustomError(code, "{message}", {"message": message, "hint": hint})


# The same few ids, references and dates occur in records again and again, so results are cached
# and each is held in memory once.
_remembered = lru_cache(maxsize=65_536)


def checked(check: Callable[[str], str], schema: dict[str, Any]) -> Any:
    """Return the annotations of a string type: the check, and its JSON Schema."""
    return (AfterValidator(check), Field(json_schema_extra=schema))


def shown(text: str, most: int = 60) -> str:
    """Return a text in quotation marks for a message, truncated if it is long."""
    return repr(text if len(text) <= most else text[: most - 3] + "...")


# Markers that say what a text stands for; abicase.schema.shapes reads them


@dataclass(frozen=True, slots=True)
class RefersTo:
    """Marks a field whose value refers to something else."""

    what: str
    """A kind of record, ``lane``, ``interface``, ``tree``, ``group``, ``release``, ``tag``,
    ``source``, ``event``, ``told`` (an event of any case) or ``item``."""


class Holds(Enum):
    """Marks a field by the kind of text that it holds."""

    PROSE = auto()
    """Markdown."""
    LINE = auto()
    """Words without Markdown."""
    CODE = auto()
    """Code, whose lines are kept as they are."""
    LINK = auto()
    """A web address, or a reference instead of one."""


# Ids and references

IS_ID = re.compile(_ID)
"""The form of an id, whatever its length."""


_DEVICE = r"(?:aux|con|nul|prn|com[1-9]|lpt[1-9])"
_is_device = re.compile(_DEVICE).fullmatch


@_remembered
def _id(text: str) -> str:
    if len(text) > 40:
        raise rejection("bad-id", f"{shown(text)} has {len(text)} characters; an id has at most 40")
    if not IS_ID.fullmatch(text):
        meant = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40].strip("-")
        hint = f"did you mean {meant!r}?" if meant else "use letters, digits and hyphens"
        raise rejection("bad-id", f"{shown(text)} is not lower-case kebab-case", hint)
    if _is_device(text):
        message = f"{shown(text)} is a device name on Windows, where no file can have it"
        raise rejection("bad-id", message, f"choose a longer one, as in '{text}-device'")
    return text


Id = Annotated[str, *checked(_id, {"pattern": f"^(?!{_DEVICE}$){_ID}$", "maxLength": 40})]
"""The id of an item: lower-case kebab-case, at most 40 characters; part of a permanent address."""


@_remembered
def _reference(text: str) -> str:
    if not REFERENCE.fullmatch(text):
        raise rejection(
            "bad-reference",
            f"{shown(text)} is not a reference",
            "write kind/id, as in claim/some-claim",
        )
    return text


Reference = Annotated[
    str, *checked(_reference, {"pattern": f"^{_KINDS}/{_ID}(#{_ID})?$"}), RefersTo("item")
]
"""A reference to an item, ``kind/id`` or ``kind/id#part``."""


EventReference = Annotated[
    str, *checked(_reference, {"pattern": f"^{_KINDS}/{_ID}(#{_ID})?$"}), RefersTo("told")
]
"""A reference to an event of any case, ``case/id#event``."""


# Permalinks


def _permalink(text: str) -> str:
    if not (REFERENCE.fullmatch(text) or re.fullmatch(rf"[A-Z]/{_ID}", text)):
        hint = "write kind/id or kind/id#part, or a short address as in L/some-lesson"
        raise rejection("bad-reference", f"{shown(text)} is not the name of an item", hint)
    return text


PermalinkKey = Annotated[
    str, *checked(_permalink, {"pattern": f"^([a-z]+/{_ID}(#{_ID})?|[A-Z]/{_ID})$"})
]
"""The key of a permalink: the reference of an item, or a short address."""

_PLACE = r"(?:[A-Za-z0-9-]+/)*(?:[A-Za-z0-9-]+\.html)?(?:#[A-Za-z0-9-]+)?"


def _place(text: str) -> str:
    if not text or not re.fullmatch(_PLACE, text):
        hint = "write it from the root of the site, as in cases/some-case/#some-event"
        raise rejection("bad-link", f"{shown(text)} is not a place on the site", hint)
    return text


Place = Annotated[str, *checked(_place, {"pattern": f"^{_PLACE}$", "minLength": 1})]
"""A place on the site: a page relative to the root, without a leading slash, and an anchor."""


def _one_or_more(value: object) -> object:
    return (value,) if isinstance(value, str) else value


References = Annotated[tuple[Reference, ...], BeforeValidator(_one_or_more)]
"""One reference, or a list of them."""


# Dates


def _or(number: int | None, otherwise: int) -> int:
    return otherwise if number is None else number


@dataclass(frozen=True, slots=True)
class Day:
    """A date as precise as it is known: a day, a month or a year."""

    text: str
    """As written: YYYY-MM-DD, YYYY-MM or YYYY."""
    first: datetime.date
    """The earliest day it can mean."""
    last: datetime.date
    """The latest day it can mean."""

    @classmethod
    def parse(cls, text: object) -> Day:
        """Read a date.

        Raises:
            PydanticCustomError: The text is not a date; the error's type is the problem code.
        """
        if isinstance(text, str):
            return _day(text)
        if isinstance(text, cls):
            return text
        raise rejection("wrong-type", "a date must be a string of the form YYYY-MM-DD")

    def __str__(self) -> str:
        return self.text

    def meets(self, other: Day) -> bool:
        """Return whether both can mean the same day."""
        return self.first <= other.last and other.first <= self.last

    @property
    def order(self) -> tuple[datetime.date, datetime.date]:
        """Return a key that sorts by date, less precise dates after exact ones."""
        return (self.first, self.last)


@_remembered
def _day(text: str) -> Day:
    match = re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", text, re.ASCII)
    if not match:
        raise rejection(
            "bad-date", f"{shown(text)} is not a date", "write YYYY-MM-DD, YYYY-MM or YYYY"
        )
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    try:
        first = datetime.date(year, _or(month, 1), _or(day, 1))
    except ValueError:
        raise rejection("bad-date", f"there is no day {text}") from None
    last_month = _or(month, 12)
    last_day = _or(day, calendar.monthrange(year, last_month)[1])
    return Day(text, first, datetime.date(year, last_month, last_day))


_DAY = (  # leap years aside
    "^(?!0000)[0-9]{4}(-(0[1-9]|1[0-2])|-(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
    "|-(0[469]|11)-(0[1-9]|[12][0-9]|30)|-02-(0[1-9]|[12][0-9]))?$"
)

DayField = Annotated[
    Day,
    PlainValidator(Day.parse),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": _DAY}),
]
"""A date, as precise as it is known: YYYY-MM-DD, YYYY-MM or YYYY."""


# Numbers and flags


def written(value: object) -> str:
    """Return the type of a parsed value, in words."""
    if isinstance(value, dict):
        return "a mapping"
    return "a list" if isinstance(value, list) else "a string"


def _number(value: Any) -> int:
    if isinstance(value, int):
        return value
    if not isinstance(value, str):
        raise rejection("wrong-type", f"this must be a whole number, not {written(value)}")
    if not re.fullmatch(r"-?[0-9]{1,9}", value, re.ASCII):
        raise rejection("wrong-type", "this must be a whole number, not a string")
    return int(value)


Number = Annotated[
    int,
    PlainValidator(_number),
    WithJsonSchema({"type": "integer", "minimum": -999_999_999, "maximum": 999_999_999}),
]
"""A whole number."""


def _flag(value: Any) -> bool:
    if value not in (True, False, "true", "false"):
        raise rejection("wrong-type", f"this must be true or false, not {written(value)}")
    return value in (True, "true")


Flag = Annotated[bool, PlainValidator(_flag), WithJsonSchema({"type": "boolean"})]
"""True or false, in these words."""


# Commits, releases, mails, links


_COMMIT = "[0-9a-f]{12,40}|[0-9a-f]{64}"
is_commit = re.compile(_COMMIT).fullmatch


def commit_id(text: str) -> str:
    """Validate a commit id and return it."""
    if is_commit(text):
        return text
    if is_commit(text.lower()):
        hint = f"did you mean {text.lower()!r}?"
    elif re.fullmatch(r"[0-9a-f]+", text):
        hint = f"it has {len(text)} digits"
    else:
        hint = ""
    message = (
        f"{shown(text)} is not a commit id of 12 to 40 lower-case hexadecimal digits, or of 64"
    )
    raise rejection("bad-commit", message, hint)


CommitId = Annotated[str, *checked(commit_id, {"pattern": f"^({_COMMIT})$"})]
"""A commit id of 12 to 40 hexadecimal digits, or of 64; all digits where they are known."""

TAG = r"[A-Za-z0-9][A-Za-z0-9._+-]*"
_RELEASE = rf"(?:{_ID}/)?{TAG}"


@_remembered
def _release(text: str) -> str:
    if not re.fullmatch(_RELEASE, text):
        raise rejection(
            "bad-release", f"{shown(text)} is not a release", "write a tag, or repository/tag"
        )
    return text


Release = Annotated[str, *checked(_release, {"pattern": f"^{_RELEASE}$"}), RefersTo("release")]
"""A release: the tag in the default repository, or ``repository/tag``."""


@_remembered
def _tag(text: str) -> str:
    if not re.fullmatch(TAG, text):
        raise rejection("bad-release", f"{shown(text)} is not a tag", "write it as git names it")
    return text


TagName = Annotated[str, *checked(_tag, {"pattern": f"^{TAG}$"}), RefersTo("tag")]
"""A release tag of the repository that is named in the same place."""


_WEB = r"[!#-;=?-\[\]_a-z~]"  # printable ASCII save " < > \ ^ ` { | }
_HOST = r"[A-Za-z0-9-]"
_BRACES = r"\{[a-z_]+\}"


def _address(scheme: str, host: str, rest: str) -> str:
    # No user, and only the default port: an address must lead where it appears to lead.
    return rf"{scheme}{host}+(?:\.{host}+)+{_PORTS[scheme]}(?:[/?#]{rest}*)?"


_PORTS = {"https://": "(?::(?:0*443)?)?", "http://": "(?::(?:0*80)?)?"}
_HTTPS = _address("https://", _HOST, _WEB)
_LINK = "|".join(_address(scheme, _HOST, _WEB) for scheme in _PORTS)
_LINK_PATTERN = "|".join(
    _address(scheme, f"(?:{_HOST}|{_BRACES})", f"(?:{_WEB}|{_BRACES})") for scheme in _PORTS
)


def no_https(text: str) -> tuple[str, str]:
    """Return the message about a text that is not an https address, and a hint."""
    http = text.startswith("http://")
    hint = f"did you mean {'https://' + text[7:]!r}?" if http else ""
    return f"{shown(text)} is not an https address", hint


def is_address(text: str) -> bool:
    """Return whether a text is meant as a web address."""
    return text.startswith(("http://", "https://"))


def _link(pattern: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if len(text) > 1000 or not re.fullmatch(pattern, text):
            raise rejection("bad-link", *no_https(text))
        return text

    return check


_link_or_http = _link(_LINK)

HttpsLink = Annotated[str, *checked(_link(_HTTPS), {"pattern": f"^{_HTTPS}$", "maxLength": 1000})]
"""A web address, https only, in plain ASCII."""

Link = Annotated[
    str, *checked(_link_or_http, {"pattern": f"^({_LINK})$", "maxLength": 1000}), Holds.LINK
]
"""A web address in plain ASCII: https, or http if the casebook has ``allow_http``."""

LinkPattern = Annotated[
    str,
    *checked(_link(_LINK_PATTERN), {"pattern": f"^({_LINK_PATTERN})$", "maxLength": 1000}),
    Holds.LINK,
]
"""Such an address with placeholders in braces, such as ``{commit}``."""

_MESSAGE_ID = r"[!-;=?A-~]+@[!-;=?A-~]+"


def _mail(text: str) -> str:
    if is_address(text):
        return _link_or_http(text)
    if re.fullmatch(_MESSAGE_ID, text):
        return text
    hint = "leave out the angle brackets" if text.startswith("<") else ""
    raise rejection("bad-mail", f"{shown(text)} is not a message id", hint)


MailId = Annotated[
    str, *checked(_mail, {"pattern": f"^({_LINK}|(?!https?://){_MESSAGE_ID})$"}), Holds.LINK
]
"""A bare message id, or an address in an archive if no message id could be found."""


# Texts


def one_line_text(text: str) -> str:
    """Return a single-line text without surrounding blanks."""
    stripped = text.strip()
    if not stripped:
        raise rejection("empty-value", "the text is empty")
    if "\n" in text or "\r" in text or "\t" in text:
        raise rejection("bad-value", "the text must be on a single line")
    return stripped


ONE_LINE = {"pattern": r"^[^\n\r\t]*[^\s][^\n\r\t]*$"}

Line = Annotated[
    str, StringConstraints(max_length=800), *checked(one_line_text, ONE_LINE), Holds.LINE
]
"""Plain text on one line, without Markdown; at most 800 characters."""

Title = Annotated[
    str, StringConstraints(max_length=120), *checked(one_line_text, ONE_LINE), Holds.LINE
]
"""A title: plain text on one line, without Markdown; at most 120 characters."""

Headline = Annotated[
    str, StringConstraints(max_length=160), *checked(one_line_text, ONE_LINE), Holds.LINE
]
"""A headline: plain text on one line, without Markdown; at most 160 characters."""

Label = Annotated[
    str, StringConstraints(max_length=60), *checked(one_line_text, ONE_LINE), Holds.LINE
]
"""A label in a drawing: plain text on one line, without Markdown; at most 60 characters."""


def _prose(text: str) -> str:
    stripped = text.strip()
    if not stripped:
        raise rejection("empty-value", "the text is empty")
    return stripped


Prose = Annotated[
    str, StringConstraints(max_length=8000), *checked(_prose, {"pattern": r"[^\s]"}), Holds.PROSE
]
"""Markdown as supported by :mod:`abicase.text.markup`; at most 8,000 characters."""


def snippet(text: str) -> str:
    """Return code without trailing blanks; reject it if it is empty."""
    lines = [line.rstrip() for line in text.strip("\n").split("\n")]
    code = "\n".join(lines).rstrip()
    if not code.strip():
        raise rejection("empty-value", "the text is empty")
    return code


Snippet = Annotated[
    str, StringConstraints(max_length=2000), *checked(snippet, {"pattern": r"[^\s]"}), Holds.CODE
]
"""A few lines of code, kept as written; at most 2,000 characters."""
