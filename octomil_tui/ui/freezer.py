"""The picture that stands still (p), and what is refused meanwhile: nothing is sent on the word of an old picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from octomil_tui.ui.format import clock_utc
from octomil_tui.ui.intents import intent
from octomil_tui.ui.navigation import Navigation

if TYPE_CHECKING:
    from octomil_tui.domain.order import Way
    from octomil_tui.engine.state import ConsoleState


class Freezer(Navigation):
    """Keeps one state to be looked at, while the console goes on to read, and to ring."""

    def __init__(self, *, crash_directory: Path | None = None) -> None:
        super().__init__(crash_directory=crash_directory)
        self._frozen: ConsoleState | None = None
        self._frozen_mono: float | None = None

    @property
    def frozen_mono(self) -> float | None:
        """When the picture was frozen, by `mono`; None while it follows what is known."""
        return self._frozen_mono

    def action_freeze(self) -> None:
        """Let the picture stand still, or follow again."""
        key = intent("freeze").key
        if self._frozen_mono is None:
            self._frozen, self._frozen_mono = self.known, self.mono
            at = self._frozen.server_now(self.mono)
            when = f" at {clock_utc(at)}" if at is not None else ""
            self._say(f"frozen{when}: nothing on the screen moves, and nothing can be sent; {key} goes on")
        else:
            self._frozen = self._frozen_mono = None
            self._say("the picture follows again")
        self._draw()

    def refuses_now(self) -> bool:
        """Say, and return, whether what leads to a write is refused because the picture is frozen."""
        if self._frozen_mono is not None:
            self._say(f"the picture is frozen, so nothing can be sent; {intent('freeze').key} goes on")
        return self._frozen_mono is not None

    def open_preview(
        self,
        model_id: str,
        *,
        to_version: str | None = None,
        group_id: str | None = None,
        way: Way | None = None,
    ) -> None:
        """Show what a rollback would do, unless the picture is frozen."""
        if not self.refuses_now():
            super().open_preview(model_id, to_version=to_version, group_id=group_id, way=way)

    def _draw(self) -> None:
        """Mirror what is known on the screen in front."""
        raise NotImplementedError
