"""The configuration of a site, ``mkdocs.yml``, read node by node.

Only requested values are constructed, and only plain ones: objects that other tags name are never
loaded, but the tags are kept when the file is written for another site generator.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

SITE_FILE = "mkdocs.yml"
"""The file that makes a folder the folder of a site."""
_MOST_BYTES = 1_000_000
_KINDS = {str: "text", int: "a number", bool: "true or false", list: "a list"}


class ConfigurationError(Exception):
    """A configuration that can't be used; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """A parsed configuration."""

    path: Path
    """Its file."""
    root: yaml.MappingNode
    """Its contents."""

    def value(self, *keys: str, kind: type | None = None) -> Any:
        """Return the value below some keys, from the root; None if there is none.

        ``kind`` is the only type that it may have, if it is there.

        Raises:
            ConfigurationError: It has another type, or a tag that does not stand for a plain value.
        """
        node = node_at(self.root, *keys)
        if node is None:
            return None
        try:
            value = _Loader("").construct_document(node)
        except yaml.constructor.ConstructorError as error:
            mark = error.problem_mark or node.start_mark
            raise self.error(mark, f"{'.'.join(keys)}: {error.problem}") from None
        if kind and value is not None and type(value) is not kind:
            raise self.wrong(keys, f"{value!r} is not {_KINDS[kind]}")
        return value

    def error(self, mark: yaml.Mark, message: str) -> ConfigurationError:
        """Return an error with its place."""
        return ConfigurationError(f"{self.path}:{mark.line + 1}:{mark.column + 1}: {message}")

    def wrong(self, keys: tuple[str, ...], message: str) -> ConfigurationError:
        """Return an error at the value below some keys."""
        node = node_at(self.root, *keys)
        return self.error((node or self.root).start_mark, f"{'.'.join(keys)}: {message}")

    def text(self, values: Mapping[str, Any], *, without_plugin: str) -> str:
        """Return the file as YAML, with some values replaced at the root, and without a plugin.

        The values of a mapping are merged into the existing mapping.
        """
        pairs = dict(_pairs(self.root))
        plugins = pairs.get("plugins")
        if isinstance(plugins, yaml.MappingNode | yaml.SequenceNode):
            kept: list[Any] = [one for one in plugins.value if without_plugin not in _names(one)]
            pairs["plugins"] = type(plugins)(plugins.tag, kept)
        for key, value in values.items():
            fresh = _Representer().represent_data(value)
            old = pairs.get(key)
            if isinstance(fresh, yaml.MappingNode) and isinstance(old, yaml.MappingNode):
                joined = dict(_pairs(old)) | dict(_pairs(fresh))
                fresh = yaml.MappingNode(fresh.tag, _scalars(joined))
            pairs[key] = fresh
        root = yaml.MappingNode(self.root.tag, _scalars(pairs))
        written = yaml.serialize(root, Dumper=yaml.SafeDumper, allow_unicode=True, width=100)
        return str(written)


def read(path: Path) -> Configuration:
    """Read a configuration.

    Raises:
        ConfigurationError: It can't be read, or is not a configuration.
    """
    try:
        with path.open("rb") as file:
            root = yaml.compose(file.read(_MOST_BYTES), yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        raise ConfigurationError(f"{path}{place}: {error.problem}") from None
    except (OSError, yaml.YAMLError, ValueError, RecursionError) as error:
        raise ConfigurationError(f"{path} can't be read: {error}") from None
    if not isinstance(root, yaml.MappingNode):
        raise ConfigurationError(f"{path}:1:1: this is not a mapping of settings")
    return Configuration(path, root)


def node_at(node: yaml.Node | None, *keys: str) -> yaml.Node | None:
    """Return the node below some keys, of mappings or of mappings in lists; None if missing."""
    for key in keys:
        nodes: list[Any] = node.value if isinstance(node, yaml.SequenceNode) else [node]
        pairs = [pair for one in nodes for pair in _pairs(one)]
        node = next((value for name, value in pairs if name == key), None)
    return node


def _pairs(node: yaml.Node | None) -> list[tuple[str, yaml.Node]]:
    if not isinstance(node, yaml.MappingNode):
        return []
    return [(str(key.value), value) for key, value in node.value]


def _names(entry: Any) -> list[str]:
    """Return the names in an entry of a list or mapping of plugins."""
    if isinstance(entry, tuple):
        return [str(entry[0].value)]
    if isinstance(entry, yaml.ScalarNode):
        return [str(entry.value)]
    return [name for name, _ in _pairs(entry)]


def _scalars(pairs: Mapping[str, yaml.Node]) -> list[tuple[yaml.Node, yaml.Node]]:
    return [(_Representer().represent_data(key), value) for key, value in pairs.items()]


class _Representer(yaml.representer.SafeRepresenter):
    """Represents plain values, and texts that are known to be HTML."""

    def represent_text(self, text: str) -> yaml.Node:
        return self.represent_str(str.__str__(text))

    def ignore_aliases(self, data: Any) -> bool:
        return True


_Representer.add_multi_representer(str, _Representer.represent_text)


class _Loader(yaml.SafeLoader):
    """Constructs plain values, and environment variables as MkDocs reads them."""

    def variable(self, node: yaml.Node) -> Any:
        """Return the value of ``!ENV NAME``, or of ``!ENV [NAME, …, DEFAULT]``."""
        nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
        *named, last = nodes
        names = named or [last]
        default = last if named else None
        for name in names:
            text = os.environ.get(str(name.value))
            if text is not None:
                tag = self.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
                return self.construct_object(yaml.ScalarNode(tag, text))
        return self.construct_object(default) if default is not None else None


_Loader.add_constructor("!ENV", _Loader.variable)
