"""Every request that this console made, and what the budget is spent on (@)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence

from textual.widget import Widget

from octomil_tui.engine.gate import Gate
from octomil_tui.engine.request_filter import REQUEST_KEYS, request_subject
from octomil_tui.engine.request_log import Request
from octomil_tui.engine.state import Focus
from octomil_tui.ui.present import requests as present
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.screens.base import HELP, key
from octomil_tui.ui.screens.taking import TakingScreen
from octomil_tui.ui.screens.view import View
from octomil_tui.ui.spans import Line
from octomil_tui.ui.widgets.edges import Key
from octomil_tui.ui.widgets.pane import Pane
from octomil_tui.ui.widgets.rows import ListRows
from octomil_tui.ui.widgets.table import Table


class RequestsScreen(TakingScreen):
    """The last minute as a sentence and a bar, what it went into, and the newest requests."""

    LIST = AUTO_FOCUS = "#log"
    NAMES, NOUN = "path", "request"
    HINT = "a path, or status:5* state:failed for:you took:>2s"
    _drawn = (-1, False)
    """How many requests there had been, and whether there was room, when the table was filled."""
    _requests: Sequence[Request] = ()
    _rows = ListRows(())
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
        table = self.listed
        table.set_columns(present.request_columns(wide=view.wide))
        table.set_empty(present.NOTHING)
        gate = self.console.gate
        if gate is None:
            return
        self._fill_head(view, gate)
        drawn, self._drawn = self._drawn, (gate.log.count, view.wide)
        # Who looks at the newest stays there; who went down to another stays on that.
        is_at_the_top, is_new = table.cursor_index == 0, drawn != self._drawn
        if is_new:
            self._requests = self._logged(gate)
            self._rows = ListRows([present.request_row(one, wide=view.wide) for one in self._requests])
        listed, wall = self._requests, self._wall()
        self.put(view, self._rows, lambda place: request_subject(listed[place], wall), lambda: REQUEST_KEYS)
        if is_new and is_at_the_top:
            table.jump(0)

    def _logged(self, gate: Gate) -> Sequence[Request]:
        """Return the requests that are listed, the newest first."""
        return gate.log.newest

    def _fill_head(self, view: View, gate: Gate) -> None:
        """Fill what stands above the list, and name the list."""
        account, newest = gate.account(), gate.log.newest
        pane = self.query_one("#spent", Pane)
        pane.set_title("THE LAST MINUTE", present.bar_legend(account, view.glyphs))
        pane.set_lines(
            [
                present.budget_bar(account, pane.room, view.glyphs),
                *present.spent_lines(view.state, newest, self.console.mono, self._wall()),
            ]
        )
        self.listed.set_title("REQUESTS", muted(f"the newest {len(newest)} of {gate.log.count:,}"))

    def tick(self) -> None:
        """Draw everything again: what counts in the last minute changes also while nothing is asked."""
        if self.is_ready and self.is_current:
            self.show()

    def own_keys(self, view: View) -> Sequence[Key]:
        return (*self.list_keys(), key("refresh_now"), key("errors"), key("back"), HELP)
