"""Fleet values: models, versions, rollouts, devices, groups, and a snapshot of them all.

Text that is only shown (names, actors, reasons) is safe already, made so where
it was read. Identifiers and versions are raw, since they are compared and sent
back; they are shown through `text.clean` and `text.version_label` only. Times
named `*_at` are the service's epoch seconds. A field that the service did not
give is None.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from octomil_tui.domain.incident import Trigger

DEFAULT_INTERVAL = 300.0
"""Seconds between two syncs of a device where the service does not say."""

STALE_AFTER = 2
"""A device is online up to this many intervals after its last contact."""

OFFLINE_AFTER = 5
"""A device is stale up to this many intervals after its last contact, then offline."""


class Connectivity(StrEnum):
    """Whether a device can be expected to hear of a change."""

    ONLINE = "online"
    STALE = "stale"
    OFFLINE = "offline"
    REVOKED = "revoked"
    UNKNOWN = "unknown"

    @property
    def is_reachable(self) -> bool:
        """Whether the device counts for DONE; an unknown state does, so that nothing is claimed early."""
        return self not in (Connectivity.OFFLINE, Connectivity.REVOKED)


def connectivity_by_age(age: float, interval: float) -> Connectivity:
    """Return a device's connectivity from the seconds since its last contact and its interval."""
    if age <= STALE_AFTER * interval:
        return Connectivity.ONLINE
    if age <= OFFLINE_AFTER * interval:
        return Connectivity.STALE
    return Connectivity.OFFLINE


class Lifecycle(StrEnum):
    """The registry's word for a version; other words are kept as they are beside `OTHER`."""

    PREVIEW = "preview"
    ACTIVE = "active"
    DEPRECATED = "deprecated"
    RETIRED = "retired"
    OTHER = "other"


class RolloutState(StrEnum):
    """The service's words for a rollout, grouped by what they mean for the devices."""

    PENDING = "pending"
    ACTIVE = "active"
    PAUSED = "paused"
    ROLLING_BACK = "rolling_back"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    FAILED = "failed"
    OTHER = "other"
    """A word that this console does not know: neither finished nor a success."""

    @property
    def is_running(self) -> bool:
        """Whether the rollout still decides what devices are told to run."""
        return self in (RolloutState.ACTIVE, RolloutState.PAUSED, RolloutState.ROLLING_BACK)


@dataclass(frozen=True, slots=True)
class Model:
    """A named thing that has versions."""

    id: str
    name: str
    """The raw name, as the operator types it."""
    device_count: int | None = None
    updated_at: float | None = None


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """One published build of a model."""

    version: str
    lifecycle: Lifecycle = Lifecycle.OTHER
    word: str = ""
    """The registry's own word for the lifecycle, safe to show."""
    size_bytes: int | None = None
    created_at: float | None = None
    published_by: str | None = None
    id: str | None = None
    """The raw id of this version in the registry; older services have none."""
    hold: Hold | None = None
    """Where it is held: no rollout and no rollback may bring it."""


@dataclass(frozen=True, slots=True)
class Hold:
    """A version that is held back until somebody releases it. Texts are safe to show."""

    at: float | None = None
    by: str | None = None
    reason: str | None = None

    @property
    def words(self) -> str:
        """By whom and why, as a clause."""
        return f"it is held{f' by {self.by}' if self.by else ''}{f': {self.reason}' if self.reason else ''}"


@dataclass(frozen=True, slots=True)
class Rollout:
    """The service moving devices to a version over time; a rollback is one too."""

    id: str
    version: str
    state: RolloutState
    word: str
    """The service's own status word, safe to show."""
    model_id: str | None = None
    share: float | None = None
    """How much of the scope it covers, 0..1."""
    target_share: float | None = None
    kind: str | None = None
    """`progressive`, `instant`, `rollback`, or the service's own word; safe to show."""
    from_version: str | None = None
    group: str | None = None
    """The raw name or id of the one group it covers; None for the fleet."""
    reason: str | None = None
    by: str | None = None
    affected: int | None = None
    """Devices that the service says it moves."""
    on_version: int | None = None
    """Devices of its scope that report its version, by the service's count."""
    created_at: float | None = None
    started_at: float | None = None
    completed_at: float | None = None
    cancelled_at: float | None = None
    cancelled_by: str | None = None
    next_step_at: float | None = None
    updated_at: float | None = None
    """When its state or its share last changed."""
    step: float | None = None
    """By how much one step opens it further, 0..1."""
    trigger: Trigger | None = None
    """Why the service made it by itself; None where somebody did."""

    @property
    def is_rollback(self) -> bool:
        """Whether the service itself calls this one a rollback."""
        return self.kind == "rollback" or self.state is RolloutState.ROLLING_BACK

    @property
    def is_whole(self) -> bool:
        """Whether every device of its scope is told at once, so that it can be watched to its end; one that ended needs no watch."""
        return self.is_rollback or (self.state.is_running and (self.share or 0.0) >= 1.0)

    @property
    def began_at(self) -> float | None:
        """When devices began to be told, as far as the service says."""
        return self.started_at if self.started_at is not None else self.created_at


