"""When each device was last looked at, in one byte: the lap of 20 s in which it was.

A look at the whole scope makes all ages the same. A scope that is read page by
page is never seen at one moment, and what is said of it has to say how old it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

LAP = 20.0
"""Seconds of a lap: how exactly the age of a look is known."""

_MOST = 255
_HALF = 128
_BEFORE = 1
"""The lap of all looks that are older than the laps reach back."""
_FIRST = 2


@dataclass(frozen=True, slots=True)
class Laps:
    """How many devices were last looked at in which lap.

    Lap 0 stands for no look since the start, lap 1 for one before `began_at`.
    """

    began_at: float
    """The service's clock at the beginning of lap 2."""
    counts: Mapping[int, int] = field(default_factory=dict)

    def lap_of(self, at: float) -> int:
        """Return the lap of a moment; more than 255 where the laps have to be shifted first."""
        return _FIRST + max(0, int((at - self.began_at) // LAP))

    def shifted(self, at: float) -> Laps:
        """Return laps in which `at` has a number; those that fall off the end become lap 1."""
        steps = self.lap_of(at) - _HALF
        counts: dict[int, int] = {}
        for lap, count in self.counts.items():
            kept = _after(lap, steps)
            counts[kept] = counts.get(kept, 0) + count
        return Laps(self.began_at + steps * LAP, counts)

    def must_shift(self, at: float) -> bool:
        """Say whether the laps have no number left for `at`."""
        return self.lap_of(at) > _MOST

    def table(self, at: float) -> bytes:
        """Return what `shifted` makes of each lap, for `bytes.translate`."""
        steps = self.lap_of(at) - _HALF
        return bytes(_after(lap, steps) for lap in range(_MOST + 1))

    def moment_of(self, lap: int) -> float:
        """Return when a lap began: a look of it is at most as old as that; of lap 1, when it ended."""
        return self.began_at + max(0, lap - _FIRST) * LAP


def _after(lap: int, steps: int) -> int:
    return max(_BEFORE, lap - steps) if lap else 0


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a scope was looked at, and how long ago."""

    devices: int
    """Devices of the scope, those included that are known by their count alone."""
    looked_at: int
    """Devices that at least one look has shown since the start."""
    at: float | None
    """The service's clock at the newest look."""
    oldest_at: float | None
    """The oldest of the devices' newest looks was not before that; None where there was none."""
    is_beyond: bool
    """Whether the oldest of them was before `oldest_at` all the same: the laps reach back no further."""
    laps: Laps

    @property
    def is_whole(self) -> bool:
        """Whether every device was looked at, and so lately that no age has to be said."""
        if self.at is None or self.oldest_at is None or self.is_beyond:
            return False
        return self.looked_at == self.devices and self.at - self.oldest_at <= 2 * LAP

    def since(self, at: float) -> int:
        """Return how many devices were looked at since `at`, the service's clock, to 20 s exactly."""
        laps = self.laps
        return sum(n for lap, n in laps.counts.items() if lap >= _FIRST and laps.moment_of(lap + 1) > at)


def coverage(laps: Laps, devices: int, at: float | None) -> Coverage:
    """Return the coverage of a scope of this many devices at its newest look."""
    seen = [lap for lap in _laps(laps.counts) if lap]
    return Coverage(
        devices=devices,
        looked_at=sum(laps.counts.get(lap, 0) for lap in seen),
        at=at,
        oldest_at=laps.moment_of(min(seen)) if seen else None,
        is_beyond=_BEFORE in seen,
        laps=laps,
    )


def _laps(counts: Mapping[int, int]) -> Iterable[int]:
    return (lap for lap, count in counts.items() if count)
