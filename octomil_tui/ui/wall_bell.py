"""What the dashboard rings for, if it may: an end, a trouble, a crossed limit, a rollback by itself, data that went stale."""

from __future__ import annotations

from octomil_tui.engine.auto_rollback import begun_by_service, unhandled
from octomil_tui.engine.freshness import Freshness
from octomil_tui.engine.reduce import QUIET_AFTER_WAKING
from octomil_tui.engine.state import ConsoleState, Event, Planned
from octomil_tui.ui.bell import Bell


class WallBell:
    """Remembers what rang, so that each thing rings once; what was so when it began to listen is no news."""

    def __init__(self) -> None:
        self._bell = Bell()
        self._crossed: frozenset[str] | None = None
        self._begun: frozenset[str] | None = None
        self._was_live = False

    def hear(self, state: ConsoleState, event: Event) -> int:
        """Return how often to ring for this state.

        Args:
            state: What is known now.
            event: What happened.
        """
        if isinstance(event, Planned):
            self._bell.adopt(event.rollback.model_id)
        return len(self._bell.hear(state, event, {})) + self._hear_limits(state) + self._hear_service(state)

    def _hear_limits(self, state: ConsoleState) -> int:
        if state.incidents is None:
            return 0
        # Only those that are listed now: what has gone from the list need not be remembered for ever.
        known, before = frozenset(one.id for one in state.incidents), self._crossed
        self._crossed = known
        if before is None:
            return 0
        return sum(1 for one in unhandled(state) if one.id not in before)

    def _hear_service(self, state: ConsoleState) -> int:
        if state.active is None:
            return 0
        # One that is followed by now is no longer among those that nobody watches.
        watched = {r.rollout_id for r in state.rollbacks.values()}
        begun = frozenset(rollout.id for _, rollout in begun_by_service(state))
        before = self._begun
        kept = frozenset(one for one in before or () if one in watched)
        self._begun = begun | kept
        return 0 if before is None else len(begun - before)

    def look(self, state: ConsoleState, fresh: Freshness, mono: float) -> int:
        """Return 1 when the data has gone stale, once for each outage, else 0.

        Args:
            state: What is known.
            fresh: The link as it is now.
            mono: This machine's monotonic clock.
        """
        if fresh.is_live:
            self._was_live = True
            return 0
        woke = state.woke_mono
        if not self._was_live or (woke is not None and mono - woke <= QUIET_AFTER_WAKING):
            # After a sleep all is doubted until it was read again, which is no outage yet.
            return 0
        self._was_live = False
        return 1
