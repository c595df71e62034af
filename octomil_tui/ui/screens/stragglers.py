"""All devices that a rollback waits for (L)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.widget import Widget

from octomil_tui.domain.convergence import Watch
from octomil_tui.domain.filter_subject import STRAGGLER_KEYS, straggler_subject
from octomil_tui.domain.fleet import Device
from octomil_tui.domain.straggler import Stragglers, stragglers
from octomil_tui.domain.text import clean
from octomil_tui.engine.count import devices_topic
from octomil_tui.engine.state import Focus
from octomil_tui.engine.topic import Topic, rollouts_of
from octomil_tui.ui.present import watch as present
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.screens.base import HELP, key
from octomil_tui.ui.screens.item import Selected, known_device
from octomil_tui.ui.screens.taking import TakingScreen
from octomil_tui.ui.screens.view import View
from octomil_tui.ui.spans import Line, Token, line
from octomil_tui.ui.widgets.edges import Key
from octomil_tui.ui.widgets.table import Table


class Late:
    """The stragglers of the newest look, put in order once however often they are drawn."""

    def __init__(self) -> None:
        self._seen: tuple[Watch, Sequence[Device], Stragglers] | None = None

    def of(self, watch: Watch, devices: Sequence[Device]) -> Stragglers:
        """Return the stragglers of a watch, with what the devices tell of themselves."""
        if self._seen is None or self._seen[0] is not watch or self._seen[1] is not devices:
            self._seen = (watch, devices, stragglers(watch, devices))
        return self._seen[2]


class StragglersScreen(TakingScreen):
    """Every device that a rollback waits for, with the reason."""

    LIST = AUTO_FOCUS = "#all"
    NAMES, NOUN = "device", "straggler"
    HINT = "a name, or state:!on-way group:eu* seen:>1h why:silent"

    def __init__(self, model_id: str) -> None:
        super().__init__()
        self._model_id = model_id
        self._late = Late()

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
        rollback = self.console.known.rollbacks.get(self._model_id)
        watch = rollback.watch if rollback is not None else None
        group_id = watch.group_id if watch is not None else None
        return (devices_topic(self.console.known, group_id), rollouts_of(self._model_id))

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
        found = self._late.of(watch, view.state.devices_of(watch))
        table = self.query_one("#all", Table)
        table.set_title(present.straggler_title(found), present.straggler_legend(found, watch, wide=True))
        table.set_columns(present.straggler_columns(wide=view.wide, cells=self.app.size.width))
        table.set_empty(line(("none: nobody is late", Token.MUTED)))
        is_live = view.fresh.is_live
        rows = present.straggler_rows(found, labels, view.now, wide=view.wide, is_live=is_live)
        self.put(
            view,
            rows,
            lambda place: straggler_subject(found[place], labels, view.now),
            lambda: STRAGGLER_KEYS,
        )

    @property
    def selected(self) -> Selected:
        chosen, snapshot = self.listed.cursor_key, self.console.known.snapshot
        device = next((one for one in snapshot.devices or () if one.id == chosen), None)
        return known_device(device)

    def own_keys(self, view: View) -> Sequence[Key]:
        return (*self.list_keys(), key("sort"), key("refresh_now"), key("back"), HELP)
