"""Numbers and moments as people read them; always UTC, always rounded down."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

UNKNOWN = "?"

_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_SECONDS_UNTIL = 10 * _MINUTE
"""From here on the seconds of an age are noise."""
_KILO = 1000
_ONE_DIGIT_UNTIL = 10

_by_the_minute: ContextVar[bool] = ContextVar("by_the_minute", default=False)


@contextmanager
def by_the_minute(yes: bool) -> Iterator[None]:  # noqa: FBT001 - what it switches is its name
    """Leave seconds out of all ages within, where `yes`: on a calm screen they would move what does not matter."""
    token = _by_the_minute.set(yes)
    try:
        yield
    finally:
        _by_the_minute.reset(token)


def is_by_the_minute() -> bool:
    """Say whether seconds are left out now."""
    return _by_the_minute.get()


def age(seconds: float | None) -> str:
    """Return an age as `2s`, `4m07s`, `18m`, `3h12m`, `2d`, rounded down; `?` for none.

    By the minute it is `<1m`, `4m`.
    """
    if seconds is None or not math.isfinite(seconds):
        return UNKNOWN
    # A moment in the future is a wrong clock somewhere, not a negative age.
    whole = max(0, math.floor(seconds))
    is_coarse = is_by_the_minute()
    if whole < _MINUTE:
        return "<1m" if is_coarse else f"{whole}s"
    if whole < _SECONDS_UNTIL and not is_coarse:
        return f"{whole // _MINUTE}m{whole % _MINUTE:02}s"
    if whole < _HOUR:
        return f"{whole // _MINUTE}m"
    if whole < _DAY:
        return f"{whole // _HOUR}h{whole % _HOUR // _MINUTE:02}m"
    return f"{whole // _DAY}d"


def brief_age(seconds: float | None) -> str:
    """Return an age in its largest unit alone, for a narrow column: `9m`, `3h`, `2d`."""
    whole = age(seconds)
    for unit in ("h", "m"):
        if unit in whole:
            return whole[: whole.index(unit) + 1]
    return whole


def clock_utc(epoch: float | None) -> str:
    """Return epoch seconds as `03:12:41Z`."""
    moment = _moment(epoch)
    return f"{moment:%H:%M:%S}Z" if moment else UNKNOWN


def short_clock(epoch: float | None) -> str:
    """Return epoch seconds as `03:12Z`."""
    moment = _moment(epoch)
    return f"{moment:%H:%M}Z" if moment else UNKNOWN


def day(epoch: float | None, now: float) -> str:
    """Return `today 02:31Z` for a moment of the day of `now`, else `12 Jun`, with the year if it is another."""
    moment, present = _moment(epoch), _moment(now)
    if moment is None:
        return UNKNOWN
    if present and moment.date() == present.date():
        return f"today {moment:%H:%M}Z"
    shown = f"{moment.day} {_MONTHS[moment.month - 1]}"
    return shown if present and moment.year == present.year else f"{shown} {moment.year}"


def moment(epoch: float | None, now: float | None) -> str:
    """Return `03:13Z` for a moment of the day of `now`, else `16 Jun 23:58Z`, with the year if it is another."""
    if epoch is None or now is None:
        return short_clock(epoch)
    shown = day(epoch, now)
    return shown.removeprefix("today ") if shown.startswith("today ") else f"{shown} {short_clock(epoch)}"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""Not `strftime("%b")`, which follows the locale."""


def size(count_of_bytes: int | None) -> str:
    """Return a size as `2.2 GB` (1 GB is 1000 MB), rounded down; one decimal below ten."""
    if count_of_bytes is None or count_of_bytes < 0:
        return UNKNOWN
    whole, unit, below = count_of_bytes, "B", 0
    for larger in ("kB", "MB", "GB", "TB", "PB"):
        if whole < _KILO:
            break
        whole, below, unit = whole // _KILO, whole % _KILO, larger
    if unit == "B" or whole >= _ONE_DIGIT_UNTIL:
        return f"{whole} {unit}"
    return f"{whole}.{below // 100} {unit}"


def count(number: int, noun: str, plural: str | None = None) -> str:
    """Return `1 device`, `50 devices`, `1,200 devices`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def _moment(epoch: float | None) -> datetime | None:
    if epoch is None:
        return None
    try:
        return datetime.fromtimestamp(epoch, UTC)
    except (OverflowError, ValueError, OSError):
        # Years that no calendar here knows: shown as unknown rather than refused.
        return None
