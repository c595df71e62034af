"""Times as the service writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC).timestamp()
_LATEST = datetime(2100, 1, 1, tzinfo=UTC).timestamp()
_MILLISECONDS_FROM = 1e11
"""A number from here on counts milliseconds: as seconds it would be the year 5138."""


def epoch_seconds(value: str | float | None) -> float | None:
    """Return a time as epoch seconds, or None for none and for what no fleet can mean.

    Text is RFC 3339 with `Z`, an offset, or no zone, which is read as UTC.
    Numbers are seconds or milliseconds. Before 2000 and after 2100 is a
    default or a mistake, and an age made of it would be a lie.
    """
    if isinstance(value, str):
        return _of_text(value)
    if value is None:
        return None
    if not value <= _LATEST * 1000:  # also NaN, and integers that no float can hold
        return None
    seconds = value / 1000 if value >= _MILLISECONDS_FROM else value
    return float(seconds) if _EARLIEST <= seconds <= _LATEST else None


def http_date(value: str | None) -> float | None:
    """Return an HTTP date as epoch seconds, or None for anything else; bounded as `epoch_seconds`."""
    if not value:
        return None
    try:
        return _bounded(parsedate_to_datetime(value))
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


@lru_cache(maxsize=8192)
def _of_text(text: str) -> float | None:
    # Cached: the rows of a fleet say the same times again at every poll.
    try:
        return _bounded(datetime.fromisoformat(text.strip().upper()))
    except (ValueError, OverflowError):
        return None


def _bounded(moment: datetime) -> float | None:
    seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    return seconds if _EARLIEST <= seconds <= _LATEST else None
