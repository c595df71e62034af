"""Where one device of a rollback stands, and counts over many of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from octomil_tui.domain.fleet import DEFAULT_INTERVAL
from octomil_tui.domain.radius import PlanClass
from octomil_tui.domain.step import Step


class Stage(StrEnum):
    """Where one device of the scope stands; every device is in exactly one."""

    SETTLED = "settled"
    VERIFIED = "verified"
    ON_THE_WAY = "on_the_way"
    WAITING = "waiting"
    STALE = "stale"
    OFFLINE = "offline"
    FAILED = "failed"
    BOUNCED = "bounced"
    UNKNOWN = "unknown"
    REVOKED = "revoked"
    GONE = "gone"
    """No longer listed by the service, or without the model."""
    LEFT = "left"
    """Moved out of the group that is rolled back before it was verified."""
    UNSEEN = "unseen"
    """Of the scope by the service's count; no look has shown it yet."""


ON_TARGET = (Stage.VERIFIED, Stage.SETTLED)


@dataclass(frozen=True, slots=True)
class Track:
    """What a watch knows of one device."""

    plan_class: PlanClass
    """As planned; for a device that joined, what it would have been."""
    group: str
    """Row key, as the plan has it."""
    from_version: str | None
    interval: float = DEFAULT_INTERVAL
    stage: Stage = Stage.WAITING
    verified_at: float | None = None
    """When it last began to report the target, in whole seconds, rounded up; None once it reports another version."""
    bounces: int = 0
    """How often it left the target again; 255 stands for that and more."""
    is_reachable: bool = True
    was_told: bool = False
    """Whether it contacted the service since the start."""
    step: Step = Step.SYNCED
    """What it was doing at the last look; means something while it is on the way."""
    has_joined: bool = False
    """Whether it came into the scope during the watch."""
    is_apart: bool = False
    """Whether it joined and is told to run something else: the rollback does not wait for it."""
    is_overdue: bool = False
    """Whether it is reachable, has not settled, and missed two of its syncs."""
    was_looked_at: bool = False
    """Whether a look has shown it since the start."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over some devices of a watch; the stages add up to `devices`."""

    devices: int = 0
    stages: Mapping[Stage, int] = field(default_factory=dict)
    ever_bounced: int = 0
    """Devices that left the target at least once, also those that came back."""
    reachable: int = 0
    """Devices that count for DONE: reachable, and not told to run something else since they joined."""
    reachable_verified: int = 0
    """Of those, the ones that report the target, settled or not."""
    reachable_settled: int = 0
    overdue: int = 0
    """Reachable devices that have not settled and missed two of their syncs."""

    def count(self, *stages: Stage) -> int:
        """Return how many devices are in any of the stages."""
        return sum(self.stages.get(stage, 0) for stage in stages)

    @property
    def verified(self) -> int:
        """How many devices report the target now."""
        return self.count(*ON_TARGET)

    @property
    def share(self) -> float:
        """The verified share of the devices, 0..1; 1 where there is none to move."""
        return self.verified / self.devices if self.devices else 1.0
