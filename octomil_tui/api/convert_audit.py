"""From the shapes of the past to events of the timeline: audit log, incidents, status history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from octomil_tui.api import wire_audit as wire
from octomil_tui.api.convert import group_name, person, rollout_state, share, text
from octomil_tui.api.moment import epoch_seconds
from octomil_tui.domain.evidence import FigureChange, Figures
from octomil_tui.domain.fleet import RolloutState
from octomil_tui.domain.timeline import Act, Crossing, Teller, TimelineEvent

_ACTS = {
    "model.deployed": Act.STARTED,
    "model.rollback": Act.ROLLBACK,
    "model.version.created": Act.REGISTERED,
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

_STATES = {
    RolloutState.PENDING: Act.CREATED,
    RolloutState.PAUSED: Act.PAUSED,
    RolloutState.ROLLING_BACK: Act.ROLLBACK,
    RolloutState.COMPLETED: Act.COMPLETED,
    RolloutState.CANCELLED: Act.CANCELLED,
    RolloutState.FAILED: Act.FAILED,
}
_MODEL, _ROLLBACK = "model", "rollback."
_OVER = frozenset({"resolved", "closed"})
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
        crossing=_crossing(more.trigger or more),
        word=action,
        subject=None if is_model else named,
    )


def _crossing(told: wire.Trigger | None) -> Crossing | None:
    if told is None or not told.metric:
        return None
    return Crossing(told.metric, told.value, told.limit, told.window_minutes, told.auto_rollback_enabled)


def incident(row: wire.Incident) -> Iterator[TimelineEvent]:
    """Yield that a limit was crossed, and that the incident ended, where its times are told."""
    began, ended = epoch_seconds(row.created_at), epoch_seconds(row.resolved_at)
    crossing = _crossing(row)
    event = TimelineEvent(
        at=began or 0.0,
        act=Act.CROSSED,
        tellers=frozenset({Teller.INCIDENT}),
        model_id=text(row.model_id),
        model=text(row.model_name),
        rollout_id=text(row.rollout_id),
        incident_id=str(row.id),
        version=text(row.version),
        crossing=crossing,
        # Its title says it where no figure does.
        text=row.title if crossing is None else None,
        word=row.status,
    )
    if began is not None:
        yield event
    if ended is not None and (row.status or "").casefold() in _OVER:
        told = f"{row.title}: resolved" if crossing is None and row.title else None
        yield replace(event, at=ended, act=Act.RESOLVED, text=told)


def history(rows: Iterable[wire.StatusChange], rollout_id: str, model_id: str) -> tuple[TimelineEvent, ...]:
    """Return what a rollout has been through, the oldest first.

    The words of the service are those of a rollout's status; from one line to
    the next they tell whether it was started, opened further, or resumed.
    """
    listed = [(at, row) for row in rows if (at := epoch_seconds(row.at)) is not None and row.status]
    found: list[TimelineEvent] = []
    before: tuple[RolloutState, float | None] | None = None
    for at, row in sorted(listed, key=lambda pair: pair[0]):
        state, opened = rollout_state(row.status or ""), share(row.percentage)
        act = _act(state, before[0] if before is not None else None)
        event = TimelineEvent(
            at=at,
            act=act,
            tellers=frozenset({Teller.HISTORY}),
            by=person(row.by),
            model_id=model_id,
            rollout_id=rollout_id,
            version=text(row.version),
            share=opened,
            former_share=before[1] if before is not None else None,
            is_rollback=True if act is Act.ROLLBACK else None,
            reason=row.reason or None,
            crossing=_crossing(row.trigger),
            word=row.status,
        )
        before = (state, opened)
        # A rollback is made and begun in one; that it was made says nothing more.
        if act is Act.ROLLBACK and found and found[-1].act is Act.CREATED:
            found.pop()
        found.append(event)
    return tuple(found)


def _act(state: RolloutState, before: RolloutState | None) -> Act:
    if state is not RolloutState.ACTIVE:
        return _STATES.get(state, Act.OTHER)
    if before in (None, RolloutState.PENDING):
        return Act.STARTED
    return Act.RESUMED if before is RolloutState.PAUSED else Act.ADVANCED


_METRICS = tuple(name for name in wire.Measured.kinds() if name not in ("at", "reporting_devices"))


def figures(row: wire.RolloutFigures, began_at: float) -> Figures:
    """Return the figures before a rollback and now; those that are told of neither moment are left out.

    Args:
        row: What the service measured of the devices that the rollback changes.
        began_at: When devices began to be told, by the service's clock.
    """
    listed = [(at, one) for one in row.history or () if (at := epoch_seconds(one.at)) is not None]
    earlier = [pair for pair in listed if pair[0] <= began_at]
    before_at, before = max(earlier, key=lambda pair: pair[0], default=(None, wire.Measured({})))
    usual = row.usual or wire.Measured({})
    changes = (
        FigureChange(name, getattr(before, name), getattr(row, name), getattr(usual, name))
        for name in _METRICS
    )
    told = tuple(one for one in changes if one.before is not None or one.after is not None)
    return Figures(told, before_at, epoch_seconds(row.at), row.reporting_devices)
