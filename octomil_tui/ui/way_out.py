"""The only way out of a wall that nobody touches: the keys that ask first, or the time that it was given."""

from __future__ import annotations

from typing import Any

from textual.events import Key as KeyPress

from octomil_tui.ui.intents import bindings, intent
from octomil_tui.ui.live import LiveApp
from octomil_tui.ui.present.dashboard_edges import Asked, Question


class WayOut(LiveApp, inherit_bindings=False):
    """An app that is left by two keys and nothing else.

    Args:
        arguments: As of `LiveApp`.
        exit_after: Seconds after which it leaves by itself, for checks; None for never.
        named: As of `LiveApp`.
    """

    BINDINGS = bindings("leave", "interrupt")

    def __init__(self, *arguments: Any, exit_after: float | None = None, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._ends_at = self._clock() + exit_after if exit_after is not None else None
        self._question = Question()

    def _is_over(self, mono: float) -> bool:
        """Return whether its time is up; a question that nobody answered is taken back meanwhile.

        Args:
            mono: Seconds of this machine.
        """
        if self._ends_at is not None and mono >= self._ends_at:
            return True
        self._question = self._question.seen(mono)
        return False

    def action_leave(self) -> None:
        """Ask whether to leave; asked already, leave."""
        if self._question.asked is Asked.LEAVE:
            self.exit(0)
            return
        self._ask(Asked.LEAVE)

    def action_interrupt(self) -> None:
        """Leave at once when it is pressed twice; stops no rollback."""
        if self._question.seen(self._clock()).asked is Asked.INTERRUPT:
            self.exit(return_code=130)
            return
        self._ask(Asked.INTERRUPT)

    def on_key(self, event: KeyPress) -> None:
        """Answer the question, if there is one; any key but y stays."""
        asked = self._question.asked
        if event.key == intent("leave").keys or asked is None:
            # The key comes by here before its binding does.
            return
        if asked is Asked.LEAVE and event.key == "y":
            self.exit(0)
        else:
            self._ask(None)

    def _ask(self, asked: Asked | None) -> None:
        self._question = Question(asked, self._clock())
        self._draw()

    def _draw(self) -> None:
        """Draw what is known, and the question."""
        raise NotImplementedError
