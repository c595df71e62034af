"""The fleet at a glance: one line of facts per model and per group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from octomil_tui.domain.census import Sweep
from octomil_tui.domain.check import went_silent
from octomil_tui.domain.fleet import (
    Connectivity,
    DeviceGroup,
    FleetSnapshot,
    Model,
    Rollout,
    RolloutState,
)
from octomil_tui.domain.radius import NO_GROUP, SEVERAL_GROUPS, row_key, row_label
from octomil_tui.domain.serving import active_rollout, active_version, versions_on_devices
from octomil_tui.domain.signal import NO_SIGNALS, ModelHealth, Signals
from octomil_tui.domain.signal_judge import Finding, findings


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What one line about a model says."""

    model: Model
    serving: str | None
    """The active version."""
    running: Rollout | None
    """The rollout that is under way."""
    subject: str | None
    """The version that `on` counts: the running rollout's, else the active one."""
    on: int
    """Devices that run `subject`."""
    of: int
    """Devices that have the model."""
    by_version: Mapping[str, int]
    silent: int
    """Offline devices that fell silent right after they got the running rollout's version."""
    changed_at: float | None
    health: ModelHealth | None = None
    """How its versions do; None where nobody says."""
    findings: tuple[Finding, ...] = ()
    """What is far worse than usual about the versions in service, the worst first."""

    @property
    def elsewhere(self) -> int:
        """Devices that run anything but the active version, where no rollout explains it."""
        return self.of - self.on if self.running is None and self.serving is not None else 0

    @property
    def urgency(self) -> int:
        """How much somebody is needed: 3 for a version that does badly or silences devices, 0 for nothing to do."""
        if self.silent or self.findings:
            return 3
        if self.running is not None:
            return 1 if self.running.state is RolloutState.PAUSED else 2
        return 0


def model_facts(
    snapshot: FleetSnapshot, counted: Sweep | None = None, signals: Signals = NO_SIGNALS
) -> tuple[ModelFacts, ...]:
    """Return the facts of every model, those that need somebody first, else in the service's order.

    Args:
        snapshot: What was read.
        counted: What was counted of a fleet that was read in part; it counts instead of the devices that were read.
        signals: How the versions do.
    """
    sweep = counted if snapshot.uncounted else None
    facts = [_facts(snapshot, model, sweep, signals.of(model.id)) for model in snapshot.models or ()]
    return tuple(
        sorted(facts, key=lambda one: (-one.urgency, -max((f.times for f in one.findings), default=0)))
    )


def _facts(
    snapshot: FleetSnapshot, model: Model, sweep: Sweep | None, health: ModelHealth | None
) -> ModelFacts:
    rollouts = snapshot.rollouts.get(model.id, ())
    devices = [d for d in snapshot.devices or () if model.id in d.installations]
    running = active_rollout(rollouts)
    serving = active_version(rollouts, devices, model.id)
    subject = running.version if running is not None else serving
    counted: Mapping[str, int] = Counter(versions_on_devices(devices, model.id))
    if sweep is not None:
        counted = sweep.by_version(model.id)
    on = counted.get(subject, 0) if subject is not None else 0
    of = len(devices) if snapshot.devices is not None else model.device_count or 0
    of = sum(counted.values()) if sweep is not None else of
    # Of a fleet that was read in part the server knows better, where it says; both numbers are of one kind.
    said = next((r.on_version for r in rollouts if r.version == subject and r.group is None), None)
    if snapshot.uncounted and said is not None and model.device_count is not None:
        on, of = said, model.device_count
    newest = running or (rollouts[0] if rollouts else None)
    blamed = running.version if running is not None and not running.is_rollback else None
    return ModelFacts(
        model=model,
        serving=serving,
        running=running,
        subject=subject,
        on=on,
        of=of,
        by_version=counted,
        silent=(
            sweep.silent_on(model.id, blamed)
            if sweep is not None
            else sum(1 for d in devices if went_silent(d, model.id, blamed))
        ),
        changed_at=_changed_at(newest),
        health=health,
        findings=findings(health, blamed, serving) if health is not None else (),
    )


