"""The environment of the templates, which are compiled once in a process."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from types import CodeType

import jinja2
from jinja2 import StrictUndefined, nodes
from jinja2.bccache import Bucket

from abicase.render import filters
from abicase.text.plaintext import fill, sentences
from abicase.views.labels import shortened

TEMPLATES = Path(__file__).with_name("templates")
"""The templates of the package."""


class CompiledTemplates(jinja2.BytecodeCache):
    """A cache of template code for all environments of a process with the same settings."""

    def __init__(self) -> None:
        self._codes: dict[str, tuple[str, CodeType]] = {}

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return a key for a template; unlike Jinja's, it works for paths that are not UTF-8."""
        return f"{name}|{filename}"

    def load_bytecode(self, bucket: Bucket) -> None:
        """Load the code of a template, if its text is the same."""
        checksum, code = self._codes.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template instead of that of an earlier text."""
        if bucket.code is not None:
            self._codes[bucket.key] = bucket.checksum, bucket.code


@lru_cache(256)  # in a live preview, few templates change
def syntax_tree(source: str) -> nodes.Template:
    """Parse a template; the tree is shared, so it must not be changed."""
    return jinja2.Environment(autoescape=True).parse(source)


_ESCAPED, _PLAIN = CompiledTemplates(), CompiledTemplates()


class Environment(jinja2.Environment):
    """The environment of the page templates."""

    def __init__(self, overrides: Path | None = None) -> None:
        """Set it up; templates in the folder ``overrides`` replace those of the same name."""
        own = jinja2.FileSystemLoader(TEMPLATES)
        loaders: list[jinja2.BaseLoader] = [own, jinja2.PrefixLoader({"abicase": own})]
        if overrides:
            loaders.insert(0, jinja2.FileSystemLoader(overrides))
        super().__init__(
            loader=jinja2.ChoiceLoader(loaders),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=False,
            auto_reload=False,  # nothing changes during a build
            bytecode_cache=_ESCAPED,
        )
        self.tests["contains"] = lambda held, one: one in held
        self.filters.update(
            bibtex=filters.bibtex,
            literals=filters.literals,
            lower_first=filters.lower_first,
            upper_first=filters.upper_first,
            words=filters.words,
            spelled=filters.spelled,
            shorten=shortened,
            zip=zip,
            chronicle=filters.chronicle,
            sentences=sentences,
            attribute=filters.attribute,
        )

    def plain(self) -> jinja2.Environment:
        """Return the same without escaping, for output other than HTML with safe texts."""
        environment = self.overlay(autoescape=False, bytecode_cache=_PLAIN)
        environment.filters = {**self.filters, "fill": fill, "target": filters.target}
        return environment
