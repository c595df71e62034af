from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widget import Widget

from octomil_tui.ui.theme import DEFAULT_LOOK, Look
from octomil_tui.ui.widgets.lines import LineWidget

Shown = Callable[..., AbstractAsyncContextManager[Pilot[None]]]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Bench(App[None]):
    """Shows the widgets of a test."""

    def __init__(self, widgets: tuple[Widget, ...], look: Look, css: str) -> None:
        super().__init__()
        self.look = look
        self._widgets = widgets
        self.stylesheet.add_source(css)

    def compose(self) -> ComposeResult:
        yield from self._widgets


@asynccontextmanager
async def _show(
    *widgets: Widget, size: tuple[int, int] = (60, 12), look: Look = DEFAULT_LOOK, css: str = ""
) -> AsyncIterator[Pilot[None]]:
    async with Bench(widgets, look, css).run_test(size=size) as pilot:
        await pilot.pause()
        yield pilot


@pytest.fixture
def show() -> Shown:
    return _show


def picture(widget: LineWidget) -> list[str]:
    """Return what the widget drew, row by row, without trailing blanks."""
    return [widget.render_line(y).text.rstrip() for y in range(widget.size.height)]


def styles(widget: LineWidget, y: int) -> list[tuple[str, str | None, str | None]]:
    """Return text, colour and background of each piece of a row."""
    return [
        (
            text,
            style.color.name if style and style.color else None,
            style.bgcolor.name if style and style.bgcolor else None,
        )
        for text, style, _ in widget.render_line(y)
    ]
