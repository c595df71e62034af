"""What devices of a rollback do that the terminal rings for, besides its end: each thing once."""

from __future__ import annotations

from typing import NamedTuple

from octomil_tui.domain.rollback import Phase, Rollback


class _Heard(NamedTuple):
    """What was known of one rollback when it was listened to last."""

    rollback: tuple[str | None, float]
    """Which one it is: its id, and when it began."""
    bounced: int
    is_overdue: bool
    returned: int


class Alarms:
    """Remembers what rang, so that each bounce, each stall and each return rings once, however often it is drawn."""

    def __init__(self) -> None:
        self._heard: dict[str, _Heard] = {}

    def hear(self, rollback: Rollback) -> bool:
        """Say whether something of this rollback has to ring now.

        That is: a device left the target again; reachable devices missed two of
        their syncs, where none had before; and once it was done, an offline
        device that is heard of again without the target.
        """
        watch = rollback.watch
        if watch is None:
            return False
        is_still = rollback.phase is Phase.STALLED
        has_ended = rollback.ended_at is not None
        now = _Heard(
            (rollback.rollout_id, watch.started_at),
            watch.bounced,
            watch.whole.overdue > 0,
            watch.returned,
        )
        before = self._heard.get(rollback.model_id)
        self._heard[rollback.model_id] = now
        if before is None or before.rollback != now.rollback:
            return False
        falls_behind = now.is_overdue and not before.is_overdue and not is_still
        is_back = has_ended and now.returned > before.returned
        return now.bounced > before.bounced or falls_behind or is_back
