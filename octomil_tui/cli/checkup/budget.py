"""The time that a checkup may take."""

from __future__ import annotations

import time
from collections.abc import Callable

WITHIN = 14.0
"""Seconds in which everything was looked at, or is said not to be; a second is left for the process itself."""


class Budget:
    """What is left of it; begins when it is made.

    Args:
        within: Seconds for everything.
        clock: Monotonic seconds.
    """

    def __init__(self, within: float = WITHIN, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until = clock() + within

    def left(self, most: float = WITHIN) -> float:
        """Return the seconds for one step, at most `most`; never quite none, so that it is tried."""
        return max(0.1, min(most, self._until - self._clock()))
