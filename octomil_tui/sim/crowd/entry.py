"""How far a device is with one rollout, over any number of equal contacts at once."""

from dataclasses import dataclass
from math import ceil

from octomil_tui.sim.crowd.history import Change
from octomil_tui.sim.device import SYNC_INTERVAL, Install, Phase
from octomil_tui.sim.rollout import TOLERANCE

__all__ = ["Entry"]


@dataclass(slots=True)
class Entry:
    """One device under one rollout; the fields are those of `sim.rollout.Tracked`."""

    rollout_id: int
    install: Install
    version: str
    from_version: str | None
    verified_at: float | None = None
    settled_at: float | None = None
    bounced: int = 0

    @classmethod
    def opened(cls, change: Change, install: Install) -> "Entry":
        """Return how far a device is when a rollout comes to it."""
        there = install.active == change.version and install.phase is Phase.ACTIVE
        settled_at = change.at if there else None
        return cls(change.rollout_id, install, change.version, install.active, settled_at=settled_at)

    def note(self, first: float, interval: float, times: float) -> None:
        """Take equal reports into account.

        Args:
            first: When the first one came, epoch seconds.
            interval: Seconds between two of them.
            times: How many there are; infinity where nothing ever comes in between.
        """
        if self.install.active != self.version:
            if self.verified_at is not None or self.settled_at is not None:
                self.bounced += 1
                self.verified_at = self.settled_at = None
            return
        if self.install.phase is not Phase.ACTIVE or self.settled_at is not None:
            return
        skipped = 0
        if self.verified_at is None:
            self.verified_at, skipped = first, 1
        left = SYNC_INTERVAL - TOLERANCE - (first - self.verified_at)
        place = max(skipped, ceil(left / interval))
        if place < times:
            self.settled_at = first + place * interval
