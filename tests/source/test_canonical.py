"""The canonical form of records: nothing is lost, no meaning changes, and it is stable."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from abicase.schema.part import Part
from abicase.schema.records import KINDS, model_of
from abicase.source.canonical import WIDTH, canonical, is_canonical
from abicase.source.document import Document, parse
from abicase.source.reading import read
from conftest import ROOT, SMALL, Run
from test_mutations import LITTLE, REAL, mutated


def kind_of(path: Path) -> str:
    folders = {folder: kind for kind, (folder, _) in KINDS.items()}
    return folders.get(path.parent.name, "casebook")


def record(text: str, model: type[Part]) -> tuple[Document | None, Part | None]:
    document, problems = parse(text, "x.yml")
    if document is None or problems:
        return None, None
    try:
        return document, model.model_validate(document.plain())
    except ValueError:
        return None, None


def formed(text: str, kind: str = "case") -> str:
    document, _ = parse(text, "x.yml")
    assert document is not None
    return canonical(document, model_of(kind))


def judge(text: str, model: type[Part], comments: list[str] | None = None) -> None:
    """Format a text twice, and compare the meanings with a separate parser."""
    document, before = record(text, model)
    if document is None:
        reject()
    assert document is not None
    once = canonical(document, model)
    again, after = record(once, model)
    assert again is not None
    assert after == before
    assert canonical(again, model) == once, "a second time changes nothing"
    assert is_canonical(again, model)
    assert is_canonical(document, model) == (once == text)
    for comment in comments or ():
        assert once.count(comment) == 1, comment
    assert "|-" in once or not re.search(r"[ \t]$", once, re.MULTILINE)


@pytest.mark.parametrize(
    "root",
    [SMALL, pytest.param(ROOT / "casestudies", marks=pytest.mark.slow)],
    ids=["small", "real"],
)
def test_every_record_has_a_form_that_says_the_same(root: Path) -> None:
    for entry in read(root).every():
        judge(entry.document.text, model_of(entry.kind))


SEEDS = st.integers(0, 2**32 - 1)
UNHURRIED = settings(deadline=None, suppress_health_check=list(HealthCheck))


@settings(UNHURRIED, max_examples=150)
@given(SEEDS, st.sampled_from(LITTLE), st.booleans())
def test_mutated_records(seed: int, path: Path, as_tree: bool) -> None:
    text = mutated(path, seed, as_tree).decode("utf-8", "surrogatepass")
    judge(text, model_of(kind_of(path)))


def commented(text: str, random_: random.Random) -> tuple[str, list[str]]:
    """Insert comments wherever YAML allows them in a record, and shuffle its keys."""
    lines = text.split("\n")
    comments: list[str] = []
    document, _ = parse(text, "x.yml")
    assert document is not None
    plain = document.plain()
    for _ in range(random_.choice([1, 2, 5, 20])):
        tried = list(lines)
        number = random_.randrange(len(lines))
        comment = f"# comment {len(comments)}."
        kind = random_.randrange(4)
        if kind == 0:
            tried[number] += f" {comment}"
        elif kind == 1:
            tried.insert(number, " " * random_.randrange(9) + comment)
        elif kind == 2:
            tried.insert(number, "")
        else:  # inside brackets
            tried[number] = re.sub(
                r"([\[{,])(?= ?\w)", rf"\1 {comment}\n        ", tried[number], count=1
            )
        new, problems = parse("\n".join(tried), "x.yml")
        if new is None or problems or new.plain() != plain:
            continue  # it became a part of a text
        if comment in "\n".join(tried):
            comments.append(comment)
        lines = "\n".join(tried).split("\n")
    return "\n".join(lines), comments


@settings(UNHURRIED, max_examples=200)
@given(SEEDS, st.sampled_from(LITTLE))
def test_comments_are_never_lost(seed: int, path: Path) -> None:
    text, comments = commented(path.read_text("utf-8"), random.Random(seed))
    judge(text, model_of(kind_of(path)), comments)


@pytest.mark.slow
@settings(UNHURRIED, max_examples=30)
@given(SEEDS, st.sampled_from(REAL))
def test_comments_are_never_lost_from_real_records(seed: int, path: Path) -> None:
    text, comments = commented(path.read_text("utf-8"), random.Random(seed))
    judge(text, model_of(kind_of(path)), comments)


@settings(UNHURRIED, max_examples=150)
@given(SEEDS, st.sampled_from(LITTLE))
def test_keys_are_put_in_order_with_their_comments(seed: int, path: Path) -> None:
    random_ = random.Random(seed)
    model = model_of(kind_of(path))
    text = formed(path.read_text("utf-8"), kind_of(path))
    blocks = re.split(r"^(?=\w)", text, flags=re.MULTILINE)[1:]
    marked = [f"# about {block.split(':')[0]}\n{block}" for block in blocks]
    wanted = "".join(marked)
    random_.shuffle(marked)
    document, _ = record("".join(marked), model)
    assert document is not None
    assert canonical(document, model) == wanted


TEXTS = {
    "no": '"no"', "1e6": '"1e6"', "3.10": '"3.10"', "0123": '"0123"', "null": '"null"', "~": '"~"', "true": '"true"',
    "2020-01-01": '"2020-01-01"', "0x1f": '"0x1f"', "v3.10": "v3.10", "a: b": '"a: b"', 'say "a: b"': "'say \"a: b\"'",
    "- a": '"- a"', "a #b": '"a #b"', "a#b": "a#b", "@a": '"@a"', "it's": "it's", "é 𝔘": "é 𝔘", "[a]": '"[a]"',
    "a, b": "a, b", "&a": '"&a"', "=": '"="', "a\\b": "a\\b", "{": '"{"', "%a": '"%a"', "a:": '"a:"', "!x": '"!x"',
}  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_stays_a_text(text: str) -> None:
    """Text that is not plainly a string is quoted, however YAML would type it."""
    old = (SMALL / "cases" / "pour.yml").read_text("utf-8")
    new = formed(old.replace("name: pour()", "name: '{}'".format(text.replace("'", "''"))))
    assert f"\nname: {TEXTS[text]}\n" in new
    assert yaml.load(new, yaml.BaseLoader)["name"] == text
    assert yaml.safe_load(new)["name"] == text


def test_dates_and_numbers_stand_bare() -> None:
    old = (SMALL / "axes" / "speed.yml").read_text("utf-8")
    assert "\norder: 10\n" in formed(
        re.sub(r"^order:.*", "order: '10'", old, flags=re.MULTILINE), "axis"
    )
    pour = (SMALL / "cases" / "pour.yml").read_text("utf-8")
    new = formed(
        pour.replace("from: 2020-07,", "from: '2020',").replace(
            "reviewed: 2024-05-06", 'reviewed: "2024"'
        )
    )
    assert "      - from: 2020\n" in new
    assert "\nreviewed: 2024\n" in new


def test_a_link_with_its_reason_stands_in_braces_where_it_fits() -> None:
    pour = (SMALL / "cases" / "pour.yml").read_text("utf-8")
    links = "for: [stage/try-it, claim/faster]"
    assert f"    {links}\n" in formed(pour), "references alone stay as they are"
    reasons = "because: It took a day, item: claim/faster"
    new = formed(pour.replace(links, f"for: [stage/try-it, {{{reasons}}}]"))
    assert (
        "    for:\n      - stage/try-it\n      - {item: claim/faster, because: It took a day}\n"
    ) in new
    long = reasons.replace("a day", "a day " + "again " * 20)
    new = formed(pour.replace(links, f"for: [stage/try-it, {{{long}}}]"))
    assert "      - item: claim/faster\n        because: >-\n          It took a day again" in new


def test_texts_are_folded() -> None:
    words = " ".join(f"word{n}" for n in range(200))
    old = (SMALL / "claims" / "faster.yml").read_text("utf-8")
    for text in (
        words,
        words.replace("word5 ", "word5  "),
        "- a\n- b\n\n  c\n\nd",
        "a\n\n\nb",
        "x" * 300,
        "a\rb",
    ):
        value = yaml.dump(text, default_style='"', width=10_000, allow_unicode=True).strip()
        lines = [line for line in old.splitlines() if not line.startswith(("amounts_to", "  "))]
        lines = [line if not line.endswith(">-") else line[:-2] + "x" for line in lines]
        new = formed("\n".join([*lines, f"amounts_to: {value}"]), "claim")
        assert yaml.load(new, yaml.BaseLoader)["amounts_to"] == text
        assert all(
            len(line) <= WIDTH
            for line in new.splitlines()
            if " " in line.strip() and "x" * 99 not in line
        )


def test_where_comments_stay() -> None:
    text = (
        "# yaml-language-server: $schema=x.json\n\n\n# of the id\nid: first-vs-second # the id\n"
        "because: Because. # why\n# at the end of because\n\n# of cases\ncases: # two\n"
        "    - first # one\n    # of the second\n    - second\n    # after them\nshows: >- # shows\n  This.\n\n# the end\n"
    )
    assert formed(text, "pair") == (
        "# yaml-language-server: $schema=x.json\n\n# of the id\nid: first-vs-second  # the id\n"
        "# at the end of because\n\n# of cases\ncases:  # two\n"
        "  - first  # one\n  # of the second\n  - second\n  # after them\n"
        "because: Because.  # why\nshows: This.  # shows\n\n# the end\n"
    )


LINE = "# yaml-language-server: $schema=../../schema/pair.json\n"
PAIR = "# of the id\nid: pour-vs-steep\ncases: [pour, steep]\nbecause: Because.\nshows: This.\n"


@pytest.mark.parametrize(
    "written",
    [
        PAIR,
        "---\n" + PAIR,
        "\n" + PAIR,
        LINE + PAIR,
        "# yaml-language-server: $schema=../schema/case.json\n" + PAIR,
        PAIR.replace("# of the id\n", "# of the id\n# yaml-language-server: $schema=x.json\n"),
    ],
)
def test_editors_are_told_of_the_schema_beside_the_records(
    written: str, book: Path, run: Run
) -> None:
    path = book / "pairs" / "pour-vs-steep.yml"
    path.write_text(written, encoding="utf-8")
    assert run("abicase", "schema", book.parent / "schema").returncode == 0
    listed = run("abicase", "fmt", "--check", path, cwd=book)
    assert listed.returncode == (written != LINE + PAIR)
    assert run("abicase", "fmt", path, cwd=book).returncode == 0
    assert path.read_text("utf-8") == LINE + PAIR


def test_without_schemas_beside_a_line_for_editors_stays_as_it_is(book: Path, run: Run) -> None:
    path = book / "pairs" / "pour-vs-steep.yml"
    for text in (PAIR, "# yaml-language-server: $schema=https://example.org/pair.json\n" + PAIR):
        path.write_text(text, encoding="utf-8")
        assert run("abicase", "fmt", path, cwd=book).returncode == 0
        assert path.read_text("utf-8") == text


def test_no_line_begins_with_a_dash_between_words() -> None:
    text = "word " * 18 + "and it went - so they say - in " + "word " * 18 + "- again - they say"
    once = canonical(parse(f"id: a-vs-b\ncases: [a, b]\nbecause: b\nshows: '{text}'\n", "x")[0], model_of("pair"))  # type: ignore[arg-type]  # fmt: skip
    assert "shows: >-\n" in once
    assert not re.search(r"^\s*-", once, re.MULTILINE)


def test_the_command(book: Path, run: Run) -> None:
    path = book / "cases" / "steep.yml"
    before = {entry.path: entry.record for entry in read(book).every()}
    listed = run("abicase", "fmt", "--check", "cases", cwd=book)
    assert listed.returncode == 1
    assert listed.stdout.splitlines() == [
        "cases/pour.yml is not in canonical form",
        "cases/steep.yml is not in canonical form",
    ]
    path.chmod(0o640)
    assert run("abicase", "fmt", cwd=book).returncode == 0
    assert path.stat().st_mode & 0o777 == 0o640
    again = run("abicase", "fmt", "--check", cwd=book)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert {entry.path: entry.record for entry in read(book).every()} == before
    assert not [file.name for file in book.rglob(".*")]


def test_a_damaged_file_is_left_alone(book: Path, run: Run) -> None:
    path = book / "cases" / "steep.yml"
    path.write_text("id: [\n", encoding="utf-8")
    result = run("abicase", "fmt", cwd=book)
    assert result.returncode == 1
    assert "cases/steep.yml:2:1: error: syntax:" in result.stderr
    assert path.read_text("utf-8") == "id: [\n"
    assert "cases/pour.yml written" in result.stdout
    assert run("abicase", "fmt", "nowhere.yml", cwd=book).returncode == 2


def test_lines_end_as_they_did(book: Path, run: Run) -> None:
    """Formatted records stay unchanged with Windows line endings, which every write keeps."""
    assert run("abicase", "fmt", cwd=book).returncode == 0
    form = {path: path.read_bytes() for path in book.rglob("*.yml")}
    for path, data in form.items():
        path.write_bytes(data.replace(b"\n", b"\r\n"))
    checked = run("abicase", "fmt", "--check", cwd=book)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")
    assert run("abicase", "check", cwd=book).stdout == "No problems.\n"

    for path, data in form.items():  # one line ends otherwise
        path.write_bytes(data.replace(b"\n", b"\r\n").replace(b"\r\n", b"\n", 1))
    checked = run("abicase", "fmt", "--check", cwd=book)
    assert len(checked.stdout.splitlines()) == len(form), "a mixture is no form"
    assert run("abicase", "fmt", cwd=book).returncode == 0
    assert {path: path.read_bytes().replace(b"\r\n", b"\n") for path in form} == form
    for path in form:
        assert path.read_bytes().count(b"\n") == path.read_bytes().count(b"\r\n"), path


def test_mostly_unix_lines() -> None:
    text = formed((SMALL / "axes" / "speed.yml").read_text("utf-8"), "axis")
    assert formed(text.replace("\n", "\r\n", 1), "axis") == text
