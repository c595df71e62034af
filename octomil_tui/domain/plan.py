"""The plan of a rollback: which devices it touches and how, before anything is sent."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from octomil_tui.domain.fleet import Connectivity, Device, FleetSnapshot, Installation, Model, Rollout
from octomil_tui.domain.scope import Scope
from octomil_tui.domain.serving import active_rollout, active_version, from_version
from octomil_tui.domain.text import whole_percent
from octomil_tui.domain.verdict import Verdict, judge
from octomil_tui.domain.version import is_older, registry_order

NO_GROUP = ""
"""Row key of devices in no group."""

SEVERAL_GROUPS = "\0several"
"""Row key of devices in more than one group, so that they count once in totals."""

NOT_COUNTED = "\0not counted"
"""Row key of devices that the service speaks of and nobody read, so that the rows add up to the total."""


class PlanClass(StrEnum):
    """What a rollback does to one device; every device of the scope is in exactly one."""

    CHANGE = "change"
    """Runs another version now, will run the target."""
    NO_OP = "no_op"
    """Runs the target already."""
    UP = "up"
    """Runs a version older than the target: the rollback moves it up."""
    UNKNOWN = "unknown"
    """Nobody says what it runs."""


@dataclass(frozen=True, slots=True)
class PlannedDevice:
    """One device of the scope, as the plan saw it."""

    id: str
    name: str
    plan_class: PlanClass
    group: str
    """Row key: the raw group id, `NO_GROUP` or `SEVERAL_GROUPS`."""
    version: str | None
    connectivity: Connectivity
    platform: str
    on_disk: bool | None
    """Whether the device keeps the target on disk; None when it does not say."""


@dataclass(frozen=True, slots=True)
class Radius:
    """Counts over some devices of a plan; the four classes add up to `devices`."""

    group: str | None
    """Row key; None for the total."""
    label: str
    """The raw group name, or words for the rows without one."""
    devices: int
    by_class: Mapping[PlanClass, int]
    by_connectivity: Mapping[Connectivity, int]
    """Of CHANGE only: what can be expected to move."""
    by_platform: Mapping[str, int]
    """Of CHANGE only."""
    on_disk: int | None
    """Devices of CHANGE that keep the target on disk; None when no device says."""
    downloads: int | None
    """Devices of CHANGE and UP that must download it; None when no device says."""

    def count(self, plan_class: PlanClass) -> int:
        """Return how many devices are in the class."""
        return self.by_class.get(plan_class, 0)


@dataclass(frozen=True, slots=True)
class Staying:
    """Devices outside the scope that keep the version which the rollback leaves."""

    group: str
    label: str
    count: int


@dataclass(frozen=True, eq=False, slots=True)
class Plan:
    """What a rollback would do, bound to what was seen."""

    model: Model
    scope: Scope
    from_version: str | None
    to_version: str
    verdict: Verdict
    active_version: str | None
    active_rollout: Rollout | None
    """The rollout that this rollback cancels."""
    devices: tuple[PlannedDevice, ...]
    rows: tuple[Radius, ...]
    """By group, in the service's order, then devices of several and of no group."""
    total: Radius
    staying: tuple[Staying, ...]
    """For one group: who else runs `from_version` and stays on it."""
    fleet_size: int
    """Devices that have the model."""
    devices_known: bool
    """Whether devices were read at all."""
    uncounted: int
    """Devices of the scope that the service speaks of and that were not read; they are UNKNOWN."""
    made_at: float | None
    """The service's clock at the newest read behind it."""
    digest: str
    """Hash of what was shown: versions, scope, active rollout, every device and its class."""

    @property
    def name(self) -> str:
        """The short name of the plan, as shown to people."""
        return self.digest[:4]

    @property
    def moves(self) -> int:
        """How many devices run something else now or may do so: CHANGE, UP and UNKNOWN."""
        return self.total.devices - self.total.count(PlanClass.NO_OP)

    @property
    def is_empty(self) -> bool:
        """Whether the scope is known to hold no device."""
        return self.devices_known and self.total.devices == 0

    @property
    def changes_nothing(self) -> bool:
        """Whether no device would change and no active rollout of the scope leads elsewhere."""
        leads_elsewhere = self.active_rollout is not None and self.active_rollout.version != self.to_version
        return self.devices_known and self.moves == 0 and not leads_elsewhere


