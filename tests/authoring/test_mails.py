"""Mails as sources: whatever their headers contain."""

from __future__ import annotations

import datetime
import re
import time
from pathlib import Path

import pytest

from abicase.authoring.mails import MAX_BYTES, read_mail
from abicase.authoring.sources import NotCited
from abicase.source.reading import read
from conftest import ROOT, Run

MAIL = ROOT / "tests" / "authoring" / "mail.eml"
HEAD = {
    "From": b"Ada <ada@example.org>",
    "Subject": b"tea",
    "Date": b"Fri, 31 Jan 2020 23:30:00 -0800",
    "Message-ID": b"<1@example.org>",
}


def mail(body: bytes = b"", **changed: bytes | None) -> bytes:
    head = {**HEAD, **{name.replace("_", "-"): value for name, value in changed.items()}}
    lines = [name.encode() + b": " + value for name, value in head.items() if value is not None]
    return b"\n".join(lines) + b"\n\n" + body


def test_a_mail_says_who_wrote_it_and_on_which_day() -> None:
    for data in (MAIL.read_bytes(), MAIL.read_bytes().replace(b"\n", b"\r\n")):
        assert read_mail(data, "2026-01-01").fields == {
            "mail": "20200131.1@example.org",
            "subject": "[PATCH v2 1/3] pour: make the spout of käse wider",
            "author": "Zoë O'Example",
            "date": "2020-01-31",
            "checked": "2026-01-01",
            "how": "read from the mail",
        }


@pytest.mark.parametrize(
    ("changed", "name", "value"),
    [
        ({"From": b"ada@example.org"}, "author", "ada@example.org"),
        ({"From": b'"Example, Ada" <a@b.example>, x@y.example'}, "author", "Example, Ada"),
        ({"From": "Zoë <z@b.example>".encode()}, "author", "Zoë"),
        ({"From": b"Zo\xeb <z@b.example>"}, "author", "Zoë"),
        ({"Subject": b"=?no-such?Q?tea?= pot"}, "subject", "tea pot"),
        ({"Subject": b"a\ttab \x1b[1m and more"}, "subject", "a tab [1m and more"),
        ({"Date": b"1 Feb 2020 07:30 +0900 (JST)"}, "date", "2020-02-01"),
        ({"body": b"x" * (MAX_BYTES - 1000)}, "subject", "tea"),
        ({"body": b"From me 12:00\n\nFrom you"}, "subject", "tea"),
    ],
)
def test_odd_mails_are_read(changed: dict[str, bytes], name: str, value: str) -> None:
    assert read_mail(mail(**changed), "2026-01-01").fields[name] == value


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "this is not a mail"),
        (b"\x00\xff\xfe" * 99, "this is not a mail"),
        (b"just words\n", "this is not a mail"),
        (mail(Message_ID=None), "the mail has no Message-ID, which a source needs"),
        (mail(Message_ID=b"<>"), "its Message-ID is empty"),
        (mail(Message_ID=b"<a\xe9@b>"), "is not a message id"),
        (mail(From=b""), "its From is empty"),
        (mail(Subject=None), "the mail has no Subject"),
        (mail(Date=b"Frx, 99 Jan"), "its Date can't be read: 'Frx, 99 Jan'"),
        (mail(Date=b"Fri, 31 Jan 99999 23:30:00 -0800"), "its Date"),
        (mail(Subject=b"x" * 801), "its subject can't be in a record"),
        (mail(Subject=b"x" * 10_001), "its Subject has more than 10,000 characters"),
        (mail(X=b"x" * 500_000), "its headers have more than 500,000 bytes"),
        (b"x" * (MAX_BYTES + 1), "more than 10,000,000 bytes"),
        (b"From x 00:00" * 800_000, "its headers have more than"),
        (
            MAIL.read_bytes() + b"\n" + MAIL.read_bytes(),
            "this contains 2 mails; give a file with one",
        ),
    ],
)
def test_what_is_no_source(data: bytes, message: str) -> None:
    start = time.monotonic()
    with pytest.raises(NotCited, match=re.escape(message)):
        read_mail(data, "2026-01-01")
    assert time.monotonic() - start < 20


