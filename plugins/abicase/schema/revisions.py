"""The types of values in a count: revisions, ranges, paths and patterns, as git accepts them."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import StringConstraints

from abicase.schema.fields import ONE_LINE, TAG, checked, commit_id, one_line_text, rejection, shown

_REVISION = rf"{TAG}(?:[~^][0-9]{{0,4}})*"
_PATHSPEC = r"!?[^!:/\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*"


def _revision(text: str) -> str:
    if ".." in text or not re.fullmatch(_REVISION, text):
        hint = "write a tag or a commit id, to which ^ and ~2 can be added"
        raise rejection("bad-value", f"{shown(text)} is not a revision", hint)
    name = re.split("[~^]", text)[0]
    return commit_id(name) and text if re.fullmatch("[0-9a-f]{7,11}", name) else text


def _range(text: str) -> str:
    return "..".join(_revision(revision) for revision in text.split("..", 1))


Revision = Annotated[str, *checked(_revision, {"pattern": f"^{_REVISION}$"})]
"""A tag or a commit id of at least 12 digits, to which ``^`` and ``~2`` can be added."""
CommitRange = Annotated[str, *checked(_range, {"pattern": rf"^{_REVISION}(\.\.{_REVISION})?$"})]
"""A revision with all its history, or a range ``from..to`` in git's sense."""


def _pattern(text: str) -> str:
    if re.search(r"\\[0-9]|\{[0-9]", text):  # git could take forever, or all memory
        raise rejection("bad-value", r"a pattern can't contain \1 or {2}", "write it out")
    try:
        re.compile(re.sub(r"\[:[a-z]+:\]", "a-z", text))
    except re.error as error:
        raise rejection("bad-value", f"{shown(text)} is not a pattern: {error.msg}") from None
    return one_line_text(text)


Pattern = Annotated[str, StringConstraints(max_length=300), *checked(_pattern, ONE_LINE)]
"""An extended regular expression, as accepted by ``git grep -E``; at most 300 characters."""


def _pathspec(text: str) -> str:
    if (
        len(text) > 300
        or not re.fullmatch(_PATHSPEC, text)
        or ".." in text.removeprefix("!").split("/")
    ):
        hint = "write it from the root of the repository; * matches anything, a leading ! excludes"
        raise rejection("bad-value", f"{shown(text)} is not a path in a repository", hint)
    return text


Pathspec = Annotated[str, *checked(_pathspec, {"pattern": f"^{_PATHSPEC}$", "maxLength": 300})]
"""A file or folder relative to the root of a repository, in which ``*`` matches any characters; a
leading ``!`` excludes it from the count."""
