"""The JSON API: files follow the published schemas, and the schemas keep the promise of v1."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from abicase.outputs.api import DOCUMENTS, schema_file, schema_of
from abicase.outputs.documents import documents
from abicase.render.renderer import Renderer
from abicase.schema.addresses import Site
from conftest import ROOT, loaded

PROMISED = ROOT / "tests" / "api" / "v1"
"""The schemas that were published last."""

TREES = ["mainline", "fork", "own"]

SITE = Site("https://tea.example/book/")


def published(site: Site = SITE) -> dict[str, Any]:
    book = loaded()
    files = documents(book, site, Renderer(book, site=site).reply)
    return {path: json.loads(text) for path, text in files}


@pytest.fixture(scope="module")
def files() -> dict[str, Any]:
    return published()


def texts(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield every value in a file with the name of its field."""
    for name, one in value.items() if isinstance(value, dict) else enumerate(value):
        yield str(name), one
        if isinstance(one, dict | list):
            yield from texts(one)


@pytest.mark.parametrize("site", [SITE, Site(), Site("https://tea.example/", directories=False)])
def test_every_file_is_as_its_schema_says(site: Site) -> None:
    files = published(site)
    for path, document in files.items():
        if "/schema/" in path:
            jsonschema.Draft202012Validator.check_schema(document)
            continue
        name = Path(path).stem if "/cases/" not in path else "case"
        schema_path = (Path(path).parent / document["$schema"]).as_posix()
        assert os.path.normpath(schema_path) == schema_file(name)
        jsonschema.validate(document, files[schema_file(name)])
        assert None not in [value for _, value in texts(document)]
    assert len([path for path in files if "/schema/" in path]) == len(DOCUMENTS)


def test_the_index_leads_to_every_file(files: dict[str, Any]) -> None:
    index = files["api/v1/index.json"]
    named = {one["path"] for one in index["files"]} | {one["file"] for one in index["cases"]}
    schemas = {one["schema"] for one in index["files"]}
    schemas |= {schema_file("index"), schema_file("case")}
    assert named | schemas | {"api/v1/index.json"} == set(files)


def test_every_item_has_its_link() -> None:
    book = loaded()
    for site in (SITE, Site()):
        links = published(site)["api/v1/links.json"]["links"]
        assert [link["reference"] for link in links] == sorted(book.items)
        for link in links:
            assert link.get("url") == (site.url + link["path"] if site.url else None)


def test_all_that_is_named_is_there(files: dict[str, Any]) -> None:
    links = {one["reference"]: one for one in files["api/v1/links.json"]["links"]}
    for path, document in files.items():
        if "/schema/" in path:
            continue
        for name, value in texts(document):
            if name == "references":
                assert set(value) <= set(links)
            if isinstance(value, dict) and "reference" in value:
                known = links[value["reference"]]
                assert {**known, **value} == {**value, **known}, "one title, one place everywhere"
    case = files["api/v1/cases/pour.json"]["case"]
    sources = {source["id"] for source in case["sources"]}
    events = {event["id"] for event in case["events"]}
    for event in case["events"]:
        assert set(event["sources"]) <= sources
    for finding in case["findings"]:
        assert set(finding["events"]) <= events


def test_what_is_resolved(files: dict[str, Any]) -> None:
    case = files["api/v1/cases/pour.json"]["case"]
    event = case["events"][1]
    assert event["reference"] == "case/pour#unit-named"
    assert event["url"] == "https://tea.example/book/cases/pour/#unit-named"
    assert event["for"][1] == {
        "reference": "lesson/name-the-unit",
        "title": "Name the unit",
        "path": "lessons/name-the-unit/",
    }
    assert case["summary"] == {
        "markdown": "`pour()` changed [twice](#unit-named) before its release; see [the other]"
        "(case/steep).",
        "plain": "pour() changed twice before its release; see the other.",
        "references": ["case/pour#unit-named", "case/steep"],
    }
    speed, outcome = case["findings"]
    assert (speed["title"], speed["rating"]["level"]) == ("Speed", "high")
    assert outcome["rating"] == {"id": "not-known", "level": "open"}
    kinds = {source["source_kind"]: source for source in case["sources"]}
    assert kinds["commit"]["title"] == "pour: add it"
    assert kinds["commit"]["source_url"].endswith("0123456789abcdef0123456789abcdef01234567")
    assert kinds["mail"]["message_id"] == "20200701.1234@example.org"
    assert kinds["mail"]["source_url"].endswith("20200701.1234@example.org")
    assert kinds["measurement"]["command"].startswith("git log")
    claim = files["api/v1/claims.json"]["claims"][0]
    assert [one["case"] for one in claim["evidence"]["against"]] == ["pour"]
    assert claim["evidence"]["against"][0]["date"] == "2020-07-01"
    assert claim["short"] == "C/faster/"
    assert "https://tea.example/book/C/faster/" in claim["reply"]
    assert "short" not in case
    days = case["figures"][0]
    assert (days["id"], days["value"], days["unit"], days["exact"]) == (
        "days-to-merge",
        22,
        "days",
        False,
    )


