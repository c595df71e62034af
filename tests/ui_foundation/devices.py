"""A table of devices for tests."""

from __future__ import annotations

from collections.abc import Sequence

from octomil_tui.ui.spans import Line, line
from octomil_tui.ui.widgets.columns import Column
from octomil_tui.ui.widgets.rows import Row
from octomil_tui.ui.widgets.table import Table

COLUMNS = [Column("name", "NAME", 10, sort_value=0), Column("n", "N", 6, "right", sort_value=1)]
SHORT = "Table { height: 6; }"  # four rows


def row(name: str, number: int | None = 0) -> Row:
    return Row(name, (line(name), line(str(number))), (name, number))


def rows(count: int, first: int = 0) -> list[Row]:
    return [row(f"dev-{place:03}", place) for place in range(first, first + count)]


def table(content: Sequence[Row] = (), *, empty: Line = (), can_focus: bool = True) -> Table:
    return Table("DEVICES", columns=COLUMNS, rows=content, empty=empty, can_focus=can_focus, id="devices")
