"""What a hook is told of a rollback: one event when it begins, moves, gets into trouble, or ends."""

from __future__ import annotations

from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.domain.wording import trouble
from octomil_tui.report.data import Json, progress_data
from octomil_tui.report.json_line import json_line
from octomil_tui.report.sentences import done_sentence, unknown_sentence, wider_sentence


class HookNews:
    """Remembers what was told of each rollback, so that each change of its phase is told once."""

    def __init__(self) -> None:
        self._told: dict[str, tuple[str | None, Phase, int]] = {}

    def hear(self, rollback: Rollback, model: str) -> str | None:
        """Return the event as one line of JSON, None where nothing is new: another phase, or another bounce.

        Args:
            rollback: As it is now.
            model: The raw name of its model.
        """
        watch = rollback.watch
        bounced = watch.bounced if watch is not None else 0
        now = (rollback.key or rollback.rollout_id, rollback.phase, bounced)
        if rollback.phase in (Phase.PLANNED, Phase.SENDING) or self._told.get(rollback.model_id) == now:
            return None
        before = self._told.get(rollback.model_id)
        self._told[rollback.model_id] = now
        is_bounce = before is not None and before[:2] == now[:2]
        return json_line(hook_data(rollback, model, "bounced" if is_bounce else rollback.phase.value))


def hook_data(rollback: Rollback, model: str, what: str) -> Json:
    """Return one event for a hook; `what` is the phase that it came into, or `bounced`."""
    return {
        **progress_data(rollback),
        "event": "hook",
        "what": what,
        "model": model,
        "reason": rollback.order.reason,
        "said": _said(rollback),
    }


def _said(rollback: Rollback) -> str:
    match rollback.phase:
        case Phase.DONE | Phase.COMPLETE:
            return done_sentence(rollback)
        case Phase.WIDER:
            return wider_sentence(rollback)
        case Phase.UNCONFIRMED | Phase.NOT_FOUND:
            return unknown_sentence(rollback)
        case _:
            return trouble(rollback) or rollback.sentence
