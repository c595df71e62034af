"""The report of one rollback, and the timeline, as JSON objects."""

from __future__ import annotations

from octomil_tui.domain.evidence import Evidence
from octomil_tui.domain.radius import PlanClass
from octomil_tui.domain.signal_effect import at_start, effect, figure_changes
from octomil_tui.domain.text import clean
from octomil_tui.domain.timeline import TimelineEvent
from octomil_tui.domain.timeline_words import actor_of, sentence_of, tellers_of
from octomil_tui.report.data import Json, count_fields, share_fields
from octomil_tui.report.daylight import way_back
from octomil_tui.report.outcome import outcomes, plan_rows
from octomil_tui.report.rollback_report import left, title, verdict_sentence
from octomil_tui.report.signal import measure_data


def event_data(event: TimelineEvent) -> Json:
    """Return one event of the timeline."""
    breach = event.breach
    return {
        "at": event.at,
        "act": event.act.value,
        "by": clean(event.by) if event.by is not None else None,
        "actor": actor_of(event),
        "text": sentence_of(event),
        "model_id": event.model_id,
        "model": event.model,
        "rollout_id": event.rollout_id,
        "incident_id": event.incident_id,
        "version": event.version,
        "from_version": event.from_version,
        "group": event.group,
        "is_rollback": bool(event.is_rollback),
        **share_fields(event.share),
        "reason": event.reason,
        "crossed": None
        if breach is None
        else {
            "metric": breach.metric,
            "value": breach.value,
            "limit": breach.limit,
            "window_minutes": breach.window_minutes,
            "auto_rollback": event.is_armed,
        },
        "told_by": list(tellers_of(event)),
    }


def report_data(evidence: Evidence) -> Json:
    """Return the whole report."""
    rollback, receipt = evidence.rollback, evidence.rollback.receipt
    return {
        "event": "report",
        "title": title(evidence),
        "verdict": rollback.phase.value,
        "sentence": verdict_sentence(evidence),
        "service": evidence.service or None,
        "org_id": evidence.org,
        "model_id": rollback.model_id,
        "model": evidence.model,
        "rollout_id": rollback.rollout_id,
        "from_version": rollback.from_version,
        "to_version": rollback.order.to_version,
        "group": rollback.order.group,
        "by": evidence.by,
        "reason": rollback.order.reason,
        "began_at": evidence.began_at,
        "ended_at": rollback.ended_at,
        "made_at": evidence.made_at,
        "plan": {
            "digest": evidence.plan,
            "groups": [
                {
                    "group": row.group,
                    **{one.value: row.counts[one] for one in PlanClass},
                    "devices": row.devices,
                }
                for row in plan_rows(evidence)
            ],
        },
        "request": {
            "idempotency_key": rollback.key,
            "request_id": receipt.request_id if receipt is not None else None,
            "status": receipt.status if receipt is not None else rollback.refused_with,
            "tries": rollback.tries if rollback.key is not None else 0,
            "affected_devices": rollback.affected,
            "log": [{"at": one.at, "text": one.text} for one in rollback.log],
        },
        "figures": _figures(evidence),
        "counts": count_fields(rollback),
        "left_for_daylight": left(evidence),
        "is_held": evidence.is_held,
        "way_back": way_back(rollback, evidence.model),
        "timeline": [event_data(event) for event in evidence.events],
        "devices": [
            {
                "id": one.id,
                "name": one.name,
                "group": one.group,
                "platform": one.platform,
                "plan_class": one.plan_class.value if one.plan_class is not None else None,
                "from_version": one.from_version,
                "version": one.version,
                "stage": one.stage.value,
                "verified_at": one.verified_at,
                "bounces": one.bounces,
                "last_contact_at": one.last_contact_at,
                "note": one.note,
            }
            for one in outcomes(evidence)
        ],
        "notes": list(evidence.notes),
    }


def _figures(evidence: Evidence) -> Json | None:
    health, began_at = evidence.health, evidence.began_at
    if health is None or began_at is None:
        return None
    start = at_start(health.history, began_at)
    return {
        "before_at": start.at if start is not None else None,
        "after_at": health.at,
        "reporting_devices": health.devices,
        "helps": effect(health, began_at).help.value,
        "changes": [
            {
                "metric": one.metric.value,
                "before": measure_data(one.before),
                "after": measure_data(one.after),
                "usual": measure_data(one.usual),
            }
            for one in figure_changes(health, began_at)
        ],
    }
