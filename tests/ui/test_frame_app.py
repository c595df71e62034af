"""Whatever is not as expected is painted by Textual, and nothing that was not seen is taken for shown."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from rich.text import Text
from textual.app import ComposeResult
from textual.widgets import Input, Static

from octomil_tui.ui import frame
from octomil_tui.ui.frame import WHOLE, FramedApp

pytestmark = pytest.mark.anyio


class Sample(FramedApp[None]):
    """Two lines and a field."""

    CSS = "Input { border: none; height: 1; }"

    def __init__(self) -> None:
        super().__init__()
        self.written: list[str] = []

    def compose(self) -> ComposeResult:
        yield Static("left 1", id="said")
        yield Input("abc", select_on_focus=False)

    @property
    def is_headless(self) -> bool:
        # Else nothing is written at all.
        return not self.written

    def say(self, text: str) -> None:
        self.query_one("#said", Static).update(text)


@asynccontextmanager
async def sample() -> AsyncIterator[tuple[Sample, Any]]:
    """Run the app until everything is drawn; from then on what it writes is kept."""
    app = Sample()
    async with app.run_test(size=(30, 4)) as pilot:
        app.query_one(Input).cursor_blink = False
        await pilot.pause()
        driver: Any = app._driver
        driver.write = app.written.append
        app.written.append("")
        yield app, pilot
        app.written.clear()


async def drawn(app: Sample, pilot: Any) -> str:
    """Let it draw, and return what was written since the last look."""
    await pilot.pause()
    app.screen._on_timer_update()
    told, app.written[1:] = "".join(app.written), []
    return told


async def test_only_the_cells_that_changed_are_written() -> None:
    async with sample() as (app, pilot):
        app.refresh()
        assert "left 1" in await drawn(app, pilot)
        app.say("left 2")
        told = await drawn(app, pilot)
        assert "2" in told
        assert "left" not in told
        app.say("left 2")
        assert await drawn(app, pilot) == ""


async def test_the_cursor_goes_where_somebody_types_though_no_cell_changes() -> None:
    async with sample() as (app, pilot):
        app.refresh()
        await drawn(app, pilot)
        await pilot.press("home")
        # Back over the letter that it drew there.
        assert (await drawn(app, pilot)).endswith("a\x1b[D")
        app.cursor_position += (1, 0)
        app.refresh()
        assert await drawn(app, pilot) == "\x1b[C"


async def test_what_was_forgotten_is_written_again() -> None:
    async with sample() as (app, pilot):
        app.refresh()
        await drawn(app, pilot)
        app.forget()
        app.refresh()
        assert "left 1" in await drawn(app, pilot)


async def test_a_mistake_is_painted_by_textual_and_everything_after_it_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with sample() as (app, pilot):
        app.refresh()
        await drawn(app, pilot)

        def broken(*_: object) -> str:
            raise KeyError("gone")

        with monkeypatch.context() as patch:
            patch.setattr(frame.Frame, "step", broken)
            app.say("left 3")
            assert "left 3" in await drawn(app, pilot)
        app.refresh()
        assert "left 3" in await drawn(app, pilot)
        app.refresh()
        assert await drawn(app, pilot) == ""


async def test_a_name_that_is_gone_is_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    async with sample() as (app, pilot):
        monkeypatch.setattr(frame, "ChopsUpdate", None)
        app.say("left 4")
        assert "left 4" in await drawn(app, pilot)


async def test_what_is_no_picture_is_left_to_textual() -> None:
    async with sample() as (app, pilot):
        app.refresh()
        await drawn(app, pilot)
        app._display(app.screen, Text("by itself"))
        assert "by itself" in await drawn(app, pilot)
        app.refresh()
        # It may stand anywhere, so that the rest is not counted on.
        assert "left 1" in await drawn(app, pilot)


async def test_painting_can_be_left_to_textual(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(WHOLE, "1")
    async with sample() as (app, pilot):
        app.say("left 5")
        await drawn(app, pilot)
        app.say("left 6")
        assert "left 6" in await drawn(app, pilot)
