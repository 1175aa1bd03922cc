"""`abicase check --mbox`: patches from mails, made by git itself, and compared with `git am`."""

from __future__ import annotations

import base64
import gzip
import mailbox
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest

from abicase.authoring.patches import Patched, patched
from abicase.authoring.series import MAX_BYTES, NoPatch
from conftest import SMALL, Run, without_git

pytestmark = pytest.mark.slow

ENVIRONMENT = {
    **without_git(),
    "GIT_AUTHOR_NAME": "Ada Example",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada Example",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


def git(folder: Path, *arguments: str) -> str:
    result = subprocess.run(
        ["git", *arguments], cwd=folder, env=ENVIRONMENT, capture_output=True, check=True
    )
    return result.stdout.decode()  # with the ends of lines that git wrote


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a repository with the small casebook in the folder ``records``."""
    top = tmp_path / "top"
    shutil.copytree(SMALL, top / "records")
    (top / "README").write_text("hello\n", encoding="utf-8")
    git(top, "init", "-q", "-b", "main")
    git(top, "add", ".")
    git(top, "commit", "-q", "-m", "Begin")
    return top


def mails(top: Path, *edits: tuple[str, str, str]) -> str:
    """Return a mail for each change to a file, and restore the repository."""
    for file, old, new in edits:
        path = top / file
        text = path.read_text("utf-8") if path.exists() else ""
        assert old in text
        path.write_text(text.replace(old, new) if old else new, encoding="utf-8")
        git(top, "add", ".")
        git(top, "commit", "-q", "-m", f"Änder {file}\n\n--- a/not/a/patch\nFrom here on.")
    box = git(top, "format-patch", "--stdout", f"HEAD~{len(edits)}")
    git(top, "reset", "-q", "--hard", f"HEAD~{len(edits)}")
    return box


POUR = "records/cases/pour.yml"


def test_problems_of_the_patched_files(repository: Path, run: Run) -> None:
    box = mails(
        repository,
        (POUR, "kind: merge", "kind: mergers"),
        ("README", "hello", "hello again"),
        ("records/lessons/stir.yml", "", "id: stirr\n"),
    )
    (repository / "box").write_text(box, encoding="utf-8")
    before = git(repository, "status", "--porcelain", "--ignored")
    for cwd, records in ((repository, "records"), (repository / "records", ".")):
        result = run(
            "abicase", "check", "--mbox", repository / "box", "--records", records, cwd=cwd
        )
        assert result.returncode == 1
        prefix = "records/" if records == "records" else ""
        lines = result.stdout.splitlines()
        assert lines[0].startswith(
            f"{prefix}cases/pour.yml:67:11: error: unknown-word: events[merged].kind:"
        )
        assert any(
            line.startswith(f"{prefix}lessons/stir.yml:1:1: error: missing-field") for line in lines
        )
        assert "Traceback" not in result.stderr
    assert git(repository, "status", "--porcelain", "--ignored") == before, "nothing is touched"


def test_a_good_patch(repository: Path, run: Run) -> None:
    box = mails(repository, (POUR, "It was merged.", "It was merged in spring. Ä"))
    (repository / "records" / "claims" / "broken.yml").write_text("id: [", encoding="utf-8")
    encoded = base64.encodebytes(box[box.index("diff --git") :].encode()).decode()
    whole = f"From: a@example.org\nSubject: x\nContent-Type: text/x-patch; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{encoded}"
    for text in (box, box.replace("\n", "\r\n"), box[box.index("diff --git") :], whole):
        (repository / "box").write_bytes(text.encode())
        result = run("abicase", "check", "--mbox", "box", "--records", "records", cwd=repository)
        assert (result.returncode, result.stdout) == (0, "No problems.\n"), result.stderr


def test_what_a_patch_breaks_elsewhere(repository: Path, run: Run) -> None:
    (repository / "box").write_text(
        mails(repository, (POUR, "  - id: merged\n", "  - id: merging\n")), encoding="utf-8"
    )
    result = run("abicase", "check", "--mbox", "box", "--records", "records", cwd=repository)
    assert [line.split(": ")[0] for line in result.stdout.splitlines()] == [
        "records/claims/faster.yml:4:35"
    ]


def test_a_patch_that_does_not_apply(repository: Path, run: Run) -> None:
    box = mails(repository, (POUR, "It was merged.", "It was merged in spring."))
    path = repository / POUR
    path.write_text(
        path.read_text("utf-8").replace("It was merged.", "It went in."), encoding="utf-8"
    )
    (repository / "box").write_text(box, encoding="utf-8")
    result = run("abicase", "check", "--mbox", "box", "--records", "records", cwd=repository)
    assert result.stdout == (
        "records/cases/pour.yml:67:1: error: patch: the mail ([PATCH] Änder records/cases/pour.yml)"
        " does not apply here\n"
    )
    path.unlink()
    result = run("abicase", "check", "--mbox", "box", "--records", "records", cwd=repository)
    assert (
        "records/cases/pour.yml:1:1: error: patch: the mail ([PATCH] Änder records/cases/pour.yml)"
        " does not apply: No such file" in result.stdout
    )
    assert result.returncode == 1


NEW = "diff --git a/{0} b/{0}\nnew file mode {1}\nindex 0000000..1111111\n--- /dev/null\n+++ b/{0}\n@@ -0,0 +1 @@\n+{2}\n"


@pytest.mark.parametrize(
    ("patch", "message"),
    [
        (NEW.format("records/cases/x.yml", "120000", "/etc/passwd"), "the patch adds a symbolic link"),
        (NEW.format("records/lib", "160000", "Subproject commit " + "1" * 40), "adds a symbolic link or a nested repository"),
        (NEW.format("records/../../x.yml", "100644", "id: x"), "can't be applied: invalid path 'records/../../x.yml'"),
        (NEW.format("records/../x.yml", "100644", "id: x"), "can't be applied: invalid path 'records/../x.yml'"),
        (NEW.format("records/.git/config", "100644", "id: x"), "can't be applied: invalid path"),
        (NEW.format("../x.yml", "100644", "id: x"), "changes no file in records, but ../x.yml"),
        ("--- /dev/null\n+++ b/records/../../x.yml\n@@ -0,0 +1 @@\n+id: x\n", "can't be applied: "),
        ("--- /dev/null\n+++ b//tmp/abicase-x.yml\n@@ -0,0 +1 @@\n+id: x\n", "changes no file in records"),
        (f"diff --git a/{POUR} b/{POUR}\nindex 1111111..2222222 100644\nGIT binary patch\nliteral 0\nHcmV?d00001\n\n", "turns records/cases/pour.yml into binary data"),
        (f"diff --git a/{POUR} b/{POUR}\nindex 1111111..2222222 100644\nGIT binary patch\nliteral 4000000000\nHcmV?d00001\n\n", "more than 10,000,000 bytes"),
        (f"diff --git a/{POUR} b/{POUR}\nindex 1111111..2222222 100644\nGIT binary patch\nliteral {'4' * 5000}\nHcmV?d00001\n\n", "can't be applied"),
        (f"diff --git a/{POUR} b/{POUR}\n--- a/{POUR}\n+++ b/{POUR}\n@@ -1,9 +1,9 @@\n-id: pour\n", "can't be applied: corrupt patch at line 6"),
        (f"--- a/{POUR}\n+++ b/{POUR}\n@@ nonsense\n", "box contains no patch"),
        ("Subject: hello\n\nNo patch.\n", "box contains no patch"),
        ("", "box contains no patch"),
        ("diff --git a/README b/README\n--- a/README\n+++ b/README\n@@ -1 +1 @@\n-hello\n+x\n", "changes no file in records, but README"),
        ("diff --git " + "a " * 400_000 + "\n", "box contains no patch"),
        ("Subject: " + "[" * 400_000 + "\n\nhello\n", "box contains no patch"),
        ("From a@example.org Mon Sep 17 00:00:00 2001\n\nx\n" * 1_001, "more than 1,000 mails"),
        ("a" * 10_000_001, "more than 10,000,000 bytes"),
    ],
)  # fmt: skip
def test_hostile_patches(repository: Path, run: Run, patch: str, message: str) -> None:
    (repository / "box").write_text(patch, encoding="utf-8")
    before = sorted(repository.rglob("*"))
    outside = sorted(path.name for path in repository.parent.iterdir())
    result = run("abicase", "check", "--mbox", "box", "--records", "records", cwd=repository)
    assert result.returncode in (1, 2)
    assert message in result.stdout + result.stderr
    assert "Traceback" not in result.stderr
    assert sorted(repository.rglob("*")) == before
    assert sorted(path.name for path in repository.parent.iterdir()) == outside
    assert not Path("/tmp/abicase-x.yml").exists()


# As git am


def am(top: Path, given: Path, *options: str) -> dict[str, tuple[bytes, bool]] | None:
    """Return the records as `git am` leaves them in a clone; None if it stops."""
    clone = top.parent / "clone"
    shutil.rmtree(clone, ignore_errors=True)
    git(top.parent, "clone", "-q", str(top), str(clone))
    command = ["git", "am", "-q", "--empty=drop", *options, str(given)]
    result = subprocess.run(command, cwd=clone, env=ENVIRONMENT, capture_output=True, check=False)
    return files(clone / "records") if result.returncode == 0 else None


def files(root: Path) -> dict[str, tuple[bytes, bool]]:
    """Return the contents of YAML files, and whether they are executable."""
    return {
        path.relative_to(root).as_posix(): (path.read_bytes(), bool(path.stat().st_mode & 0o100))
        for path in root.rglob("*.yml")
    }


def here(top: Path, *given: Path) -> tuple[dict[str, tuple[bytes, bool]], Patched]:
    """Return the records as the patches leave them in the copy."""
    before = {path: path.read_bytes() for path in top.rglob("*") if path.is_file()}
    mails = {path.name: path if path.is_dir() else path.read_bytes() for path in given}
    with patched(mails, top / "records") as made:
        assert not made.problems, made.problems
        assert not any(path.is_symlink() for path in made.root.rglob("*"))
        after = files(made.root)
    assert not made.root.exists()
    assert {path: path.read_bytes() for path in top.rglob("*") if path.is_file()} == before
    return after, made


def append(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"# more\n")


@pytest.fixture
def edited(repository: Path) -> Path:
    """Return a repository whose branch ``edits`` has three commits with all kinds of changes."""
    records = repository / "records"
    (repository / "docs").mkdir()
    (repository / "docs" / "template.yml").write_text("id: template\ntitle: Ä\n", encoding="utf-8")
    (repository / "docs" / "picture.png").write_bytes(bytes(range(256)) * 9)
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "Begin again")
    git(repository, "checkout", "-q", "-b", "edits")
    pour = repository / POUR
    pour.write_text(
        pour.read_text("utf-8").replace(
            "It was merged.", "Es gieße = in Fluß: " + "lang " * 30 + "end."
        ),
        encoding="utf-8",
    )
    (records / "claims" / "leer.yml").touch()
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "Änder\n\nThis is a message.\n\n>From here on: Ä\n")
    git(repository, "mv", "records/patterns/apart.yml", "records/patterns/aside.yml")
    git(repository, "mv", "docs/template.yml", "records/claims/from outside.yml")
    git(repository, "mv", "records/axes/speed.yml", "docs/speed.yml")
    git(repository, "mv", "records/cases/steep.yml", 'records/cases/wörter "quoted".yml')
    steep = records / "cases" / 'wörter "quoted".yml'
    steep.write_text(steep.read_text("utf-8") + "# the end\n", encoding="utf-8")
    git(repository, "commit", "-qam", "Move")
    shutil.copy(records / "patterns" / "together.yml", records / "patterns" / "copied.yml")
    append(records / "patterns" / "together.yml")
    (records / "pairs" / "pour-vs-steep.yml").unlink()
    (records / "claims" / "faster.yml").chmod(0o755)
    (repository / "docs" / "picture.png").write_bytes(bytes(range(255)) * 9)
    append(repository / "docs" / "speed.yml")
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "Rest")
    git(repository, "checkout", "-q", "main")
    return repository


FORMATS = {
    "plain": (),
    "copies": ("-M", "-C", "-C", "--find-copies-harder"),
    "no renames": ("--no-renames",),
    "attached": ("--attach",),
    "inline": ("--inline",),
    "in a thread, with a cover letter": ("--cover-letter", "--thread", "-v2"),
    "rfc": ("--rfc",),
    "whole ids": ("--full-index",),
    "mnemonic": ("--src-prefix=i/", "--dst-prefix=w/"),
    "much context": ("-U50", "--stat", "--summary"),
    "little around": ("-U1", "--no-stat"),
    "signed off": ("--signature=What -- >8 -- ---", "--base=main"),
}


@pytest.mark.parametrize("options", FORMATS.values(), ids=FORMATS)
def test_what_format_patch_makes(edited: Path, options: tuple[str, ...]) -> None:
    box = edited.parent / "box"
    box.write_text(git(edited, "format-patch", "--stdout", *options, "main..edits"), "utf-8")
    accepted = am(edited, box)
    git(edited, "checkout", "-q", "edits")
    expected = files(edited / "records")
    git(edited, "checkout", "-q", "main")
    got, made = here(edited, box)
    assert accepted == expected
    assert got == expected
    touched = {Path(name).name for name in made.touched}
    assert touched >= {
        "leer.yml",
        "apart.yml",
        "aside.yml",
        "from outside.yml",
        "speed.yml",
        "faster.yml",
    }
    assert [note for note in made.notes if "0/3] *** SUBJECT" in note] == made.notes
    assert bool(made.notes) == ("--cover-letter" in options)


def test_without_prefixes(edited: Path) -> None:
    box = edited.parent / "box"
    git(edited, "checkout", "-q", "edits")
    expected = files(edited / "records")
    git(edited, "checkout", "-q", "main")
    for options in (("--no-prefix",), ("--no-prefix", "-C", "-C")):
        box.write_text(git(edited, "format-patch", "--stdout", *options, "main..edits"), "utf-8")
        assert am(edited, box, "-p0") == expected
        assert here(edited, box)[0] == expected
        box.write_text(git(edited, "diff", *options, "main..edits"), "utf-8")
        assert here(edited, box)[0] == expected
    for number, commit in enumerate(git(edited, "rev-list", "--reverse", "main..edits").split()):
        path = edited.parent / f"{number}.patch"
        path.write_text(
            git(edited, "format-patch", "--stdout", "--no-prefix", "-1", commit), "utf-8"
        )
    assert here(edited, *sorted(edited.parent.glob("*.patch")))[0] == expected


def recoded(charset: str, encoding: str, **more: str) -> Callable[[bytes], bytes]:
    """Functions that reencode a mail as mail programs do, with the same text."""

    def recode(data: bytes) -> bytes:
        mail = BytesParser(policy=policy.default).parsebytes(data.partition(b"\n")[2])
        text = data.partition(b"\n\n")[2].decode()
        new = EmailMessage()
        for name in ("From", "Subject", "Date"):
            new[name] = str(mail[name])
        new["Message-ID"] = "<1@example.org>"
        if more.get("format") == "flowed":  # lines are stuffed, and long ones broken
            text = re.sub(r"^(?=[ >]|From )", " ", text, flags=re.MULTILINE)
            text = re.sub(r"^(.{60,}? )(?=.)", r"\1\n", text, flags=re.MULTILINE)
            text = text.replace("\n-- \n", "\n-- \n")
        new.set_content(text.encode(charset), "text", "plain", cte=encoding)
        new.set_param("charset", charset)
        for name, value in more.items():
            new.set_param(name, value)
        return b"From a@example.org Mon Sep 17 00:00:00 2001\n" + new.as_bytes(
            policy=policy.default.clone(max_line_length=0)
        )

    return recode


def in_parts(data: bytes) -> bytes:
    """Return the patch as an attachment of a generic type, below words and above a footer."""
    new = EmailMessage()
    new["From"], new["Subject"] = "Ada <a@example.org>", "my patch"
    new.set_content("Hello,\n\nhere it is.\n")
    patch = data.partition(b"\n")[2]
    new.add_attachment(patch, "application", "octet-stream", filename="0001-x.patch")
    new.add_attachment("the footer of a list\n")
    return b"From a@example.org Mon Sep 17 00:00:00 2001\n" + new.as_bytes()


def scissors(data: bytes) -> bytes:
    head, body = data.split(b"\n\n", 1)
    return head + b"\n\nWhat about this?\n\n> no, thanks\n\n---\n\n-- >8 --\nSubject: x\n\n" + body


MAILS: dict[str, Callable[[bytes], bytes]] = {
    "quoted-printable": recoded("utf-8", "quoted-printable"),
    "base64": recoded("utf-8", "base64"),
    "8bit": recoded("utf-8", "8bit"),
    "flowed": recoded("utf-8", "8bit", format="flowed"),
    "flowed, quoted-printable": recoded("utf-8", "quoted-printable", format="flowed"),
    "in parts": in_parts,
    "scissors": scissors,
    "crlf": lambda data: data.replace(b"\n", b"\r\n"),
    "mboxrd": lambda data: re.sub(
        b"^(>*From )(?!a@|[0-9a-f]{40} )", rb">\1", data, flags=re.MULTILINE
    ),
    "one mail without a From line": lambda data: data.partition(b"\n")[2],
    "empty lines above": lambda data: b"\n\n" + data,
}


@pytest.mark.parametrize("make", MAILS.values(), ids=MAILS)
def test_what_mail_programs_make(edited: Path, make: Callable[[bytes], bytes]) -> None:
    box = edited.parent / "box"
    mail = git(edited, "format-patch", "--stdout", "-1", "edits~2").encode()
    made = make(mail)
    assert made != mail
    box.write_bytes(made)
    git(edited, "checkout", "-q", "edits~2")
    expected = files(edited / "records")
    git(edited, "checkout", "-q", "main")
    assert am(edited, box) == expected
    assert here(edited, box)[0] == expected


@pytest.mark.parametrize("make", [recoded("iso-8859-1", "8bit"), recoded("cp1252", "base64")])
def test_another_charset(edited: Path, make: Callable[[bytes], bytes], run: Run) -> None:
    """Git converts the text around a patch but not the patch itself, so the records report it."""
    box = edited / "box"
    (edited / POUR).write_bytes((edited / POUR).read_bytes().replace(b"It was merged.", b"Plain."))
    git(edited, "commit", "-qam", "Ärger")
    box.write_bytes(make(git(edited, "format-patch", "--stdout", "-1").encode()))
    git(edited, "reset", "-q", "--hard", "HEAD~1")
    assert am(edited, box) == here(edited, box)[0]

    box.write_bytes(make(git(edited, "format-patch", "--stdout", "-1", "edits~2").encode()))
    expected = am(edited, box)
    assert expected is not None
    assert here(edited, box)[0] == expected
    result = run("abicase", "check", "--mbox", "box", "-r", "records", cwd=edited)
    assert result.returncode == 1
    assert re.match(
        r"records/cases/pour.yml:\d+:17: error: encoding: byte 0xdf is not valid UTF-8",
        result.stdout,
    )


def test_a_thread(edited: Path, run: Run) -> None:
    """Replies and cover letters are ignored; other mails without a patch are reported."""
    box = edited / "box"
    whole = git(edited, "format-patch", "--stdout", "--cover-letter", "main..edits")
    start = "From a@example.org Mon Sep 17 00:00:00 2001\nFrom: A <a@example.org>\nSubject: "
    diff = git(edited, "diff", "main..edits", "--", "records")
    other = f"{start}AW: [PATCH 2/3] Move\n\nGood.\n\n"
    reply = f"{start}Re: [PATCH 2/3] Move\n\n> ---\n> {diff.replace(chr(10), chr(10) + '> ')}\n\nGood.\n---\nA\n"
    cover = f"{start}[PATCH 0/3] Why\n\nAt first:\n---\n at last\n\n-- >8 --\n\nSo be it.\n\n"
    box.write_text(reply + cover + whole + reply + other, encoding="utf-8")
    got, made = here(edited, box)
    git(edited, "checkout", "-q", "edits")
    assert got == files(edited / "records")
    git(edited, "checkout", "-q", "main")
    assert len(made.notes) == 1
    assert "mail 1 of 8 (Re: [PATCH 2/3] Move), mail 2 of 8 ([PATCH 0/3] Why)" in made.notes[0]
    assert made.notes[0].endswith(" and 2 more")

    html = "\nContent-Type: text/html\n\n<p>diff --git a/README b/README</p>\n\n"
    box.write_text(f"{start}[RFC PATCH v2 2/3] hidden{html}{whole}", encoding="utf-8")
    result = run("abicase", "check", "--mbox", "box", "-r", "records", cwd=edited)
    assert (result.returncode, result.stdout) == (
        1,
        "box:1:1: error: patch: mail 1 of 5 ([RFC PATCH v2 2/3] hidden) contains no patch,"
        " though its subject says so; was it sent as plain text?\n",
    )


def test_gzip_maildir_input_and_several(edited: Path, run: Run) -> None:
    whole = git(edited, "format-patch", "--stdout", "main..edits").encode()
    git(edited, "checkout", "-q", "edits")
    expected = files(edited / "records")
    git(edited, "checkout", "-q", "main")
    box = edited.parent / "box.mbox.gz"
    box.write_bytes(gzip.compress(whole[:5000]) + gzip.compress(whole[5000:]))
    assert here(edited, box)[0] == expected

    folder = mailbox.Maildir(str(edited.parent / "maildir"))
    mails = re.split(rb"^From [0-9a-f]{40} .*\n", whole, flags=re.MULTILINE)[1:]
    for number, mail in enumerate(mails):
        path = edited.parent / "maildir" / "new" / folder.add(mail)
        path.rename(path.with_name(f"{number}.x"))
    assert am(edited, edited.parent / "maildir") == expected
    assert here(edited, edited.parent / "maildir")[0] == expected
    git(edited, "format-patch", "-q", "-o", str(edited.parent / "each"), "main..edits")
    each = sorted((edited.parent / "each").iterdir())
    assert here(edited, *each)[0] == expected

    cases: dict[str, tuple[bytes, str]] = {
        "cut": (gzip.compress(whole)[:-50], "can't be decompressed: Compressed file ended before"),
        "odd": (b"\x1f\x8b" + whole, "can't be decompressed: "),
        "bomb": (gzip.compress(b"a" * (MAX_BYTES + 1)), "has more than 10,000,000 bytes"),
    }
    for name, (data, message) in cases.items():
        with pytest.raises(NoPatch, match=message):
            here(edited, _written(edited.parent / name, data))
    (edited.parent / "empty").mkdir()
    with pytest.raises(NoPatch, match="empty is a folder without mails; a Maildir has some in cur"):
        here(edited, edited.parent / "empty")
    options = [text for path in each for text in ("--mbox", str(path))]
    result = run("abicase", "check", *options, "-r", "records", cwd=edited)
    assert "id-is-not-file-name" in result.stdout
    result = run("abicase", "check", "--mbox", "nowhere", "-r", "records", cwd=edited)
    assert result.returncode == 2
    command = f"'{Path(sys.executable).with_name('abicase')}' check --mbox - -r records"
    for redirection, message in {
        f"< '{box}'": "id-is-not-file-name",
        "<&-": "standard input can't be read",
    }.items():
        shell = subprocess.run(
            ["sh", "-c", f"{command} {redirection}"],
            cwd=edited,
            capture_output=True,
            text=True,
            check=False,
        )
        assert shell.returncode == (1 if "<&" not in redirection else 2), shell.stderr
        assert message in shell.stdout + shell.stderr
        assert "Traceback" not in shell.stderr


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_what_is_in_the_way_elsewhere(edited: Path) -> None:
    """Changes outside the records need not apply; the records are checked anyway."""
    git(edited, "checkout", "-q", "edits")
    expected = files(edited / "records")
    (edited / "docs" / "notes.txt").write_text("hello\n", encoding="utf-8")
    (edited / "README").write_text("hello again\n", encoding="utf-8")
    git(edited, "add", ".")
    git(edited, "commit", "-qm", "More")
    git(edited, "checkout", "-q", "main")
    (edited / "docs" / "notes.txt").write_text("in the way\n", encoding="utf-8")
    (edited / "docs" / "picture.png").unlink()
    (edited / "README").unlink()
    for kind in (("diff",), ("format-patch", "--stdout"), ("diff", "--no-prefix")):
        box = _written(edited.parent / "box", git(edited, *kind, "main..edits").encode())
        got, made = here(edited, box)
        assert got == expected
        assert len(made.notes) == 1
        assert "does not apply outside of the records: README: No such file" in made.notes[0]

    git(edited, "checkout", "-q", "README")
    (edited / "docs" / "speed.yml").write_text("in the way\n", encoding="utf-8")
    with patched({"box": box.read_bytes()}, edited / "records") as made:
        assert [problem.message for problem in made.problems] == [
            "the patch can't be applied: docs/speed.yml: already exists in working directory"
        ]


def test_a_checkout_with_other_ends_of_lines(edited: Path, run: Run) -> None:
    git(edited, "checkout", "-q", "edits")
    expected = files(edited / "records")
    git(edited, "checkout", "-q", "main")
    whole = git(edited, "format-patch", "--stdout", "main..edits").encode()
    git(edited, "config", "core.autocrlf", "true")
    for name in git(edited, "ls-files", "-z").split("\0")[:-1]:
        (edited / name).unlink()
    git(edited, "checkout", "-q", ".")
    assert b"\r\n" in (edited / POUR).read_bytes()
    for data in (whole, whole.replace(b"\n", b"\r\n")):
        assert here(edited, _written(edited.parent / "box", data))[0] == expected


def test_nobodys_configuration_counts(
    edited: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = _written(
        edited.parent / "box", git(edited, "format-patch", "--stdout", "main..edits").encode()
    )
    plain, _ = here(edited, box)
    home = edited.parent / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(
        "[core]\n autocrlf = true\n[apply]\n whitespace = error\n[mailinfo]\n scissors = true\n"
        "[i18n]\n commitEncoding = latin1\n[alias]\n apply = !false\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_DIR", str(edited / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(edited / ".git" / "other"))
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert here(edited, box)[0] == plain


def test_outside_of_a_repository(edited: Path, tmp_path: Path) -> None:
    box = _written(
        edited.parent / "box", git(edited, "format-patch", "--stdout", "-1", "edits~2").encode()
    )
    expected, _ = here(edited, box)
    folder = tmp_path / "elsewhere"
    shutil.copytree(edited / "records", folder / "records")
    assert here(folder, box)[0] == expected


@pytest.mark.parametrize("place", [".", "a [b]*?/wörter", "deep/casestudies"])
def test_wherever_the_records_are(edited: Path, place: str) -> None:
    """Patches apply at the root of a repository, and in a folder whose name is a git pattern."""
    top = edited.parent / "other"
    root = top / place
    shutil.copytree(edited / "records", root, dirs_exist_ok=True)
    (top / "README").write_text("hello\n", encoding="utf-8")
    git(top, "init", "-q", "-b", "main")
    git(top, "add", ".")
    git(top, "commit", "-qm", "Begin")
    git(top, "checkout", "-q", "-b", "edits")
    git(top, "mv", f"{place}/axes/speed.yml", "speed [x]*.txt")
    (root / "claims" / "leer.yml").touch()
    (top / "README").write_text("hello again\n", encoding="utf-8")
    git(top, "add", ".")
    git(top, "commit", "-qm", "Change")
    expected = files(root)
    git(top, "checkout", "-q", "main")
    for options in ((), ("--no-prefix",)):
        mail = git(top, "format-patch", "--stdout", *options, "main..edits").encode()
        with patched({"box": mail}, root) as made:
            assert not made.problems
            assert files(made.root) == expected
    if place != ".":
        (top / "README").unlink()  # is in the way, so that the records alone are patched
        with patched({"box": mail}, root) as made:
            assert not made.problems
            assert files(made.root) == expected


def test_what_is_no_record_stays_what_it_is(edited: Path, run: Run) -> None:
    """Links and the like are not reported again, and do not end the command."""
    mail = git(edited, "format-patch", "--stdout", "-1", "edits~2")
    (edited / "box").write_text(mail, encoding="utf-8")
    command = ("abicase", "check", "--mbox", "box", "-r", "records")
    before = run(*command, cwd=edited)
    assert "leer.yml:1:1: error: empty-file" in before.stdout
    records = edited / "records"
    os.mkfifo(records / "claims" / "pipe.yml")
    (records / "claims" / "link.yml").symlink_to("faster.yml")
    (records / "claims" / "lost.yml").symlink_to("nowhere.yml")
    (records / "claims" / "folder.yml").mkdir()
    (records / "notes.txt").write_text("hello\n", encoding="utf-8")
    after = run(*command, cwd=edited)
    assert (after.returncode, after.stdout) == (before.returncode, before.stdout)
    assert "Traceback" not in after.stderr


def test_links_are_not_followed(repository: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x.yml").write_text("id: x\n", encoding="utf-8")
    (repository / "records" / "linked").symlink_to(outside)
    (repository / "linked").symlink_to(outside)
    patch = "diff --git a/{0} b/{0}\n--- a/{0}\n+++ b/{0}\n@@ -1 +1 @@\n-id: x\n+id: y\n"
    rename = "diff --git a/{0} b/records/cases/x.yml\nsimilarity index 100%\nrename from {0}\nrename to records/cases/x.yml\n"
    for text in (
        patch.format("records/linked/x.yml"),
        rename.format("linked/x.yml"),
        rename.format(".git/config"),
        rename.format("../outside/x.yml"),
        rename.format(str(outside / "x.yml")),
    ):
        with patched({"box": text.encode()}, repository / "records") as made:
            assert len(made.problems) == 1, text
            assert not (made.root.parent / ".git").exists()
    assert (outside / "x.yml").read_text(encoding="utf-8") == "id: x\n"
