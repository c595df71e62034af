"""How many requests may leave now: what the last minute was used for, and what is kept for whom. Pure.

The service counts requests by the minute. This console counts each of its own
until a minute after it ended, since nobody knows at which moment in between
the service took note of it. So no minute of the service's clock can hold more
than the limits, however slow an answer was.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from octomil_tui.engine.asker import OWN_LIMIT, Purpose

WINDOW = 60.0
"""Seconds in which requests are counted."""

_SLACK = 0.25
"""Seconds on top: the service's clock and this one do not tick alike."""

_MOMENT = 0.001
"""Seconds that are not worth a wait: sums of floats are not exact, and a clock does not move by less."""

_LOOK_AGAIN = 1.0
"""Seconds to wait where everything that is counted is still on its way."""


@dataclass(frozen=True, slots=True)
class Used:
    """What the last minute was used for."""

    own: int = 0
    """Requests that nobody asked for."""
    user: int = 0
    """Requests that the person asked for, writes among them."""

    @property
    def total(self) -> int:
        """All of them."""
        return self.own + self.user


class Budget:
    """The requests of the last minute, and whether one more may leave."""

    def __init__(self) -> None:
        self._ended: deque[tuple[float, Purpose]] = deque()
        self._under_way: dict[int, Purpose] = {}
        self._next = 0

    def begin(self, purpose: Purpose) -> int:
        """Count one request that leaves now, and return its number."""
        self._next += 1
        self._under_way[self._next] = purpose
        return self._next

    def end(self, number: int, now: float) -> None:
        """Take note that a request has ended: a minute later it counts no more."""
        purpose = self._under_way.pop(number)
        # A clock that was set back must not put it before what ended earlier.
        last = self._ended[-1][0] if self._ended else now
        self._ended.append((max(now, last), purpose))

    def used(self, now: float) -> Used:
        """Return what counts now."""
        self._forget(now)
        purposes = [*self._under_way.values(), *(purpose for _, purpose in self._ended)]
        own = sum(1 for purpose in purposes if purpose.is_own)
        return Used(own, len(purposes) - own)

    def wait(self, now: float, purpose: Purpose, count: int = 1, own_limit: float = OWN_LIMIT) -> float:
        """Return for how many seconds there is no room for `count` more requests; 0 where there is.

        Args:
            now: Monotonic seconds.
            purpose: What they are for.
            count: How many are to leave, one after the other; more than can ever fit wait for an empty minute.
            own_limit: How many this console may make of its own accord in a minute now.
        """
        used = self.used(now)
        own, total = used.own, used.total
        own_limit = min(own_limit, OWN_LIMIT)
        for at, gone in [(now, None), *self._ended]:
            if gone is not None:
                total -= 1
                own -= gone.is_own
            fits_own = not purpose.is_own or own + min(count, own_limit) <= own_limit
            if fits_own and total + min(count, purpose.reach) <= purpose.reach:
                seconds = at + WINDOW + _SLACK - now if gone is not None else 0.0
                return seconds if seconds > _MOMENT else 0.0
        return _LOOK_AGAIN

    def _forget(self, now: float) -> None:
        while self._ended and self._ended[0][0] + WINDOW + _SLACK <= now:
            self._ended.popleft()
