"""One rollout or rollback, and how far each of its devices has come."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from math import floor

from octomil_tui.sim.device import SYNC_INTERVAL, Device, Install

__all__ = ["WHOLE", "Change", "Kind", "Rollout", "Status", "Tracked"]

WHOLE = 100.0
"""The percentage of a rollout that leaves no device out."""
TOLERANCE = 1e-3
"""Seconds of float noise that must not cost a device another sync interval."""


class Kind(StrEnum):
    """How a rollout reaches its devices."""

    PROGRESSIVE = "progressive"
    INSTANT = "instant"
    ROLLBACK = "rollback"


class Status(StrEnum):
    """Where a rollout stands."""

    PENDING = "pending"
    ACTIVE = "active"
    PAUSED = "paused"
    ROLLING_BACK = "rolling_back"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a rollout's status history."""

    at: float
    status: Status
    percentage: float
    by: str
    reason: str | None


@dataclass(slots=True)
class Tracked:
    """One device that a rollout moves."""

    device: Device
    from_version: str | None
    """What it ran when the rollout came to it."""
    verified_at: float | None = None
    """Its first report of the rollout's version, unless it ran it before."""
    settled_at: float | None = None
    bounced: int = 0

    def note(self, install: Install, version: str, at: float) -> None:
        """Take the device's report at `at` into account."""
        if install.active == version:
            if install.busy:
                return
            if self.verified_at is None and self.settled_at is None:
                self.verified_at = at
            elif self.settled_at is None and self.verified_at is not None:
                stayed = at - self.verified_at >= SYNC_INTERVAL - TOLERANCE
                self.settled_at = at if stayed else None
        elif self.verified_at is not None or self.settled_at is not None:
            self.bounced += 1
            self.verified_at = self.settled_at = None


@dataclass(slots=True)
class Rollout:
    """The service moving devices of one model to one version."""

    id: int
    model_id: str
    version: str
    from_version: str | None
    kind: Kind
    status: Status
    percentage: float
    """The share of its scope that it has been opened to, 0 to 100."""
    created_by: str
    created_at: float
    order: list[Device] = field(default_factory=list)
    """The devices of its scope, in the order in which it comes to them."""
    target_percentage: float = 100.0
    increment_step: float = 10.0
    step_interval: float | None = None
    """Seconds between two steps that it takes by itself, or None."""
    group: str | None = None
    reason: str | None = None
    started_at: float | None = None
    updated_at: float = 0.0
    completed_at: float | None = None
    completed_percentage: float | None = None
    """Of a rollback that completed in this run: the share that reported its version by then."""
    cancelled_at: float | None = None
    cancelled_by: int | None = None
    next_step_at: float | None = None
    tracked: dict[str, Tracked] = field(default_factory=dict)
    """The devices it was opened to, by id."""
    history: list[Change] = field(default_factory=list)

    @property
    def running(self) -> bool:
        """Whether it has begun and not ended; a paused one has not ended."""
        return self.status in {Status.ACTIVE, Status.PAUSED, Status.ROLLING_BACK}

    @property
    def reach(self) -> int:
        """How many devices its percentage is, rounded to nearest."""
        return floor(self.percentage / 100 * len(self.order) + 0.5)

    def install(self, device: Device) -> Install:
        """Return this rollout's model on one of its devices."""
        return device.installs[self.model_id]

    def become(self, status: Status, at: float, *, by: str, reason: str | None = None) -> None:
        """Go into `status` and write it into the history."""
        self.status = status
        self.log(at, by=by, reason=reason)

    def log(self, at: float, *, by: str, reason: str | None = None) -> None:
        """Write the present status and percentage into the history."""
        self.updated_at = at
        self.history.append(Change(at, self.status, self.percentage, by, reason))

    def open_to(self, devices: Iterable[Device], at: float) -> None:
        """Have more devices run the version; those that already do count as settled."""
        for device in devices:
            if device.id in self.tracked:
                continue
            install = self.install(device)
            there = install.active == self.version and not install.busy
            self.tracked[device.id] = Tracked(device, install.active, settled_at=at if there else None)
            install.desired = self.version

    def close_to(self, devices: Iterable[Device], fallback: str) -> None:
        """Have devices run again what they ran when the rollout came to them."""
        for device in devices:
            entry = self.tracked.pop(device.id, None)
            if entry is not None and self.install(device).desired == self.version:
                self.install(device).desired = entry.from_version or fallback

    def release(self, kept: Iterable[str], fallback: str) -> None:
        """Have every device of it that is not in `kept` go on with what it runs now."""
        others = self.tracked.keys() - set(kept)
        for entry in (self.tracked[device_id] for device_id in others):
            install = self.install(entry.device)
            if install.desired == self.version:
                install.desired = install.active or fallback

    def on_version(self) -> int:
        """Return how many devices of its scope report its version now."""
        return sum(self.install(device).active == self.version for device in self.order)

    def share_percent(self) -> float:
        """Return the floored share of its scope that reports its version now, 0 to 100."""
        return float(floor(WHOLE * self.on_version() / len(self.order))) if self.order else WHOLE

    def settled(self) -> int:
        """Return how many of its devices have settled on its version."""
        return sum(entry.settled_at is not None for entry in self.tracked.values())

    def done(self, at: float) -> bool:
        """Return whether every device that can be waited for has settled."""
        return (
            self.status in {Status.ACTIVE, Status.ROLLING_BACK}
            and self.percentage >= min(self.target_percentage, WHOLE)
            and all(t.settled_at is not None or not t.device.reachable(at) for t in self.tracked.values())
        )
