"""Compiled templates: made ahead by a process beside this one, and kept in memory.

To compile them takes most of the time of a small build. So a build that has to make everything
begins with it while the records are read, and the live preview keeps them from one build to the
next. They are never kept on disk: nothing that a cache holds is ever executed.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from types import CodeType

import jinja2
from jinja2 import meta
from jinja2.bccache import Bucket

from abicase.workers import Started, places


class Compiled(jinja2.BytecodeCache):
    """The compiled templates of environments that are set up alike."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    @contextmanager
    def ahead(self, environment: jinja2.Environment, names: Iterable[str]) -> Iterator[None]:
        """Compile templates in a process beside this one, where there is a processor for it.

        Args:
            environment: Where they are, set up as those are that will load them.
            names: The templates; those that they name are compiled, too.
        """
        if places() < 2:
            yield
            return
        started = Started(partial(self._compile, environment, list(names)))
        try:
            yield
            self._codes |= marshal.loads(started.result())  # noqa: S302 - our own child wrote it
        finally:
            started.end()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template its code, if the same text has been compiled."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template."""
        if bucket.code is not None:
            self._codes[bucket.key, bucket.checksum] = bucket.code

    def _compile(self, environment: jinja2.Environment, names: list[str]) -> bytes:
        codes: dict[tuple[str, str], CodeType] = {}
        seen = set(names)
        while names:
            name = names.pop()
            # What is not there or wrong is found out, and told, where it is used.
            try:
                source, file, _ = environment.loader.get_source(environment, name)  # type: ignore[union-attr]
                tree = environment.parse(source, name, file)
                code = environment.compile(tree, name, file)
            except jinja2.TemplateError:
                continue
            codes[self.get_cache_key(name, file), self.get_source_checksum(source)] = code
            named = {other for other in meta.find_referenced_templates(tree) if other} - seen
            seen |= named
            names += named
        return marshal.dumps(codes)
