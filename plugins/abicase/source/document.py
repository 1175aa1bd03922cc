"""A YAML file as a document: its text, its contents, and its nodes when they are asked for."""

from __future__ import annotations

import itertools
import re
import unicodedata
from functools import cached_property
from typing import Any

import yaml

from abicase.problems.codes import Code
from abicase.problems.problem import Problem
from abicase.source.builder import build
from abicase.source.syntax import LOADER
from abicase.source.yamltext import (
    MAX_BYTES,
    MAX_DEPTH,
    STRANGE,
    ListNode,
    MapNode,
    Node,
    Path,
    Position,
    TextNode,
)


class Document:
    """A file: its text, and the nodes in it."""

    def __init__(self, file: str, data: bytes, values: dict[str, Any] | None = None) -> None:
        """Prepare the document; the nodes are built when a position is asked for.

        Args:
            file: The name to report.
            data: The file's bytes: YAML in which :func:`parse` finds little or nothing wrong.
            values: Its contents, if they are already known.
        """
        self.file = file
        self.data = data
        self._values = values

    @property
    def text(self) -> str:
        """Return the file's text."""
        return self.data.decode("utf-8")

    @cached_property
    def root(self) -> MapNode:
        """Return the node of the whole file."""
        builder = build(self.text, self.file)
        assert isinstance(builder.root, MapNode), "parse checked this"
        return builder.root

    @cached_property
    def lines(self) -> list[str]:
        """Return the lines of the text."""
        return self.text.splitlines()

    def node(self, path: Path) -> tuple[Node, Path]:
        """Return the node at a path, or its nearest existing ancestor, and that node's path."""
        node: Node = self.root
        for depth, step in enumerate(path):
            if isinstance(node, MapNode) and step in node.values:
                node = node.values[str(step)]
            elif isinstance(node, ListNode) and isinstance(step, int) and step < len(node.items):
                node = node.items[step]
            else:
                return node, path[:depth]
        return node, path

    def position(self, path: Path, *, key: bool = False) -> Position:
        """Return the start of the value at a path, or (``key``) of its key."""
        node, reached = self.node(path)
        if key and reached and reached == path:
            parent, _ = self.node(path[:-1])
            if isinstance(parent, MapNode):
                return parent.keys[str(path[-1])]
        return node.position

    def find(self, path: Path, fragment: str, before: int = 0) -> Position:
        """Return the position of a fragment in the scalar at a path, as exactly as possible.

        ``before`` is the number of earlier occurrences of the fragment in the scalar.
        """
        node, _ = self.node(path)
        if not isinstance(node, TextNode) or not fragment:
            return node.position
        for number in range(node.position.line, min(node.end.line, len(self.lines)) + 1):
            start = node.position.column - 1 if number == node.position.line else 0
            column = self.lines[number - 1].find(fragment, start)
            while column >= 0 and before > 0:
                before -= 1
                column = self.lines[number - 1].find(fragment, column + len(fragment))
            if column >= 0:
                return Position(number, column + 1)
        return node.position

    def joined(self, path: Path) -> list[Position]:
        """Return the starts of the lines that YAML joins to the first line of a scalar."""
        node, _ = self.node(path)
        first = self.lines[node.position.line - 1][node.position.column - 1 :]
        if not isinstance(node, TextNode) or first.startswith("|"):
            return []
        # The end of a block is the beginning of the line after it.
        last = node.end.line if node.end.column > 1 else node.end.line - 1
        return [
            Position(number, len(line) - len(line.lstrip()) + 1)
            for number, line in enumerate(self.lines[:last], 1)
            if number > node.position.line and line.strip()
        ]

    def where(self, path: Path) -> str:
        """Return the path as people read it: ``events[attr-size].date``."""
        text = ""
        node: Node | None = self.root
        for step in path:
            if isinstance(step, int):
                node = (
                    node.items[step]
                    if isinstance(node, ListNode) and step < len(node.items)
                    else None
                )
                name = node.values.get("id") if isinstance(node, MapNode) else None
                text += f"[{_shown(name.text) if isinstance(name, TextNode) else step}]"
            else:
                node = node.values.get(step) if isinstance(node, MapNode) else None
                text += ("." if text else "") + _shown(step)
        return text

    def problem(
        self, code: Code, path: Path, message: str, hint: str = "", *, key: bool = False
    ) -> Problem:
        """Return a problem at a path of this file."""
        return self.problem_at(self.position(path, key=key), code, path, message, hint)

    def problem_at(
        self, place: Position, code: Code, path: Path, message: str, hint: str = ""
    ) -> Problem:
        """Return a problem at a position inside the value at a path."""
        return Problem(self.file, place.line, place.column, code, self.where(path), message, hint)

    def plain(self) -> dict[str, Any]:
        """Return the contents as plain dicts, lists and strings, for validation by the model."""
        # Released rather than kept, because those of many records would fill the memory.
        values, self._values = self._values, None
        if values is None:
            values = _plain(self.root)
            assert isinstance(values, dict)
        return values


