"""All devices that a rollback waits for (L)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.widget import Widget

from octomil_tui.domain.convergence import Watch
from octomil_tui.domain.straggler import stragglers
from octomil_tui.domain.text import clean
from octomil_tui.engine.state import Focus
from octomil_tui.engine.topic import DEVICES, Topic, rollouts_of
from octomil_tui.ui.present import watch as present
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.screens.base import HELP, BaseScreen, View, key
from octomil_tui.ui.spans import Line, Token, line
from octomil_tui.ui.widgets.edges import Key
from octomil_tui.ui.widgets.table import Table


class StragglersScreen(BaseScreen):
    """Every device that a rollback waits for, with the reason."""

    AUTO_FOCUS = "#all"

    def __init__(self, model_id: str) -> None:
        super().__init__()
        self._model_id = model_id

    def panes(self) -> Iterable[Widget]:
        yield Table("STRAGGLERS", id="all")

    @property
    def crumbs(self) -> str:
        model = self.console.known.snapshot.model(self._model_id)
        return f"{clean(model.name if model is not None else self._model_id)} > stragglers"

    @property
    def focus_on(self) -> Focus:
        return Focus(model_id=self._model_id, device_id=self.query_one("#all", Table).cursor_key)

    def topics(self) -> Sequence[Topic]:
        return (DEVICES, rollouts_of(self._model_id))

    def _watch(self, view: View) -> Watch | None:
        rollback = view.state.rollbacks.get(self._model_id)
        return rollback.watch if rollback is not None else None

    def sentence(self, view: View) -> Sequence[Line]:
        watch = self._watch(view)
        return (
            [line("   ", present.progress(watch.change))]
            if watch is not None
            else [muted("   No rollback is watched.")]
        )

    def fill(self, view: View) -> None:
        watch = self._watch(view)
        if watch is None:
            return
        snapshot = view.state.snapshot
        labels = {group.id: group.name for group in snapshot.groups or ()}
        found = stragglers(watch, snapshot.devices or ())
        table = self.query_one("#all", Table)
        table.set_title(present.straggler_title(found), muted("those that will not come by themselves first"))
        table.set_columns(present.straggler_columns(wide=view.wide))
        table.set_empty(line(("none: nobody is late", Token.MUTED)))
        table.set_rows([present.straggler_row(one, labels, view.now, wide=view.wide) for one in found])

    def keys(self, view: View) -> Sequence[Key]:
        return (Key("s", "sort"), key("refresh_now"), key("back"), HELP)
