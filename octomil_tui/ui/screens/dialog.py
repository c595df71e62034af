"""Dialogs that are answered once: Textual takes a screen off the stack for each answer, whichever is on top."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.command import CommandInput, CommandList, CommandPalette
from textual.events import Click
from textual.screen import ModalScreen, ScreenResultType


class Dialog(ModalScreen[ScreenResultType], inherit_bindings=False):
    """Stands over the screen that asked until it is answered; a key that was pressed twice answers once."""

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        return super().dismiss(result) if self.app.screen is self else AwaitComplete()


class Commands(CommandList):
    """Textual's list; a click on a command that is gone by then chooses nothing, where Textual would end the app."""

    async def _on_click(self, event: Click) -> None:
        option = event.style.meta.get("option")
        if option is not None and option >= self.option_count:
            # Handlers of the classes below run as well, unless this is said.
            event.prevent_default()


class Palette(CommandPalette):
    """Textual's palette; a second Enter does not take the screen behind it away."""

    def compose(self) -> ComposeResult:
        for widget in super().compose():
            yield Commands() if isinstance(widget, CommandList) else widget

    def on_mount(self) -> None:
        # Nothing else on this console blinks.
        self.query_one(CommandInput).cursor_blink = False

    def dismiss(self, result: None = None) -> AwaitComplete:
        return super().dismiss(result) if self.app.screen is self else AwaitComplete()
