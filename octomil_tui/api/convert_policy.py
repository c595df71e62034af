"""From shapes to domain values: the policy, what crossed its limits, and what a rollout has been through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from octomil_tui.api import wire_policy as wire
from octomil_tui.api.decode import repaired
from octomil_tui.api.moment import epoch_seconds
from octomil_tui.domain.incident import Breach, Check, Incident, Trigger
from octomil_tui.domain.policy import RULES, Policy


def _text(value: str | int | None) -> str | None:
    return None if value is None else str(value)


def policy(row: wire.Settings) -> Policy:
    """Return what is set; a limit that the answer does not have is one that the service does not keep."""
    limits = {rule.setting: getattr(row, rule.setting) for rule in RULES if rule.setting in vars(row)}
    return Policy(row.auto_rollback_enabled, limits, _text(row.org_id))


def breach(row: wire.Breach) -> Breach:
    """Return a figure beside its limit."""
    return Breach(
        rule=row.rule or "",
        metric=row.metric or "",
        value=row.value,
        limit=row.limit,
        baseline=row.baseline,
        window_minutes=row.window_minutes,
        devices=row.devices,
    )


def trigger(told: Mapping[str, object] | None) -> Trigger | None:
    """Return why the service rolled back by itself; None where somebody did, or nothing of it can be read."""
    row = repaired(wire.Trigger, told) if told is not None else None
    if row is None:
        return None
    return Trigger(breach(row), epoch_seconds(row.at), _text(row.rollout_id), _text(row.incident_id))


def incident(row: wire.Incident) -> Incident:
    """Return an incident."""
    return Incident(
        id=str(row.id),
        breach=breach(row),
        title=row.title or "",
        status=(row.status or "").casefold(),
        severity=row.severity or "",
        model_id=_text(row.model_id),
        model_name=_text(row.model_name),
        version=_text(row.version),
        rollout_id=_text(row.rollout_id),
        rollback_id=_text(row.rollback_id),
        is_auto_rollback=row.auto_rollback_enabled,
        created_at=epoch_seconds(row.created_at),
        resolved_at=epoch_seconds(row.resolved_at),
    )


def checks(rows: Iterable[wire.Check]) -> tuple[Check, ...]:
    """Return the rules of the policy as they stand for one rollout, as the service orders them."""
    return tuple(Check(breach(row), row.state or "") for row in rows)
