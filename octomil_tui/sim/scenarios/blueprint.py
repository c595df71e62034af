"""What a scenario is made of, and how its tables become devices and rollouts."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from octomil_tui.sim.catalog import Catalog, Group, Model, Version
from octomil_tui.sim.crowd.crowd import Crowd
from octomil_tui.sim.device import SYNC_INTERVAL, Device, Install
from octomil_tui.sim.health.behaviour import Behaviour
from octomil_tui.sim.incident import Incident
from octomil_tui.sim.rollout import Change, Kind, Rollout, Status, Tracked
from octomil_tui.sim.scenarios.night_devices import Row
from octomil_tui.sim.script import Scene
from octomil_tui.sim.stamp import parse_time

__all__ = [
    "STARTS",
    "Calendar",
    "ModelRow",
    "Past",
    "Setting",
    "VersionRow",
    "groups",
    "make_device",
    "model",
]

STARTS = "2026-06-17T03:12:41Z"
"""When a scenario starts, by its own tables."""
DAY = 86_400
HARDWARE = {
    "ios": ("iPhone 15 Pro", "iPad Air M2"),
    "android": ("Pixel 8", "Galaxy Tab Active5"),
    "linux": ("Orin NX, 8 GB", "Orin Nano, 8 GB"),
}
GROUPS = (
    ("canary", "First to get every version"),
    ("staging", "Test benches and testers' phones"),
    ("eu-kiosks", "Shop kiosks in Europe"),
    ("us-kiosks", "Shop kiosks in the United States"),
    ("lab", "Devices of the hardware lab"),
)


class Calendar:
    """The scenario's dates, moved along so that it starts at `start_at`.

    Args:
        start_at: Epoch seconds at which the scenario starts.
    """

    def __init__(self, start_at: float) -> None:
        self.start_at = start_at
        self._shift = start_at - parse_time(STARTS)

    def at(self, text: str) -> float:
        """Return epoch seconds of `03:12:41` on the scenario's day, `-3d`, or an RFC 3339 time."""
        if text.startswith("-"):
            return self.start_at - int(text[1:-1]) * DAY
        if len(text) == len("03:12:41"):
            text = f"{STARTS[:11]}{text}Z"
        return parse_time(text) + self._shift


class VersionRow(NamedTuple):
    """One registered version of a model."""

    number: str
    lifecycle: str
    gigabytes: float
    created: str
    published_by: str
    description: str


class ModelRow(NamedTuple):
    """One model, its versions newest first."""

    id: str
    name: str
    use_case: str
    description: str
    active: str
    versions: tuple[VersionRow, ...]


class Past(NamedTuple):
    """One rollout made before the scenario starts."""

    id: int
    model_id: str
    version: str
    from_version: str | None
    kind: Kind
    by: str
    changes: tuple[tuple[str, Status, float, str], ...]
    """When, into which status, at how many percent, by whom."""
    reason: str | None = None
    increment_step: float = 100.0
    step_minutes: float | None = None
    next_step: str | None = None
    cancelled_by: int | None = None

    def rollout(self, calendar: Calendar, order: Sequence[Device]) -> Rollout:
        """Return the rollout as it stands, over the devices of `order`."""
        history = [
            Change(calendar.at(at), status, pct, by, self.reason) for at, status, pct, by in self.changes
        ]
        first, last = history[0], history[-1]
        rollout = Rollout(
            id=self.id,
            model_id=self.model_id,
            version=self.version,
            from_version=self.from_version,
            kind=self.kind,
            status=last.status,
            percentage=last.percentage,
            created_by=self.by,
            created_at=first.at,
            order=list(order),
            increment_step=self.increment_step,
            step_interval=None if self.step_minutes is None else self.step_minutes * 60,
            reason=self.reason,
            started_at=first.at,
            updated_at=last.at,
            completed_at=last.at if last.status is Status.COMPLETED else None,
            cancelled_at=last.at if last.status is Status.CANCELLED else None,
            cancelled_by=self.cancelled_by,
            next_step_at=None if self.next_step is None else calendar.at(self.next_step),
            history=history,
        )
        for device in rollout.order[: rollout.reach]:
            rollout.tracked[device.id] = _tracked(device, rollout)
        return rollout


