"""The form of a memo, which is handed to whoever makes something that is worth keeping."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, Protocol


class Memo(Protocol):
    """Gives back what was made before, if it would be made the same way again."""

    def __call__(self, name: str, key: str, make: Callable[[], Any]) -> Any:
        """The result of a function.

        Args:
            name: What is made, such as ``page/cases/one.md``.
            key: A digest of all that goes in, except for what is read of the catalogue.
            make: Makes it: anything that JSON can hold.

        Returns:
            What ``make`` returns, or what it returned earlier.
        """


def no_memo(name: str, key: str, make: Callable[[], Any]) -> Any:
    """Make everything, every time."""
    return make()


def digest(*parts: str | bytes) -> str:
    """A short name for any contents: the same only for the same."""
    # A path that is no UTF-8 has halves of surrogate pairs in it.
    data = [
        part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part for part in parts
    ]
    return hashlib.sha256(b"".join([b"%d:%b" % (len(one), one) for one in data])).hexdigest()
