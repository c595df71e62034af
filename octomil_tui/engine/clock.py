"""Time as a person at this machine lives it: it passes also while the machine sleeps."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

GAP = 5.0
"""Seconds that have to be missing before somebody slept; less is a busy machine, or a clock that is being set."""


@dataclass(frozen=True, slots=True)
class Beat:
    """Both clocks of this machine at one moment, in seconds."""

    mono: float
    wall: float


def missed(before: Beat, after: Beat, expected: float) -> float:
    """Return how many seconds went by in which this process did not run; 0 for none to speak of.

    A monotonic clock stands while a laptop sleeps, which the wall clock tells;
    a process that was stopped finds both clocks far ahead of the `expected`
    seconds between two beats. A wall clock that is set back tells nothing.
    """
    asleep = (after.wall - before.wall) - (after.mono - before.mono)
    late = after.mono - before.mono - expected
    gap = max(asleep, late)
    return gap if gap > GAP else 0.0


def to_next(now: float, period: float) -> float:
    """Return the seconds to the next whole period of a clock.

    What happens once in a period happens together then: a process that rests
    is woken once, and not once for each of them.
    """
    return period - now % period


class AwakeClock:
    """A clock that never goes back and does not stand while this machine sleeps.

    Ages that are counted by it are right after a laptop was closed for an hour,
    which those of the monotonic clock alone are not.

    Args:
        mono: Monotonic seconds, which may stand during sleep.
        wall: Epoch seconds of this machine.
    """

    def __init__(
        self, mono: Callable[[], float] = time.monotonic, wall: Callable[[], float] = time.time
    ) -> None:
        self._mono = mono
        self._wall = wall
        self._slept = 0.0
        self._last = Beat(mono(), wall())

    def __call__(self) -> float:
        """Return seconds since some fixed moment."""
        now = Beat(self._mono(), self._wall())
        elapsed = now.mono - self._last.mono
        # Whatever the monotonic clock counted was lived through: only what it missed is added.
        self._slept += missed(self._last, now, elapsed)
        self._last = now
        return now.mono + self._slept
