"""Dialogs that are answered once: Textual takes a screen off the stack for each answer, whichever is on top."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.command import CommandPalette
from textual.screen import ModalScreen, ScreenResultType


class Dialog(ModalScreen[ScreenResultType], inherit_bindings=False):
    """Stands over the screen that asked until it is answered; a key that was pressed twice answers once."""

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        return super().dismiss(result) if self.app.screen is self else AwaitComplete()


class Palette(CommandPalette):
    """Textual's palette; a second Enter does not take the screen behind it away."""

    def dismiss(self, result: None = None) -> AwaitComplete:
        return super().dismiss(result) if self.app.screen is self else AwaitComplete()
