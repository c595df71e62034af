"""Fleet values as JSON objects: the glossary's names in snake_case, shares 0..1, percents floored.

Times named `*_at` are the service's epoch seconds. Identifiers and versions are
raw, so that they can be sent back; JSON escapes whatever a terminal would obey.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from octomil_tui.domain.check import Check
from octomil_tui.domain.convergence import Stage, Tally
from octomil_tui.domain.fleet import Connectivity, Device, DeviceGroup, Model, Rollout
from octomil_tui.domain.plan import Plan
from octomil_tui.domain.radius import PlanClass, Radius
from octomil_tui.domain.rollback import Rollback
from octomil_tui.domain.signal import ModelHealth
from octomil_tui.domain.signal_words import did_words
from octomil_tui.domain.text import whole_percent
from octomil_tui.domain.verdict import Candidate
from octomil_tui.report.sentences import plan_sentence, progress_sentence
from octomil_tui.report.status import ModelStatus

Json = dict[str, Any]


def share_fields(share: float | None) -> Json:
    """Return a share and its percent, which is floored so that 100 is never shown early."""
    return {"share": share, "percent": None if share is None else whole_percent(share)}


def model_data(
    model: Model, *, active_version: str | None, device_count: int | None, rollout: Rollout | None
) -> Json:
    """Return one model with what it serves and the rollout that runs."""
    return {
        "id": model.id,
        "name": model.name,
        "active_version": active_version,
        "device_count": device_count,
        "updated_at": model.updated_at,
        "rollout": None if rollout is None else rollout_data(rollout),
    }


def rollout_data(rollout: Rollout) -> Json:
    """Return one rollout or rollback."""
    return {
        "rollout_id": rollout.id,
        "version": rollout.version,
        "from_version": rollout.from_version,
        "state": rollout.state.value,
        "status": rollout.word,
        "kind": rollout.kind,
        "is_rollback": rollout.is_rollback,
        "group": rollout.group,
        "reason": rollout.reason,
        "by": rollout.by,
        "affected_devices": rollout.affected,
        **share_fields(rollout.share),
        "created_at": rollout.created_at,
        "started_at": rollout.started_at,
        "completed_at": rollout.completed_at,
        "cancelled_at": rollout.cancelled_at,
    }


def version_data(candidate: Candidate, health: ModelHealth | None = None) -> Json:
    """Return one version with its verdict as a target, and how it did in words; null where nobody tells."""
    version, service, verdict = candidate.version, candidate.service, candidate.verdict
    return {
        "version": version.version,
        "state": version.lifecycle.value,
        "status": version.word,
        "devices_on_version": candidate.on_devices,
        "device_count": candidate.of_devices,
        "deployed": service.deployed,
        "served_from_at": service.from_at,
        "served_to_at": service.to_at,
        "rolled_back_by": service.rolled_back_by,
        "rollout_id": candidate.rollout_id,
        "size_bytes": version.size_bytes,
        "created_at": version.created_at,
        "verdict": verdict.word,
        "verdict_level": verdict.level.value,
        "verdict_reason": verdict.reason,
        "did": did_words(health, version.version) or None,
    }


def device_data(device: Device, model_names: Mapping[str, str], group_names: Mapping[str, str]) -> Json:
    """Return one device with what it runs."""
    return {
        "id": device.id,
        "name": device.name,
        "platform": device.platform,
        "architecture": device.architecture,
        "connectivity": device.connectivity.value,
        "groups": [group_names.get(group, group) for group in device.groups],
        "last_contact_at": device.last_contact_at,
        "sync_interval": device.interval,
        "models": [
            {
                "model_id": model_id,
                "model": model_names.get(model_id, model_id),
                "version": installation.version,
                "by_device": installation.by_device,
                "wanted_version": installation.wanted,
                "status": installation.word,
                **share_fields(installation.progress),
            }
            for model_id, installation in device.installations.items()
        ],
    }


def status_data(status: ModelStatus) -> Json:
    """Return the status of one model."""
    reached = status.reached
    return {
        "event": "status",
        "model_id": status.model.id,
        "model": status.model.name,
        "active_version": status.active_version,
        "version": status.version,
        "devices_on_version": reached.count,
        "device_count": reached.total,
        **share_fields(reached.share),
        "by_devices": reached.by_devices,
        "estimated": reached.is_estimated,
        "rollout": None if status.rollout is None else rollout_data(status.rollout),
    }


def plan_data(plan: Plan, checks: Iterable[Check]) -> Json:
    """Return a plan: what changes, in total and by group, and what was checked."""
    return {
        "event": "plan",
        "plan": plan.name,
        "digest": plan.digest,
        "model_id": plan.model.id,
        "model": plan.model.name,
        "group": plan.scope.group_name,
        "from_version": plan.from_version,
        "to_version": plan.to_version,
        "changed": not plan.changes_nothing,
        "devices_known": plan.devices_known,
        "fleet_size": plan.fleet_size,
        "not_counted": plan.uncounted,
        "sentence": plan_sentence(plan),
        "total": _radius(plan.total),
        "groups": [{"group": row.label, **_radius(row)} for row in plan.rows],
        "staying": [{"group": row.label, "devices": row.count} for row in plan.staying],
        "cancels_rollout": None if plan.active_rollout is None else rollout_data(plan.active_rollout),
        "verdict": plan.verdict.word,
        "verdict_level": plan.verdict.level.value,
        "checks": [
            {
                "weight": check.weight.value,
                "stop": None if check.stop is None else check.stop.value,
                "text": check.text,
            }
            for check in checks
        ],
        "made_at": plan.made_at,
    }


def _radius(radius: Radius) -> Json:
    return {
        "devices": radius.devices,
        **{plan_class.value: radius.count(plan_class) for plan_class in PlanClass},
        "connectivity": {kind.value: radius.by_connectivity.get(kind, 0) for kind in Connectivity},
        "platforms": dict(sorted(radius.by_platform.items())),
        "on_disk": radius.on_disk,
        "downloads": radius.downloads,
    }


def receipt_data(rollback: Rollback) -> Json:
    """Return what the service said when it took a rollback."""
    plan = rollback.plan
    return {
        "event": "accepted",
        **_identity(rollback),
        "model": plan.model.name if plan is not None else None,
        "affected_devices": rollback.affected,
        "planned_devices": plan.total.devices if plan is not None else None,
        "status": rollback.server_word,
    }


def progress_data(rollback: Rollback) -> Json:
    """Return how far the devices of a rollback are."""
    watch = rollback.watch
    return {
        "event": "progress",
        **_identity(rollback),
        "phase": rollback.phase.value,
        "status": rollback.server_word,
        "at": watch.at if watch is not None else None,
        "sentence": progress_sentence(watch) if watch is not None else "",
        **count_fields(rollback),
    }


def _identity(rollback: Rollback) -> Json:
    return {
        "rollout_id": rollback.rollout_id,
        "model_id": rollback.model_id,
        "from_version": rollback.from_version,
        "to_version": rollback.order.to_version,
        "group": rollback.order.group,
    }


def count_fields(rollback: Rollback) -> Json:
    """Return the counts of a rollback: of the devices that must change, that move up, and of all."""
    watch = rollback.watch
    if watch is None:
        return {}
    return {
        "by_server_word": rollback.by_server_word,
        "change": _tally(watch.change),
        "up": _tally(watch.up),
        "joined": _tally(watch.newcomers),
        "whole": _tally(watch.whole),
    }


def _tally(tally: Tally) -> Json:
    return {
        "devices": tally.devices,
        "verified": tally.verified,
        **share_fields(tally.share),
        "settled": tally.count(Stage.SETTLED),
        **{
            stage.value: tally.count(stage) for stage in Stage if stage not in (Stage.SETTLED, Stage.VERIFIED)
        },
        "reachable": tally.reachable,
        "ever_bounced": tally.ever_bounced,
    }


def group_data(group: DeviceGroup, devices: Iterable[Device]) -> Json:
    """Return one group; counts by connectivity are missing where its members are not known."""
    inside = [d for d in devices if group.members is not None and d.id in group.members]
    counted = Counter(d.connectivity for d in inside)
    return {
        "id": group.id,
        "name": group.name,
        "description": group.description,
        "device_count": group.device_count if group.device_count is not None else len(inside) or None,
        "connectivity": {kind.value: counted[kind] for kind in Connectivity} if inside else None,
    }
