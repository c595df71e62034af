"""Whether a screen that nobody touches can be trusted: since when it is live, and its longest gap."""

from __future__ import annotations

from dataclasses import dataclass

from octomil_tui.domain.signal import DAY
from octomil_tui.engine.freshness import Freshness
from octomil_tui.ui import format as as_text


@dataclass(frozen=True, slots=True)
class Liveness:
    """What was seen of the link since the screen began; the same few numbers after a month."""

    since: float | None = None
    """The service's clock when it last became live; None while it is not."""
    longest_gap: float | None = None
    """The longest time in seconds that the data was not read again; None before the first look at data."""
    gap_at: float | None = None
    """The service's clock when that was seen; None where it was not known."""

    def seen(self, fresh: Freshness, now: float | None) -> Liveness:
        """Return it after one look at the link, to be taken at least once a second.

        A process that was stopped, or a machine that slept, takes its next look
        before anything is answered: the age that it sees then is the gap.

        Args:
            fresh: The link as it is now.
            now: The service's clock, as far as it is known.
        """
        since = (self.since if self.since is not None else now) if fresh.is_live else None
        if fresh.age is None or (self.longest_gap is not None and fresh.age <= self.longest_gap):
            return Liveness(since, self.longest_gap, self.gap_at)
        return Liveness(since, fresh.age, now)

    def words(self, now: float | None) -> tuple[str, ...]:
        """Return `LIVE since 02:10Z, longest gap 9s`, with days where it is longer ago, and the same ever shorter.

        Nothing is returned while it is not live. `now` is the service's clock.
        """
        if self.since is None or self.longest_gap is None:
            return ()
        since, gap = as_text.moment(self.since, now), f"longest gap {as_text.age(self.longest_gap)}"
        is_long_ago = now is not None and self.gap_at is not None and now - self.gap_at >= DAY
        on = f" on {as_text.day(self.gap_at, now)}" if is_long_ago and now is not None else ""
        return f"LIVE since {since}, {gap}{on}", f"{gap} since {since}", gap
