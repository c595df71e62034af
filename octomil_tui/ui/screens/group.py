"""One device group: its devices, the worst first, and the one under the cursor in words (E-80, E-160)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from octomil_tui.domain.convergence import Watch
from octomil_tui.domain.fleet import Device, FleetSnapshot
from octomil_tui.domain.overview import ModelFacts, model_facts
from octomil_tui.domain.text import clean
from octomil_tui.engine.state import Focus
from octomil_tui.engine.topic import DEVICES, Topic
from octomil_tui.report.csv import DEVICE_HEADER, device_records
from octomil_tui.ui import format as as_text
from octomil_tui.ui.intents import bindings, hint
from octomil_tui.ui.present import group as present
from octomil_tui.ui.present import group_detail as beside
from octomil_tui.ui.present.coverage import title_words
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.screens.base import HELP, key
from octomil_tui.ui.screens.group_known import GroupKnown, keys_of, labels_of
from octomil_tui.ui.screens.item import Selected, Stepping, known_device
from octomil_tui.ui.screens.paged import Drawing
from octomil_tui.ui.screens.paging import PAGED, PagingScreen
from octomil_tui.ui.screens.view import View
from octomil_tui.ui.spans import Line, legend, line, wrap
from octomil_tui.ui.theme import Glyphs
from octomil_tui.ui.widgets.edges import Key
from octomil_tui.ui.widgets.pane import Pane
from octomil_tui.ui.widgets.rows import ItemRows, Orderable
from octomil_tui.ui.widgets.table import Table


class GroupScreen(Stepping, PagingScreen):
    """The devices of one group, about one model."""

    LIST = "#devices"
    NAMES, NOUN = "device", "device"
    HINT = "a name, or ver:v2* state:!online seen:>1h"
    BINDINGS = [*bindings("roll_back", "watch", "previous_item", "next_item"), *PAGED]
    AUTO_FOCUS = "#devices"

    def __init__(self, group_id: str, model_id: str | None, *, device_id: str | None = None) -> None:
        super().__init__()
        self._device_id = device_id
        """Where the cursor goes as soon as the list has it."""
        self._group_id = group_id
        self._model_id = model_id
        self._known: GroupKnown | None = None
        self._counted: tuple[FleetSnapshot, Sequence[ModelFacts]] | None = None
        self._group_lines: tuple[GroupKnown, Sequence[ModelFacts], int, Sequence[Line]] | None = None
        self._said: tuple[GroupKnown, Glyphs, Line] | None = None
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

    def _know(self, view: View) -> GroupKnown:
        """Return what the page is about; thousands of devices are put in order once for each read."""
        facts = self._facts(view)
        watch = self._watch(view, facts)
        alone = view.state.scopes.get(self._group_id)
        group = view.state.snapshot.group(self._group_id)
        drawing = Drawing(self.cells_of_device, self._sort, self._worst_first)
        pages = self.pages_of(view, group, drawing) if alone is None else None
        source: object = alone if alone is not None else view.state.snapshot.devices
        source = source if pages is None else (pages, pages.version)
        known = self._known
        is_same = known is not None and (known.source is source or (pages and known.source == source))
        if known is not None and is_same and known.watch is watch and known.facts == facts:
            return known
        devices = pages.devices() if pages is not None else alone
        if devices is None:
            devices = tuple(d for d in view.state.snapshot.devices or () if self._group_id in d.groups)
        is_whole = pages is None or pages.is_whole
        in_order = self._in_order(view, devices, facts, watch) if is_whole else devices
        size = None if pages is None or is_whole else len(pages)
        longest = max((len(device.name) for device in in_order), default=0)
        rows = self._rows_of(in_order)
        self._known = GroupKnown(source, watch, facts, in_order, rows, longest, size, pages)
        return self._known

    def _worst_first(self, devices: Sequence[Device]) -> Sequence[Device]:
        view = self.view()
        facts = self._facts(view)
        return self._in_order(view, devices, facts, self._watch(view, facts))

    @staticmethod
    def _in_order(
        view: View, devices: Sequence[Device], facts: ModelFacts | None, watch: Watch | None
    ) -> Sequence[Device]:
        blamed = facts.running.version if facts is not None and facts.running is not None else None
        if watch is not None and facts is not None:
            blamed = view.state.rollbacks[facts.model.id].from_version
        return present.ordered(devices, facts.model.id if facts is not None else None, watch, blamed)

    def _rows_of(self, devices: Sequence[Device]) -> ItemRows[Device]:
        return ItemRows(devices, _id_of, self.cells_of_device, self._sort)

    def _sort(self, device: Device, value: int) -> Orderable | None:
        known = self._known
        facts, watch = (known.facts, known.watch) if known is not None else (None, None)
        return present.device_sort(device, value, facts, watch, self._now)

    def sentence(self, view: View) -> Sequence[Line]:
        known = self._know(view)
        if self._said is None or self._said[0] is not known or self._said[1] != view.glyphs:
            told = present.group_sentence(
                known.devices, known.facts, known.watch, view.glyphs, size=self.size_of(view, known)
            )
            self._said = (known, view.glyphs, told)
        said = self._said[2]
        if known.watch is None or view.wide:
            return [said]
        return [
            said,
            present.bar_line(known.devices, known.watch, self.size.width - 2, view.glyphs, margin=3),
        ]

    def size_of(self, view: View, known: GroupKnown) -> int | None:
        """Return how many devices the group has, where more than those that are known."""
        group = view.state.snapshot.group(self._group_id) if view.state.snapshot.uncounted else None
        return known.size if known.size is not None or group is None else group.device_count

    def fill(self, view: View) -> None:
        self._now, self._wide = view.now, view.wide
        known, table = self._know(view), self.listed
        table.set_columns(
            present.device_columns(wide=view.wide, is_watched=known.watch is not None, name=known.longest)
        )
        none = "none of its devices was read" if self.size_of(view, known) else "this group has no devices"
        none = "no device passes the filter" if table.filter_text else none
        table.set_empty(muted(none))
        if self.paged is not None and known.size is not None:
            self.put_pages(view, self.paged, keys_of(view, known), known.size)
        else:
            self.coverage = None
            if self.paged is not None:
                self.paged.look_at_all(known.pages)
            self.put(view, known.rows, known.devices.__getitem__, lambda: keys_of(view, known))
        if self._device_id is not None and table.move_to(self._device_id):
            self._device_id = None
        table.set_title("DEVICES", self.aside(view, DEVICES, self._told(known, table)))
        self._fill_detail(view)
        self._fill_group(view, known)

    def _told(self, known: GroupKnown, table: Table) -> Line:
        if self.coverage is not None:
            return title_words(self.coverage)
        counted = as_text.count(len(known.devices), "device")
        if known.pages is not None and self.paged is not None:
            counted += f" read, {as_text.age(self.paged.age(known.pages, self.console.mono))} ago"
        elif table.has_filter_line:
            return ()
        return muted(counted if table.sorted_by[0] is not None else f"{counted}, the worst first")

    def device(self, device_id: str) -> Device | None:
        """Return a device of the list, as it was read last."""
        if self.coverage is not None or self._known is None:
            return super().device(device_id)
        place = self._known.rows.index(device_id)
        return self._known.devices[place] if place is not None else None

    def cells_of_device(self, device: Device) -> Sequence[Line]:
        """Return a line per column of a device."""
        known = self._known
        facts, watch = (known.facts, known.watch) if known is not None else (None, None)
        return present.device_cells(device, facts, watch, self._now, wide=self._wide)

    def _fill_detail(self, view: View) -> None:
        known, chosen = self._know(view), self.listed.cursor_key
        device = self.device(chosen) if chosen is not None else None
        for name in ("#detail-wide", "#detail-narrow"):
            pane = self.query_one(name, Pane)
            if device is None:
                pane.set_title("DEVICE")
                pane.set_lines([muted("no device is chosen")])
                continue
            detail = view.state.details.get(device.id)
            if name == "#detail-wide":
                pane.set_title(device.name, legend(hint("copy", "copy")))
                told = beside.wide_detail_lines(device, detail, known.facts, labels_of(view), view.now)
            else:
                pane.set_title(device.name)
                told = beside.detail_lines(device, detail, known.facts, view.now, view.glyphs)
            pane.set_lines(wrap(told, pane.room))

    def _fill_group(self, view: View, known: GroupKnown) -> None:
        if not view.wide:
            # It is not on the screen, and counting thousands of devices is not free.
            return
        pane = self.query_one("#runs", Pane)
        pane.set_title(f"GROUP {self._group_name}", legend(hint("roll_back", "roll back this group")))
        models = self._models(view)
        made, room = self._group_lines, pane.room
        if made is None or made[0] is not known or made[1] is not models or made[2] != room:
            told = beside.group_lines(known.devices, models, known.watch, room or 40, view.glyphs)
            told += beside.under_way_lines(known.devices, known.facts)
            if known.size is not None:
                told = [line(f"What was read of {as_text.count(known.size, 'device')}:"), *told]
            made = self._group_lines = (known, models, room, wrap(told, room))
        pane.set_lines(made[3])

    def csv(self, keys: Sequence[str]) -> tuple[Sequence[str], Iterable[Sequence[str]]]:
        view = self.view()
        known = self._know(view)
        facts = known.facts
        names = {facts.model.id: clean(facts.model.name)} if facts is not None else {}
        devices = [device for one in keys if (device := self.device(one)) is not None]
        return DEVICE_HEADER, device_records(devices, names, labels_of(view), view.now, known.watch)

    def own_keys(self, view: View) -> Sequence[Key]:
        return (
            key("roll_back", "roll back THIS GROUP"),
            *self.reading_keys(),
            *self.list_keys(),
            key("sort"),
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

    @property
    def selected(self) -> Selected:
        chosen = self.listed.cursor_key
        device = self.device(chosen) if chosen is not None else None
        return known_device(device, self.console.known.details.get(chosen or ""))

    def item_and_all(self) -> tuple[str, Sequence[str]]:
        return self._group_id, [group.id for group in self.console.known.snapshot.groups or ()]

    def open_item(self, key: str) -> None:
        self.app.switch_screen(GroupScreen(key, self._model_id))

    def action_watch(self) -> None:
        """Watch the newest rollback of the model that the page is about."""
        facts = self._facts(self.view())
        if facts is not None:
            self.console.open_watch(facts.model.id)


def _id_of(device: Device) -> str:
    return device.id
