"""What became of each device of a rollback, and of its plan, for a report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from octomil_tui.domain.affected import AffectedDevice
from octomil_tui.domain.convergence import Stage, Track, Watch
from octomil_tui.domain.evidence import Evidence
from octomil_tui.domain.fleet import Device
from octomil_tui.domain.radius import PlanClass, row_label
from octomil_tui.domain.reason import reason

NAMED_AT_MOST = 10_000
"""Devices that a report names one by one."""


@dataclass(frozen=True, slots=True)
class DeviceOutcome:
    """One device of the scope; its name is safe to show, ids and versions are raw."""

    id: str
    name: str
    group: str
    """Raw."""
    platform: str
    plan_class: PlanClass | None
    """None for a device that joined during the watch."""
    from_version: str | None
    version: str | None
    """What it reported last."""
    stage: Stage
    verified_at: float | None
    bounces: int
    note: str
    """Safe to show."""
    last_contact_at: float | None


@dataclass(frozen=True, slots=True)
class PlanRow:
    """How many devices of one group the plan had in each class."""

    group: str
    """Raw."""
    counts: dict[PlanClass, int]

    @property
    def devices(self) -> int:
        """All of them."""
        return sum(self.counts.values())


_ORDER = {
    stage: rank
    for rank, stage in enumerate(
        (
            Stage.BOUNCED,
            Stage.FAILED,
            Stage.OFFLINE,
            Stage.GONE,
            Stage.LEFT,
            Stage.STALE,
            Stage.UNKNOWN,
            Stage.ON_THE_WAY,
            Stage.WAITING,
            Stage.UNSEEN,
            Stage.VERIFIED,
        )
    )
}
"""Those that need somebody first."""


def outcomes(evidence: Evidence) -> Sequence[DeviceOutcome]:
    """Return what became of the devices of the scope, those that need somebody first; none without a watch."""
    watch = evidence.rollback.watch
    if watch is None:
        return ()
    listed = {device.id: device for device in evidence.devices}
    ids: Iterable[str] = watch.ids if watch.ids is not None else listed
    found = [
        _outcome(evidence, watch, key, track, listed.get(key))
        for key in ids
        if (track := watch.track(key)) is not None
    ]
    found.sort(key=lambda one: (_ORDER.get(one.stage, len(_ORDER)), not one.bounces, one.group, one.name))
    return found[:NAMED_AT_MOST]


def _outcome(
    evidence: Evidence, watch: Watch, key: str, track: Track, device: Device | None
) -> DeviceOutcome:
    installation = device.installations.get(watch.model_id) if device is not None else None
    told = evidence.affected.devices.get(key) if evidence.affected is not None else None
    return DeviceOutcome(
        id=key,
        name=device.name if device is not None else key,
        group=row_label(track.group, evidence.labels),
        platform=device.platform_label if device is not None else "",
        plan_class=None if track.has_joined else track.plan_class,
        from_version=track.from_version,
        version=installation.version if installation is not None else None,
        stage=track.stage,
        verified_at=_verified_at(track, told),
        bounces=max(track.bounces, told.bounced or 0 if told is not None else 0),
        note=_note(watch, track, device),
        last_contact_at=device.last_contact_at if device is not None else None,
    )


def _note(watch: Watch, track: Track, device: Device | None) -> str:
    if device is None:
        return "no longer listed by the server"
    if track.stage in (Stage.SETTLED, Stage.VERIFIED):
        return "was there before" if track.plan_class is PlanClass.NO_OP else ""
    return reason(device, watch.model_id, track, watch.at)


def _verified_at(track: Track, told: AffectedDevice | None) -> float | None:
    """Return when a device that was not there before first reported the target; the service saw it first."""
    if track.plan_class is PlanClass.NO_OP and not track.bounces:
        return None
    return told.verified_at if told is not None and told.verified_at is not None else track.verified_at


def plan_rows(evidence: Evidence) -> Sequence[PlanRow]:
    """Return the plan by group, as the devices stood before the rollback began."""
    watch = evidence.rollback.watch
    if watch is None:
        return ()
    groups = watch.groups(*PlanClass)
    return [
        PlanRow(
            row_label(key, evidence.labels),
            {one: watch.tally(one, group=key).devices for one in PlanClass},
        )
        for key in groups
    ]
