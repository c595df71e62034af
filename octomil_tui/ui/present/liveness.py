"""Whether a screen that nobody touches can be trusted: since when it is live, and its longest gap."""

from __future__ import annotations

from dataclasses import dataclass

from octomil_tui.engine.freshness import Freshness

_HOUR = 3600.0
_HOURS_KEPT = 24


@dataclass(frozen=True, slots=True)
class Liveness:
    """What was seen of the link so far; a day of it at most."""

    since: float | None = None
    """The service's clock when it last became live; None while it is not."""
    gaps: tuple[tuple[int, float], ...] = ()
    """The oldest age in seconds that was seen, for each of the newest hours of the monotonic clock."""

    def seen(self, fresh: Freshness, mono: float, now: float | None) -> Liveness:
        """Return it after one look at the link.

        Args:
            fresh: The link as it is now.
            mono: This machine's monotonic clock.
            now: The service's clock, as far as it is known.
        """
        since = (self.since if self.since is not None else now) if fresh.is_live else None
        if fresh.age is None:
            return Liveness(since, self.gaps)
        hour = int(mono // _HOUR)
        by_hour = {key: gap for key, gap in self.gaps if key > hour - _HOURS_KEPT}
        by_hour[hour] = max(fresh.age, by_hour.get(hour, 0.0))
        return Liveness(since, tuple(by_hour.items()))

    @property
    def longest_gap(self) -> float | None:
        """The longest time in seconds that the data was not read again, of the last day; None before the first."""
        return max((gap for _, gap in self.gaps), default=None)
