"""Python in three years' time: what it says of the clock, for programs run with this on their path."""

import datetime
import time

LATER = 3 * 366 * 24 * 60 * 60

_time = time.time
_datetime = datetime.datetime


class _Same(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, _datetime)


class _Later(_datetime, metaclass=_Same):
    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> "_Later":
        return cls.fromtimestamp(time.time(), tz)


def _later() -> float:
    return _time() + LATER


time.time = _later  # datetime.date.today() asks it, too
datetime.datetime = _Later  # type: ignore[misc]
