"""One device group: its devices, the worst first, and the one under the cursor in words (E-80, E-160)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from octomil_tui.domain.convergence import Watch
from octomil_tui.domain.filter_keys import About, device_keys
from octomil_tui.domain.filter_term import Keys
from octomil_tui.domain.fleet import Device, FleetSnapshot
from octomil_tui.domain.overview import ModelFacts, model_facts
from octomil_tui.domain.text import clean
from octomil_tui.engine.state import Focus
from octomil_tui.engine.topic import DEVICES, Topic
from octomil_tui.report.csv import DEVICE_HEADER, device_records
from octomil_tui.ui import format as as_text
from octomil_tui.ui.intents import bindings
from octomil_tui.ui.present import group as present
from octomil_tui.ui.present import group_detail as beside
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.screens.base import HELP, View, key
from octomil_tui.ui.screens.taking import TAKEN, TakingScreen
from octomil_tui.ui.spans import Line, legend, wrap
from octomil_tui.ui.widgets.edges import Key
from octomil_tui.ui.widgets.pane import Pane
from octomil_tui.ui.widgets.rows import ItemRows, Orderable
from octomil_tui.ui.widgets.table import Table


@dataclass(frozen=True, eq=False, slots=True)
class _Known:
    """What the page is about at one moment; made again only where something of it changed."""

    source: tuple[Device, ...] | None
    """The devices of the fleet, by identity."""
    watch: Watch | None
    facts: ModelFacts | None
    devices: Sequence[Device]
    """Those of the group, the worst first."""
    rows: ItemRows[Device]


class GroupScreen(TakingScreen):
    """The devices of one group, about one model."""

    LIST = "#devices"
    NAMES, NOUN = "device", "device"
    HINT = "a name, or ver:v2* state:!online seen:>1h"
    BINDINGS = [*bindings("roll_back", "watch"), *TAKEN]
    AUTO_FOCUS = "#devices"

    def __init__(self, group_id: str, model_id: str | None) -> None:
        super().__init__()
        self._group_id = group_id
        self._model_id = model_id
        self._known: _Known | None = None
        self._counted: tuple[FleetSnapshot, Sequence[ModelFacts]] | None = None
        self._now: float | None = None
        self._wide = False

    def panes(self) -> Iterable[Widget]:
        yield Horizontal(
            Table("DEVICES", id="devices"),
            Vertical(Pane("", id="detail-wide"), Pane("", id="runs"), classes="-aside"),
            id="upper",
        )
        yield Pane("", id="detail-narrow", classes="-stacked")

    @property
    def crumbs(self) -> str:
        return f"Groups > {self._group_name}"

    @property
    def subject(self) -> str:
        facts = self._known.facts if self._known is not None else None
        about = clean(facts.model.name) if facts is not None else "devices"
        return f"{about}-{self._group_name}"

    @property
    def _group_name(self) -> str:
        group = self.console.known.snapshot.group(self._group_id)
        return clean(group.name if group is not None else self._group_id)

    @property
    def focus_on(self) -> Focus:
        return Focus(model_id=self._model_id, device_id=self.listed.cursor_key)

    def topics(self) -> Sequence[Topic]:
        return (DEVICES,)

    def _models(self, view: View) -> Sequence[ModelFacts]:
        """Return what is known of each model, counted once for each read however often it is drawn."""
        snapshot = view.state.snapshot
        if self._counted is None or self._counted[0] is not snapshot:
            self._counted = (snapshot, model_facts(snapshot))
        return self._counted[1]

    def _facts(self, view: View) -> ModelFacts | None:
        facts = self._models(view)
        return next((f for f in facts if f.model.id == self._model_id), facts[0] if facts else None)

    @staticmethod
    def _watch(view: View, facts: ModelFacts | None) -> Watch | None:
        rollback = view.state.rollbacks.get(facts.model.id) if facts is not None else None
        return rollback.watch if rollback is not None and rollback.phase.is_watched else None

    def _know(self, view: View) -> _Known:
        """Return what the page is about; thousands of devices are put in order once for each read."""
        facts = self._facts(view)
        source, watch = view.state.snapshot.devices, self._watch(view, facts)
        known = self._known
        if known is not None and known.source is source and known.watch is watch and known.facts == facts:
            return known
        devices = [d for d in source or () if self._group_id in d.groups]
        blamed = facts.running.version if facts is not None and facts.running is not None else None
        if watch is not None and facts is not None:
            blamed = view.state.rollbacks[facts.model.id].from_version
        in_order = present.ordered(devices, facts.model.id if facts is not None else None, watch, blamed)

        def cells(device: Device) -> Sequence[Line]:
            return present.device_cells(device, facts, watch, self._now, wide=self._wide)

        def sort(device: Device, value: int) -> Orderable | None:
            return present.device_sort(device, value, facts, watch, self._now)

        rows = ItemRows(in_order, _id_of, cells, sort)
        self._known = _Known(source, watch, facts, in_order, rows)
        return self._known

    def sentence(self, view: View) -> Sequence[Line]:
        known = self._know(view)
        snapshot = view.state.snapshot
        group = snapshot.group(self._group_id) if snapshot.uncounted else None
        size = group.device_count if group is not None else None
        said = present.group_sentence(known.devices, known.facts, known.watch, view.glyphs, size=size)
        if known.watch is None or view.wide:
            return [said]
        return [
            said,
            present.bar_line(known.devices, known.watch, self.size.width - 2, view.glyphs, margin=3),
        ]

    def fill(self, view: View) -> None:
        self._now, self._wide = view.now, view.wide
        known, table = self._know(view), self.listed
        table.set_title("DEVICES", self.aside(view, DEVICES, self._told(known, table)))
        table.set_columns(present.device_columns(wide=view.wide, is_watched=known.watch is not None))
        none = "no device passes the filter" if table.filter_text else "this group has no devices"
        table.set_empty(muted(none))
        self.put(view, known.rows, known.devices.__getitem__, lambda: self._keys_of(view, known))
        self._fill_detail(view, known)
        self._fill_group(view, known)

    @staticmethod
    def _told(known: _Known, table: Table) -> Line:
        if table.has_filter_line:
            return ()
        counted = as_text.count(len(known.devices), "device")
        return muted(counted if table.sorted_by[0] is not None else f"{counted}, the worst first")

    @staticmethod
    def _keys_of(view: View, known: _Known) -> Keys[Device]:
        return device_keys(
            About(
                models={known.facts.model.id: known.facts.model.name} if known.facts is not None else {},
                groups=_labels(view),
                followed=known.watch,
                now=view.now,
            )
        )

    def _fill_detail(self, view: View, known: _Known) -> None:
        chosen = self.listed.cursor_key
        place = known.rows.index(chosen) if chosen is not None else None
        device = known.devices[place] if place is not None else None
        for name in ("#detail-wide", "#detail-narrow"):
            pane = self.query_one(name, Pane)
            if device is None:
                pane.set_title("DEVICE")
                pane.set_lines([muted("no device is chosen")])
                continue
            detail = view.state.details.get(device.id)
            if name == "#detail-wide":
                pane.set_title(device.name, legend(("c", "copy")))
                told = beside.wide_detail_lines(device, detail, known.facts, _labels(view), view.now)
            else:
                pane.set_title(device.name)
                told = beside.detail_lines(device, detail, known.facts, view.now, view.glyphs)
            pane.set_lines(wrap(told, pane.room))

    def _fill_group(self, view: View, known: _Known) -> None:
        if not view.wide:
            # It is not on the screen, and counting thousands of devices is not free.
            return
        pane = self.query_one("#runs", Pane)
        pane.set_title(f"GROUP {self._group_name}", legend(("R", "roll back this group")))
        models = self._models(view)
        told = beside.group_lines(known.devices, models, known.watch, pane.room or 40, view.glyphs)
        told += beside.under_way_lines(known.devices, known.facts)
        pane.set_lines(wrap(told, pane.room))

    def csv(self, keys: Sequence[str]) -> tuple[Sequence[str], Iterable[Sequence[str]]]:
        known, view = self._know(self.view()), self.view()
        places = [place for one in keys if (place := known.rows.index(one)) is not None]
        facts = known.facts
        names = {facts.model.id: clean(facts.model.name)} if facts is not None else {}
        devices = [known.devices[place] for place in places]
        return DEVICE_HEADER, device_records(devices, names, _labels(view), view.now, known.watch)

    def own_keys(self, view: View) -> Sequence[Key]:
        return (
            key("roll_back", "roll back THIS GROUP"),
            *self.list_keys(),
            Key("s", "sort"),
            key("watch"),
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


def _id_of(device: Device) -> str:
    return device.id


def _labels(view: View) -> dict[str, str]:
    return {group.id: clean(group.name) for group in view.state.snapshot.groups or ()}
