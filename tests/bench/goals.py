"""The goals: what is measured, and how much of it there may be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

COUNT = 15
"""Goals are numbered from 1 to this."""

MIB = 1024 * 1024


def _ratio(value: float) -> str:
    return f"{value:.3f}" if value < 0.1 else f"{value:.2f}"


def _whole(value: float) -> str:
    return f"{value:,.0f}"


def _bytes(value: float) -> str:
    return f"{value:,.0f} B"


def _rate(value: float) -> str:
    return f"{value:,.0f} B/s"


def _mebibytes(value: float) -> str:
    return f"{value / MIB:.1f} MiB"


def _milliseconds(value: float) -> str:
    return f"{value * 1000:,.0f} ms"


@dataclass(frozen=True, slots=True)
class Part:
    """One figure of a goal, and its limit."""

    goal: int
    words: str
    most: float | None
    """The limit; None where it follows from what is measured beside it."""
    shown: Callable[[float], str] = _ratio


PARTS: Mapping[str, Part] = {
    "start wall": Part(1, "first painted frame, wall / a minimal Textual app", 1.25),
    "start cpu": Part(1, "first painted frame, CPU / a minimal Textual app", 1.25),
    "first data": Part(2, "first frame with data / first frame + one round trip", 1.5),
    "first bytes": Part(3, "bytes of a settled first screen", 14_600, _bytes),
    "idle bytes": Part(4, "idle, bytes to the terminal", 130, _rate),
    "idle cpu": Part(4, "idle, CPU / a static Textual app", 3),
    "watch bytes": Part(5, "watch of a rollback at 1 Hz, bytes / htop", 1),
    "table load": Part(6, "load of 10,000 rows, CPU / DataTable", 0.1),
    "table update cpu": Part(7, "1 % of 10,000 rows change, CPU / DataTable", 0.33),
    "table update bytes": Part(7, "1 % of 10,000 rows change, bytes / DataTable", 0.02),
    "table page": Part(8, "page down, CPU / DataTable", 0.33),
    "table cursor": Part(8, "cursor down, CPU / DataTable", 1),
    "table 10k": Part(9, "1 % of rows change, CPU at 10,000 rows / at 1,000", 1.5),
    "table 100k": Part(9, "1 % of rows change, CPU at 100,000 rows / at 1,000", 3),
    "decode": Part(10, "decode of a page of 1,000 devices / json.loads of it", 2),
    "memory": Part(11, "memory with 1,000 devices / a minimal Textual app", 1.6),
    "memory growth": Part(11, "memory with 1,000,000 devices - with 10,000", 32 * MIB, _mebibytes),
    "latency": Part(12, "confirm key to POST / the vendor CLI's exec to POST", 1 / 20),
    "requests": Part(13, "requests in the fullest minute, everything open, 20 models", 80, _whole),
    "change": Part(14, "a device's change to the watch screen, p95", None, _milliseconds),
    "version": Part(15, "--version / python -c pass, wall", 8),
    "status": Part(15, "rollout status M --json / import httpx, wall", 4),
}
"""Every figure by its name, in the order of the goals."""


class Verdict(StrEnum):
    """What a figure comes to."""

    PASS = "PASS"  # noqa: S105 - no password
    MISSED = "MISSED"
    NOT_MEASURED = "NOT MEASURED"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as measured."""

    name: str
    """Of `PARTS`."""
    value: float | None
    """None where it could not be measured."""
    made_of: str
    """What it was computed from, or why there is none."""
    most: float | None = None
    """The limit, where the part has none of its own."""

    @property
    def part(self) -> Part:
        """What it is a figure of."""
        return PARTS[self.name]

    @property
    def limit(self) -> float | None:
        """The most that it may be; None where even that is not known."""
        return self.most if self.part.most is None else self.part.most

    @property
    def verdict(self) -> Verdict:
        """Whether the goal is met."""
        if self.value is None or self.limit is None:
            return Verdict.NOT_MEASURED
        return Verdict.PASS if self.value <= self.limit else Verdict.MISSED
