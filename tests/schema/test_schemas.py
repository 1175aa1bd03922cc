"""Schema and validator agree on every record of the tests, valid and invalid.

The records are read for the schema as an editor reads them: YAML 1.2 with its core types.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator, FormatChecker

from abicase.problems.codes import CODES, Code
from abicase.schema.json_schema import names, schema
from abicase.schema.records import KINDS, LEDGER_FILE, model_of
from abicase.source.document import parse
from abicase.source.reading import read
from conftest import ROOT, SMALL
from test_mutations import LITTLE, mutated

NOT_IN_A_SCHEMA: dict[Code, str] = {
    **dict.fromkeys(
        ["alias", "control-character", "duplicate-key", "empty-file", "encoding", "huge-file", "syntax", "tag", "too-deep", "unquoted", "unreadable"],
        "about the file and its YAML, before there are any values",
    ),
    **dict.fromkeys(["bad-folder", "id-is-not-file-name"], "about the name and the place of the file"),
    **dict.fromkeys(["heading", "image", "markdown", "raw-html"], "about the Markdown in a text; so is bad-link, in texts"),
    **dict.fromkeys(
        ["draft-reference", "missing-counter-evidence", "missing-evidence", "missing-finding", "missing-source", "named-twice", "needs-because",
         "origin-counted", "refuted", "repeated-id", "reserved-id", "same-as", "unknown-reference", "unused-source"],
        "about how records, or the parts of one, belong together; so is unknown-word, of words that records list",
    ),
    **dict.fromkeys(["date-after-release", "date-order", "differs-from-commit", "future-date", "stale"], "about dates in relation to others"),
    **dict.fromkeys(["text-check"], "about whether a text has changed since a day"),
    **dict.fromkeys(["bad-pattern", "house-style", "measurement-number", "placeholder", "sign", "untried-sign"], "about what a text that is well-formed says"),
    **dict.fromkeys(["content-policy", "dead-link", "invalid-html", "other-host"], "about the built site"),
    **dict.fromkeys(["directive", "template", "patch"], "not about records"),
    **dict.fromkeys(
        ["bad-permalink", "broken-permalink", "lost-permalink", "many-retired", "reused-id", "reworded", "rewritten", "taken-out", "unpublished"],
        "about the ledger of permalinks, which a command writes",
    ),
}  # fmt: skip
"""The rules that a schema can't express, with the reason."""


class Core(yaml.CSafeLoader):
    """YAML 1.2 with the core schema, as editors read it: dates and ``no`` are texts."""


Core.yaml_implicit_resolvers = {}

for tag, pattern, firsts in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", list("-+0123456789")),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", list("-+.0123456789")),
):
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"(?:{pattern})$"), firsts)


def _int(loader: Any, node: Any) -> int:
    return int(node.value, 0) if re.match(r"0[xo]", node.value) else int(node.value)


Core.add_constructor("tag:yaml.org,2002:int", _int)
Core.add_constructor("tag:yaml.org,2002:float", lambda _, node: float(node.value))


@cache
def validator(kind: str) -> Draft7Validator:
    # In Python a $ also stands before a line end at the end; in a schema it does not.
    text = json.loads(schema(kind), object_hook=_strict)
    return Draft7Validator(text, format_checker=FormatChecker())


def _strict(node: dict[str, Any]) -> dict[str, Any]:
    if isinstance(node.get("pattern"), str):
        node["pattern"] = re.sub(r"\$$", r"\\Z", node["pattern"])
    return node


def by_schema(kind: str, value: Any) -> list[str]:
    return ["/".join(map(str, error.absolute_path)) for error in validator(kind).iter_errors(value)]


def by_model(kind: str, text: str) -> bool | None:
    """Return whether the validator accepts the shape of a record; None without any values."""
    document, problems = parse(text, "x.yml")
    if document is None or problems:
        return None
    try:
        model_of(kind).model_validate(document.plain())
    except ValueError:
        return False
    return True


def typed(value: Any) -> bool:
    """Return whether YAML types anything in a record, so that its original text is lost."""
    if isinstance(value, dict):
        return any(typed(key) or typed(item) for key, item in value.items())
    return any(map(typed, value)) if isinstance(value, list) else not isinstance(value, str)


@pytest.mark.parametrize("kind", list(names()))
def test_they_are_schemas(kind: str) -> None:
    made = {"definitions": {}, **json.loads(schema(kind))}
    Draft7Validator.check_schema(made)
    undescribed = []

    def walk(node: Any, path: str) -> None:
        for name, value in (node.get("properties") or {}).items():
            target = made["definitions"].get(value.get("$ref", "").rpartition("/")[2], {})
            if not (value.get("description") or target.get("description")):
                undescribed.append(f"{path}.{name}")
        for name, value in (node.get("definitions") or {}).items():
            walk(value, name)

    walk(made, kind)
    assert not undescribed, "every field is described"


