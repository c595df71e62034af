"""Which of the service's records is a rollback of ours."""

from __future__ import annotations

from collections.abc import Iterable

from octomil_tui.domain.fleet import Rollout, RolloutState
from octomil_tui.domain.rollback import Rollback


def server_record(rollback: Rollback, rollouts: tuple[Rollout, ...]) -> Rollout | None:
    """Return the service's own record of the rollback, by its id; without an id, the newest that fits."""
    if rollback.rollout_id is not None:
        return next((r for r in rollouts if r.id == rollback.rollout_id), None)
    after = rollback.sent_at
    return next((r for r in rollouts if fits(rollback, r, after)), None)


def fits(rollback: Rollback, rollout: Rollout, after: float | None, slack: float = 5.0) -> bool:
    """Say whether a rollout can be this rollback: its target, its scope, and not made before it was sent.

    A record without a group fits the order of one group too: the service does
    not tell groups, or it took the order for the whole fleet.

    `slack` (seconds) allows for clocks that are read in whole seconds.
    """
    if rollout.version != rollback.order.to_version or rollout.state is RolloutState.PENDING:
        return False
    made = made_at(rollout)
    return covers(rollback, rollout) and (after is None or made is None or made >= after - slack)


def covers(rollback: Rollback, rollout: Rollout) -> bool:
    """Say whether the rollout decides for every device of the rollback's scope."""
    return rollout.group in (None, rollback.order.group, rollback.group_id)


def made_at(rollout: Rollout) -> float | None:
    """Return when the service made it, as far as it says."""
    return rollout.created_at if rollout.created_at is not None else rollout.started_at


def own_record(rollback: Rollback, rollouts: Iterable[Rollout], sent_at: float | None) -> Rollout | None:
    """Return the newest rollout that can be this rollback and cannot be an older one, or None.

    Args:
        rollback: Sent, without an answer.
        rollouts: The rollouts of its model, newest first.
        sent_at: When it was sent, by the service's clock.
    """
    if rollback.rollout_id is not None:
        return server_record(rollback, tuple(rollouts))
    return next((r for r in rollouts if fits(rollback, r, sent_at) and _can_be_new(rollback, r)), None)


def _can_be_new(rollback: Rollback, rollout: Rollout) -> bool:
    """Say whether the record may have begun just now; one without a time must run, and not have run before."""
    if rollout.created_at is not None or rollout.started_at is not None:
        return True
    return rollout.state.is_running and rollback.active_before != rollout.id
