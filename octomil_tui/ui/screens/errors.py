"""What failed, when, and when it is tried again (!)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.widget import Widget

from octomil_tui.engine.gate import Gate
from octomil_tui.engine.request_filter import is_failed
from octomil_tui.engine.request_log import Request
from octomil_tui.ui.present import errors as present
from octomil_tui.ui.present import requests as logged
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.screens.base import HELP, key
from octomil_tui.ui.screens.requests import RequestsScreen
from octomil_tui.ui.screens.view import View
from octomil_tui.ui.spans import Line, wrap
from octomil_tui.ui.widgets.edges import Key
from octomil_tui.ui.widgets.pane import Pane
from octomil_tui.ui.widgets.table import Table


class ErrorsScreen(RequestsScreen):
    """The reads that do not work now with the time of their next try, and the requests that failed."""

    HINT = "a path, or status:5* for:devices seen:<10m"

    def panes(self) -> Iterable[Widget]:
        yield Pane("WHAT DOES NOT WORK NOW", id="spent")
        yield Table("FAILED REQUESTS", id="log")

    @property
    def crumbs(self) -> str:
        return "Errors"

    def _logged(self, gate: Gate) -> Sequence[Request]:
        return [one for one in gate.log.newest if is_failed(one)]

    def sentence(self, view: View) -> Sequence[Line]:
        gate, state = self.console.gate, view.state
        found = present.failing(state, self._mono)
        failed = len(self._logged(gate)) if gate is not None else 0
        return [present.errors_sentence(found, len(state.reads), failed)]

    def _fill_head(self, view: View, gate: Gate) -> None:
        pane = self.query_one("#spent", Pane)
        found = present.failing(view.state, self._mono)
        pane.set_lines(wrap(present.failing_lines(found), pane.room))
        remembered = f"among the newest {len(gate.log.newest):,} requests"
        self.listed.set_title("FAILED REQUESTS", muted(remembered))
        self.listed.set_empty(logged.NONE_FAILED)

    def own_keys(self, view: View) -> Sequence[Key]:
        return (key("refresh_now", "try again now"), *self.list_keys(), key("requests"), key("back"), HELP)
