"""Incidents, alert rules, checks and audit records as JSON objects."""

from collections import Counter
from typing import Any

from octomil_tui.sim.alert import AlertRule
from octomil_tui.sim.guard import WINDOW_MINUTES, Check
from octomil_tui.sim.incident import ENDED, Incident
from octomil_tui.sim.records import Record
from octomil_tui.sim.stamp import format_time
from octomil_tui.sim.views import time_or_none

__all__ = ["activity_item", "alert_item", "audit_item", "check_item", "incident_item", "incident_stats"]

Json = dict[str, Any]
DAY, HOUR = 86_400, 3600


def incident_item(incident: Incident) -> Json:
    """Return an incident. The metric's name has the unit of value, limit and baseline."""
    return {
        "id": incident.id,
        "title": incident.title,
        "description": next((n.text for n in reversed(incident.notes) if n.text is not None), None),
        "severity": incident.severity,
        "status": incident.status,
        "rule": incident.rule,
        "metric": incident.metric,
        "value": round(incident.value, 2),
        "limit": incident.limit,
        "baseline": incident.baseline,
        "window_minutes": incident.window_minutes,
        "reporting_devices": incident.devices,
        "model_id": incident.model_id,
        "model_name": incident.model_name,
        "version": incident.version,
        "rollout_id": incident.rollout_id,
        "deployment_id": None if incident.rollout_id is None else str(incident.rollout_id),
        "auto_rollback_enabled": incident.is_auto_rollback,
        "rollback_id": incident.rollback_id,
        "created_at": format_time(incident.created_at),
        "updated_at": format_time(incident.updated_at),
        "resolved_at": time_or_none(incident.resolved_at),
        "notes": [
            {"at": format_time(n.at), "by": n.by, "status": n.status, "text": n.text} for n in incident.notes
        ],
    }


def incident_stats(incidents: list[Incident], org_id: str, now: float, days: int) -> Json:
    """Return counts over the incidents of the last days."""
    found = [one for one in incidents if one.created_at >= now - days * DAY]
    ended = [one for one in found if one.status in ENDED and one.resolved_at is not None]
    hours = [(one.resolved_at - one.created_at) / HOUR for one in ended if one.resolved_at is not None]
    return {
        "timestamp": format_time(now),
        "org_id": org_id,
        "window_days": days,
        "total_incidents": len(found),
        "by_status": dict(Counter(one.status for one in found)),
        "by_severity": dict(Counter(one.severity for one in found)),
        "mttr_hours": round(sum(hours) / len(hours), 2) if hours else None,
        "resolution_rate_pct": round(100 * len(ended) / len(found), 1) if found else None,
    }


def alert_item(rule: AlertRule) -> Json:
    """Return an alert rule."""
    return {
        "id": rule.id,
        "name": rule.name,
        "alert_type": rule.alert_type,
        "severity": rule.severity,
        "metric_name": rule.metric_name,
        "threshold_value": rule.threshold_value,
        "threshold_duration_minutes": rule.threshold_duration_minutes,
        "enabled": rule.enabled,
        "created_at": format_time(rule.created_at),
    }


def check_item(check: Check) -> Json:
    """Return one rule of the policy as it stands: its value against its limit."""
    return {
        "rule": check.rule.name,
        "metric": check.rule.metric,
        "setting": check.rule.setting,
        "value": None if check.value is None else round(check.value, 2),
        "limit": None if check.limit is None else round(check.limit, 2),
        "baseline": None if check.baseline is None else round(check.baseline, 2),
        "window_minutes": WINDOW_MINUTES,
        "reporting_devices": check.devices,
        "state": check.state,
    }


def audit_item(record: Record, org_id: str) -> Json:
    """Return a record as the audit log has it."""
    email = None if record.is_by_service else f"{record.by}@{org_id}.example"
    return {
        "id": record.id,
        "timestamp": format_time(record.at),
        "actor": {"type": "service" if record.is_by_service else "user", "id": record.by, "email": email},
        "action": record.action,
        "resource": {
            "type": record.resource_type,
            "id": record.resource_id,
            "name": record.resource_name,
        },
        "result": "success",
        "metadata": dict(record.metadata),
    }


EVENT_TYPES = {
    "model.deployed": "started",
    "model.rollback": "rolled_back",
    "rollback.completed": "completed",
}
"""What a deployment's events are called; another one is what its action ends with."""


def activity_item(record: Record) -> Json:
    """Return a record as an event of a deployment or of the organization."""
    return {
        "id": record.id,
        "event_type": EVENT_TYPES.get(record.action, record.action.rpartition(".")[2]),
        "type": record.action,
        "created_at": format_time(record.at),
        "by": record.by,
        "resource": {
            "type": record.resource_type,
            "id": record.resource_id,
            "name": record.resource_name,
        },
        "message": _message(record),
        "metadata": dict(record.metadata),
    }


def _message(record: Record) -> str:
    name = record.resource_name or record.resource_id
    version = record.metadata.get("version")
    return " ".join(str(part) for part in (name, version, record.action) if part is not None)
