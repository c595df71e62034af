"""Rollbacks that the service began by itself, and limits that were crossed while it may not. Pure."""

from __future__ import annotations

from octomil_tui.domain.fleet import Rollout
from octomil_tui.domain.incident import Incident, Trigger, unanswered
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


def left_alone(state: ConsoleState) -> Incident | None:
    """Return the newest open incident about which neither the service nor anybody else rolls back now."""
    running = [rollout for rollout in state.active or () if rollout.is_rollback and rollout.state.is_running]
    answered = {rollout.model_id for rollout in running} | set(state.rollbacks)
    return next((one for one in unanswered(state.incidents or ()) if one.model_id not in answered), None)
