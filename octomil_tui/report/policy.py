"""The policy, as lines and as an object."""

from __future__ import annotations

from octomil_tui.domain.incident import Incident
from octomil_tui.domain.policy import RULES, Difference, Policy

_NAMES = {"error_rate": "Error threshold", "crash_rate": "Crash threshold", "latency_p95": "Latency p95 max"}


def policy_lines(policy: Policy) -> list[str]:
    """Return what is set, one line per setting."""
    return [
        f"Auto-rollback: {policy.auto_words}",
        *(f"{_NAMES[rule.name]}: {policy.words(rule)}" for rule in RULES),
    ]


def change_lines(rows: tuple[Difference, ...]) -> list[str]:
    """Return every setting as it is now, with what it was where that is different."""
    labels = ("Auto-rollback", *(_NAMES[rule.name] for rule in RULES))
    return [
        f"{label}: {row.after}{f' (was {row.before})' if row.is_change else ''}"
        for label, row in zip(labels, rows, strict=True)
    ]


def policy_data(policy: Policy) -> dict[str, object]:
    """Return the object for scripts; a limit that is not kept is missing, and null is no limit."""
    return {
        "org_id": policy.org_id,
        "auto_rollback": policy.auto_rollback,
        "limits": dict(policy.limits),
    }


def incident_data(incident: Incident) -> dict[str, object]:
    """Return a limit that was crossed as an object for scripts; `metric` states the unit of value and limit."""
    breach = incident.breach
    return {
        "id": incident.id,
        "status": incident.status,
        "model": incident.model_name,
        "version": incident.version,
        "rollout_id": incident.rollout_id,
        "rollback_id": incident.rollback_id,
        "auto_rollback": incident.is_auto_rollback,
        "rule": breach.rule,
        "metric": breach.metric,
        "value": breach.value,
        "limit": breach.limit,
        "baseline": breach.baseline,
        "window_minutes": breach.window_minutes,
        "reporting_devices": breach.devices,
        "created_at": incident.created_at,
    }
