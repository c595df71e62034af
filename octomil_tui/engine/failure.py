"""What a failed read means for the loop: its kind, its sentence, and when it is tried again. Pure."""

from __future__ import annotations

from octomil_tui.api.errors import (
    AnswerError,
    ForbiddenError,
    NotFoundError,
    OctomilError,
    RateLimitedError,
    ServerError,
    StatusError,
    UnauthorizedError,
    UntrustedError,
)
from octomil_tui.api.retry import may_retry, next_delay
from octomil_tui.domain.text import clean
from octomil_tui.engine.state import Cause
from octomil_tui.engine.topic import Topic

SHORTEST_WAIT = 1.0
"""Seconds: never ask a failing service more often than that."""

REFUSED_WAIT = 30.0
"""Seconds between tries of what is not there, or cannot be trusted: it rarely changes by itself."""

FORBIDDEN_WAIT = 60.0
"""Seconds between tries of what the key may not read, and of everything while the key is not accepted."""

_CAUSES: tuple[tuple[type[OctomilError], Cause], ...] = (
    (UntrustedError, Cause.TLS),
    (UnauthorizedError, Cause.KEY),
    (ForbiddenError, Cause.PERMISSION),
    (NotFoundError, Cause.MISSING),
    (RateLimitedError, Cause.LIMITED),
    (ServerError, Cause.LINK),
)
_WAITS = {
    Cause.TLS: REFUSED_WAIT,
    Cause.KEY: FORBIDDEN_WAIT,
    Cause.PERMISSION: FORBIDDEN_WAIT,
    Cause.MISSING: REFUSED_WAIT,
    Cause.HERE: REFUSED_WAIT,
}


def cause_of(error: Exception) -> Cause:
    """Return what kind of failure an exception of a read is."""
    if not isinstance(error, OctomilError):
        return Cause.HERE
    for kind, cause in _CAUSES:
        if isinstance(error, kind):
            return cause
    if may_retry(error):
        return Cause.LINK
    # The service's own no to a read of this console, or words that are not the API's.
    return Cause.CONTRACT if isinstance(error, StatusError | AnswerError) else Cause.LINK


def sentence_of(error: Exception, topic: Topic) -> str:
    """Return why a read failed, safe to show and never empty."""
    cause = cause_of(error)
    if not isinstance(error, OctomilError):
        return f"this console could not use the answer ({clean(type(error).__name__)})"
    if cause is Cause.PERMISSION:
        return f"the key lacks a permission: {topic.kind.value}"
    if cause is Cause.MISSING and not topic.key:
        return f"this service does not list {topic.kind.value}"
    if cause is Cause.CONTRACT and isinstance(error, StatusError):
        return f"contract error: {error.message}"
    return error.message


def wait_after(error: Exception, attempt: int, *, period: float, chance: float) -> float:
    """Return the seconds until a failed read is tried again.

    Args:
        error: What it failed with.
        attempt: How many tries have failed, from 1.
        period: Seconds between two reads that succeed.
        chance: A random number in [0, 1), to spread the tries of many consoles.
    """
    cause = cause_of(error)
    if cause in _WAITS:
        return _WAITS[cause]
    if cause is Cause.CONTRACT:
        # Asking sooner does not make it readable; a refusal is asked as seldom as others.
        return max(REFUSED_WAIT if isinstance(error, StatusError) else SHORTEST_WAIT, period)
    retry_after = error.retry_after if isinstance(error, OctomilError) else None
    return max(SHORTEST_WAIT, next_delay(attempt, retry_after=retry_after, chance=chance))
