"""One device of the fleet and what it has told the service."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = [
    "OFFLINE_AFTER",
    "ONLINE_FOR",
    "SYNC_INTERVAL",
    "Connectivity",
    "Device",
    "Install",
    "Phase",
    "Served",
]

SYNC_INTERVAL = 300
"""Seconds between two contacts of an idle device: its sync and its heartbeat interval."""
ONLINE_FOR = 2 * SYNC_INTERVAL
OFFLINE_AFTER = 5 * SYNC_INTERVAL
"""A device whose last contact is more than this many seconds old is offline."""


class Connectivity(StrEnum):
    """What the age of a device's last contact says about it."""

    ONLINE = "online"
    STALE = "stale"
    OFFLINE = "offline"
    REVOKED = "revoked"


class Phase(StrEnum):
    """What a device is doing about the version it is wanted to run."""

    ACTIVE = "active"
    DOWNLOADING = "downloading"
    STAGED = "staged"
    SWITCHING = "switching"

    @property
    def word(self) -> str:
        """The service's word for a model that is in this phase."""
        return _WORDS[self]


_WORDS = {
    Phase.ACTIVE: "active",
    Phase.DOWNLOADING: "downloading",
    Phase.STAGED: "ready",
    Phase.SWITCHING: "loading",
}


@dataclass(slots=True)
class Served:
    """A stretch of time for which a device ran one version."""

    version: str
    since: float
    until: float | None = None


@dataclass(slots=True)
class Install:
    """One model on one device, as the device last told it."""

    model_id: str
    active: str | None
    desired: str
    active_since: float | None = None
    """When the device first reported the version it runs."""
    previous: str | None = None
    on_disk: list[str] = field(default_factory=list)
    """Versions on disk, the active one first."""
    idle_wait: float | None = None
    """Seconds from staged to idle under `when_idle`; None activates at once."""
    crash_guard_for: float | None = None
    """Seconds from the next verifying report until the crash guard undoes the switch, once."""
    crash_guard_on: str | None = None
    """The only version whose switch the crash guard undoes; None is any."""
    silent_after: str | None = None
    """The version whose first report is the device's last word: it takes the device down."""
    phase: Phase = Phase.ACTIVE
    moving_to: str | None = None
    download_began: float = 0.0
    download_for: float = 0.0
    percent: float | None = None
    """Downloaded so far, 0 to 100, as last reported."""
    status_since: float = 0.0
    reported_at: float | None = None
    status_word: str | None = None
    """The device's own word for its status, from devices that are real clients."""
    history: list[Served] = field(default_factory=list)
    order: int = 0
    """Counts what the device set out to do; an event of an earlier order is void."""

    @property
    def status(self) -> str:
        """The service's word for what the device does about the model, or the device's own."""
        return self.status_word or self.phase.word

    @property
    def busy(self) -> bool:
        """Whether the device is on its way to another version."""
        return self.phase is not Phase.ACTIVE

    def enter(self, phase: Phase, at: float) -> None:
        """Go into `phase`; whatever was scheduled for the former one is void."""
        self.phase = phase
        self.status_since = at
        self.order += 1
        if phase is not Phase.DOWNLOADING:
            self.percent = None
        if phase is Phase.ACTIVE:
            self.moving_to = None

    def run(self, version: str, at: float) -> None:
        """Report `version` as the active one from `at` on."""
        if version == self.active:
            return
        if self.history and self.history[-1].until is None:
            self.history[-1].until = at
        self.history.append(Served(version, at))
        self.previous, self.active, self.active_since = self.active, version, at

    def keep(self, version: str, room: int) -> None:
        """Put a version on disk; the oldest other one makes room, never the active one.

        Args:
            version: The version that was downloaded, or that runs from now on.
            room: How many versions the disk has room for.
        """
        others = [v for v in self.on_disk if v not in {version, self.active}]
        wanted = [version] if version == self.active else [self.active, version]
        kept = [v for v in wanted if v is not None]
        room = max(room, len(kept))
        if self.previous in others and version == self.active:
            kept.append(self.previous)
        kept += [v for v in others if v not in kept]
        self.on_disk = kept[:room]


@dataclass(slots=True)
class Device:
    """A device, its models, and when it was last heard."""

    id: str
    identifier: str
    platform: str
    hardware: str
    groups: tuple[str, ...]
    """Names of the groups it is in."""
    last_contact: float
    installs: dict[str, Install]
    """What it has, by model id."""
    rate: float = 4e6
    """Bytes per second of its downloads."""
    network: str = "wifi"
    sdk_version: str = "4.17.42"
    runtime_version: str = "4.16.2"
    storage_free_bytes: int = 11_000_000_000
    architecture: str = "arm64"
    revoked: bool = False
    simulated: bool = True
    """False for a real client, whose contacts are its own requests."""
    one_contact: bool = False
    """It will be heard once more, and then no longer."""
    kept: int | None = None
    """How many versions of a model its disk has room for; None is as many as the fleet's devices keep."""
    silences: list[tuple[float, float]] = field(default_factory=list)
    """From which contact to which it was not online all the time."""
    timer: int = 0
    """Counts its contacts; the timer of an earlier contact is void."""

    def connectivity(self, now: float) -> Connectivity:
        """Return what the age of the last contact says at `now`."""
        age = now - self.last_contact
        if self.revoked:
            return Connectivity.REVOKED
        if age <= ONLINE_FOR:
            return Connectivity.ONLINE
        return Connectivity.STALE if age <= OFFLINE_AFTER else Connectivity.OFFLINE

    def hear(self, at: float) -> None:
        """Take note of a contact at `at`, epoch seconds."""
        if at - self.last_contact > ONLINE_FOR:
            self.silences.append((self.last_contact, at))
        self.last_contact = at

    def was_online(self, at: float) -> bool:
        """Return whether it was online at a moment that is not to come."""
        if at > self.last_contact + ONLINE_FOR:
            return False
        if not self.silences:
            return True
        return all(not heard + ONLINE_FOR < at < back for heard, back in self.silences)

    def reachable(self, now: float) -> bool:
        """Return whether a rollout waits for this device: neither revoked nor offline."""
        return self.connectivity(now) in {Connectivity.ONLINE, Connectivity.STALE}

    def work(self) -> Iterator[Install]:
        """Yield the models that are on their way to another version."""
        return (install for install in self.installs.values() if install.busy)