def test_a_site_that_does_not_know_its_address() -> None:
    for document in published(Site()).values():
        names = {name for name, _ in texts(document.get("case", document))}
        if "$defs" not in document:
            assert not names & {"url", "site"}
        assert "$id" not in document


def test_a_schema_knows_its_address(files: dict[str, Any]) -> None:
    path = schema_file("claims")
    assert files[path]["$id"] == "https://tea.example/book/" + path


# The promise


def broken(old: Any, new: Any, old_root: Any, new_root: Any, at: str = "") -> list[str]:
    """Return the differences that break a consumer of the old schema."""

    def followed(schema: Any, root: Any) -> Any:
        while "$ref" in schema:
            schema = {**root["$defs"][schema["$ref"].rsplit("/", 1)[1]]}
        return schema

    old, new = followed(old, old_root), followed(new, new_root)
    found = [
        f"{at}: {word} was {old.get(word)}"
        for word in ("type", "enum", "const", "pattern")
        if old.get(word) != new.get(word)
    ]
    gone = set(old.get("required", [])) - set(new.get("required", []))
    found += [f"{at}.{name} can be missing" for name in sorted(gone)]
    for name, part in old.get("properties", {}).items():
        if name not in new.get("properties", {}):
            found.append(f"{at}.{name} is gone")
        else:
            there = new["properties"][name]
            found += broken(part, there, old_root, new_root, f"{at}.{name}")
    if "items" in old:
        found += broken(old["items"], new.get("items", {}), old_root, new_root, f"{at}[]")
    return found


@pytest.mark.parametrize("name", DOCUMENTS)
def test_v1_keeps_its_promise(name: str) -> None:
    """A published field stays. A new one goes into docs/api.md and, with UPDATE_GOLDEN, here."""
    new = json.loads(json.dumps(schema_of(name, TREES)))
    path = PROMISED / f"{name}.json"
    if path.exists():
        old = json.loads(path.read_text(encoding="utf-8"))
        assert broken(old, old, old, old) == []
        assert broken(old, new, old, new) == [], "this needs v2"
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(new, ensure_ascii=False, indent=1) + "\n"
        path.write_text(text, encoding="utf-8")
    assert new == json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (("$defs", "Claim", "properties", "stance"), None, ".claims[].stance is gone"),
        (("$defs", "Claim", "required"), [], ".claims[].amounts_to can be missing"),
        (("$defs", "Text", "properties", "plain", "type"), "array", "type was string"),
        (("$defs", "Claim", "properties", "stance", "enum"), ["for"], "enum was"),
        (("properties", "claims", "items"), {"type": "string"}, ".claims[]"),
    ],
)
def test_a_broken_promise_is_noticed(place: tuple[str, ...], value: Any, said: str) -> None:
    old = json.loads(json.dumps(schema_of("claims", TREES)))
    new = deepcopy(old)
    inner = new
    for key in place[:-1]:
        inner = inner[key]
    if value is None:
        del inner[place[-1]]
    else:
        inner[place[-1]] = value
    assert any(said in one for one in broken(old, new, old, new))
    added = deepcopy(old)
    added["$defs"]["Claim"]["properties"]["more"] = {"type": "string"}
    assert broken(old, added, old, added) == []
