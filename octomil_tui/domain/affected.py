"""What the service itself says of the devices that one rollout touches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class AffectedDevice:
    """One device of a rollout; everything but its id may be missing."""

    id: str
    name: str
    """Safe to show; identity is `id`."""
    groups: tuple[str, ...] = ()
    """Raw group keys, names or ids, as the service gave them."""
    from_version: str | None = None
    """What the device ran when the rollout began, raw."""
    version: str | None = None
    """What the device reports now, raw."""
    wanted: str | None = None
    word: str = ""
    """The model's status word on the device, safe to show."""
    verified_at: float | None = None
    """When the device first reported the rollout's version."""
    settled_at: float | None = None
    """When it had reported it for long enough to count."""
    bounced: int | None = None
    """How often it left the rollout's version again after it had reported it."""


@dataclass(frozen=True, slots=True)
class AffectedDevices:
    """The devices of one rollout, and the service's own counts of them."""

    devices: Mapping[str, AffectedDevice] = field(default_factory=dict)
    """By device id."""
    rollout_id: str | None = None
    version: str | None = None
    """The rollout's version, raw."""
    total: int | None = None
    on_version: int | None = None
    settled: int | None = None
    by_version: Mapping[str, int] | None = None
    """How many of the devices report which version, raw."""