def make_plan(snapshot: FleetSnapshot, model: Model, to_version: str, scope: Scope) -> Plan:
    """Return the plan of rolling `model` back to `to_version` within `scope`.

    Args:
        snapshot: What was read; devices that were not read count as unknown.
        model: The model, as the service listed it.
        to_version: The target version, raw.
        scope: The fleet or one group; the group's members must have been read.
    """
    rollouts = snapshot.rollouts.get(model.id, ())
    everyone = [d for d in snapshot.devices or () if model.id in d.installations]
    active = active_version(rollouts, everyone, model.id)
    leaving = from_version(rollouts, active, scope)
    order = registry_order([v.version for v in snapshot.versions.get(model.id, ())])
    members = _members(snapshot, scope)
    labels = {group.id: group.name for group in snapshot.groups or ()}
    inside = [d for d in everyone if members is None or d.id in members]
    planned = tuple(_planned(d, d.installations[model.id], to_version, order) for d in inside)
    running = active_rollout(rollouts, scope)
    staying = [d for d in everyone if members is not None and d.id not in members]
    unread = _unread(snapshot, model, scope, len(inside))
    rows = tuple(_rows(planned, labels, unread))
    return Plan(
        model=model,
        scope=scope,
        from_version=leaving,
        to_version=to_version,
        verdict=judge(snapshot, model.id, to_version, scope),
        active_version=active,
        active_rollout=running,
        devices=planned,
        rows=rows,
        total=_radius(None, "TOTAL", planned, unread),
        staying=tuple(_stayers(staying, model.id, leaving, labels)),
        fleet_size=_fleet_size(snapshot, model, len(everyone)) or unread,
        devices_known=snapshot.devices is not None,
        uncounted=unread if snapshot.devices is not None else 0,
        made_at=snapshot.at,
        digest=_digest(model, scope, (leaving, to_version), running, planned),
    )


def row_key(groups: tuple[str, ...]) -> str:
    """Return the row that a device of these groups counts in."""
    if not groups:
        return NO_GROUP
    return groups[0] if len(groups) == 1 else SEVERAL_GROUPS


def row_label(key: str, labels: Mapping[str, str]) -> str:
    """Return the words of a row; the raw name where it is a group."""
    if key == NO_GROUP:
        return "no group"
    return "several groups" if key == SEVERAL_GROUPS else labels.get(key, key)


def _members(snapshot: FleetSnapshot, scope: Scope) -> frozenset[str] | None:
    """Return the ids of the group's devices, or None for the fleet."""
    if scope.group_id is None:
        return None
    group = snapshot.group(scope.group_id)
    if group is not None and group.members is not None:
        return group.members
    return frozenset(d.id for d in snapshot.devices or () if scope.group_id in d.groups)


def _unread(snapshot: FleetSnapshot, model: Model, scope: Scope, inside: int) -> int:
    """Return how many devices of the scope the service speaks of beyond the `inside` that were read."""
    if snapshot.devices is not None and not snapshot.uncounted:
        return 0
    if scope.group_id is None:
        said = _fleet_size(snapshot, model, inside) if snapshot.uncounted else model.device_count or 0
        return max(0, said - inside)
    group = snapshot.group(scope.group_id)
    if group is None:
        return 0
    if snapshot.devices is None and group.members is not None:
        return len(group.members)
    # Of members that were read, those without the model are nobody's concern.
    read = len(group.members) if group.members is not None else inside
    return max(0, (group.device_count or 0) - read)