@dataclass(frozen=True, slots=True)
class Installation:
    """One model on one device, as the service last heard of it."""

    version: str | None = None
    """The version that the device runs; None when nobody knows."""
    by_device: bool = True
    """True when the device itself reported `version`; False when it is only what was assigned."""
    wanted: str | None = None
    """The version that the service wants the device to run."""
    previous: str | None = None
    since: float | None = None
    """When the device first reported `version`."""
    word: str = ""
    """The model's status word on the device (`active`, `downloading`, …), safe to show."""
    artifact_word: str = ""
    """The artifact's status word (`staged`, `warming`, …), safe to show."""
    word_since: float | None = None
    progress: float | None = None
    """Share of the download, 0..1."""
    on_disk: tuple[str, ...] | None = None
    activation: str | None = None


@dataclass(frozen=True, slots=True)
class Served:
    """A stretch of time in which a device ran one version."""

    version: str
    from_at: float | None = None
    to_at: float | None = None


@dataclass(frozen=True, slots=True)
class Device:
    """One endpoint of the fleet."""

    id: str
    name: str
    """Safe to show; identity is `id`."""
    platform: str = "?"
    connectivity: Connectivity = Connectivity.UNKNOWN
    groups: tuple[str, ...] = ()
    """Raw ids of the groups it is in."""
    last_contact_at: float | None = None
    interval: float = DEFAULT_INTERVAL
    """Seconds between its syncs."""
    installations: Mapping[str, Installation] = field(default_factory=dict)
    """By model id. A device without an entry does not have the model."""
    architecture: str | None = None
    hardware: str | None = None
    runtime: str | None = None
    sdk: str | None = None
    storage_free_bytes: int | None = None
    network: str | None = None
    history: Mapping[str, tuple[Served, ...]] = field(default_factory=dict)
    """By model id, oldest first; only in a device read by itself."""

    @property
    def platform_label(self) -> str:
        """The platform with its architecture where there is more than one kind."""
        return (
            f"{self.platform} {self.architecture}"
            if self.platform == "linux" and self.architecture
            else self.platform
        )


@dataclass(frozen=True, slots=True)
class DeviceGroup:
    """A named set of devices."""

    id: str
    name: str
    """The raw name: what a rollback is sent, and what the operator types."""
    device_count: int | None = None
    members: frozenset[str] | None = None
    """Raw device ids; None until they were read."""
    description: str | None = None


@dataclass(frozen=True, eq=False, slots=True)
class FleetSnapshot:
    """All that was read of one fleet; what was not read yet is None or missing.

    Compared by identity: a deep comparison of thousands of devices would cost
    more than drawing them.
    """

    models: tuple[Model, ...] | None = None
    versions: Mapping[str, tuple[ModelVersion, ...]] = field(default_factory=dict)
    """By model id, newest first."""
    rollouts: Mapping[str, tuple[Rollout, ...]] = field(default_factory=dict)
    """By model id, newest first."""
    groups: tuple[DeviceGroup, ...] | None = None
    devices: tuple[Device, ...] | None = None
    device_total: int | None = None
    """How many devices the service says there are; more than `devices` when not all were read."""
    devices_unreadable: int = 0
    """Rows of the devices that could not be understood and are missing here."""
    at: float | None = None
    """The service's clock at the newest read."""

    @property
    def uncounted(self) -> int:
        """How many devices the service has beyond those that were read, 0 where none were read at all."""
        if self.devices is None or self.device_total is None:
            return 0
        return max(0, self.device_total - len(self.devices) - self.devices_unreadable)

    def model(self, key: str) -> Model | None:
        """Return the model with this id, else the one with this name."""
        models = self.models or ()
        return next((m for m in models if m.id == key), None) or next(
            (m for m in models if m.name == key), None
        )

    def group(self, key: str) -> DeviceGroup | None:
        """Return the group with this id, else the one with this name."""
        groups = self.groups or ()
        return next((g for g in groups if g.id == key), None) or next(
            (g for g in groups if g.name == key), None
        )
