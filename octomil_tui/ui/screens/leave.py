"""Asks before the console is left: a reflex on q must not close a running watch."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical

from octomil_tui.ui.screens.dialog import HELP_KEYS, Dialog
from octomil_tui.ui.spans import Line, Token, legend, line
from octomil_tui.ui.widgets.form import PanelLines


class LeaveDialog(Dialog[bool], inherit_bindings=False):
    """Returns whether to leave."""

    NAMED = "leaving"
    ABOUT = ("Leaving ends this console and no rollback; the next one tells what happened meanwhile.",)
    KEYS = (("y", "leave"), ("esc n q", "stay"))
    BINDINGS = [
        HELP_KEYS,
        Binding("y", "answer(True)", "Quit", show=False),
        Binding("n,escape,q,enter", "answer(False)", "Stay", show=False),
    ]

    def __init__(self, running: int, *, is_sending: bool = False) -> None:
        super().__init__()
        self._watched = running
        self._is_sending = is_sending

    def compose(self) -> ComposeResult:
        with Vertical(id="leave"):
            yield PanelLines(self._lines())

    def _lines(self) -> list[Line]:
        if self._is_sending:
            watched = "A rollback is being sent."
        elif self._watched:
            watched = "The rollback goes on without this screen."
        else:
            watched = "Nothing runs on this screen."
        return [
            (),
            line("  ", ("Leave the console?", Token.STRONG)),
            line("  ", (f"{watched} Leaving stops nothing.", Token.MUTED)),
            (),
            line("  ", legend(("y", "leave"), ("esc", "stay"))),
            (),
        ]

    def action_answer(self, leave: bool) -> None:  # noqa: FBT001 - Textual parses the action's argument
        """Give the answer."""
        self.dismiss(leave)
