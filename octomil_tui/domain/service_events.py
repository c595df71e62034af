"""What incidents and the histories of rollouts add to the timeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from octomil_tui.domain.fleet import RolloutState
from octomil_tui.domain.history import StatusChange
from octomil_tui.domain.incident import Incident
from octomil_tui.domain.timeline import Act, Teller, TimelineEvent

_STATES = {
    RolloutState.PENDING: Act.CREATED,
    RolloutState.PAUSED: Act.PAUSED,
    RolloutState.ROLLING_BACK: Act.ROLLBACK,
    RolloutState.COMPLETED: Act.COMPLETED,
    RolloutState.CANCELLED: Act.CANCELLED,
    RolloutState.FAILED: Act.FAILED,
}


def of_incident(incident: Incident) -> Iterator[TimelineEvent]:
    """Yield that a limit was crossed, and that the incident ended, where its times are told."""
    breach = incident.breach if incident.breach.metric or incident.breach.rule else None
    event = TimelineEvent(
        at=incident.created_at or 0.0,
        act=Act.CROSSED,
        tellers=frozenset({Teller.INCIDENT}),
        model_id=incident.model_id,
        model=incident.model_name,
        rollout_id=incident.rollout_id,
        incident_id=incident.id,
        version=incident.version,
        breach=breach,
        is_armed=incident.is_auto_rollback,
        # Its title says it where no figure does.
        text=(incident.title or None) if breach is None else None,
        word=incident.status or None,
    )
    if incident.created_at is not None:
        yield event
    if incident.resolved_at is not None and not incident.is_open:
        told = f"{event.text}: resolved" if event.text is not None else None
        yield replace(event, at=incident.resolved_at, act=Act.RESOLVED, text=told)


def of_history(changes: Iterable[StatusChange], rollout_id: str, model_id: str) -> tuple[TimelineEvent, ...]:
    """Return what a rollout has been through, the oldest first; a change without a time is left out.

    The words of the service are those of a rollout's status; from one change to
    the next they tell whether it was started, opened further, or resumed.

    Args:
        changes: The newest first, as the client gives them.
        rollout_id: The raw id of the rollout.
        model_id: The raw id of its model.
    """
    dated = [(one.at, one) for one in reversed(tuple(changes)) if one.at is not None]
    found: list[TimelineEvent] = []
    before: StatusChange | None = None
    for at, change in sorted(dated, key=lambda pair: pair[0]):
        act = _act(change.state, before.state if before is not None else None)
        event = TimelineEvent(
            at=at,
            act=act,
            tellers=frozenset({Teller.HISTORY}),
            by=change.by,
            model_id=model_id,
            rollout_id=rollout_id,
            version=change.version,
            share=change.share,
            former_share=before.share if before is not None else None,
            is_rollback=True if act is Act.ROLLBACK else None,
            reason=change.reason,
            breach=change.trigger.breach if change.trigger is not None else None,
            word=change.word,
        )
        before = change
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
