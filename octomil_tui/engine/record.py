"""Which of the service's records shows a rollback whose answer was lost. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from octomil_tui.domain.advance import fits
from octomil_tui.domain.fleet import Rollout
from octomil_tui.domain.rollback import Rollback


def own_record(rollback: Rollback, rollouts: Iterable[Rollout], sent_at: float | None) -> Rollout | None:
    """Return the newest rollout that can be this rollback and cannot be an older one, or None.

    Args:
        rollback: Sent, without an answer.
        rollouts: The rollouts of its model, newest first.
        sent_at: When it was sent, by the service's clock.
    """
    return next((r for r in rollouts if fits(rollback, r, sent_at) and _can_be_new(rollback, r)), None)


def _can_be_new(rollback: Rollback, rollout: Rollout) -> bool:
    """Say whether the record may have begun just now; one without a time must run, and not have run before."""
    if rollout.created_at is not None or rollout.started_at is not None:
        return True
    before = rollback.plan.active_rollout if rollback.plan is not None else None
    return rollout.state.is_running and (before is None or before.id != rollout.id)
