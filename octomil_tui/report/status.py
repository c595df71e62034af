"""What runs of one model, and how far its newest rollout or rollback is, from one snapshot of the fleet."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from octomil_tui.domain.fleet import Connectivity, Device, FleetSnapshot, Model, Rollout, RolloutState
from octomil_tui.domain.serving import active_rollout, active_version
from octomil_tui.domain.text import clean, version_label, whole_percent


@dataclass(frozen=True, slots=True)
class Reached:
    """How many devices of a rollout's scope report its version; None where nobody says."""

    count: int | None
    total: int | None
    by_devices: bool = False
    """Whether the devices themselves were counted, and not the service's word taken."""
    is_estimated: bool = False
    """Whether `count` is only the percentage of `total`."""
    absent: Counter[Connectivity] = field(default_factory=Counter)
    """The devices that do not report it, by whether they can be reached; only when they were counted."""

    @property
    def share(self) -> float | None:
        """The share of the scope, 0..1."""
        if self.count is None or not self.total:
            return None
        return min(1.0, self.count / self.total)


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """One model as it is now."""

    model: Model
    active_version: str | None
    rollout: Rollout | None
    """The rollout that decides now, else the newest one that began."""
    version: str | None
    """The version whose devices are counted: the rollout's, else the active one."""
    reached: Reached

    @property
    def word(self) -> str:
        """The service's own word for the rollout; `idle` without one."""
        return (self.rollout.word or self.rollout.state.value) if self.rollout is not None else "idle"


def status_of(snapshot: FleetSnapshot, model: Model) -> ModelStatus:
    """Return the status of a model whose rollouts were read; its devices may be missing."""
    rollouts = snapshot.rollouts.get(model.id, ())
    devices = tuple(d for d in snapshot.devices or () if model.id in d.installations)
    rollout = deciding_rollout(rollouts)
    active = active_version(rollouts, devices, model.id)
    version = rollout.version if rollout is not None else active
    reached = _reached(snapshot, model, rollout, version)
    return ModelStatus(model, active, rollout, version, reached)


def deciding_rollout(rollouts: Sequence[Rollout]) -> Rollout | None:
    """Return the rollout that runs, else the newest that began and was not taken over by another."""
    without = (RolloutState.PENDING, RolloutState.CANCELLED)
    return active_rollout(rollouts) or next((r for r in rollouts if r.state not in without), None)


def _reached(snapshot: FleetSnapshot, model: Model, rollout: Rollout | None, version: str | None) -> Reached:
    group = rollout.group if rollout is not None else None
    scope = _scope(snapshot, model, group)
    if scope is not None and any(_reports(d, model.id) is not None for d in scope):
        there = sum(1 for d in scope if _reports(d, model.id) == version)
        absent = Counter(d.connectivity for d in scope if _reports(d, model.id) != version)
        return Reached(there, len(scope), by_devices=True, absent=absent)
    total = len(scope) if scope is not None else _told_total(snapshot, model, rollout, group)
    if rollout is None:
        return Reached(None, total)
    if rollout.on_version is not None:
        return Reached(rollout.on_version, total)
    if rollout.share is None or total is None:
        return Reached(None, total)
    return Reached(math.floor(rollout.share * total + 0.5), total, is_estimated=True)


def _scope(snapshot: FleetSnapshot, model: Model, group: str | None) -> tuple[Device, ...] | None:
    """Return the devices of the model in the rollout's scope; None where nobody can say which they are.

    A fleet that was read in part says nothing of how far a rollout is: that is the server's to say.
    """
    if snapshot.devices is None or snapshot.uncounted:
        return None
    having = tuple(d for d in snapshot.devices if model.id in d.installations)
    if group is None:
        return having
    known = snapshot.group(group)
    if known is not None and known.members is not None:
        return tuple(d for d in having if d.id in known.members)
    if not any(d.groups for d in having):
        return None
    return tuple(d for d in having if (known.id if known is not None else group) in d.groups)


def _told_total(
    snapshot: FleetSnapshot, model: Model, rollout: Rollout | None, group: str | None
) -> int | None:
    if rollout is not None and rollout.is_rollback and rollout.affected is not None:
        return rollout.affected
    if group is None:
        return model.device_count
    known = snapshot.group(group)
    return known.device_count if known is not None else None


def _reports(device: Device, model_id: str) -> str | None:
    """Return the version that the device itself says it runs."""
    installation = device.installations[model_id]
    return installation.version if installation.by_device else None


def status_lines(status: ModelStatus) -> list[str]:
    """Return the status, for a rollback line for line as the service documents it.

    Source: the service's Rollback page, "Verify rollback" and "Rollback during an active rollout".
    """
    rollout = status.rollout
    lines = [
        f"Model: {clean(status.model.name)}",
        f"Active version: {version_label(status.active_version)}",
    ]
    if rollout is None:
        return [*lines, *_on_version(status)]
    if rollout.is_rollback:
        lines.append(f"Rollback from: {version_label(rollout.from_version)}")
    else:
        lines.append(f"Rollout {clean(rollout.id)} to: {version_label(rollout.version)}")
    if rollout.group is not None:
        lines.append(f"Group: {clean(rollout.group)}")
    lines.append(f"Status: {clean(status.word)}")
    if rollout.state.is_running and not rollout.is_rollback:
        lines.append(_progress(status, rollout))
    return [*lines, *_on_version(status)]


def status_sentence(status: ModelStatus) -> str:
    """Return the status in one sentence."""
    reached = status.reached
    name, version = clean(status.model.name), version_label(status.version)
    if reached.count is None or reached.total is None:
        return f"{name} {version} is {clean(status.word)}; the devices do not say what they run"
    mark = " (estimated)" if reached.is_estimated else ""
    return f"{name} {version} is {clean(status.word)}: {reached.count} of {reached.total} devices on it{mark}"


def _progress(status: ModelStatus, rollout: Rollout) -> str:
    reached = status.reached
    share = rollout.share if rollout.share is not None else reached.share
    percent = f"{whole_percent(share)}%" if share is not None else "not known"
    if reached.count is None or reached.total is None:
        return f"Progress: {percent}"
    mark = " (estimated)" if reached.is_estimated else ""
    return f"Progress: {percent} ({reached.count} of {reached.total} devices){mark}"


def _on_version(status: ModelStatus) -> Iterable[str]:
    reached = status.reached
    if status.version is None or reached.is_estimated:
        return
    label = f"Devices on {version_label(status.version)}"
    if reached.count is None or reached.total is None:
        yield f"{label}: not known, the devices do not say"
        return
    share = reached.share
    percent = f" ({whole_percent(share)}%)" if share is not None else ""
    word = "" if reached.by_devices else " (by the server's word)"
    yield f"{label}: {reached.count}/{reached.total}{percent}{word}"
    rollout = status.rollout
    has_ended = rollout is not None and rollout.is_rollback and not rollout.state.is_running
    if reached.absent and has_ended:
        yield f"Not on {version_label(status.version)}: {_absent(reached.absent)}"


def _absent(counted: Counter[Connectivity]) -> str:
    return ", ".join(f"{counted[kind]} {kind.value}" for kind in Connectivity if counted[kind])