@dataclass(frozen=True, slots=True)
class Setting:
    """A scenario at its start."""

    catalog: Catalog
    devices: list[Device]
    rollouts: list[Rollout]
    first_contacts: Mapping[str, float]
    """When a device is next heard, by its id; devices that stay silent are not in it."""
    next_rollout_id: int
    switch_for: float
    """Seconds that a switch takes."""
    kept: int
    """Versions that a device keeps on disk."""
    crowd: Crowd | None = None
    """The devices that are too many to be kept one by one."""
    behaviours: Mapping[tuple[str, str], Behaviour] = field(default_factory=dict)
    """How versions do, by model id and version; of others something quiet is made up."""
    policy: Mapping[str, object] = field(default_factory=dict)
    """Settings that are not what an organization starts with."""
    incidents: tuple[Incident, ...] = ()
    """What the service had noticed before."""
    script: tuple[Scene, ...] = ()
    """What else happens."""
    user: str = "ops"
    members: tuple[str, ...] = field(default=("ops", "dev", "infra"))


def groups(calendar: Calendar) -> list[Group]:
    """Return the five device groups."""
    created = calendar.at("2026-03-01T09:00:00Z")
    return [Group(f"grp_{name.replace('-', '_')}", name, text, (name,), created) for name, text in GROUPS]


def model(row: ModelRow, calendar: Calendar) -> Model:
    """Return the model of a table row."""
    versions = tuple(
        Version(
            id=f"ver_{row.id.removeprefix('mdl_')}_{version.number.replace('.', '_')}",
            version=version.number,
            lifecycle=version.lifecycle,
            format="gguf",
            checksum=f"sha256:{hashlib.sha256(f'{row.name}:{version.number}'.encode()).hexdigest()}",
            size_bytes=round(version.gigabytes * 1e9),
            created_at=calendar.at(version.created),
            published_by=version.published_by,
            description=version.description,
        )
        for version in row.versions
    )
    return Model(
        id=row.id,
        name=row.name,
        framework="gguf",
        use_case=row.use_case,
        description=row.description,
        versions=versions,
        active_version=row.active,
        created_at=versions[-1].created_at,
        updated_at=versions[0].created_at,
    )


def make_device(row: Row, calendar: Calendar, seed: int, installs: Iterable[Install]) -> Device:
    """Return the device of a table row, with the models that it has."""
    number = int(row.identifier.rsplit("-", 1)[1])
    rate = row.rate or round(Random(f"{seed}:{row.identifier}").uniform(3.0, 12.0), 1)
    return Device(
        id="dev_" + hashlib.sha256(row.identifier.encode()).hexdigest()[:12],
        identifier=row.identifier,
        platform=row.platform,
        hardware=HARDWARE[row.platform][(number + 1) % 2],
        groups=(row.group,),
        last_contact=calendar.at(row.last),
        installs={install.model_id: install for install in installs},
        rate=rate * 1e6,
        network="ethernet" if row.platform == "linux" else "wifi",
        storage_free_bytes=(11 + (number - 117) % 20) * 10**9,
        revoked=row.revoked,
        one_contact=row.one_contact,
    )


def _tracked(device: Device, rollout: Rollout) -> Tracked:
    install = rollout.install(device)
    stretch = next(
        (s for s in install.history if s.version == rollout.version and s.since >= rollout.created_at), None
    )
    entry = Tracked(device, rollout.from_version)
    if stretch is None:
        entry.settled_at = rollout.completed_at
    else:
        entry.verified_at = stretch.since
        settles_at = stretch.since + SYNC_INTERVAL
        entry.settled_at = settles_at if settles_at <= device.last_contact else None
    return entry
