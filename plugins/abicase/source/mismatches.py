"""Problems of records that do not match their model, from pydantic's errors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from abicase.problems.codes import CODES, Code
from abicase.problems.problem import Problem
from abicase.problems.suggestions import closest, did_you_mean, nearest, with_article
from abicase.schema.fields import written
from abicase.schema.part import Part
from abicase.schema.shapes import part_of
from abicase.source.document import Document
from abicase.source.misread import NULL, shape_at, takes_words
from abicase.source.placeholders import is_open
from abicase.source.syntax import missing_comma, slip_in_key, to_quote
from abicase.source.yamltext import ListNode, MapNode, Path, TextNode

KEY = "[key]"
"""The last step in the path of a key, as pydantic writes it."""

_is_tag = re.compile(r"<\w+>").fullmatch
"""Return whether a step is the tag of a part that is one of several."""

_SHAPES = {
    "string_type": "a string",
    "tuple_type": "a list",
    "mapping_type": "a mapping",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "union_tag_not_found": "a mapping",
}


def mismatches(
    error: ValidationError, document: Document, model: type[Part]
) -> Iterator[tuple[Problem, list[Path]]]:
    """Yield each problem, with the paths of the record that are unknown because of it."""
    details = error.errors(include_url=False)
    misspelt: set[Path] = set()
    for detail in details:
        if detail["type"] == "extra_forbidden":
            problem, meant, possible = _unknown_field(detail["loc"], document, model)
            misspelt.update(meant)
            yield problem, [*possible, _path(detail["loc"], document)]
    for detail in details:
        kind, location, value = detail["type"], detail["loc"], detail.get("input")
        context = detail.get("ctx", {})
        if kind == "too_short" and len(value) >= context["min_length"]:
            continue  # the items are there, and each has its own problem
        path = _path(location, document)
        if kind == "extra_forbidden" or (kind == "missing" and path in misspelt):
            continue  # reported above
        is_key = location[-1:] == (KEY,)
        if value == "" and not is_key:
            hint = _after_comment_sign(document, path)
            yield document.problem("empty-value", path, "the field has no value", hint), [path]
            continue
        if kind == "missing":
            message = f"the field {path[-1]!r} is missing"
            yield document.problem("missing-field", path[:-1], message), [path]
            continue
        shape = shape_at(document, model, path)
        choices = shape.choices if shape is not None else {}
        code, message, hint = _said(kind, context, value, choices, detail["msg"])
        hint = _slip_in_value(kind, value, document, model, path) or hint
        place = (*path, KEY) if is_key and path[-1:] != (KEY,) else path
        yield document.problem(code, path, message, hint, key=is_key), [place]


def _unknown_field(
    location: tuple[int | str, ...], document: Document, model: type[Part]
) -> tuple[Problem, list[Path], list[Path]]:
    """Return the problem of an unknown field, the missing field it misspells, and candidates."""
    path = _path(location, document)
    shape = shape_at(document, model, path[:-1])
    above = document.node(path[:-1])[0]
    values = above.values if isinstance(above, MapNode) else {}
    part = part_of(shape, values) if shape is not None else None
    fields = [info.alias or name for name, info in part.model_fields.items()] if part else []
    absent = [field for field in fields if field not in values]
    meant = closest(str(path[-1]), absent)
    near = meant or closest(str(path[-1]), fields)
    message = f"there is no field {path[-1]!r} here"
    value = document.node(path)[0]
    alone = isinstance(above, MapNode) and above.flow and getattr(value, "text", None) == ""
    slip = slip_in_key(str(path[-1]), alone=alone)
    hint = slip or did_you_mean(near) or f"the fields are {', '.join(fields)}"
    problem = document.problem("unknown-field", path, message, hint, key=True)
    places = [(*path[:-1], field) for field in absent if meant in ("", field)]
    return problem, places if meant else [], places


def _path(location: tuple[int | str, ...], document: Document) -> Path:
    """Return the path that pydantic means, without the tags it adds or steps inside a text."""
    path: Path = ()
    for step in location:
        inside_text = isinstance(document.node(path)[0], TextNode)
        added = step == KEY or inside_text or _is_tag(str(step)) is not None
        if not added or document.node((*path, step))[1] == (*path, step):
            path = (*path, step)
    return path


def _after_comment_sign(document: Document, path: Path) -> str:
    """Return a hint for a field whose text begins with a comment sign."""
    place = document.position(path)
    rest = document.lines[place.line - 1][place.column - 1 :].lstrip(": ")
    return f"# begins a comment; {to_quote(rest)}" if rest.startswith("#") else ""


def _slip_in_value(kind: str, value: Any, document: Document, model: type[Part], path: Path) -> str:
    """Return a hint for a value that YAML did not read as intended."""
    node, _ = document.node(path)
    if kind == "string_type" and isinstance(node, ListNode | MapNode):
        rest = document.lines[node.position.line - 1][node.position.column - 1 :]
        like_a_text = node.flow or isinstance(node, MapNode)
        words = takes_words(shape_at(document, model, path))
        return f"if a text was meant, {to_quote(rest)}" if like_a_text and words else ""
    if kind in ("model_type", "model_attributes_type", "union_tag_not_found"):
        return slip_in_key(value) if isinstance(value, str) else ""
    around, _ = document.node(path[:-1])
    if kind in ("bad-id", "bad-reference") and isinstance(around, ListNode) and around.flow:
        return missing_comma(str(value))
    if isinstance(node, TextNode) and not node.style and node.text in NULL:
        return "leave out the field if it has no value"
    return ""


def _said(
    kind: str,
    context: Mapping[str, Any],
    value: Any,
    choices: Mapping[str, type[Part]],
    otherwise: str,
) -> tuple[Code, str, str]:
    """Choose code, message and hint for a value that its field does not accept."""
    if is_open(value) and kind in {"literal_error", *CODES}:
        return "placeholder", f"{value!r} still has to be filled in", ""
    if kind in CODES:  # raised by a type of ``fields``
        return kind, context["message"], context["hint"]
    if kind == "literal_error":
        words = re.findall(r"'([^']*)'", context["expected"])
        message = f"{value!r} is not one of {', '.join(words)}"
        return "unknown-word", message, nearest(str(value), words)
    if kind == "union_tag_not_found" and isinstance(value, dict):
        known = {name for part in choices.values() for name in part.model_fields}
        near = (nearest(key, choices) for key in value if key not in known)
        # The class names end in what they have in common: CommitSource, MailSource.
        what = re.findall("[A-Z][a-z]+", next(iter(choices.values())).__name__)[-1].lower()
        message = f"{with_article(what)} needs one of {', '.join(choices)}"
        return "missing-field", message, next(filter(None, near), "")
    if kind in _SHAPES:
        message = f"this must be {_SHAPES[kind]}, not {written(value)}"
        listed = _SHAPES[kind] == "a list" and re.fullmatch(r"[\w/#.-]{1,40}", str(value))
        return "wrong-type", message, f"write [{value}]" if listed else ""
    if kind == "too_short":
        return "bad-value", f"at least {context['min_length']} must be given", ""
    if kind == "too_long":
        return "bad-value", f"at most {context['max_length']} may be given", ""
    if kind == "string_too_long":
        most = context["max_length"]
        return "bad-value", f"the text has {len(value)} characters; at most {most} are allowed", ""
    return "bad-value", otherwise, ""
