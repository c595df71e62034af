from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from octomil_tui.ui.spans import Token, line
from octomil_tui.ui.widgets.table import Table
from tests.ui_foundation.conftest import picture
from tests.ui_foundation.devices import SHORT, row, rows, table

pytestmark = pytest.mark.anyio


class Listener(App[None]):
    """Writes down what a table says."""

    CSS = SHORT

    def __init__(self, shown: Table) -> None:
        super().__init__()
        self.shown = shown
        self.said: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.shown

    def on_table_highlighted(self, message: Table.Highlighted) -> None:
        self.said.append(f"at {message.key}")

    def on_table_opened(self, message: Table.Opened) -> None:
        assert message.control is self.shown
        self.said.append(f"open {message.key}")

    def on_table_sort_asked(self, message: Table.SortAsked) -> None:
        self.said.append(f"sort {message.column} {message.descending}")


async def test_what_it_says() -> None:
    app = Listener(table(rows(9)))
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press("down", "enter", "s", "S")
        await pilot.pause()
        assert app.said == ["at dev-001", "open dev-001", "sort name False", "sort name True"]


async def test_a_burst_of_moves_is_told_once() -> None:
    app = Listener(table(rows(9)))
    async with app.run_test(size=(40, 10)) as pilot:
        for _ in range(5):
            app.shown.action_move(1)
        await pilot.pause()
        assert app.said == ["at dev-005"]


async def test_an_empty_table_opens_nothing() -> None:
    app = Listener(table(empty=line(("No rollouts yet.", Token.MUTED))))
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press("enter", "down", "end")
        await pilot.pause()
        assert app.said == []
        assert picture(app.shown)[2] == "   No rollouts yet."


async def click(pilot: Pilot[None], y: int) -> None:
    await pilot.click("#devices", offset=(5, y))
    await pilot.pause()


async def test_a_click_moves_and_a_second_one_opens() -> None:
    app = Listener(table(rows(9)))
    async with app.run_test(size=(40, 10)) as pilot:
        await click(pilot, 0)
        await click(pilot, 1)
        assert app.said == []
        await click(pilot, 4)
        assert app.said == ["at dev-002"]
        await click(pilot, 4)
        assert app.said == ["at dev-002", "open dev-002"]
        # Rows moved meanwhile: the click is on another one and only moves.
        app.shown.set_rows([row("new"), *rows(9)])
        await click(pilot, 4)
        assert app.said[2:] == ["at dev-001"]
