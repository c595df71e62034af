"""This console's own share of what the service allows: less after a refusal, and only slowly more. Pure.

Several consoles and a dashboard may use one key, and none of them knows of the
others. The service's "too many requests" is all they hear. Whoever hears it
takes no more than a quarter of the limit from then on, so that four of them
fit; who hears it again takes less still. After some minutes of quiet a smaller
share grows back to that quarter, and only after a long quiet is more tried.
Each time that trying was refused, the next try comes twice as late.
"""

from __future__ import annotations

import math

from octomil_tui.engine.asker import LIMIT, OWN_LIMIT

SHARED = 0.96 * LIMIT / 4
"""Requests a minute of a console that knows that it is not alone: four of them stay below the limit."""

LEAST = 6.0
"""Requests a minute that are kept however often the service refuses."""

QUIET = 300.0
"""Seconds after a refusal until a share below the quarter grows again."""

LONG_QUIET = 1800.0
"""Seconds after a refusal until more than the quarter is tried."""

LONGEST = 8.0
"""The factor that both grow to, doubled each time that trying was refused."""

_REGROWTH, _GROWTH = 1.0, 4.0
"""Requests a minute that are added for every minute: up to the quarter, and beyond it."""

_KEPT = 0.6
"""The part of a small share that is left after one more refusal."""

_SPREAD = 0.1
"""The part by which that differs by chance, so that consoles do not move as one."""

_MINUTE = 60.0


class Allowance:
    """Requests a minute that this console may make of its own accord, over time."""

    def __init__(self) -> None:
        self._value = float(OWN_LIMIT)
        self._since = -math.inf
        """When it was last lowered."""
        self._patience = 1.0
        """How many times longer than usual it stays low."""

    def at(self, now: float) -> float:
        """Return the requests a minute that are allowed now, 6 to 80."""
        if not math.isfinite(self._since):
            return self._value
        quiet = max(0.0, now - self._since)
        regrown = self._value + _REGROWTH * max(0.0, quiet - QUIET * self._patience) / _MINUTE
        tried = _GROWTH * max(0.0, quiet - LONG_QUIET * self._patience) / _MINUTE
        return min(float(OWN_LIMIT), min(SHARED, regrown) + tried)

    def refused(self, now: float, *, sent_at: float, chance: float) -> None:
        """Take note that the service said "too many requests".

        Args:
            now: When it said so; monotonic seconds.
            sent_at: When that request left. One that left before the last refusal says nothing new.
            chance: A random number in [0, 1).
        """
        if sent_at <= self._since:
            return
        before = self.at(now)
        if math.isfinite(self._since) and before > self._value:
            # It grew, and that was too much. After a very long quiet, this is another story.
            is_known = now - self._since < 2 * LONG_QUIET * self._patience
            self._patience = min(self._patience * 2, LONGEST) if is_known else 1.0
        kept = _KEPT * (1 + _SPREAD * (2 * chance - 1))
        self._value = min(SHARED, max(LEAST, before * kept))
        self._since = now
