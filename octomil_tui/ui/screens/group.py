"""One device group: its devices, the worst first, and the one under the cursor in words (E-80, E-160)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from octomil_tui.domain.convergence import Watch
from octomil_tui.domain.fleet import Device
from octomil_tui.domain.overview import ModelFacts, model_facts
from octomil_tui.domain.text import clean
from octomil_tui.engine.state import Focus
from octomil_tui.engine.topic import DEVICES, Topic
from octomil_tui.ui import format as as_text
from octomil_tui.ui.intents import bindings
from octomil_tui.ui.present import group as present
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.screens.base import HELP, BaseScreen, View, key
from octomil_tui.ui.spans import Line, wrap
from octomil_tui.ui.widgets.edges import Key
from octomil_tui.ui.widgets.pane import Pane
from octomil_tui.ui.widgets.table import Table


class GroupScreen(BaseScreen):
    """The devices of one group, about one model."""

    BINDINGS = bindings("roll_back", "watch")
    AUTO_FOCUS = "#devices"

    def __init__(self, group_id: str, model_id: str | None) -> None:
        super().__init__()
        self._group_id = group_id
        self._model_id = model_id

    def panes(self) -> Iterable[Widget]:
        yield Horizontal(
            Table("DEVICES", id="devices"),
            Vertical(Pane("", id="detail-wide"), Pane("THIS GROUP RUNS", id="runs"), classes="-aside"),
            id="upper",
        )
        yield Pane("", id="detail-narrow", classes="-stacked")

    @property
    def crumbs(self) -> str:
        return f"Groups > {self._group_name}"

    @property
    def _group_name(self) -> str:
        group = self.console.known.snapshot.group(self._group_id)
        return clean(group.name if group is not None else self._group_id)

    @property
    def focus_on(self) -> Focus:
        return Focus(model_id=self._model_id, device_id=self.query_one("#devices", Table).cursor_key)

    def topics(self) -> Sequence[Topic]:
        return (DEVICES,)

    def _facts(self, view: View) -> ModelFacts | None:
        facts = model_facts(view.state.snapshot)
        return next((f for f in facts if f.model.id == self._model_id), facts[0] if facts else None)

    def _devices(self, view: View) -> list[Device]:
        return [d for d in view.state.snapshot.devices or () if self._group_id in d.groups]

    @staticmethod
    def _watch(view: View, facts: ModelFacts | None) -> Watch | None:
        rollback = view.state.rollbacks.get(facts.model.id) if facts is not None else None
        return rollback.watch if rollback is not None and rollback.phase.is_watched else None

    def sentence(self, view: View) -> Sequence[Line]:
        return [present.group_sentence(self._devices(view), self._facts(view), view.glyphs)]

    def fill(self, view: View) -> None:
        facts, devices = self._facts(view), self._devices(view)
        watch = self._watch(view, facts)
        blamed = facts.running.version if facts is not None and facts.running is not None else None
        if watch is not None and facts is not None:
            rollback = view.state.rollbacks[facts.model.id]
            blamed = rollback.from_version
        model_id = facts.model.id if facts is not None else None
        rows = present.ordered(devices, model_id, watch, blamed)
        table = self.query_one("#devices", Table)
        counted = muted(f"{as_text.count(len(devices), 'device')}, the worst first")
        table.set_title("DEVICES", self.aside(view, DEVICES, counted))
        table.set_columns(present.device_columns(wide=view.wide))
        table.set_empty(muted("this group has no devices"))
        table.set_rows([present.device_row(d, facts, watch, view.now, wide=view.wide) for d in rows])
        self._fill_detail(view, facts)
        runs = self.query_one("#runs", Pane)
        runs.set_lines(present.versions_lines(devices, model_facts(view.state.snapshot), view.glyphs))

    def _fill_detail(self, view: View, facts: ModelFacts | None) -> None:
        chosen = self.query_one("#devices", Table).cursor_key
        device = next((d for d in self._devices(view) if d.id == chosen), None)
        for name in ("#detail-wide", "#detail-narrow"):
            pane = self.query_one(name, Pane)
            pane.set_title(device.name if device is not None else "DEVICE")
            if device is None:
                pane.set_lines([muted("no device is chosen")])
            else:
                detail = view.state.details.get(device.id)
                told = present.detail_lines(device, detail, facts, view.now, view.glyphs, wide=view.wide)
                pane.set_lines(wrap(told, pane.room))

    def keys(self, view: View) -> Sequence[Key]:
        return (
            key("roll_back", "roll back THIS GROUP"),
            key("watch"),
            Key("s", "sort"),
            key("refresh_now"),
            key("back"),
            HELP,
        )

    @on(Table.Highlighted, "#devices")
    def _highlighted(self) -> None:
        self.console.look_at(self.focus_on)
        self.show()

    def action_roll_back(self) -> None:
        """Preview a rollback of this group."""
        if self._model_id is not None:
            self.console.open_preview(self._model_id, group_id=self._group_id)
        else:
            self.console.roll_back_group(self._group_id)

    def action_watch(self) -> None:
        """Watch the newest rollback of the model that the page is about."""
        facts = self._facts(self.view())
        if facts is not None:
            self.console.open_watch(facts.model.id)
