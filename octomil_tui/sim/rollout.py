"""One rollout or rollback, and how far each of its devices has come."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from math import floor

from octomil_tui.sim.device import SYNC_INTERVAL, Device, Install
from octomil_tui.sim.standings import Part

__all__ = ["TOLERANCE", "WHOLE", "Change", "Kind", "Rollout", "Status", "Tracked", "Trigger"]

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


@dataclass(frozen=True, slots=True)
class Trigger:
    """Why the service rolled back by itself."""

    rule: str
    metric: str
    """The figure's name, which has its unit."""
    value: float
    """What it came to over the window."""
    limit: float
    baseline: float | None
    """What is usual, where the limit is above that."""
    window_minutes: int
    devices: int
    """How many devices told."""
    rollout_id: int
    """Whose version it was."""
    incident_id: str
    at: float


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
    crowd: "Part[Tracked] | None" = None
    """Its part that is not kept device by device; it comes to `order` first."""
    trigger: Trigger | None = None
    """Why the service made it, where it did so by itself."""
    looks_again_at: float | None = None
    """When the ledger will see whether it is done, where that is known before."""

    @property
    def running(self) -> bool:
        """Whether it has begun and not ended; a paused one has not ended."""
        return self.status in {Status.ACTIVE, Status.PAUSED, Status.ROLLING_BACK}

    @property
    def reach(self) -> int:
        """How many devices its percentage is, rounded to nearest."""
        return self.reach_at(self.percentage)

    def reach_at(self, percentage: float) -> int:
        """Return how many devices a percentage is, rounded to nearest."""
        return floor(percentage / 100 * self.total + 0.5)

    def groups_at(self, percentage: float) -> Counter[str]:
        """Return how many devices of each group a percentage is; one in several groups counts in each."""
        reach = self.reach_at(percentage)
        found = Counter(group for device in self.order[:reach] for group in device.groups)
        if self.crowd is not None:
            found.update(self.crowd.groups_of(reach - len(self.order)))
        return found

    @property
    def total(self) -> int:
        """How many devices its scope has."""
        return len(self.order) + (0 if self.crowd is None else self.crowd.total)

    @property
    def affected(self) -> int:
        """How many devices it was opened to."""
        return len(self.tracked) + (0 if self.crowd is None else self.crowd.affected)

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

    def open(self, at: float, *, early: bool = False) -> None:
        """Have the devices of its reach run the version; those that already do count as settled.

        Args:
            at: When, epoch seconds.
            early: Whether it comes before the contacts that devices make in the same instant.
        """
        for device in self.order[: self.reach]:
            if device.id in self.tracked:
                continue
            install = self.install(device)
            there = install.active == self.version and not install.busy
            self.tracked[device.id] = Tracked(device, install.active, settled_at=at if there else None)
            install.desired = self.version
        if self.crowd is not None:
            self.crowd.open_to(self.reach - len(self.order), at, early=early)

    def narrow(self, fallback: str, at: float, *, early: bool = False) -> None:
        """Have devices out of its reach run again what they ran when it came to them."""
        for device in self.order[self.reach :]:
            entry = self.tracked.pop(device.id, None)
            if entry is not None and self.install(device).desired == self.version:
                self.install(device).desired = entry.from_version or fallback
        if self.crowd is not None:
            self.crowd.close_to(self.reach - len(self.order), fallback, at, early=early)

    def release(self, kept: Collection["Rollout"], fallback: str, at: float) -> None:
        """Have every device of it that none of the `kept` rollouts has go on with what it runs now."""
        others = self.tracked.keys() - {device_id for other in kept for device_id in other.tracked}
        for entry in (self.tracked[device_id] for device_id in others):
            install = self.install(entry.device)
            if install.desired == self.version:
                install.desired = install.active or fallback
        if self.crowd is not None:
            self.crowd.release({other.id for other in kept}, fallback, at)

    def leave(self, at: float) -> None:
        """Take no more note of what its devices report."""
        if self.crowd is not None:
            self.crowd.leave(at)

    def forget(self, at: float) -> None:
        """Come to no device any more, and be free to be followed by another of the same id."""
        self.tracked.clear()
        if self.crowd is not None:
            self.crowd.forget(at)

    def meets(self, other: "Rollout") -> bool:
        """Return whether it came to a device that another one came to."""
        if self.crowd is not None and self.crowd.meets(other.id):
            return True
        return not self.tracked.keys().isdisjoint(other.tracked)

    def on_version(self) -> int:
        """Return how many devices of its scope report its version now."""
        known = sum(self.install(device).active == self.version for device in self.order)
        return known if self.crowd is None else known + self.crowd.on_version()

    def page(self, limit: int, offset: int) -> list[Tracked]:
        """Return at most `limit` of the devices it was opened to, from `offset` on."""
        known = list(self.tracked.values())
        found = known[offset : offset + limit]
        if self.crowd is not None:
            found += self.crowd.page(limit - len(found), max(0, offset - len(known)))
        return found

    def share_percent(self) -> float:
        """Return the floored share of its scope that reports its version now, 0 to 100."""
        total = self.total
        return float(floor(WHOLE * self.on_version() / total)) if total else WHOLE

    def settled(self) -> int:
        """Return how many of its devices have settled on its version."""
        known = sum(entry.settled_at is not None for entry in self.tracked.values())
        return known if self.crowd is None else known + self.crowd.settled()

    def done_from(self, at: float) -> float | None:
        """Return from when on every device that can be waited for has settled; None where nobody knows.

        It is `at`, or later where the crowd alone is not there yet.
        """
        is_open = (
            self.status in {Status.ACTIVE, Status.ROLLING_BACK}
            and self.percentage >= min(self.target_percentage, WHOLE)
            and all(t.settled_at is not None or not t.device.reachable(at) for t in self.tracked.values())
        )
        if not is_open:
            return None
        return at if self.crowd is None else self.crowd.quiet_from(at)
