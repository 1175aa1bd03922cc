"""YAML text to nodes, and the problems on the way.

Every scalar stays the string that was written: YAML's own typing (``no``, ``1e6``, ``3.10``, dates)
is not applied. Anchors, aliases, tags, duplicate keys and multiple documents are rejected. The
nodes are built from libyaml's events without recursion, so no file can exhaust the stack.
"""

from __future__ import annotations

from typing import Any

import yaml

from abicase.problems.codes import Code
from abicase.problems.problem import Problem
from abicase.source.syntax import LOADER, to_quote, understood
from abicase.source.yamltext import MAX_DEPTH, STRANGE, ListNode, MapNode, Node, Position, TextNode


def build(text: str, file: str) -> Builder:
    """Build the nodes of a file, and find the problems in it."""
    builder = Builder(file, text)
    try:
        for event in yaml.parse(text, Loader=LOADER):
            if not builder.take(event):
                break
    except yaml.MarkedYAMLError as error:
        found = _syntax_problem(error, text, file)
        # An alias with text after it is a single mistake.
        others = [p for p in builder.problems if (p.line, p.column) != (found.line, found.column)]
        builder.problems = [*others, found]
    except yaml.YAMLError as error:  # a reader error, which has no mark
        message = " ".join(str(error).split())[:200]
        builder.problems.append(Problem(file, 1, 1, "syntax", "", message))
    return builder


def _syntax_problem(error: yaml.MarkedYAMLError, text: str, file: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    message = " ".join(part for part in (error.context, error.problem) if part) or "invalid YAML"
    if "nesting depth" in message:  # libyaml has a limit of its own, and looks ahead
        message = f"lists and mappings are nested more than {MAX_DEPTH} levels deep"
        return Problem(file, line, column, "too-deep", "", message)
    mistake = understood(error, text)
    if mistake is not None:
        return Problem(
            file, mistake.line, mistake.column, "syntax", "", mistake.message, mistake.hint
        )
    hint = "look at this line and the ones above it: quotation marks, brackets, indentation"
    return Problem(file, line, column, "syntax", "", message, hint)


class Builder:
    """Builds nodes from YAML events, with its own stack."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.problems: list[Problem] = []
        self.root: Node | None = None
        # Open collections; a mapping has the key that is waiting for its value, if any.
        self.stack: list[tuple[ListNode | MapNode, tuple[str, Position] | None]] = []

    def take(self, event: Any) -> bool:
        """Process an event; return False if parsing should stop."""
        match event:
            case yaml.ScalarEvent():
                self._scalar(event)
            case yaml.SequenceStartEvent():
                return self._open(event, ListNode(_start(event), flow=bool(event.flow_style)))
            case yaml.MappingStartEvent():
                return self._open(event, MapNode(_start(event), flow=bool(event.flow_style)))
            case yaml.CollectionEndEvent():
                self.stack.pop()
            case yaml.AliasEvent():
                self._alias(event)
            case yaml.DocumentStartEvent() if self.root is not None:
                message = "a second document begins here; a file holds only one"
                self._add("syntax", _start(event), message)
                return False
        return True

    def _add(self, code: Code, position: Position, message: str, hint: str = "") -> None:
        self.problems.append(
            Problem(self.file, position.line, position.column, code, "", message, hint)
        )

    def _decorations(self, event: Any) -> None:
        if event.anchor is not None:
            message = f"the anchor &{event.anchor} is not allowed"
            self._add("alias", _start(event), message, self._if_a_text("&", event))
        if event.tag is not None:
            message = f"the tag {event.tag} is not allowed"
            self._add("tag", _start(event), message, self._if_a_text("!", event))

    def _if_a_text(self, indicator: str, event: Any) -> str:
        """Return a hint to quote a text that begins with a YAML indicator."""
        start = event.start_mark.index
        end = self.text.find("\n", start)
        line = self.text[start : end if end >= 0 else len(self.text)]
        bare = isinstance(event, yaml.AliasEvent) or getattr(event, "style", None) == ""
        if not bare or not line.startswith(indicator) or line.startswith("!!"):
            return ""
        return f"if a text was meant, {to_quote(line)}"

    def _alias(self, event: Any) -> None:
        message = f"the alias *{event.anchor} is not allowed"
        self._add("alias", _start(event), message, self._if_a_text("*", event))
        self._place(TextNode(f"*{event.anchor}", _start(event), _end(event)))

    def _scalar(self, event: Any) -> None:
        self._decorations(event)
        strange = STRANGE.search(event.value)
        if strange:  # escapes in quoted texts ("\\u0007") come out only here
            message = f"a text contains the invisible character U+{ord(strange.group()):04X}"
            self._add("control-character", _start(event), message, "remove it")
        self._place(TextNode(event.value, _start(event), _end(event), event.style or ""))

    def _open(self, event: Any, node: ListNode | MapNode) -> bool:
        self._decorations(event)
        if len(self.stack) >= MAX_DEPTH:
            message = f"lists and mappings are nested more than {MAX_DEPTH} levels deep"
            self._add("too-deep", node.position, message)
            return False
        self._place(node)
        self.stack.append((node, None))
        return True

    def _place(self, node: Node) -> None:
        if not self.stack:
            self.root = node
            return
        parent, waiting = self.stack[-1]
        if isinstance(parent, ListNode):
            parent.items.append(node)
        elif waiting is None:
            self.stack[-1] = (parent, self._key(parent, node))
        else:
            key, position = waiting
            self.stack[-1] = (parent, None)
            if key in parent.values:
                first = parent.keys[key]
                self._add(
                    "duplicate-key",
                    position,
                    f"the key {key!r} is already on line {first.line}",
                )
            else:
                parent.values[key] = node
                parent.keys[key] = position

    def _key(self, parent: MapNode, node: Node) -> tuple[str, Position]:
        if isinstance(node, TextNode):
            return node.text, node.position
        self._add("wrong-type", node.position, "a key must be a string")
        return f"\0{len(parent.values)}", node.position


def _start(event: Any) -> Position:
    return Position(event.start_mark.line + 1, event.start_mark.column + 1)


def _end(event: Any) -> Position:
    return Position(event.end_mark.line + 1, event.end_mark.column + 1)
