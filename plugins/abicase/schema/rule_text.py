"""The type of a rule of ast-grep, as signs of lessons hold it."""

from __future__ import annotations

from typing import Annotated, Any

import yaml
from pydantic import StringConstraints

from abicase.schema.fields import IsCode, checked, rejection, shown, snippet


def parsed_rule(text: str) -> dict[str, Any]:
    """A rule of ast-grep, from its YAML form.

    Args:
        text: A mapping in YAML, without anchors.

    Raises:
        ValueError: It is something else; the message says what.
    """
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.SafeLoader)):
            raise ValueError("it has an alias of YAML")
        rule = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise ValueError(f"line {mark.line + 1} of it is no YAML" if mark else "no YAML") from None
    if not isinstance(rule, dict) or not rule:
        raise ValueError("it is no mapping")
    for name in rule:
        if not (isinstance(name, str) and name.isidentifier()):
            raise ValueError(f"{shown(str(name))} is no field of a rule")
    return rule


def _rule(text: str) -> str:
    code = snippet(text)
    try:
        parsed_rule(code)
    except ValueError as error:
        hint = "write what stands below rule in a rule of ast-grep, as in kind: field_declaration"
        raise rejection("bad-value", f"the rule can't be read: {error}", hint) from None
    return code


RuleText = Annotated[
    str, StringConstraints(max_length=4000), *checked(_rule, {"pattern": r"[^\s]"}), IsCode()
]
"""A rule of ast-grep in YAML, at most 4,000 characters."""
