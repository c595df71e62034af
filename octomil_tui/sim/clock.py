"""The scenario's time: it follows the wall clock, or stands until it is moved."""

import time
from typing import Protocol

__all__ = ["Clock", "ManualClock", "WallClock"]


class Clock(Protocol):
    """Anything that tells the scenario's time."""

    def now(self) -> float:
        """Return the scenario's time in epoch seconds."""
        ...


class WallClock:
    """Scenario time that runs on from `start_at`, `speed` times as fast as real time.

    Args:
        start_at: The scenario's time at this moment, epoch seconds.
        speed: Scenario seconds per real second.
    """

    def __init__(self, start_at: float, speed: float = 1.0) -> None:
        self._start_at = start_at
        self._speed = speed
        self._began = time.monotonic()

    def now(self) -> float:
        """Return the scenario's time; a changed system clock does not move it."""
        return self._start_at + (time.monotonic() - self._began) * self._speed


class ManualClock:
    """Scenario time that moves only when told to.

    Args:
        start_at: The scenario's time to begin with, epoch seconds.
    """

    def __init__(self, start_at: float) -> None:
        self._now = start_at

    def now(self) -> float:
        """Return the scenario's time."""
        return self._now

    def advance_to(self, at: float) -> None:
        """Move to `at`, epoch seconds.

        Raises:
            ValueError: `at` lies in the scenario's past.
        """
        if at < self._now:
            raise ValueError("the scenario's clock does not run backwards")
        self._now = at