@pytest.mark.slow
def test_mails_are_added_from_files_and_by_their_ids(book: Path, run: Run) -> None:
    call = ("abicase", "source", "add", "pour")
    result = run(*call, "--mail", MAIL, "--message-id", "<known@example.org>", cwd=book)
    assert result.returncode == 0, result.stderr
    sources = read(book).entries["case", "pour"].record.sources
    assert list(sources)[-2:] == ["make-the-spout-of-kase-wider-mail", "rename-me-mail"]
    assert sources["rename-me-mail"].mail == "known@example.org"
    result = run("abicase", "check", cwd=book)
    assert result.stdout.count("sources.rename-me-mail") == 7, "five fields, the id, no use"
    assert result.stdout.count("error: placeholder") == 6
    path = book / "cases" / "pour.yml"
    before = path.read_text("utf-8")
    again = run(*call, "--mail", MAIL, "--message-id", "known@example.org", cwd=book)
    assert (again.returncode, again.stdout.count(", as the source ")) == (0, 2)
    (book.parent / "no.eml").write_text("nothing\n", encoding="utf-8")
    (book.parent / "a=b.eml").write_bytes(MAIL.read_bytes().replace(b"20200131.1@", b"20200131.2@"))
    known = ("--message-id", "a=b@example.org")
    page = ("--article", "https://example.org/?tea=hot")
    for options, status, message in (
        (["--mail", "../no.eml"], 1, "no.eml: this is not a mail"),
        (["--mail", "nowhere"], 2, "'nowhere' does not exist"),
        (["--message-id", "known"], 1, "'known' is not a message id"),
        (["--mail", MAIL, "--git", "teapot=."], 2, "name the commits with --commit"),
        (["--mail", MAIL, "--message-id", "a@b", "--id", "x"], 2, "--id is for a single source"),
        (["--mail", f"{MAIL}=Bad Id"], 2, "did you mean 'bad-id'?"),
        ([*known, "--date", "12 January"], 1, "its date: '12 January' is not a date"),
        ([*known, *page, "--author", "Bob"], 2, "--author is for a single mail or article"),
        (["--mail", MAIL, "--date", "2020"], 2, "--date is for a single mail or article"),
        ([*known, "--title", "x"], 2, "--title does not apply to a mail"),
        ([*page, "--subject", "x"], 2, "--subject does not apply to an article"),
        (["--article", "tea"], 1, "its article: "),
        ([], 2, "name what to add with --commit, --mail, --message-id or --article"),
    ):
        result = run(*call, *options, cwd=book)
        assert (result.returncode, result.stdout) == (status, "")
        assert message in " ".join(result.stderr.split())
    assert path.read_text("utf-8") == before

    assert run(*call, "--mail", "../a=b.eml=spout", cwd=book).returncode == 0
    told = ("--subject", "Re: pour: it", "--author", "Bob", "--date", "2020-01-11", "--how", "read")
    assert run(*call, *known, *told, "--id", "review", cwd=book).returncode == 0
    article = ("--title", "Tea is hot", "--publisher", "Tea Weekly", "--how", "page read")
    result = run(*call, *page, *article, cwd=book)
    assert "\n  tea-is-hot-article:\n    article: https://example.org/?tea=hot\n" in result.stdout
    again = run(*call, *page, *known, "--mail", "../a=b.eml", cwd=book)
    assert again.stdout.count(", as the source ") == 3
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    assert path.read_text("utf-8").count(f"    checked: {today}\n    how: ") == 4
    assert (
        '  review:\n    mail: a=b@example.org\n    subject: "Re: pour: it"\n    author: Bob\n'
        f"    date: 2020-01-11\n    checked: {today}\n    how: read\n"
        "  tea-is-hot-article:\n    article: https://example.org/?tea=hot\n    title: Tea is hot\n"
        f"    publisher: Tea Weekly\n    checked: {today}\n    how: page read\nevents:\n"
    ) in path.read_text("utf-8")
