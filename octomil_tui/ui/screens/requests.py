"""Every request that this console made, and what the budget is spent on (@)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence

from textual.widget import Widget

from octomil_tui.engine.state import Focus
from octomil_tui.ui.present import requests as present
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.screens.base import HELP, BaseScreen, key
from octomil_tui.ui.screens.view import View
from octomil_tui.ui.spans import Line
from octomil_tui.ui.widgets.edges import Key
from octomil_tui.ui.widgets.pane import Pane
from octomil_tui.ui.widgets.table import Table


class RequestsScreen(BaseScreen):
    """The last minute as a sentence and a bar, what it went into, and the newest requests."""

    AUTO_FOCUS = "#log"
    _drawn = (-1, False)
    """How many requests there had been, and whether there was room, when the table was filled."""
    _wall: Callable[[], float] = staticmethod(time.time)

    def panes(self) -> Iterable[Widget]:
        yield Pane("THE LAST MINUTE", id="spent")
        yield Table("REQUESTS", id="log")

    @property
    def crumbs(self) -> str:
        return "Requests"

    @property
    def focus_on(self) -> Focus:
        # What is read is that of the screen it was opened on: looking at it must not change it.
        return self.console.known.focus

    def sentence(self, view: View) -> Sequence[Line]:
        gate = self.console.gate
        if gate is None:
            return [muted("   No request was made yet.")]
        account = gate.account()
        return [present.sentence(account), present.share_sentence(account)]

    def _sentence(self, view: View) -> Sequence[Line]:
        # It is about this console and not about the fleet: true also while nothing was read, and never old.
        return self.sentence(view)

    def fill(self, view: View) -> None:
        table = self.query_one("#log", Table)
        table.set_columns(present.request_columns(wide=view.wide))
        table.set_empty(present.NOTHING)
        gate = self.console.gate
        if gate is None:
            return
        account, newest = gate.account(), gate.log.newest
        drawn, self._drawn = self._drawn, (gate.log.count, view.wide)
        pane = self.query_one("#spent", Pane)
        pane.set_title("THE LAST MINUTE", present.bar_legend(account, view.glyphs))
        pane.set_lines(
            [
                present.budget_bar(account, pane.room, view.glyphs),
                *present.spent_lines(view.state, newest, self.console.mono, self._wall()),
            ]
        )
        table.set_title("REQUESTS", muted(f"the newest {len(newest)} of {gate.log.count:,}"))
        if drawn == self._drawn:
            return
        # Who looks at the newest stays there; who went down to another stays on that.
        is_at_the_top = table.cursor_index == 0
        table.set_rows([present.request_row(one, wide=view.wide) for one in newest])
        if is_at_the_top and newest:
            table.move_to(str(newest[0].number))

    def tick(self) -> None:
        """Draw everything again: what counts in the last minute changes also while nothing is asked."""
        if self.is_ready and self.is_current:
            self.show()

    def keys(self, view: View) -> Sequence[Key]:
        return (Key("j k", "scroll"), key("refresh_now"), key("back"), HELP)
