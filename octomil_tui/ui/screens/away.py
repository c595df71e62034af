"""The pane that comes before anything else when a rollback went on while this console was closed (A-80r)."""

from __future__ import annotations

from textual.binding import Binding
from textual.message import Message

from octomil_tui.domain.rollback import Rollback
from octomil_tui.engine.state import ConsoleState
from octomil_tui.ui.present import away as present
from octomil_tui.ui.spans import wrap
from octomil_tui.ui.widgets.pane import Pane


def left_alone(state: ConsoleState) -> list[Rollback]:
    """Return the rollbacks that nobody has looked at since this console came back, the oldest first."""
    found = [rollback for rollback in state.rollbacks.values() if rollback.left_at is not None]
    return sorted(found, key=lambda rollback: rollback.sent_at or 0.0)


class AwayPane(Pane):
    """What happened meanwhile; enter opens the rollback."""

    BINDINGS = [Binding("enter", "open", "Open", show=False)]

    class Opened(Message):
        """Somebody wants to see it."""

        def __init__(self, model_id: str) -> None:
            super().__init__()
            self.model_id = model_id

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__("SINCE YOU LEFT", id=id, can_focus=True)
        self._model_id: str | None = None

    def tell(self, state: ConsoleState, now: float | None) -> Rollback | None:
        """Show the first rollback that was left alone, and return it; hide where there is none."""
        found = left_alone(state)
        is_new = bool(found) and self._model_id != found[0].model_id
        self.display = bool(found)
        if not found:
            self._model_id = None
            return None
        first = found[0]
        self._model_id = first.model_id
        self.set_title(*present.away_title(first, len(found) - 1))
        self.set_lines(wrap(present.away_lines(first, state.snapshot, now), self.room or 74))
        if is_new:
            # It comes before anything else: enter and esc are for it until it was seen.
            self.focus()
        return first

    def action_open(self) -> None:
        """Open the rollback that is told of."""
        if self._model_id is not None:
            self.post_message(self.Opened(self._model_id))
