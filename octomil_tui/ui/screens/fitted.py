"""How a screen fits into the terminal: what it leaves out where there is little room, and where the focus goes meanwhile."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.events import Resize
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

from octomil_tui.ui.widgets.chrome import WIDE
from octomil_tui.ui.widgets.edges import LEAST, LOW, SHORT, SLIM, THIN


class FittedScreen(Screen[None], inherit_bindings=False):
    """A screen that knows how much room it has, by its classes, and asks for more where it is cut to pieces."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]
    LEAST: ClassVar[Size] = LEAST
    """Columns and rows below which only lines 1 and 2 are shown."""
    _held_focus: Widget | None = None
    """What had the focus when the panes went away."""

    def show(self) -> None:
        """Mirror the state; cheap where nothing changed."""
        raise NotImplementedError

    @property
    def is_cramped(self) -> bool:
        """Whether there is room for the one list that the place is about, and for nothing beside it."""
        return self.has_class("-thin") or self.has_class("-low")

    @property
    def is_ready(self) -> bool:
        """Whether all its parts are there: not while it is put together or taken down."""
        # What is being removed counts as not displayed.
        return self.is_mounted and self.is_attached and self.display

    @on(Resize)
    def _resized(self, event: Resize) -> None:
        self._fit(event.size)
        # After the layout of the new size: the width of a pane decides what fits into it.
        self.call_after_refresh(self.show)
        self.call_after_refresh(self._show_focus)

    def _fit(self, size: Size) -> None:
        """Show the panes, or where they would be cut to pieces ask for room."""
        is_small = size.width < self.LEAST.width or size.height < self.LEAST.height
        self.set_class(size.width < THIN, "-thin")
        self.set_class(size.width < SLIM, "-slim")
        self.set_class(size.height < LOW, "-low")
        self.set_class(size.height < SHORT, "-short")
        if is_small and self.focused is not None:
            self._held_focus = self.focused
            # What is typed must not fall into a field that nobody sees.
            self.set_focus(None)
        self.set_class(is_small, "-small")
        if not is_small and self.focused is None:
            self.call_after_refresh(self._focus_again)

    def _show_focus(self) -> None:
        """Keep in sight what is typed into."""
        if self.focused is not None:
            self.focused.scroll_visible(animate=False)

    def _focus_again(self) -> None:
        if self.focused is None and self._held_focus is not None and self._held_focus.is_attached:
            self.set_focus(self._held_focus)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        # What a key of this screen does would happen unseen.
        return self.is_ready and not self.has_class("-small") and super().check_action(action, parameters)
