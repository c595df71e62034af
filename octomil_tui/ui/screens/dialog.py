"""Dialogs that are answered once: Textual takes a screen off the stack for each answer, whichever is on top."""

from __future__ import annotations

from typing import ClassVar

from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.screen import ModalScreen, ScreenResultType

HELP_KEYS = Binding("f1,question_mark", "explain", "Help", show=False)
"""What every dialog binds beside its own keys; where something is typed, `?` is a letter and F1 is not."""


class Dialog(ModalScreen[ScreenResultType], inherit_bindings=False):
    """Stands over the screen that asked until it is answered; a key that was pressed twice answers once."""

    NAMED: ClassVar[str] = ""
    """What people call it, for its help."""
    ABOUT: ClassVar[tuple[str, ...]] = ()
    """What it asks, in sentences."""
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Its keys, each with what it does."""

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        return super().dismiss(result) if self.app.screen is self else AwaitComplete()

    def action_explain(self) -> None:
        """Show help for the dialog; it is still there afterwards."""
        from octomil_tui.ui.screens.help import HelpScreen  # noqa: PLC0415 - not before somebody asks

        if self.app.screen is self:
            self.app.push_screen(HelpScreen(self.NAMED, (), told=self.KEYS, about=self.ABOUT))
