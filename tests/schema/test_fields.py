from __future__ import annotations

import datetime
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from abicase.schema import fields
from abicase.schema.fields import Day


def typed(kind: Any, text: str) -> Any:
    return TypeAdapter(kind).validate_python(text)


def rejected(kind: Any, text: str) -> tuple[str, str]:
    """Return the code and the hint with which a text is rejected."""
    with pytest.raises(ValidationError) as caught:
        typed(kind, text)
    error = caught.value.errors()[0]
    return error["type"], error.get("ctx", {}).get("hint", "")


@pytest.mark.parametrize("text", ["perf", "io-uring", "v2", "2fast"])
def test_ids(text: str) -> None:
    assert typed(fields.Id, text) == text


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("IO_uring", "did you mean 'io-uring'?"),
        ("a--b", "did you mean 'a-b'?"),
        ("-a", "did you mean 'a'?"),
        ("../../etc", "did you mean 'etc'?"),
        ("é", "use letters, digits and hyphens"),
        ("a" * 41, ""),
        ("perf\n", "did you mean 'perf'?"),
    ],
)
def test_ids_rejected(text: str, hint: str) -> None:
    assert rejected(fields.Id, text) == ("bad-id", hint)


def test_dates_as_far_as_they_are_known() -> None:
    assert typed(fields.DayField, "2009-06-12") == Day(
        "2009-06-12", datetime.date(2009, 6, 12), datetime.date(2009, 6, 12)
    )
    assert typed(fields.DayField, "2008-02").last == datetime.date(2008, 2, 29)
    assert typed(fields.DayField, "2008").last == datetime.date(2008, 12, 31)
    assert str(typed(fields.DayField, "2008")) == "2008"


@pytest.mark.parametrize(
    "text",
    [
        "2009-02-30",
        "2009-13",
        "2009-00",
        "2009-05-00",
        "20090612",
        "12.6.2009",
        "2009-6-1",
        "0000",
        "٢٠٠٩",
        "2009 ",
    ],
)
def test_dates_rejected(text: str) -> None:
    assert rejected(fields.DayField, text)[0] == "bad-date"


def test_dates_sort_by_time() -> None:
    days = [typed(fields.DayField, text) for text in ("2009-06", "2009-06-01", "2008", "2009-07")]
    assert [str(day) for day in sorted(days, key=lambda day: day.order)] == [
        "2008",
        "2009-06-01",
        "2009-06",
        "2009-07",
    ]


def test_commit_ids() -> None:
    assert typed(fields.CommitId, "974802eaa1af")
    assert typed(fields.CommitId, "0" * 40)
    assert rejected(fields.CommitId, "974802eaa1a") == ("bad-commit", "it has 11 digits")
    assert rejected(fields.CommitId, "974802EAA1AF") == (
        "bad-commit",
        "did you mean '974802eaa1af'?",
    )
    assert rejected(fields.CommitId, "0" * 41)[0] == "bad-commit"


@pytest.mark.parametrize(
    "text", ["https://lwn.net/Articles/1/", "https://a.example/x?y=1&z=2#f", "https://a.example"]
)
def test_links(text: str) -> None:
    assert typed(fields.HttpsLink, text) == text


@pytest.mark.parametrize(
    "text",
    [
        "http://lwn.net/",
        "javascript:alert(1)",
        "data:text/html,x",
        "//lwn.net/",
        "https://user@lwn.net/",
        "https://user:secret@lwn.net/",
        "https://lwn.net:8080/",
        "https://localhost/",
        "https://lwn.net/\"onclick=x",
        "https://lwn.net/<b>",
        "https://lwn.net/ x",
        "https://lwn.net\\@evil.example/",
        "https://[::1]/",
        "https://",
        "HTTPS://LWN.NET",
        "https://lwn.net:x/",
        "",
    ],
)  # fmt: skip
def test_links_rejected(text: str) -> None:
    assert rejected(fields.HttpsLink, text)[0] == "bad-link"


def test_http_has_a_hint() -> None:
    assert rejected(fields.HttpsLink, "http://lwn.net/")[1] == "did you mean 'https://lwn.net/'?"


def test_mails() -> None:
    assert typed(fields.MailId, "Y5C/4H7Ettg/DcRz@infradead.org")
    assert typed(fields.MailId, "https://www.spinics.net/lists/kvm/msg58619.html")
    assert rejected(fields.MailId, "<a@b>") == ("bad-mail", "leave out the angle brackets")
    assert rejected(fields.MailId, "a b@c")[0] == "bad-mail"
    assert typed(fields.MailId, "http://a.example/"), "whether it may be is a rule's"
    assert rejected(fields.MailId, "http://user@a.example/")[0] == "bad-link"


def test_releases() -> None:
    assert typed(fields.Release, "v2.6.31")
    assert typed(fields.Release, "qemu/v2.1.0")
    assert rejected(fields.Release, "v2 6")[0] == "bad-release"
    assert rejected(fields.TagName, "qemu/v2.1.0")[0] == "bad-release"


def test_references() -> None:
    assert typed(fields.Reference, "case/perf#attr-size")
    assert rejected(fields.Reference, "perf#attr-size")[0] == "bad-reference"


def test_lines_and_texts() -> None:
    assert typed(fields.Line, " x ") == "x"
    assert rejected(fields.Line, "a\nb")[0] == "bad-value"
    assert rejected(fields.Prose, " \n")[0] == "empty-value"
    assert rejected(fields.Title, "x" * 121)[0] == "string_too_long"