def _fleet_size(snapshot: FleetSnapshot, model: Model, read: int) -> int:
    """Return how many devices have the model, by the service's own count where not all were read."""
    if not snapshot.uncounted:
        return read
    said = model.device_count if model.device_count is not None else snapshot.device_total
    return max(read, said or 0)


def _planned(
    device: Device, installation: Installation, to_version: str, order: Mapping[str, int]
) -> PlannedDevice:
    kept = installation.on_disk
    return PlannedDevice(
        id=device.id,
        name=device.name,
        plan_class=classify(installation.version, to_version, order),
        group=row_key(device.groups),
        version=installation.version,
        connectivity=device.connectivity,
        platform=device.platform,
        on_disk=to_version in kept if kept is not None else None,
    )


def classify(version: str | None, to_version: str, order: Mapping[str, int]) -> PlanClass:
    """Return what a rollback to `to_version` does to a device that runs `version`."""
    if version is None:
        return PlanClass.UNKNOWN
    if version == to_version:
        return PlanClass.NO_OP
    return PlanClass.UP if is_older(version, to_version, order) else PlanClass.CHANGE


def _rows(planned: Iterable[PlannedDevice], labels: Mapping[str, str], unread: int) -> Iterable[Radius]:
    by_row: dict[str, list[PlannedDevice]] = {key: [] for key in labels}
    for device in planned:
        by_row.setdefault(device.group, []).append(device)
    known = [key for key in by_row if key not in (NO_GROUP, SEVERAL_GROUPS)]
    for key in (*known, SEVERAL_GROUPS, NO_GROUP):
        if devices := by_row.get(key):
            yield _radius(key, row_label(key, labels), devices)
    if unread and planned:
        yield _radius(NOT_COUNTED, "not counted", (), unread)


def _radius(group: str | None, label: str, devices: Iterable[PlannedDevice], unread: int = 0) -> Radius:
    devices = tuple(devices)
    change = [d for d in devices if d.plan_class is PlanClass.CHANGE]
    moving = [d for d in devices if d.plan_class in (PlanClass.CHANGE, PlanClass.UP)]
    says = any(d.on_disk is not None for d in moving)
    by_class = Counter(d.plan_class for d in devices)
    by_class[PlanClass.UNKNOWN] += unread
    return Radius(
        group=group,
        label=label,
        devices=len(devices) + unread,
        by_class=by_class,
        by_connectivity=Counter(d.connectivity for d in change),
        by_platform=Counter(d.platform for d in change),
        on_disk=sum(1 for d in change if d.on_disk) if says else None,
        downloads=sum(1 for d in moving if d.on_disk is False) if says else None,
    )


def _stayers(
    outside: Iterable[Device], model_id: str, leaving: str | None, labels: Mapping[str, str]
) -> Iterable[Staying]:
    if leaving is None:
        return
    counted = Counter(row_key(d.groups) for d in outside if d.installations[model_id].version == leaving)
    # A group that the service did not list counts too.
    known = dict.fromkeys(key for key in (*labels, *counted) if key not in (NO_GROUP, SEVERAL_GROUPS))
    for key in (*known, SEVERAL_GROUPS, NO_GROUP):
        if counted[key]:
            yield Staying(key, row_label(key, labels), counted[key])


def _digest(
    model: Model,
    scope: Scope,
    versions: tuple[str | None, str],
    running: Rollout | None,
    planned: Iterable[PlannedDevice],
) -> str:
    """Hash what a person decided on; ages and connectivity move by themselves and are left out."""
    seen = [
        model.id,
        scope.group_id,
        *versions,
        [running.id, running.word, whole_percent(running.share or 0.0)] if running is not None else None,
        sorted((d.id, d.plan_class, d.version or "") for d in planned),
    ]
    return hashlib.sha256(json.dumps(seen, separators=(",", ":")).encode()).hexdigest()
