"""Which keys a fresh dialog believes. Pure: time is an argument.

An Enter that was pressed before the dialog could be read must not decide
anything: a held key, a key pressed twice, or typing that ran ahead. So a
dialog hears Enter only after a quiet time in which nothing of that kind came.
Letters do no harm, since they only fill a field, and people begin to type at
once; but letters that come faster than fingers move are type-ahead or a paste,
and start the quiet time anew.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

QUIET = 0.4
"""Seconds without a suspicious key after which Enter counts."""

BURST = 0.03
"""Seconds between two keys below which no finger was at work: the line break of a paste that a terminal
sends as keys comes that soon after the last letter."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """How long a dialog has heard nothing suspicious."""

    since: float
    """When the quiet began, by the monotonic clock."""
    last: float | None = None
    """When the newest key came."""
    is_over: bool = False
    """Whether the quiet time has passed; from then on every key counts."""

    def is_burst(self, at: float) -> bool:
        """Say whether a key at `at` comes sooner after the one before than fingers can press it."""
        return self.last is not None and at - self.last < BURST

    def hear(self, at: float, *, is_enter: bool) -> Quiet:
        """Return the quiet after a key at `at`."""
        if self.is_over or at - self.since >= QUIET:
            return replace(self, last=at, is_over=True)
        return Quiet(at if is_enter or self.is_burst(at) else self.since, at)