@pytest.mark.parametrize(
    "root",
    [SMALL, pytest.param(ROOT / "casestudies", marks=pytest.mark.slow)],
    ids=["small", "real"],
)
def test_valid_records(root: Path) -> None:
    entries = list(read(root).every())
    assert len(entries) > 8
    for entry in entries:
        assert by_schema(entry.kind, yaml.load(entry.document.text, Core)) == [], entry.path


REJECTED = [
    path
    for path in sorted((ROOT / "tests" / "rejected").glob("*.yml"))
    if LEDGER_FILE not in path.read_text("utf-8")
]
KIND_OF = {folder: kind for kind, (folder, _) in KINDS.items()}


def rejected(path: Path) -> tuple[str, str, set[str]]:
    """Return the kind and the text of a record in ``rejected/``, and the codes of its problems."""
    case = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)
    text = case["text"] if "text" in case else (SMALL / case["file"]).read_text("utf-8")
    for edit in case.get("edits", ()):
        text = text.replace(edit["replace"], edit["by"])
    own = [line for line in case["problems"] if line.startswith(f"{case['file']}:")]
    return (
        KIND_OF.get(Path(case["file"]).parent.name, "casebook"),
        text,
        {line.split(": ")[2] for line in own},
    )


@pytest.mark.parametrize("path", REJECTED, ids=lambda path: path.stem)
def test_rejected_records(path: Path) -> None:
    kind, text, codes = rejected(path)
    shape = by_model(kind, text)
    if shape is None:  # no values, or not those that were written
        assert codes & set(NOT_IN_A_SCHEMA)
        return
    value = yaml.load(text, Core)
    found = by_schema(kind, value)
    assert bool(found) == (not shape), (found, codes)
    if shape:
        assert codes <= {*NOT_IN_A_SCHEMA, "bad-link", "unknown-word", "bad-value", "missing-field"}


def test_every_code_is_in_a_schema_or_has_its_reason() -> None:
    seen: set[str] = set()
    for path in REJECTED:
        kind, text, codes = rejected(path)
        if by_model(kind, text) is False:
            seen |= codes
    assert set(CODES) - set(NOT_IN_A_SCHEMA) <= seen, "each of the others is at work in rejected/"


@pytest.mark.parametrize("as_tree", [True, False])
def test_mutated_records(as_tree: bool) -> None:
    judged = 0
    for seed in range(600):
        path = LITTLE[seed % len(LITTLE)]
        kind = KIND_OF.get(path.parent.name, "casebook")
        text = mutated(path, seed, as_tree).decode("utf-8", "surrogatepass")
        shape = by_model(kind, text)
        if shape is None:
            continue
        value = yaml.load(text, Core)
        found = by_schema(kind, value)
        if typed(value) and bool(found) == shape:
            continue  # written bare: see the next test
        if "02-29" in text and not shape:
            continue  # a pattern does not know the leap years
        judged += 1
        assert bool(found) == (not shape), (path, seed, found, text)
    assert judged > 200


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("name: pour()", "name: 3.10"),
        ("name: pour()", "name: true"),
        ("from: 2020-07,", "from: 2020,"),
        ("reviewed: 2024-05-06", "reviewed: 2024"),
        ("release: v1.0\n    checked", "release: 1.0\n    checked"),
        ('result: "2"', "result: 2"),
        ("id: pour\n", "id: no\n"),
        ("id: pour\n", "id: 1e6\n"),
        ("id: pour\n", "id: pour\ndraft: true\n"),
        ("id: pour\n", "id: pour\ndraft: 'true'\n"),
        ("  0123456789abcdef0123456789abcdef01234567", " 0123456789"),
    ],
)
def test_what_yaml_types_is_taken(old: str, new: str) -> None:
    """Bare words that are valid in a record are no error in an editor, even if YAML types them."""
    text = (SMALL / "cases" / "pour.yml").read_text("utf-8").replace(old, new)
    assert by_model("case", text)
    assert by_schema("case", yaml.load(text, Core)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("id: pour\n", "id: pour\ndraft: yes\n"),
        ("name: pour()", "name:"),
        ("reviewed: 2024-05-06", "reviewed: 2024-13-06"),
        ("kinds: [function]", "kinds: function"),
        ("kinds: [function]", "kinds: []"),
        ("kind: merge", "kind: true"),
        ("reviewed: 2024-05-06", "reviewed: 06"),
        ("commit: 0123456789abcdef0123456789abcdef01234567", "commit: abcdef"),
    ],
)
def test_what_is_wrong_is_wrong_for_both(old: str, new: str) -> None:
    text = (SMALL / "cases" / "pour.yml").read_text("utf-8").replace(old, new)
    assert by_model("case", text) is False
    assert by_schema("case", yaml.load(text, Core))
