"""Rollbacks that the service began by itself, and limits that were crossed while it may not. Pure."""

from __future__ import annotations

from octomil_tui.domain.fleet import Rollout
from octomil_tui.domain.incident import Incident, Trigger
from octomil_tui.domain.rollback import Rollback
from octomil_tui.engine.state import ConsoleState


def begun_by_service(state: ConsoleState) -> tuple[tuple[str, Rollout], ...]:
    """Return the running rollbacks that the service began by itself and nobody here watches, with their models' ids."""
    found: dict[str, Rollout] = {}
    for rollout in state.active or ():
        model_id = rollout.model_id
        if (
            model_id is None
            or rollout.trigger is None
            or not (rollout.is_rollback and rollout.state.is_running)
        ):
            continue
        known = state.rollbacks.get(model_id)
        if known is None or known.rollout_id != rollout.id:
            # The list is newest first: of several for one model the newest counts.
            found.setdefault(model_id, rollout)
    return tuple(found.items())


def trigger_of(state: ConsoleState, rollback: Rollback) -> Trigger | None:
    """Return why the service began a rollback by itself; None where somebody did."""
    rollouts = state.snapshot.rollouts.get(rollback.model_id, ())
    return next((rollout.trigger for rollout in rollouts if rollout.id == rollback.rollout_id), None)


def unhandled(state: ConsoleState) -> tuple[Incident, ...]:
    """Return the open incidents about which neither the service nor anybody else rolled back, the newest first.

    A rollback of before does not answer what was crossed after it began: a
    console that runs for weeks has seen one of most models.
    """
    running = {one.model_id for one in state.active or () if one.is_rollback and one.state.is_running}

    def is_answered(incident: Incident) -> bool:
        known = state.rollbacks.get(incident.model_id) if incident.model_id is not None else None
        if incident.rollback_id is not None or (
            incident.model_id is not None and incident.model_id in running
        ):
            return True
        if known is None:
            return False
        began = known.watch.started_at if known.watch is not None else known.sent_at
        return began is None or incident.created_at is None or began >= incident.created_at

    return tuple(one for one in state.incidents or () if one.is_open and not is_answered(one))


def left_alone(state: ConsoleState) -> Incident | None:
    """Return the newest open incident that the service may not answer by itself, and nobody else answered."""
    return next((one for one in unhandled(state) if one.was_left_alone), None)
