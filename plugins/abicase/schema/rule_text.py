"""The type of an ast-grep rule, as used in the signs of lessons."""

from __future__ import annotations

from typing import Annotated, Any

import yaml
from pydantic import StringConstraints

from abicase.schema.fields import Holds, checked, rejection, shown, snippet


def parsed_rule(text: str) -> dict[str, Any]:
    """Parse an ast-grep rule: a mapping in YAML, without anchors.

    Raises:
        ValueError: The text is not such a rule; the message says why.
    """
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.SafeLoader)):
            raise ValueError("it has a YAML alias")
        rule = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise ValueError(f"its line {mark.line + 1} is not YAML" if mark else "not YAML") from None
    if not isinstance(rule, dict) or not rule:
        raise ValueError("it is not a mapping")
    for name in rule:
        if not (isinstance(name, str) and name.isidentifier()):
            raise ValueError(f"{shown(str(name))} is not a field of a rule")
    return rule


def _rule(text: str) -> str:
    code = snippet(text)
    try:
        parsed_rule(code)
    except ValueError as error:
        hint = "write the contents of an ast-grep rule's `rule`, as in kind: field_declaration"
        raise rejection("bad-value", f"the rule can't be read: {error}", hint) from None
    return code


RuleText = Annotated[
    str, StringConstraints(max_length=4000), *checked(_rule, {"pattern": r"[^\s]"}), Holds.CODE
]
"""An ast-grep rule in YAML; at most 4,000 characters."""
