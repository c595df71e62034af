"""The timeline of what the console knows, and which rollouts' histories it takes. Pure."""

from __future__ import annotations

from functools import lru_cache

from octomil_tui.domain.own_events import of_rollback, of_rollouts
from octomil_tui.domain.timeline import TimelineEvent, merged
from octomil_tui.engine.state import ConsoleState

HISTORIES = 2
"""Rollouts whose status history is read with the timeline, at most."""


def histories_of(state: ConsoleState) -> tuple[tuple[str, str], ...]:
    """Return model id and rollout id of the rollouts whose history is worth a request.

    Those are the rollbacks that are watched, and the running rollout of the model that is looked at.
    """
    watched = [(r.model_id, r.rollout_id) for r in state.rollbacks.values() if r.rollout_id is not None]
    focus = state.focus.model_id
    rollouts = state.snapshot.rollouts.get(focus, ()) if focus is not None else ()
    running = [(focus, r.id) for r in rollouts if focus is not None and r.state.is_running]
    return tuple(dict.fromkeys((*watched, *running)))[:HISTORIES]


@lru_cache(maxsize=2)
def timeline(state: ConsoleState) -> tuple[TimelineEvent, ...]:
    """Return everything that happened, as far as it is known, newest first and each thing once."""
    snapshot = state.snapshot
    names = {model.id: model.name for model in snapshot.models or ()}
    told = [*(state.service_log.events if state.service_log is not None else ()), *state.own_events]
    for model_id, rollouts in snapshot.rollouts.items():
        told += of_rollouts(rollouts, model_id, names.get(model_id, model_id))
    for rollback in state.rollbacks.values():
        told += of_rollback(rollback, names.get(rollback.model_id, rollback.model_id))
    return merged(told)
