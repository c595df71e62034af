"""What the service says a rollout moves, device by device."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class AffectedDevice:
    """One device that a rollout moves, as the service tells it; every field may be missing."""

    id: str
    name: str | None = None
    """Safe to show."""
    from_version: str | None = None
    """What it ran when the rollout was made."""
    version: str | None = None
    verified_at: float | None = None
    settled_at: float | None = None
    bounced: int | None = None
    """How often it left the target again, by the service's count."""


@dataclass(frozen=True, slots=True)
class AffectedDevices:
    """The devices of one rollout with the service's own totals."""

    devices: Mapping[str, AffectedDevice] = field(default_factory=dict)
    """By raw device id."""
    total: int | None = None
    on_version: int | None = None
    settled: int | None = None