def _changed_at(rollout: Rollout | None) -> float | None:
    if rollout is None:
        return None
    known = (rollout.updated_at, rollout.completed_at, rollout.cancelled_at, rollout.began_at)
    return next((at for at in known if at is not None), None)


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """What one line about a group says; the states of connectivity add up to the devices that were read."""

    key: str
    """Row key: the raw group id, or that of the devices in no group."""
    label: str
    """The raw name, or words."""
    devices: int | None
    """None where the service tells neither a count nor the members."""
    by_connectivity: Mapping[Connectivity, int]
    by_version: Mapping[str, int]
    """Versions of one model on the group's devices."""
    silent: int
    """Offline devices that fell silent right after they got the version in question."""
    uncounted: int = 0
    """Devices of the group that the service speaks of and that were not read."""


def group_facts(
    snapshot: FleetSnapshot, model_id: str | None, blamed: str | None = None, counted: Sweep | None = None
) -> tuple[GroupFacts, ...]:
    """Return the facts of every group in the service's order, then of devices in no group.

    A device of several groups counts in each of them here; totals are counted
    over devices, not over these lines.

    Args:
        snapshot: What was read.
        model_id: The model whose versions are counted, or None.
        blamed: The version that devices may have fallen silent after.
        counted: What was counted of a fleet that was read in part; it counts instead of the devices that were read.
    """
    if counted is not None and snapshot.uncounted:
        return tuple(
            _counted(counted, group, model_id, blamed) for group in _with_the_others(snapshot, counted)
        )
    devices = snapshot.devices or ()
    members = [(g.id, g.name, g, [d for d in devices if g.id in d.groups]) for g in snapshot.groups or ()]
    alone = [d for d in devices if row_key(d.groups) == NO_GROUP]
    if snapshot.groups is not None and alone:
        members.append(
            (NO_GROUP, row_label(NO_GROUP, {}), DeviceGroup(NO_GROUP, "", members=frozenset()), alone)
        )
    return tuple(
        GroupFacts(
            key=key,
            label=label,
            devices=_size(snapshot, group, len(inside)),
            by_connectivity=Counter(d.connectivity for d in inside),
            by_version=Counter(versions_on_devices(inside, model_id)) if model_id is not None else {},
            silent=sum(1 for d in inside if model_id is not None and went_silent(d, model_id, blamed)),
            uncounted=(_size(snapshot, group, len(inside)) or 0) - len(inside) if snapshot.uncounted else 0,
        )
        for key, label, group, inside in members
    )


def models_in(snapshot: FleetSnapshot, group_id: str, counted: Sweep | None = None) -> tuple[ModelFacts, ...]:
    """Return the facts of the models that a group's devices have, those that need somebody first.

    Of a large fleet whose group was not counted yet they may be any.
    """
    facts = model_facts(snapshot, counted)
    if snapshot.uncounted:
        if counted is None or not counted.devices(group_id):
            return facts
        return tuple(one for one in facts if counted.by_version(one.model.id, group_id))
    inside = [device for device in snapshot.devices or () if group_id in device.groups]
    return tuple(one for one in facts if any(one.model.id in device.installations for device in inside))


def _with_the_others(snapshot: FleetSnapshot, counted: Sweep) -> list[DeviceGroup]:
    """Return the groups, and after them the rows of devices that are in none or in several, where there are any."""
    others = (
        DeviceGroup(key, row_label(key, {}), device_count=devices)
        for key in (SEVERAL_GROUPS, NO_GROUP)
        if (devices := counted.devices(key))
    )
    return [*(snapshot.groups or ()), *others]


def _counted(counted: Sweep, group: DeviceGroup, model_id: str | None, blamed: str | None) -> GroupFacts:
    read = counted.devices(group.id)
    size = read if group.device_count is None else max(read, group.device_count)
    return GroupFacts(
        key=group.id,
        label=group.name,
        devices=size,
        by_connectivity=counted.by_connectivity(group.id),
        by_version=counted.by_version(model_id, group.id) if model_id is not None else {},
        silent=counted.silent_on(model_id, blamed, group.id) if model_id is not None else 0,
        uncounted=size - read,
    )


def _size(snapshot: FleetSnapshot, group: DeviceGroup, read: int) -> int | None:
    """Return how many devices a group has: those that were read, or more where the fleet was read in part."""
    if snapshot.uncounted and group.device_count is not None:
        return max(read, group.device_count)
    return read if group.members is not None else group.device_count


def reachability(snapshot: FleetSnapshot, counted: Sweep | None = None) -> Mapping[Connectivity, int]:
    """Return how many devices of the fleet are in each state of connectivity, as far as they were read or counted."""
    if counted is not None and snapshot.uncounted:
        return counted.by_connectivity()
    return Counter(device.connectivity for device in snapshot.devices or ())
