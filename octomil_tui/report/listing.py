"""The tables of the commands that list things."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from octomil_tui.domain.check import Check, Weight
from octomil_tui.domain.fleet import Connectivity, Device, DeviceGroup, Model, Rollout
from octomil_tui.domain.plan import Plan
from octomil_tui.domain.radius import PlanClass, Radius
from octomil_tui.domain.serving import Service
from octomil_tui.domain.signal import ModelHealth
from octomil_tui.domain.signal_words import did_words
from octomil_tui.domain.text import version_label, whole_percent
from octomil_tui.domain.verdict import Candidate
from octomil_tui.report.table import table
from octomil_tui.report.words import NOT_KNOWN, age, day

_NONE = "-"
_MARKS = {Weight.OK: "ok", Weight.LOOK: "!!", Weight.STOP: "NO"}


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model of the list."""

    model: Model
    active_version: str | None
    device_count: int | None
    rollout: Rollout | None
    """The one that runs."""


def model_lines(rows: Iterable[ModelRow]) -> list[str]:
    """Return the table of models."""
    return table(
        ("MODEL", "SERVING", "DEVICES", "ROLLOUT"),
        [
            (
                row.model.name,
                version_label(row.active_version),
                _count(row.device_count),
                _rollout(row.rollout),
            )
            for row in rows
        ],
        right=(2,),
    )


def _rollout(rollout: Rollout | None) -> str:
    if rollout is None:
        return _NONE
    share = f" {whole_percent(rollout.share)}%" if rollout.share is not None else ""
    return f"{rollout.id} {version_label(rollout.version)}{share} {rollout.word}"


def _count(count: int | None) -> str:
    return "" if count is None else str(count)


def version_lines(
    candidates: Iterable[Candidate], health: ModelHealth | None = None, *, devices_known: bool
) -> list[str]:
    """Return the table of a model's versions, newest first.

    Args:
        candidates: The versions.
        health: How they do; the column is left out where nobody tells.
        devices_known: Whether the devices were read.
    """
    rows = [
        (
            version_label(c.version.version),
            c.version.word or c.version.lifecycle.value,
            str(c.on_devices) if devices_known else NOT_KNOWN,
            _served(c.service),
            c.verdict.word,
            did_words(health, c.version.version),
        )
        for c in candidates
    ]
    columns = 6 if any(row[5] for row in rows) else 5
    header = ("VERSION", "STATE", "DEVICES", "SERVED", "VERDICT", "DID")
    return table(header[:columns], [row[:columns] for row in rows], right=(2,))


def _served(service: Service) -> str:
    if not service.deployed:
        return "never"
    if service.from_at is None:
        return "deployed before"
    return f"{day(service.from_at)} to {day(service.to_at) if service.to_at is not None else 'now'}"


def group_lines(groups: Iterable[DeviceGroup], devices: Sequence[Device]) -> list[str]:
    """Return the table of groups; what the service does not tell stays blank."""
    rows = []
    for group in groups:
        inside = [d for d in devices if group.members is not None and d.id in group.members]
        counted = Counter(d.connectivity for d in inside)
        size = group.device_count if group.device_count is not None else len(inside) or None
        kinds = (Connectivity.ONLINE, Connectivity.STALE, Connectivity.OFFLINE, Connectivity.REVOKED)
        rows.append((group.name, _count(size), *(str(counted[kind]) if inside else "" for kind in kinds)))
    header = ("GROUP", "DEVICES", "ONLINE", "STALE", "OFFLINE", "REVOKED")
    return table(header, rows, right=range(1, len(header)))


def device_lines(
    devices: Iterable[Device],
    model_names: Mapping[str, str],
    group_names: Mapping[str, str],
    now: float | None,
) -> list[str]:
    """Return the table of devices.

    Args:
        devices: The devices.
        model_names: Names of the models by id.
        group_names: Names of the groups by id.
        now: The service's clock.
    """
    return table(
        ("DEVICE", "GROUP", "PLATFORM", "STATE", "LAST SYNC", "RUNS"),
        [
            (
                device.name,
                ",".join(group_names.get(group, group) for group in device.groups) or _NONE,
                device.platform_label,
                device.connectivity.value,
                age(_since(now, device.last_contact_at)),
                ", ".join(_runs(device, model_names)) or _NONE,
            )
            for device in devices
        ],
        right=(4,),
    )


def _since(now: float | None, at: float | None) -> float | None:
    return None if now is None or at is None else now - at


def _runs(device: Device, model_names: Mapping[str, str]) -> Iterable[str]:
    for model_id, installation in device.installations.items():
        mark = "" if installation.by_device or installation.version is None else " assigned"
        yield f"{model_names.get(model_id, model_id)} {version_label(installation.version)}{mark}"


def plan_lines(plan: Plan) -> list[str]:
    """Return the table of what a plan does to each group."""
    rows = [_plan_row(row) for row in plan.rows]
    header = ("GROUP", "CHANGE", "NO-OP", "UP", "UNKNOWN", "ONLINE", "STALE", "OFFLINE")
    return table(header, [*rows, _plan_row(plan.total)], right=range(1, len(header)))


def _plan_row(radius: Radius) -> tuple[str, ...]:
    kinds = (Connectivity.ONLINE, Connectivity.STALE, Connectivity.OFFLINE)
    change = radius.count(PlanClass.CHANGE)
    return (
        radius.label,
        *(str(radius.count(plan_class)) for plan_class in PlanClass),
        *(str(radius.by_connectivity.get(kind, 0)) if change else _NONE for kind in kinds),
    )


def check_lines(checks: Iterable[Check]) -> list[str]:
    """Return what was checked, the mark first: `ok`, `!!` look at it, `NO` cannot be sent."""
    return [f"{_MARKS[check.weight]}  {check.text}" for check in checks]
