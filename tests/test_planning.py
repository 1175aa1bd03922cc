"""What a build has to tell MkDocs of the files beside the pages."""

from __future__ import annotations

import pytest

from abicase.outputs import Bundle
from abicase.planning import Plan


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[x](../api/v1/index.json)", {"api/v1/index.json"}),
        ("[x]: api/v1/index.json", {"api/v1/index.json"}),
        ("[x](reply.txt) of [y](../cases/one/reply/a.txt#top)", {"a/reply.txt", "cases/one/reply/a.txt"}),
        ("![x](reply/a.txt)", {"cases/one/reply/a.txt"}),
        ("index.json is no link, and other.json is not there", {"api/v1/index.json"}),
        ("nothing", set()),
    ],
)  # fmt: skip
def test_only_files_that_pages_may_link_to(text: str, found: set[str]) -> None:
    paths = ("api/v1/index.json", "a/reply.txt", "cases/one/reply/a.txt", "cases/one/reply/b.txt")
    plan = object.__new__(Plan)
    plan.files = {path: ("", Bundle("", "", list)) for path in paths}
    assert plan.linked([text]) == found