def _shown(key: str) -> str:
    return key if re.fullmatch(r"[\w .-]+", key) else repr(key)


def _plain(node: Node) -> Any:
    # Recursion is bounded by MAX_DEPTH.
    if isinstance(node, TextNode):
        return node.text
    if isinstance(node, ListNode):
        return [_plain(item) for item in node.items]
    return {key: _plain(value) for key, value in node.values.items()}


def decode(data: bytes, file: str, most: int = MAX_BYTES) -> tuple[str, list[Problem]]:
    """Decode a file's bytes; the text is empty if there are any problems.

    More than ``most`` bytes are a problem; ``file`` is the name to report.
    """
    if len(data) > most:
        message = f"the file has more than {most:,} bytes"
        return "", [Problem(file, 1, 1, "huge-file", "", message)]
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        message = "the file begins with a byte order mark"
        return "", [Problem(file, 1, 1, "encoding", "", message, "save it as plain UTF-8")]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        good = data[: error.start].decode("utf-8")
        line = good.count("\n") + 1
        column = len(good) - (good.rfind("\n") + 1) + 1
        message = f"byte 0x{data[error.start]:02x} is not valid UTF-8"
        hint = "save the file as UTF-8"
        return "", [Problem(file, line, column, "encoding", "", message, hint)]
    return text, []


def parse(text: str, file: str) -> tuple[Document | None, list[Problem]]:
    """Parse a record's YAML, and find all problems; the document is None if there is none.

    ``file`` is the name to report.
    """
    if not text.strip():
        return None, [Problem(file, 1, 1, "empty-file", "", "the file is empty")]
    # YAML itself accepts no unusual ASCII characters.
    values = _quick(text) if text.isascii() or not STRANGE.search(text) else None
    if values is not None:
        return Document(file, text.encode(), values), []
    problems = _strange_characters(text, file)
    if problems:
        return None, problems
    builder = build(text, file)
    root = builder.root
    if any(p.code in ("syntax", "too-deep") for p in builder.problems):
        return None, builder.problems
    if root is None:
        problem = Problem(file, 1, 1, "empty-file", "", "the file contains no record")
        return None, builder.problems or [problem]
    if not isinstance(root, MapNode):
        shape = "a list" if isinstance(root, ListNode) else "a string"
        line, column = root.position.line, root.position.column
        message = f"a record must be a mapping of fields to values, not {shape}"
        return None, [*builder.problems, Problem(file, line, column, "wrong-type", "", message)]
    return Document(file, text.encode()), builder.problems


def _quick(text: str) -> dict[str, Any] | None:  # noqa: C901 - one loop is what makes it quick
    """Return the contents of a file without problems; None if it needs a closer look.

    Most files have none, and building their nodes takes twice as long as reading the contents.
    """
    container: Any = None
    key: str | None = None
    stack: list[tuple[Any, str | None]] = []
    root: Any = None
    escapes = "\\" in text
    try:
        event: Any
        next_event = LOADER(text).get_event
        while (event := next_event()) is not None:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                value: Any = event.value
                if event.anchor is not None or event.tag is not None:
                    return None
                if escapes and STRANGE.search(value):  # written as "\u0007"
                    return None
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                if event.anchor is not None or event.tag is not None or len(stack) >= MAX_DEPTH:
                    return None
                value = {} if kind is yaml.MappingStartEvent else []
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                container, key = stack.pop()
                continue
            elif kind is yaml.AliasEvent or (kind is yaml.DocumentStartEvent and root is not None):
                return None
            else:
                continue
            if container is None:
                root = value
            elif type(container) is list:
                container.append(value)
            elif key is None:
                if type(value) is not str or value in container:
                    return None
                key = value
                continue
            else:
                container[key] = value
                key = None
            if kind is not yaml.ScalarEvent:
                stack.append((container, key))
                container, key = value, None
    except yaml.YAMLError:
        return None
    return root if type(root) is dict else None


def _strange_characters(text: str, file: str) -> list[Problem]:
    problems = []
    for match in itertools.islice(STRANGE.finditer(text), 20):  # a binary file has thousands
        character = match.group()
        line = text.count("\n", 0, match.start()) + 1
        column = match.start() - (text.rfind("\n", 0, match.start()) + 1) + 1
        name = unicodedata.name(character, f"U+{ord(character):04X}")
        message = f"the file contains the invisible character {name}"
        problems.append(Problem(file, line, column, "control-character", "", message, "remove it"))
    return problems
