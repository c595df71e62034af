"""What the service did by itself, and what it did not: for line 2 and for the watch."""

from __future__ import annotations

from octomil_tui.domain.fleet import FleetSnapshot, Rollout
from octomil_tui.domain.incident import Incident, Trigger, unanswered_sentence
from octomil_tui.domain.text import clean, version_label
from octomil_tui.engine.auto_rollback import begun_by_service
from octomil_tui.engine.state import ConsoleState
from octomil_tui.ui.spans import Line, Token, line, wrap


def by_itself(rollout: Rollout, model_id: str, snapshot: FleetSnapshot) -> str:
    """Return that the service rolled back by itself, and what fired, without a full stop; safe to show."""
    model = snapshot.model(model_id)
    name = clean(model.name if model is not None else model_id)
    fired = f": {rollout.trigger.breach.sentence}" if rollout.trigger is not None else ""
    return f"The server rolls {name} back to {version_label(rollout.version)} by itself{fired}"


def news_lines(state: ConsoleState, incident: Incident | None, cells: int) -> list[Line]:
    """Return what of the policy is worth line 2; empty where nothing is.

    Args:
        state: What is known.
        incident: The limit that was crossed and that nothing was done about, where no other sentence says so.
        cells: Cells of a line.
    """
    for model_id, rollout in begun_by_service(state):
        return wrap([line((f"!! {by_itself(rollout, model_id, state.snapshot)}.", Token.NEEDS))], cells)
    if incident is None:
        return []
    return wrap([line((f"!! {unanswered_sentence(incident)}.", Token.NEEDS))], cells)


def trigger_lines(trigger: Trigger | None, cells: int) -> list[Line]:
    """Return why a rollback that is watched began by itself; empty where somebody sent it."""
    if trigger is None:
        return []
    told = line(("   by the server itself: ", Token.MUTED), (trigger.breach.sentence, Token.NOTICE))
    return wrap([told], cells)
