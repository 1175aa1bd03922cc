"""The record format as JSON Schemas, for editors and other programs.

They are what pydantic makes of the model, put into the form that editors know best (draft 7), and
made to take what an editor reads: YAML types a bare ``2012`` or ``3.10``, and a record does not.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from abicase.schema.records import KINDS, model_of

FOLDER = "schema"
"""The folder of the schemas: of the site, and beside the folder of the records."""


def names() -> Iterator[str]:
    """The kinds of files that have a schema: the kinds of records, and the casebook."""
    yield from (*KINDS, "casebook")


def schema(kind: str) -> str:
    """The schema of a kind of record.

    Args:
        kind: The kind, or ``casebook``.

    Returns:
        JSON.
    """
    made = model_of(kind).model_json_schema(mode="validation")
    head = {"$schema": "http://json-schema.org/draft-07/schema#", "title": kind}
    return json.dumps(head | _converted(made), indent=2, ensure_ascii=False) + "\n"


def beside(path: Path, kind: str) -> str:
    """The address of the schema of a record, where schemas lie beside the folder of records.

    Args:
        path: The file of the record.
        kind: Its kind.

    Returns:
        The address, relative to the file; empty where there is no such schema.
    """
    root = path.parent if kind == "casebook" else path.parent.parent
    file = root.absolute().parent / FOLDER / f"{kind}.json"
    if not file.is_file():
        return ""
    return os.path.relpath(file, path.absolute().parent).replace(os.sep, "/")


def _converted(node: Any) -> Any:
    if isinstance(node, list):
        return [_converted(item) for item in node]
    if not isinstance(node, dict):
        return node
    node = {key: value for key, value in node.items() if key not in ("title", "default")}
    for key in ("properties", "$defs"):  # their keys are names
        if key in node:
            node[key] = {name: _converted(value) for name, value in node[key].items()}
    node = _in_draft_7(node)
    if "description" in node:
        node["description"] = " ".join(node["description"].replace("``", "`").split())
    for key in ("items", "additionalProperties", "oneOf"):
        if key in node:
            node[key] = _converted(node[key])
    return _scalar(node)


def _in_draft_7(node: dict[str, Any]) -> dict[str, Any]:
    if "anyOf" in node:  # a field that can be left out; where it is there, it has a value
        (present,) = [one for one in node.pop("anyOf") if one != {"type": "null"}]
        node = present | node
    if "patternProperties" in node:  # a mapping; its keys are ids, and nothing else
        ((pattern, value),) = node.pop("patternProperties").items()
        node["propertyNames"] = node.get("propertyNames", {}) | {"pattern": pattern}
        node["additionalProperties"] = value
    if "prefixItems" in node:
        node["items"] = node.pop("prefixItems")[0]
    if "$defs" in node:
        node["definitions"] = dict(sorted(node.pop("$defs").items()))
    if "$ref" in node:
        node["$ref"] = node["$ref"].replace("#/$defs/", "#/definitions/")
    return node


def _scalar(node: dict[str, Any]) -> dict[str, Any]:
    """Let a scalar be what YAML makes of it: the rules for texts hold where it is a text."""
    if node.get("type") == "integer":
        return node | {"type": ["integer", "string"], "pattern": "^-?[0-9]{1,9}$"}
    if node.get("type") == "boolean":
        return node | {"type": ["boolean", "string"], "enum": [True, False, "true", "false"]}
    if node.get("type") != "string" or "enum" in node:
        return node
    if re.search(r"\[0-9\]\{4\}", node.get("pattern", "")):  # a date; a year is a number
        return node | {"type": ["string", "integer"], "minimum": 1000, "maximum": 9999}
    return node | {"type": ["string", "number", "boolean"]}
