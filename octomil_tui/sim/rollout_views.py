"""Rollouts, rollbacks and how far their devices are, as JSON objects."""

from collections import Counter
from dataclasses import asdict
from typing import Any

from octomil_tui.sim.catalog import Model
from octomil_tui.sim.rollout import Change, Rollout, Status, Tracked, Trigger
from octomil_tui.sim.stamp import format_time
from octomil_tui.sim.standings import Standings
from octomil_tui.sim.views import time_or_none

__all__ = [
    "affected_devices",
    "frozen",
    "in_the_way",
    "reach_preview",
    "rollback_receipt",
    "rollout_item",
    "status_history",
    "trigger_item",
]

Json = dict[str, Any]


def rollout_item(rollout: Rollout, model: Model) -> Json:
    """Return a rollout.

    A rollback's percentage is the floored share of its scope that reports the
    target, or did when it completed; another rollout's is the share that it has
    been opened to.
    """
    percentage, on_version = rollout.percentage, rollout.on_version()
    if rollout.status is Status.ROLLING_BACK:
        percentage = rollout.share_percent()
    elif rollout.completed_percentage is not None:
        percentage = rollout.completed_percentage
    return {
        "id": rollout.id,
        "rollout_id": rollout.id,
        "model_id": model.id,
        "model_name": model.name,
        "version": rollout.version,
        "from_version": rollout.from_version,
        "kind": rollout.kind.value,
        "status": rollout.status.value,
        "rollout_percentage": percentage,
        "target_percentage": rollout.target_percentage,
        "increment_step": rollout.increment_step,
        "step_interval_minutes": None if rollout.step_interval is None else rollout.step_interval / 60,
        "group": rollout.group,
        "reason": rollout.reason,
        "trigger": None if rollout.trigger is None else trigger_item(rollout.trigger),
        "created_by": rollout.created_by,
        "created_at": format_time(rollout.created_at),
        "started_at": time_or_none(rollout.started_at),
        "updated_at": format_time(rollout.updated_at),
        "completed_at": time_or_none(rollout.completed_at),
        "cancelled_at": time_or_none(rollout.cancelled_at),
        "cancelled_by_rollout_id": rollout.cancelled_by,
        "next_step_at": time_or_none(rollout.next_step_at),
        "affected_devices": rollout.affected,
        "total_devices": rollout.total,
        "device_count": on_version,
        "on_version": on_version,
    }


def trigger_item(trigger: Trigger) -> Json:
    """Return why the service rolled back by itself. The metric's name has the unit of value and limit."""
    return {**asdict(trigger), "value": round(trigger.value, 2), "at": format_time(trigger.at)}


def rollback_receipt(rollback: Rollout, model: Model, cancelled: Rollout | None) -> Json:
    """Return the answer to a rollback that was accepted."""
    return {
        "rollback_id": str(rollback.id),
        "rollout_id": rollback.id,
        "model_id": model.id,
        "model": model.name,
        "from_version": rollback.from_version,
        "to_version": rollback.version,
        "group": rollback.group,
        "affected_devices": rollback.affected,
        "status": rollback.status.value,
        "cancelled_rollout_id": None if cancelled is None else cancelled.id,
        "created_at": format_time(rollback.created_at),
    }


def in_the_way(rollout: Rollout) -> Json:
    """Return the rollout that a request comes into conflict with."""
    return {
        "id": str(rollout.id),
        "rollout_id": rollout.id,
        "kind": rollout.kind.value,
        "version": rollout.version,
        "group": rollout.group,
        "status": rollout.status.value,
        "created_by": rollout.created_by,
        "started_at": time_or_none(rollout.started_at),
    }


def frozen(by: str, since: float) -> Json:
    """Return what is in the way where it is no rollout."""
    return {"id": "freeze-1", "kind": "freeze", "created_by": by, "started_at": format_time(since)}


def status_history(rollout: Rollout) -> list[Json]:
    """Return what a rollout has been through, the oldest first."""
    return [
        {
            "at": format_time(change.at),
            "status": change.status.value,
            "percentage": change.percentage,
            "by": change.by,
            "reason": change.reason,
            "version": rollout.version,
            "trigger": _trigger_of(rollout, change),
        }
        for change in rollout.history
    ]


def _trigger_of(rollout: Rollout, change: Change) -> Json | None:
    """Return why the service made a rollback, at the line with which that began."""
    is_begin = change.status is Status.ROLLING_BACK and rollout.trigger is not None
    return trigger_item(rollout.trigger) if is_begin and rollout.trigger is not None else None


def affected_devices(rollout: Rollout, now: float, *, limit: int, offset: int) -> Json:
    """Return the devices that a rollout has come to, with counts over all of them."""
    found = _standings(rollout, now)
    entries = rollout.page(limit, offset)
    return {
        "rollout_id": rollout.id,
        "version": rollout.version,
        "total": found.total,
        "on_version": found.versions[rollout.version],
        "settled": found.settled,
        "waiting_for": found.waiting,
        "by_group": {
            name: {
                "total": row.total,
                "on_version": row.versions[rollout.version],
                "settled": row.settled,
                "by_version": _sorted(row.versions),
            }
            for name, row in found.groups.items()
        },
        "by_version": _sorted(found.versions),
        "by_connectivity": _sorted(found.connectivity),
        "by_status": _sorted(found.statuses),
        "devices": [_entry(rollout, entry) for entry in entries],
        "limit": limit,
        "offset": offset,
    }


def reach_preview(rollout: Rollout, percentage: float) -> Json:
    """Return whom another percentage would add to a rollout, or take from it, by group. Nothing is changed."""
    now, then = rollout.groups_at(rollout.percentage), rollout.groups_at(percentage)
    return {
        "rollout_id": rollout.id,
        "percentage": percentage,
        "total_devices": rollout.total,
        "affected_devices": rollout.reach_at(percentage),
        "added": max(0, rollout.reach_at(percentage) - rollout.reach),
        "removed": max(0, rollout.reach - rollout.reach_at(percentage)),
        "added_by_group": _sorted(then - now),
        "removed_by_group": _sorted(now - then),
    }


def _standings(rollout: Rollout, now: float) -> Standings:
    found = Standings() if rollout.crowd is None else rollout.crowd.standings()
    for entry in rollout.tracked.values():
        install = rollout.install(entry.device)
        found.add(
            entry.device.groups,
            1,
            settled=entry.settled_at is not None,
            waiting=entry.settled_at is None and entry.device.reachable(now),
            versions={install.active or "unknown": 1},
            connectivity={entry.device.connectivity(now).value: 1},
            statuses={install.status: 1},
        )
    return found


def _sorted(counts: Counter[str]) -> dict[str, int]:
    """Return the counts that are not nothing, the greatest first."""
    return {name: count for name, count in counts.most_common() if count}


def _entry(rollout: Rollout, entry: Tracked) -> Json:
    install = rollout.install(entry.device)
    return {
        "id": entry.device.id,
        "device_identifier": entry.device.identifier,
        "groups": list(entry.device.groups),
        "from_version": entry.from_version,
        "active_model_version": install.active,
        "desired_version": install.desired,
        "model_status": install.status,
        "verified_at": time_or_none(entry.verified_at),
        "settled_at": time_or_none(entry.settled_at),
        "bounced": entry.bounced,
    }
