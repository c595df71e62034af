"""The plan of a rollback: which devices it touches and how, before anything is sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from octomil_tui.domain.fleet import FleetSnapshot, Model, Rollout
from octomil_tui.domain.radius import (
    PlanClass,
    PlannedDevice,
    Radius,
    Staying,
    count_of,
    planned,
    rows,
    stayers,
)
from octomil_tui.domain.scope import Scope
from octomil_tui.domain.serving import active_rollout, active_version, from_version
from octomil_tui.domain.text import whole_percent
from octomil_tui.domain.verdict import Verdict, judge
from octomil_tui.domain.version import registry_order


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
    devices = tuple(planned(d, d.installations[model.id], to_version, order) for d in inside)
    running = active_rollout(rollouts, scope)
    staying = [d for d in everyone if members is not None and d.id not in members]
    unread = _unread(snapshot, model, scope, len(inside))
    return Plan(
        model=model,
        scope=scope,
        from_version=leaving,
        to_version=to_version,
        verdict=judge(snapshot, model.id, to_version, scope),
        active_version=active,
        active_rollout=running,
        devices=devices,
        rows=tuple(rows(devices, labels, unread)),
        total=count_of(None, "TOTAL", devices, unread),
        staying=tuple(stayers(staying, model.id, leaving, labels)),
        fleet_size=_fleet_size(snapshot, model, len(everyone)) or unread,
        devices_known=snapshot.devices is not None,
        uncounted=unread if snapshot.devices is not None else 0,
        made_at=snapshot.at,
        digest=_digest(model, scope, (leaving, to_version), running, devices),
    )


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
    # Members whose rows were read and who do not have the model are nobody's concern.
    members = group.members if group.members is not None else frozenset()
    read = sum(1 for device in snapshot.devices or () if device.id in members)
    return max(0, (group.device_count or 0) - max(read, inside))


def _fleet_size(snapshot: FleetSnapshot, model: Model, read: int) -> int:
    """Return how many devices have the model, by the service's own count where not all were read."""
    if not snapshot.uncounted:
        return read
    said = model.device_count if model.device_count is not None else snapshot.device_total
    return max(read, said or 0)


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
