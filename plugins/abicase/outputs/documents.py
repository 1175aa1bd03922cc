"""The files of the JSON API as text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial

from abicase.catalogue.model import Catalogue
from abicase.memo import Memo, no_memo
from abicase.outputs import api
from abicase.outputs.resolver import COLLECTIONS, Replying, Resolver, case_file
from abicase.schema.addresses import Site


def documents(
    catalogue: Catalogue, site: Site, reply: Replying, memo: Memo = no_memo
) -> Iterator[tuple[str, str]]:
    """Yield the files below ``api/``, with their schemas.

    Yields:
        The path of each file, which is its address, and its text.

    Raises:
        TemplateProblem: The template of replies is wrong.
    """
    resolver = Resolver(catalogue, site, reply)

    def made(path: str, make: Callable[[], api.Document]) -> tuple[str, str]:
        return path, memo(f"file/{path}", "", lambda: _json(make()))

    yield made(api.file_of("index"), resolver.index)
    yield made(api.file_of("search"), resolver.search)
    for case in catalogue.cases:
        yield made(case_file(case), partial(resolver.case_document, case))
    for name in COLLECTIONS:
        yield made(api.file_of(name), partial(resolver.collection, name))
    for name in api.DOCUMENTS:
        yield api.schema_file(name), _schema(name, site.url, catalogue)


def _json(document: api.Document) -> str:
    return document.model_dump_json(exclude_none=True, indent=1) + "\n"


def _schema(name: str, url: str, catalogue: Catalogue) -> str:
    trees = [tree.id for tree in catalogue.casebook.trees]
    return json.dumps(api.schema_of(name, trees, url), ensure_ascii=False, indent=1) + "\n"
