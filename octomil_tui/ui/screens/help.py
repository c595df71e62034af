"""Help: this screen first, then everywhere, then what the words mean (G-80, G-160)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget

from octomil_tui.ui.present import help as present
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.screens.base import BaseScreen, key
from octomil_tui.ui.screens.view import View
from octomil_tui.ui.spans import Line
from octomil_tui.ui.widgets.edges import Key
from octomil_tui.ui.widgets.pane import Pane


class HelpScreen(BaseScreen):
    """Keys and words; scrolls where there is more than fits."""

    AUTO_FOCUS = "#help-keys"
    BINDINGS = [
        Binding("j", "scroll_help(1)", "Down", show=False),
        Binding("k", "scroll_help(-1)", "Up", show=False),
    ]

    def __init__(self, name_of_screen: str, own: Sequence[str]) -> None:
        super().__init__()
        self._asked_on = name_of_screen
        self._own = tuple(own)

    def panes(self) -> Iterable[Widget]:
        yield Horizontal(
            VerticalScroll(
                Pane(f"ON THIS SCREEN: {self._asked_on}", id="help-here"),
                Pane("EVERYWHERE", id="help-everywhere"),
                id="help-keys",
            ),
            VerticalScroll(
                Pane("WHAT THE WORDS MEAN", id="help-words"),
                Pane("COLOUR IS NEVER ALONE", id="help-signs"),
                Pane("SAFETY", id="help-safety"),
                id="help-meaning",
            ),
            id="help",
        )

    @property
    def crumbs(self) -> str:
        return f"HELP: {self._asked_on}"

    def sentence(self, view: View) -> Sequence[Line]:
        said = [muted("   Keys of the screen you came from, keys of every screen, and the words.")]
        info = self.console.place_info
        return [*said, muted(f"   This console speaks to {info.way}.")] if info.via else said

    def _sentence(self, view: View) -> Sequence[Line]:
        # Help is true also while nothing was read yet.
        return self.sentence(view)

    def fill(self, view: View) -> None:
        here = self.query_one("#help-here", Pane)
        here.set_lines(
            present.screen_lines(self._own, wide=view.wide) or [muted("only the keys that work everywhere")]
        )
        self.query_one("#help-everywhere", Pane).set_lines(present.everywhere_lines(wide=view.wide))
        self.query_one("#help-words", Pane).set_lines(present.word_lines(wide=view.wide))
        self.query_one("#help-signs", Pane).set_lines(present.sign_lines(view.glyphs))
        self.query_one("#help-safety", Pane).set_lines(present.safety_lines())

    def action_scroll_help(self, lines: int) -> None:
        """Scroll the column that has the focus."""
        for column in self.query(VerticalScroll):
            if column.has_focus:
                column.scroll_relative(y=lines, animate=False)

    def keys(self, view: View) -> Sequence[Key]:
        return (key("focus_next", "other column"), Key("j k", "scroll"), key("back", "close"))
