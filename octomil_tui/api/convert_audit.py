"""From the shapes of the audit log to events of the timeline."""

from __future__ import annotations

from octomil_tui.api import wire_audit as wire
from octomil_tui.api.convert import group_name, person, share, text
from octomil_tui.api.convert_policy import breach
from octomil_tui.api.moment import epoch_seconds
from octomil_tui.domain.incident import Breach
from octomil_tui.domain.timeline import Act, Teller, TimelineEvent

_ACTS = {
    "model.deployed": Act.STARTED,
    "model.rollback": Act.ROLLBACK,
    "model.version.created": Act.REGISTERED,
    "model.version.deprecated": Act.HELD,
    "rollout.created": Act.CREATED,
    "rollout.started": Act.STARTED,
    "rollout.advanced": Act.ADVANCED,
    "rollout.paused": Act.PAUSED,
    "rollout.resumed": Act.RESUMED,
    "rollout.completed": Act.COMPLETED,
    "rollout.cancelled": Act.CANCELLED,
    "rollout.deleted": Act.DELETED,
    "rollback.completed": Act.COMPLETED,
    "policy.threshold_crossed": Act.CROSSED,
    "incident.resolved": Act.RESOLVED,
}
"""The service's words for what it wrote down; any other one is kept as it is."""

_MODEL, _ROLLBACK = "model", "rollback."
_NOTHING = wire.Particulars({})


def record(row: wire.AuditRecord) -> TimelineEvent | None:
    """Return what a record of the audit log tells; None where it names no time or nothing that was done."""
    at, action = epoch_seconds(row.timestamp), row.action
    if at is None or not action:
        return None
    more, resource = row.metadata or _NOTHING, row.resource or wire.Resource({})
    act = _ACTS.get(action.casefold(), Act.OTHER)
    is_model = resource.type == _MODEL
    named = text(resource.name) or text(resource.id)
    is_rollback = True if act is Act.ROLLBACK or action.casefold().startswith(_ROLLBACK) else None
    return TimelineEvent(
        at=at,
        act=act,
        tellers=frozenset({Teller.AUDIT}),
        by=person(row.actor),
        model_id=text(resource.id) if is_model else None,
        model=text(resource.name) if is_model else None,
        rollout_id=text(more.rollout_id),
        incident_id=text(more.incident_id),
        version=text(more.version),
        from_version=text(more.previous_version),
        group=group_name(more.group),
        share=share(more.rollout_percentage),
        former_share=share(more.previous_percentage),
        is_rollback=is_rollback,
        reason=more.reason or more.notes or None,
        breach=_breach(more),
        is_armed=more.auto_rollback_enabled,
        word=action,
        subject=None if is_model else named,
    )


def _breach(row: wire.Particulars) -> Breach | None:
    told = row.trigger or row
    return breach(told) if told.metric or told.rule else None
