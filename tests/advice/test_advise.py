"""``abicase advise``: its output on patches, in each format, and on other input."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from abicase.advice import matching
from abicase.advice.fragments import Fragment, PatchedLine, changes
from abicase.advice.matching import SearchPattern, look
from abicase.outputs import published
from abicase.outputs.documents import documents
from abicase.render.renderer import Renderer
from abicase.schema.addresses import Site
from abicase.views.signs import signed_lessons
from conftest import ROOT, Run, real

Advice = Callable[..., "subprocess.CompletedProcess[str]"]

RECORDS = ROOT / "casestudies"
HEAD = """\
From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001
From: Ada Example <ada@example.org>
Date: Mon, 2 Nov 2026 10:00:00 +0000
Subject: [PATCH 2/3] widget: set it up
Message-ID: <1@example.org>

It comes with a selftest.

Signed-off-by: Ada Example <ada@example.org>
---
"""
WRONG = """\
struct widget_setup {
	__u32 id;
	__u64 address;
	long length;
	void __user *data;
};

#define WIDGET_SETUP _IOW('w', 1, struct widget_setup)
"""
RIGHT = """\
struct widget_setup {
	__u32 id;
	__u32 flags;
	__u64 address;
	__u64 length;
	__u64 data;
};

#define WIDGET_SETUP _IOW('w', 1, struct widget_setup)
"""
SIGNS = """\
signs:
- {line: '#define \\w+ _IO', note: A number, paths: ["*.h"], unless: {paths: [tests/*], said: selftest}}
- rule: |-
    kind: field_declaration
    has: {field: type, regex: long}
  language: c
  note: A long
  paths: [include/*]
checked_by:
- {tool: ruler, run: ruler --all, finds: units}
"""
FILE = "include/uapi/linux/widget.h"


def mail(code: str, file: str = FILE, head: str = HEAD) -> str:
    """Return a mail with a patch that adds a file."""
    lines = code.splitlines()
    added = "".join(f"+{line}\n" for line in lines)
    start = f"diff --git a/{file} b/{file}\nnew file mode 100644\n--- /dev/null\n+++ b/{file}\n"
    return f"{head}{start}@@ -0,0 +1,{len(lines)} @@\n{added}-- \n2.43.0\n\n"


@pytest.fixture
def advice(run: Run, tmp_path: Path) -> Advice:
    """Run the command on a file, and return its output."""

    def advice(
        patch: str | bytes, *options: str, records: Path = RECORDS
    ) -> subprocess.CompletedProcess[str]:
        data = patch.encode() if isinstance(patch, str) else patch
        (tmp_path / "x.patch").write_bytes(data)
        site = ("--site-url", "https://book.example/")
        return run("abicase", "advise", "x.patch", "-r", records, *site, *options)

    return advice


@pytest.fixture
def signed(book: Path) -> Path:
    """The small casebook, with signs of its lesson."""
    lesson = book / "lessons" / "name-the-unit.yml"
    lesson.write_text(lesson.read_text("utf-8") + SIGNS, encoding="utf-8")
    return book


@pytest.mark.slow
def test_four_questions_on_a_struct_and_none_on_the_same_done_right(advice: Advice) -> None:
    result = advice(mail(WRONG), "--format", "json")
    assert result.returncode == 0, result.stderr
    found = [(one["file"], one["line"], one["lesson"]) for one in json.loads(result.stdout)]
    assert sorted(found) == [
        (FILE, 1, "lesson/reserve-room"),
        (FILE, 2, "lesson/same-layout-everywhere"),
        (FILE, 4, "lesson/same-layout-everywhere"),
        (FILE, 5, "lesson/pointers-as-u64"),
    ]
    result = advice(mail(RIGHT))
    assert (result.returncode, result.stdout) == (0, "")
    assert "Nothing found in 1 of 1 files" in result.stderr


@pytest.mark.slow
def test_the_forms(advice: Advice) -> None:
    text = advice(mail(WRONG)).stdout.splitlines()
    assert text[0].startswith(f"{FILE}:1:1: note: lesson/reserve-room: A new ioctl struct")
    assert all(line.endswith("/") and "https://book.example/L/" in line for line in text)
    github = advice(mail(WRONG), "-f", "github").stdout.splitlines()
    assert github[0].startswith(f"::notice file={FILE},line=1,col=1,title=lesson/reserve-room::")
    reply = advice(mail(WRONG), "-f", "mail").stdout
    head, _, body = reply.partition("\n\n")
    assert head.splitlines() == [
        "To: Ada Example <ada@example.org>",
        "Subject: Re: [PATCH 2/3] widget: set it up",
        "In-Reply-To: <1@example.org>",
    ]
    assert "> +\tvoid __user *data;\n" in body
    assert "\n  https://book.example/L/pointers-as-u64/\n" in body
    assert max(len(line) for line in body.splitlines() if not line.startswith(">")) <= 72


def test_what_is_elsewhere_in_the_series_answers(advice: Advice, signed: Path) -> None:
    untested = mail(RIGHT, head=HEAD.replace("selftest", "picture"))
    assert advice(mail(RIGHT), records=signed).stdout == ""
    assert "A number" in advice(untested, records=signed).stdout
    test = mail("int main;\n", "tests/widget.c")
    assert advice(untested + test, records=signed).stdout == ""


def test_only_what_is_new_counts(advice: Advice, signed: Path) -> None:
    moved = (
        f"--- a/{FILE}\n+++ b/{FILE}\n@@ -1,5 +1,6 @@ struct widget {{\n \tint a;\n \tint b;\n"
        "-\tlong data;\n \tlong old;\n+\n+\tlong data;\n };\n"
    )
    assert advice(HEAD + moved, records=signed).stdout == ""
    added = (
        f"--- a/{FILE}\n+++ b/{FILE}\n@@ -7,4 +7,5 @@ struct widget {{\n \tlong a;\n \tvoid *b;\n"
        "+\tunsigned long c;\n \tint d;\n };\n"
    )
    result = advice(HEAD + added, records=signed)
    assert result.stdout == (
        f'{FILE}:9:2: note: lesson/name-the-unit: A long. Does "Name the unit" apply? Callers'
        " guess. https://book.example/L/name-the-unit/\n"
    )
    assert advice(mail(WRONG, "drivers/widget.h"), records=signed).stdout == ""


def test_tools_are_named(advice: Advice, signed: Path) -> None:
    casebook = signed / "casebook.yml"
    text = casebook.read_text("utf-8").replace("{id: function,", "{id: function, paths: [inc*],")
    casebook.write_text(text, encoding="utf-8")
    said = "ruler --all finds units (lesson/name-the-unit)."
    assert said in advice(mail(RIGHT), records=signed).stderr.splitlines()
    assert said not in advice(mail(RIGHT, "widget.h"), records=signed).stderr


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        (b"", 2, "contains no patch"),
        (b"\0\1\2" * 1000, 2, "contains no patch"),
        (b"Hello.\n", 2, "contains no patch"),
        (HEAD.encode(), 2, "contains no patch, though its subject says so"),
        (mail(WRONG).encode()[:-100], 3, "is cut off"),
        (mail(WRONG).encode().replace(b"void", b"v\xff\x1bd"), 0, "1 question"),
        (mail(WRONG).encode().replace(b"\n", b"\r\n"), 0, "1 question"),
        (b"x" * 10_000_001, 2, "has more than 10,000,000 bytes"),
    ],
    ids=["empty", "binary", "text", "no-diff", "cut-off", "no-utf-8", "crlf", "huge"],
)
def test_any_input(given: bytes, status: int, said: str, advice: Advice, signed: Path) -> None:
    result = advice(given, records=signed)
    assert result.returncode == status, result.stderr
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert "\x1b" not in result.stdout


@pytest.mark.slow
def test_much_input(advice: Advice, signed: Path) -> None:
    result = advice(mail("struct widget {\n" + "\tlong a;\n" * 400_000 + "};\n"), records=signed)
    assert result.returncode in (0, 3), result.stderr
    assert "Traceback" not in result.stderr


def test_input_that_is_closed(signed: Path) -> None:
    program = Path(sys.executable).with_name("abicase")
    command = f"{program} advise - -r {signed} <&-"
    result = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    assert result.stderr


def test_without_ast_grep(
    advice: Advice, signed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    (tmp_path / "ast_grep_py.py").write_text("raise ImportError\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    result = advice(mail(WRONG, head=HEAD.replace("selftest", "picture")), records=signed)
    assert result.returncode == 3
    assert "A number" in result.stdout
    assert "A long" not in result.stdout
    (told,) = [line for line in result.stderr.splitlines() if "ast-grep" in line]
    assert told.startswith("Not checked without ast-grep: lesson/name-the-unit; ")
    assert "pip install 'mkdocs-abicase[advise]'" in told
    checked = run("abicase", "check", "-r", signed)
    assert checked.returncode == 0
    assert "warning: untried-sign: signs[1]: without ast-grep" in checked.stdout


def test_slow_and_invalid_patterns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "SECONDS", 1)
    patterns = [
        SearchPattern([0], line="a"),
        SearchPattern([0], line="("),
        SearchPattern([0], rule="kind: nothing", language="c"),
        SearchPattern([0], rule="kind: comment", language="klingon"),
        SearchPattern([0], line="(a+)+$"),
        SearchPattern([0], line="a"),
    ]
    right, *others, last = look(patterns, ["a" * 60 + "!"])
    assert right.matches
    assert [one.problem for one in others] == [
        "missing ), unterminated subpattern at position 0",
        "Kind `nothing` is invalid.",
        "ast-grep knows no language 'klingon'",
        "the search took longer than 1 s or stopped",
    ]
    assert last.problem.startswith("it was not looked for")


@pytest.mark.slow
def test_what_is_published_is_read_back() -> None:
    site = Site("https://book.example/")
    texts = dict(documents(real(), site, Renderer(real(), site=site).reply))
    book = published.read(texts[published.FILE], at="https://elsewhere.example/")
    kept = [
        (one, [sign.model_copy(update={"example": None}) for sign in one.signs])
        for one in signed_lessons(real(), site)
    ]
    assert [(one.reference, one.title, one.address, one.why) for one in book.signed_lessons] == [
        (one.reference, one.title, one.address, one.why) for one, _ in kept
    ]
    assert [one.signs for one in book.signed_lessons] == [signs for _, signs in kept]
    wrong = json.loads(texts[published.FILE])
    wrong["signed_lessons"][0]["signs"] = [{"note": "x", "paths": []}]
    with pytest.raises(ValueError, match="has a sign of an unknown form"):
        published.read(json.dumps(wrong), at="https://elsewhere.example/")


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        (["a long", " */", "int b;"], "\n\nint b;"),
        ([" * a long", " *", " * b"], "\n\n"),
        (["/* a */", "int b; /* c */"], "/* a */\nint b; /* c */"),
        (["*p = 1;", "int b;"], "*p = 1;\nint b;"),
    ],
)
def test_a_comment_that_begins_above(lines: list[str], left: str) -> None:
    fragment = Fragment(
        "x.c", "", [PatchedLine(n, text, added=True) for n, text in enumerate(lines)]
    )
    assert fragment.text.rstrip(" ") == left


def test_names_of_files() -> None:
    text = (
        b'--- "a/na\\303\\257ve\\n.h"\n+++ "b/na\\303\\257ve\\n.h"\n@@ -0,0 +1 @@\n+x\n'
        b"--- a/gone.h\n+++ /dev/null\n@@ -1 +0,0 @@\n-y\n"
        b"diff --git a/old b/new\nrename from old\nrename to new\n"
    )
    found = changes(text)
    assert found.paths == ["naïve .h", "new"]
    assert [one.path for one in found.fragments] == ["naïve .h"]
    assert found.removed == {"y"}
