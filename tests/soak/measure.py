"""What a process holds, sampled while it runs, and what becomes of that in a month."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from textual.app import App
from textual.timer import Timer

MONTH = 30 * 86_400.0
ALLOWED = 50e6
"""Bytes that a console may grow by in a month."""
WARM_UP = 0.3
"""The share of the samples, from the first, that does not count: caches fill."""

_PAGE = 4096
_LIBC = ctypes.CDLL(None)


@dataclass(frozen=True, slots=True)
class Sample:
    """What the process held after so many refreshes."""

    refreshes: int
    rss: int
    """Bytes in memory."""
    threads: int
    files: int
    tasks: int
    workers: int
    timers: int
    objects: int
    blocks: int
    """Pieces of memory that Python has handed out: unlike `rss`, free of how the allocator lays them out."""


COUNTED = ("threads", "files", "tasks", "workers", "timers")
"""What must not change at all."""


def sample(app: App[Any], refreshes: int) -> Sample:
    """Return what this process holds now, after a collection of garbage."""
    gc.collect()
    if hasattr(_LIBC, "malloc_trim"):
        # Freed memory that the allocator keeps for later would be noise of several megabytes.
        _LIBC.malloc_trim(0)
    held = gc.get_objects()
    return Sample(
        refreshes,
        int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE,
        threading.active_count(),
        len(list(Path("/proc/self/fd").iterdir())),
        len(asyncio.all_tasks()),
        len(app.workers),
        sum(type(one) is Timer for one in held),
        len(held),
        sys.getallocatedblocks(),
    )


def slope(samples: Sequence[Sample]) -> float:
    """Return bytes per refresh, by the least squares of the samples."""
    count = len(samples)
    mean_x = sum(one.refreshes for one in samples) / count
    mean_y = sum(one.rss for one in samples) / count
    over = sum((one.refreshes - mean_x) * (one.rss - mean_y) for one in samples)
    return over / sum((one.refreshes - mean_x) ** 2 for one in samples)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a run came to."""

    name: str
    samples: tuple[Sample, ...]
    """Those that count."""
    interval: float
    """Seconds between two refreshes in life."""

    @property
    def per_refresh(self) -> float:
        """Bytes by which the process grows with each refresh."""
        return slope(self.samples)

    @property
    def in_a_month(self) -> float:
        """Bytes by which it would grow in thirty days."""
        return self.per_refresh * MONTH / self.interval

    @property
    def grown(self) -> list[str]:
        """What there is more of: most of the samples of the last third hold more than any before them.

        A refresh that is under way has a task or a timer more, so that single samples differ by one.
        """
        third = max(1, len(self.samples) // 3)
        return [
            name
            for name in COUNTED
            if median(getattr(one, name) for one in self.samples[-third:])
            > max(getattr(one, name) for one in self.samples[:-third])
        ]

    @property
    def is_good(self) -> bool:
        """Whether nothing leaks."""
        return self.in_a_month <= ALLOWED and not self.grown

    @property
    def grew_by(self) -> float:
        """Bytes by which the process grew over the samples, by the line through them."""
        return self.per_refresh * (self.samples[-1].refreshes - self.samples[0].refreshes)

    def table(self, unit: str = "refreshes") -> list[str]:
        """Return the name and a dozen of the samples; `unit` is what they are counted by."""
        step = max(1, len(self.samples) // 12)
        head = f"{unit:>10}{'RSS MB':>9}{'objects':>10}{'blocks':>10}" + "".join(
            f"{name:>9}" for name in COUNTED
        )
        rows = [
            f"{one.refreshes:10,}{one.rss / 1e6:9.2f}{one.objects:10,}{one.blocks:10,}"
            + "".join(f"{getattr(one, name):9}" for name in COUNTED)
            for one in self.samples[::step]
        ]
        return [f"== {self.name}", head, *rows]

    def lines(self) -> list[str]:
        """Return a table of a dozen of the samples and the verdict."""
        month = f"{self.in_a_month / 1e6:+.1f} MB in 30 days (allowed {ALLOWED / 1e6:.0f})"
        end = f"{self.per_refresh:+.1f} bytes a refresh, {month}; grown: {', '.join(self.grown) or 'nothing'}"
        return [*self.table(), end, "ok" if self.is_good else "LEAKS"]


def counting(samples: Sequence[Sample]) -> tuple[Sample, ...]:
    """Return the samples after the caches have filled."""
    return tuple(samples[int(len(samples) * WARM_UP) :])
