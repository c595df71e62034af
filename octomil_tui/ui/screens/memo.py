"""Asks for a memo: a line for the timeline that is kept on this machine."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical

from octomil_tui.domain.text import MESSAGE_LIMIT
from octomil_tui.ui.screens.dialog import HELP_KEYS, Dialog
from octomil_tui.ui.spans import Token, legend, line
from octomil_tui.ui.widgets.form import Field, PanelLines


class MemoDialog(Dialog[str], inherit_bindings=False):
    """Returns what was typed; None where nothing is to be kept.

    Args:
        about: What the memo is about, safe to show; empty for nothing in particular.
    """

    NAMED = "a memo"
    ABOUT = ("A line for the timeline, such as whom you called. It stays on this machine.",)
    KEYS = (("enter", "keep it"), ("esc", "keep nothing"))
    BINDINGS = [HELP_KEYS, Binding("escape", "give_up", "Back", show=False)]
    AUTO_FOCUS: ClassVar[str] = "#memo-text"

    def __init__(self, about: str = "") -> None:
        super().__init__()
        self._about = about

    def compose(self) -> ComposeResult:
        about = f" about {self._about}" if self._about else ""
        with Vertical(id="memo"):
            yield PanelLines([(), line("  ", (f"A memo{about}, for the timeline", Token.STRONG)), ()])
            field = Field(id="memo-text", max_length=MESSAGE_LIMIT)
            field.cursor_blink = False
            yield field
            yield PanelLines(
                [
                    (),
                    line("  ", ("It stays on this machine; the service is not told.", Token.MUTED)),
                    line("  ", legend(("enter", "keep it"), ("esc", "back"))),
                    (),
                ]
            )

    @on(Field.Submitted)
    def _typed(self, event: Field.Submitted) -> None:
        self.dismiss(event.value.strip() or None)

    def action_give_up(self) -> None:
        """Keep nothing."""
        self.dismiss(None)
