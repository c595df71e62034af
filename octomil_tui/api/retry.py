"""When a read may be asked again, and after how long. Pure: no clock, no sleep."""

from __future__ import annotations

from octomil_tui.api.errors import NotTheApiError, OctomilError, StatusError, UnreachableError, UntrustedError
from octomil_tui.api.moment import http_date

FIRST_DELAY = 0.5
"""Seconds: the longest delay before the second try."""

LONGEST_DELAY = 30.0
"""Seconds: the longest delay of this client's own making."""

SHORTEST_WAIT = 1.0
LONGEST_WAIT = 120.0
"""Seconds between which a wait that the service asked for is held."""

_RETRYABLE = frozenset({408, 425, 429, 500, 502, 503, 504})
_DIGITS_READ = 9


def may_retry(error: OctomilError) -> bool:
    """Say whether the same read may succeed if it is asked again soon.

    No answer and the statuses that mean "not now" may; an untrusted
    certificate, a refusal and an answer that is not the API's will not change.
    """
    if isinstance(error, UnreachableError):
        return not isinstance(error, UntrustedError)
    # A gateway's own 502 is a page of HTML, and passes like the service's.
    return isinstance(error, StatusError | NotTheApiError) and error.status in _RETRYABLE


def next_delay(attempt: int, *, retry_after: float | None, chance: float) -> float:
    """Return the seconds to wait before the next try.

    Args:
        attempt: How many tries have failed, from 1.
        retry_after: What the service asked for, as `retry_after_seconds` gives it.
        chance: A random number in [0, 1), for full jitter: many consoles that
            lost the same service must not come back together.
    """
    if retry_after is not None:
        return min(max(retry_after, SHORTEST_WAIT), LONGEST_WAIT)
    longest = min(FIRST_DELAY * 2.0 ** min(attempt - 1, 16), LONGEST_DELAY)
    return chance * longest


def retry_after_seconds(value: str | None, served_at: float | None) -> float | None:
    """Return the wait of a `Retry-After` header in seconds, 1 to 120.

    Both forms are read: whole seconds, and a date, which is measured against
    the answer's own `Date` so that a wrong local clock does not matter. None
    for anything else: negative, fractional, past, garbage, or a date without
    a `Date` to hold against it.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        # More digits than that is for ever; int() of thousands of digits would raise.
        seconds = LONGEST_WAIT if len(text.lstrip("0")) > _DIGITS_READ else float(text)
    else:
        until = http_date(text)
        if until is None or served_at is None or until <= served_at:
            return None
        seconds = until - served_at
    return min(max(seconds, SHORTEST_WAIT), LONGEST_WAIT)
