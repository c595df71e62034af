"""What the operator asks besides rollbacks: actions, holds, the policy; and joining what the service began by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Input

from octomil_tui.api.errors import OctomilError
from octomil_tui.ui import screens
from octomil_tui.ui.desk import RollbackDesk

if TYPE_CHECKING:
    from pathlib import Path

    from octomil_tui.domain.fleet import Rollout
    from octomil_tui.engine.session import Session
    from octomil_tui.engine.state import ConsoleState

AGAIN = 20.0
"""Seconds until a watch that could not begin is tried again."""


class ChangeDesk(RollbackDesk):
    """Brings actions to the service and their end back to the screen; watches what the service begins by itself."""

    def __init__(self, *, crash_directory: Path | None = None) -> None:
        super().__init__(crash_directory=crash_directory)
        self._joins: dict[str, float] = {}
        """Rollbacks of the service's own by id, with the time before which they are not taken up again."""

    def _notice(self, state: ConsoleState) -> None:
        """Say, ring and watch where the service began a rollback by itself; once for each."""
        from octomil_tui.engine.auto_rollback import begun_by_service  # noqa: PLC0415 - loaded by now
        from octomil_tui.ui.present.policy_news import by_itself  # noqa: PLC0415

        if self._session is None:
            return
        now = self.mono
        for model_id, rollout in begun_by_service(state):
            if now < self._joins.get(rollout.id, now):
                continue
            if rollout.id not in self._joins:
                self.bell()
                self._say(by_itself(rollout, model_id, state.snapshot))
            self._joins[rollout.id] = now + AGAIN
            self.run_worker(self._join(self._session, model_id, rollout), name="join", group="join")

    async def _join(self, session: Session, model_id: str, rollout: Rollout) -> None:
        try:
            await session.watch(model_id, rollout)
        except OctomilError as error:
            self._say(error.message)
            return
        except Exception as error:  # noqa: BLE001 - one bad answer must not end a console that somebody relies on
            self._say(f"this console could not use the answer ({type(error).__name__})")
            return
        is_at_the_top = len(self.screen_stack) == 1 and isinstance(self.screen, screens.BaseScreen)
        # Who is deeper in something, or types, is not taken away from it; w is at once there.
        if is_at_the_top and not isinstance(self.screen.focused, Input):
            self._show_watch(model_id)
