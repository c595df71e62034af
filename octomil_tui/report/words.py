"""Small words that every report uses: counts, percents, moments."""

from __future__ import annotations

from datetime import UTC, datetime

from octomil_tui.domain.text import counted

NOT_KNOWN = "?"
"""What stands in a table where nobody knows."""


def devices(count: int) -> str:
    """Return a number of devices: `1 device`, `12 devices`."""
    return counted(count, "device")


def are(count: int) -> str:
    """Return the verb that goes with a number."""
    return "is" if count == 1 else "are"


def moment(at: float | None) -> str:
    """Return a moment of the service's clock in UTC, to the second."""
    return _written(at, "%Y-%m-%dT%H:%M:%SZ")


def clock(at: float | None) -> str:
    """Return a moment of the service's clock in UTC, to the minute and without its day: `03:33Z`."""
    return _written(at, "%H:%MZ")


def day(at: float | None) -> str:
    """Return the day of a moment in UTC."""
    return _written(at, "%Y-%m-%d")


def _written(at: float | None, form: str) -> str:
    if at is None:
        return NOT_KNOWN
    try:
        return datetime.fromtimestamp(at, UTC).strftime(form)
    except (ValueError, OverflowError, OSError):  # a service may name a year that no calendar has
        return NOT_KNOWN


def age(seconds: float | None) -> str:
    """Return how long ago something was: `9s`, `17m`, `3h`, `2d`."""
    if seconds is None:
        return NOT_KNOWN
    left = max(0, int(seconds))
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if left >= size:
            return f"{left // size}{unit}"
    return f"{left}s"
