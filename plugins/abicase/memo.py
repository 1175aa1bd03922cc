"""The form of a memo: whoever makes something that is worth keeping is handed one."""

from __future__ import annotations

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
