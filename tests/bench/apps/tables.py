"""Devices in a table: the product's (`ours`) or Textual's own (`stock`), for `tests.bench.table`.

    python -m tests.bench.apps.tables ours|stock ROWS

F5 loads the rows, F6 changes one in a hundred, some of them on the screen. When
what was asked for is drawn, a byte goes into the descriptor that BENCH_DONE names.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.widgets import DataTable

from octomil_tui.domain.fleet import Device, FleetSnapshot
from octomil_tui.domain.overview import ModelFacts, model_facts
from octomil_tui.ui.frame import FramedApp
from octomil_tui.ui.present import group as present
from octomil_tui.ui.spans import Line, plain
from octomil_tui.ui.theme import look
from octomil_tui.ui.widgets.rows import ItemRows, Orderable
from octomil_tui.ui.widgets.table import Table
from tests.bench.apps.devices import MODEL, NOW, fleet, moments

TURNS = 24
"""Changes that are prepared."""
COLUMNS = present.device_columns(wide=True)
BINDINGS_OF_BOTH: list[Any] = [
    Binding("f5", "load", show=False, priority=True),
    Binding("f6", "change", show=False, priority=True),
]

Moment = tuple[Sequence[Device], list[int]]


def tell_done() -> None:
    """Say that what was asked for is drawn."""
    os.write(int(os.environ["BENCH_DONE"]), b".")


def cells_of(device: Device, facts: ModelFacts) -> Sequence[Line]:
    """Return a device's cells as the list of devices has them."""
    return present.device_cells(device, facts, None, NOW, wide=True)


def rows_of(devices: Sequence[Device], facts: ModelFacts) -> ItemRows[Device]:
    """Return the rows as the list of devices has them: made when they are looked at."""

    def sort(device: Device, value: int) -> Orderable | None:
        return present.device_sort(device, value, facts, None, NOW)

    return ItemRows(devices, lambda one: one.id, lambda one: cells_of(one, facts), sort)


class Ours(FramedApp[None]):
    """The product's table in an app that writes only what differs, as the product's does."""

    BINDINGS: ClassVar[list[Any]] = BINDINGS_OF_BOTH
    CSS = "Table { height: 1fr; }"

    def __init__(self, devices: Sequence[Device], facts: ModelFacts, coming: Iterator[Moment]) -> None:
        super().__init__()
        self.look = look(ascii_only=False)
        self.register_theme(self.look.palette.theme())
        self.theme = self.look.palette.name
        self._devices, self._facts, self._coming = devices, facts, coming

    def compose(self) -> ComposeResult:
        yield Table("DEVICES", columns=COLUMNS)

    def on_mount(self) -> None:
        self.query_one(Table).focus()

    def action_load(self) -> None:
        """Show all devices."""
        self._show(self._devices)

    def action_change(self) -> None:
        """Show them as they are after the next turn."""
        self._show(next(self._coming)[0])

    def _show(self, devices: Sequence[Device]) -> None:
        self.query_one(Table).set_rows(rows_of(devices, self._facts))
        self.call_after_refresh(tell_done)


class Stock(App[None]):
    """Textual's own table with the same columns and words."""

    BINDINGS: ClassVar[list[Any]] = BINDINGS_OF_BOTH

    def __init__(self, devices: Sequence[Device], facts: ModelFacts, coming: Iterator[Moment]) -> None:
        super().__init__()
        self._words = [(one.id, *map(plain, cells_of(one, facts))) for one in devices]
        self._changes = iter(
            [
                [(now[place].id, *map(plain, cells_of(now[place], facts))) for place in places]
                for now, places in coming
            ]
        )

    def compose(self) -> ComposeResult:
        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        table: DataTable[str] = self.query_one(DataTable)
        for column in COLUMNS:
            table.add_column(column.title, key=column.key)
        table.focus()

    def action_load(self) -> None:
        """Add all rows."""
        table: DataTable[str] = self.query_one(DataTable)
        for key, *cells in self._words:
            table.add_row(*cells, key=key)
        self.call_after_refresh(tell_done)

    def action_change(self) -> None:
        """Change the cells that are others after the next turn: what it runs, and its last sync."""
        table: DataTable[str] = self.query_one(DataTable)
        for key, *cells in next(self._changes):
            for column, cell in zip(COLUMNS, cells, strict=True):
                if column.key in ("on", "contact"):
                    table.update_cell(key, column.key, cell)
        self.call_after_refresh(tell_done)


def main(kind: str, count: int) -> None:
    """Run one of the two apps; everything that is no work of a table is done before it starts."""
    devices = fleet(count)
    facts = model_facts(FleetSnapshot(models=(MODEL,), devices=tuple(devices)))[0]
    coming = iter(list(moments(devices, TURNS)))
    app = Ours if kind == "ours" else Stock
    app(devices, facts, coming).run()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
