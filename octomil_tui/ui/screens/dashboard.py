"""The one screen of the dashboard: line 1, the wall, the last line. Nothing on it can be focused or pressed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.screen import Screen
from textual.strip import Strip

from octomil_tui.ui.present.dashboard_layout import lay_out
from octomil_tui.ui.present.dashboard_list import lay_out_list
from octomil_tui.ui.present.dashboard_old import Old
from octomil_tui.ui.present.sheet import Sheet
from octomil_tui.ui.present.wall import Wall
from octomil_tui.ui.spans import Line, Token, line, wrap
from octomil_tui.ui.widgets.edges import Key, KeyBar, Place, PlaceLine
from octomil_tui.ui.widgets.lines import LineWidget, Painted

Stumble = Callable[[Exception], str]
"""Told of what failed while something was drawn; returns the sentence that is shown instead."""


class Sturdy(LineWidget):
    """A widget whose rows may fail to be drawn without ending the app: they stay blank, and somebody is told."""

    stumble: Stumble | None = None

    def render_line(self, y: int) -> Strip:
        try:
            return super().render_line(y)
        except Exception as error:  # noqa: BLE001 - a wall that nobody looks after must go on
            self._say(error)
            return Strip.blank(self.size.width)

    def _say(self, error: Exception) -> str:
        return self.stumble(error) if self.stumble is not None else ""


class SturdyPlace(Sturdy, PlaceLine):
    """Line 1."""


class SturdyKeys(Sturdy, KeyBar):
    """The last line."""


class WallPane(Sturdy):
    """Everything between line 1 and the last line."""

    DEFAULT_CSS = "WallPane { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self._wall: Wall | None = None
        self._sheet: Sheet | None = None
        self._old: Old | None = None
        self._trouble = ""

    @property
    def preferred_height(self) -> int:
        return 1

    def set_wall(self, wall: Wall, old: Old | None, sheet: Sheet | None = None) -> None:
        """Show this; `old` where it is not live, else the page of `sheet` where there is one."""
        self._wall, self._old, self._sheet, self._trouble = wall, old, sheet, ""
        self.repaint()

    def set_trouble(self, sentence: str) -> None:
        """Show a sentence alone: what was drawn before may be old by now."""
        self._trouble = sentence
        self.repaint()

    def paint(self, width: int, height: int) -> list[Painted]:
        trouble = self._trouble
        if not trouble and self._wall is not None:
            try:
                return [Painted(one) for one in self._lines(self._wall, width, height)]
            except Exception as error:  # noqa: BLE001 - a wall that nobody looks after must go on
                trouble = self._say(error)
        said: list[Line] = [(), *wrap([line("   ", (trouble, Token.NEEDS))], width - 2)]
        return [Painted(one) for one in said][:height]

    def _lines(self, wall: Wall, width: int, height: int) -> list[Line]:
        glyphs = self.look.glyphs
        if self._sheet is not None and self._old is None:
            return lay_out_list(wall, self._sheet, width, height, glyphs)
        return lay_out(wall, width, height, glyphs, self._old)


class DashboardScreen(Screen[None], inherit_bindings=False):
    """Shows what it is given.

    Args:
        stumble: Told of what failed while something was drawn.
    """

    AUTO_FOCUS = ""
    ALLOW_SELECT = False

    def __init__(self, stumble: Stumble) -> None:
        super().__init__()
        self._place, self._wall, self._keys = SturdyPlace(), WallPane(), SturdyKeys()
        for widget in (self._place, self._wall, self._keys):
            widget.stumble = stumble

    def compose(self) -> ComposeResult:
        yield self._place
        yield self._wall
        yield self._keys

    def set_edges(self, place: Place, keys: Sequence[Key], lead: Line) -> None:
        """Show line 1 and the last line."""
        self._place.set_place(place)
        self._keys.set_keys(keys, lead)

    def set_wall(self, wall: Wall, old: Old | None, sheet: Sheet | None = None) -> None:
        """Show what is said; `old` where it is not live, else the page of `sheet` where there is one."""
        self._wall.set_wall(wall, old, sheet)

    @property
    def room(self) -> tuple[int, int]:
        """Cells and rows of what is between line 1 and the last line."""
        return self.size.width, max(0, self.size.height - 2)

    def set_trouble(self, sentence: str) -> None:
        """Show a sentence in place of what could not be drawn."""
        self._wall.set_trouble(sentence)
