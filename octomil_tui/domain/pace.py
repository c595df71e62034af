"""How fast the devices of a rollback arrive: when they did, when they were expected, and when the others are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

BUCKET = 40.0
"""Seconds over which arrivals are counted together."""

KEPT = 1000
"""Seconds for which single arrivals are remembered."""

GRAIN = 10.0
"""Seconds: how exactly the moment at which a device is expected is kept."""

_MOST = (1 << 15) - 1
ON_TIME = 0.8
"""Share of the devices expected by now from which on the pace is what was expected."""


class Due(NamedTuple):
    """When a device is expected to report the target."""

    at: float
    is_download: bool
    """Whether it has to download the target first, or does."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Arrivals of the devices that change, in seconds of the service's clock."""

    arrivals: Mapping[int, int] = field(default_factory=dict)
    """Devices by the second in which they first reported the target; the newest seconds only."""
    expected: Mapping[int, int] = field(default_factory=dict)
    """Devices by when they were expected at the first look at them, in steps of `GRAIN` since the start."""
    dues: Mapping[int, int] = field(default_factory=dict)
    """Devices by when they are expected now, as `due_code` has it; 0 for those of which nothing tells."""

    def per_bucket(self, now: float, buckets: int) -> list[int]:
        """Return how many devices arrived in each of the last stretches of 40 s, the oldest first."""
        counted = [0] * buckets
        for second, count in self.arrivals.items():
            place = int((now - second) // BUCKET)
            if 0 <= place < buckets:
                counted[buckets - 1 - place] += count
        return counted

    def expected_by(self, now: float, started_at: float) -> int:
        """Return how many devices should have arrived by now, as it looked when they were first looked at."""
        step = (now - started_at) // GRAIN
        return sum(count for due, count in self.expected.items() if due <= step)

    def last_due(self, started_at: float, *, is_download: bool) -> Due | None:
        """Return when the last device is expected, of those that download or of the others; None for none."""
        codes = [code for code, n in self.dues.items() if n and code and bool(code & 1) is is_download]
        return Due(started_at + (max(codes) >> 1) * GRAIN, is_download) if codes else None

    def downloads(self) -> int:
        """Return how many devices are expected after a download."""
        return sum(count for code, count in self.dues.items() if code & 1)


def due_code(due: Due | None, started_at: float) -> int:
    """Return an expectation as a column keeps it; 0 for none, and for one that is days away."""
    if due is None:
        return 0
    step = max(1, int((due.at - started_at) // GRAIN))
    return (step << 1) | due.is_download if step <= _MOST else 0


def code_due(code: int, started_at: float) -> Due | None:
    """Return the expectation of a code, to ten seconds exactly."""
    return Due(started_at + (code >> 1) * GRAIN, bool(code & 1)) if code else None


def kept_arrivals(arrivals: Counter[int], at: float) -> Mapping[int, int]:
    """Return the arrivals that are still told apart at `at`."""
    return {second: n for second, n in arrivals.items() if second >= at - KEPT}
