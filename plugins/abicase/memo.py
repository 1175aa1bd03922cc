"""The interface of a memo, which is passed to functions whose results are worth keeping."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, Protocol


class Memo(Protocol):
    """Returns an earlier result if the function would produce the same one again."""

    def __call__(self, name: str, key: str, make: Callable[[], Any]) -> Any:
        """Return the result of ``make``, from this call or an earlier one.

        Args:
            name: The name of the result, such as ``page/cases/one.md``.
            key: A digest of all inputs, except for what is read from the catalogue and for other
                results.
            make: Computes the result, which must be JSON serializable.
        """


def no_memo(name: str, key: str, make: Callable[[], Any]) -> Any:
    """Call ``make`` every time."""
    return make()


def digest(*parts: str | bytes) -> str:
    """Return a short digest that is the same only for the same contents."""
    # A path that is not UTF-8 contains surrogates.
    data = [
        part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part for part in parts
    ]
    return hashlib.sha256(b"".join([b"%d:%b" % (len(item), item) for item in data])).hexdigest()
