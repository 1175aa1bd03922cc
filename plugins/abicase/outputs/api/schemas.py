"""The JSON Schemas of the files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from abicase.outputs.api.case import Period
from abicase.outputs.api.files import DOCUMENTS, schema_file


def schema_of(name: str, trees: Sequence[str], site: str = "") -> dict[str, Any]:
    """Return the JSON Schema of a file, with an ``$id`` if the address of the site is known.

    Args:
        name: One of :data:`DOCUMENTS`.
        trees: All values of ``tree``.
        site: The address of the root of the site; empty if it is not known.
    """
    head = {"$schema": _Schema.schema_dialect}
    if site:
        head["$id"] = site + schema_file(name)
    generated = DOCUMENTS[name].model_json_schema(by_alias=True, schema_generator=_Schema)
    if Period.__name__ in generated.get("$defs", {}):
        generated["$defs"][Period.__name__]["properties"]["tree"] |= {"enum": list(trees)}
    return head | generated


class _Schema(GenerateJsonSchema):
    """A generator for fields that are left out if they have no value, never null or a default."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])
