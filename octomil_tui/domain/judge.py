"""Which phase follows from what was seen of a rollback; the worst signs are looked for first."""

from __future__ import annotations

from dataclasses import replace

from octomil_tui.domain.convergence import Stage, Watch
from octomil_tui.domain.fleet import RolloutState
from octomil_tui.domain.rollback import Observed, Phase, Rollback

STALLED_AFTER = 600.0
"""Seconds without any movement from which on a rollback counts as stalled."""

_SYNCS = 2
"""Syncs of the slowest device that is missing, for which it waits at least."""


def judge(rollback: Rollback, watch: Watch, event: Observed) -> Rollback:
    """Return the rollback in the phase that follows from its newest look."""
    phase = _phase(rollback, watch)
    ended = phase in (Phase.DONE, Phase.COMPLETE)
    at = rollback.ended_at if rollback.ended_at is not None or not ended else event.at
    return replace(
        rollback,
        phase=phase,
        ended_at=at,
        by_server_word=ended and not watch.says_versions,
    )


def _phase(rollback: Rollback, watch: Watch) -> Phase:
    """Return the first phase whose sign is there."""
    by_word = rollback.server_state is RolloutState.COMPLETED and not watch.says_versions
    was_taken = rollback.signs.taken_by is not None or rollback.server_state is RolloutState.CANCELLED
    signs = (
        (Phase.WIDER, rollback.phase is Phase.WIDER or is_wider(rollback)),
        (Phase.COMPLETE, watch.is_complete or by_word),
        (Phase.DONE, watch.is_done),
        # A device that leaves since a newer rollout tells it to has not bounced.
        (Phase.SUPERSEDED, was_taken),
        (Phase.REGRESSED, rollback.ended_at is not None and watch.whole.count(Stage.BOUNCED) > 0),
        (Phase.FAILED, rollback.server_state is RolloutState.FAILED),
        (Phase.DIVERGED, bool(rollback.signs.diverged)),
        # A device that came back and has not synced yet does not undo what was done.
        (Phase.DONE, rollback.phase in (Phase.DONE, Phase.COMPLETE)),
        (Phase.REGRESSED, rollback.phase is Phase.REGRESSED),
        (Phase.STALLED, still_for(watch) is not None),
    )
    return next((phase for phase, is_there in signs if is_there), Phase.ROLLING_BACK)


def is_wider(rollback: Rollback) -> bool:
    """Say whether the reply, or the devices, show more than the one group that was asked for."""
    if rollback.order.group is None:
        return False
    # Where nobody could say how many devices the group has, no count can be too high.
    members = rollback.scope_size or 0
    too_many = rollback.affected is not None and 0 < members < rollback.affected
    return too_many or bool(rollback.strays)


def still_for(watch: Watch) -> float | None:
    """Return for how many seconds nothing has moved, where that is too long; None while there is no reason to worry.

    Only reachable devices count: those that are offline move when they come back.
    """
    if not watch.late or watch.at is None or watch.moved_at is None:
        return None
    still = watch.at - watch.moved_at
    return still if still > max(STALLED_AFTER, _SYNCS * watch.slowest_late) else None
