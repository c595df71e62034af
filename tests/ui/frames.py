"""Two terminals side by side: one is told what Textual would write, the other what is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import pyte
import pytest
from rich.color import ColorSystem
from rich.control import Control
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.screen import Screen

from octomil_tui.ui.frame import Frame, FramedApp


class Cell(NamedTuple):
    """One cell as somebody sees it."""

    text: str
    ground: str
    colour: str = ""
    attributes: tuple[bool, ...] = ()


def cells(screen: pyte.Screen) -> list[list[Cell]]:
    """Return every cell; of a blank that is neither underlined nor turned round, only the ground is seen."""
    return [[_cell(screen.buffer[y][x]) for x in range(screen.columns)] for y in range(screen.lines)]


def _cell(char: Any) -> Cell:
    if char.data == " " and not (char.underscore or char.reverse or char.strikethrough or char.blink):
        return Cell(" ", char.bg)
    attributes = (char.bold, char.italics, char.underscore, char.strikethrough, char.reverse, char.blink)
    return Cell(char.data, char.bg, char.fg, attributes)


class Emulated:
    """A terminal that only has to understand what a console writes."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.screen = pyte.Screen(*size)
        self._stream = pyte.Stream(self.screen)
        self.bytes = 0

    def write(self, text: str) -> None:
        self.bytes += len(text.encode())
        self._stream.feed(text)


class Twins:
    """A terminal painted by Textual and one painted cell by cell; equal after every single picture.

    Args:
        patch: Takes over what apps display, until the test ends.
        clears: Whether the terminals are ones that clear with the ground of the pen.
    """

    def __init__(self, patch: pytest.MonkeyPatch, *, clears: bool = False) -> None:
        self.pictures = 0
        self.stock = self.ours = Emulated((1, 1))
        self._frame = Frame(clears=clears)
        display = FramedApp._display

        def both(app: FramedApp[Any], screen: Screen[Any], renderable: Any) -> None:
            if renderable is not None and not app._batch_count:
                self._show(app, renderable)
            display(app, screen, renderable)

        patch.setattr(FramedApp, "_display", both)

    def _show(self, app: FramedApp[Any], update: LayoutUpdate | ChopsUpdate) -> None:
        self.pictures += 1
        size = app.size
        # Without a terminal, Textual takes it for one with sixteen colours.
        app.console._color_system = ColorSystem.TRUECOLOR
        if (self.ours.screen.columns, self.ours.screen.lines) != size:
            self.stock, self.ours = Emulated(size), Emulated(size)
            self._frame.forget()
        cursor = app.screen.outer_size.clamp_offset(app.cursor_position)
        self.stock.write(update.render_segments(app.console) + Control.move_to(*cursor).segment.text)
        self.ours.write(self._frame.step(update, ColorSystem.TRUECOLOR, cursor))
        assert_same(self.stock.screen, self.ours.screen)


def assert_same(stock: pyte.Screen, ours: pyte.Screen) -> None:
    """Say where two terminals differ, and fail."""
    first, second = cells(stock), cells(ours)
    if first != second:
        differing = _differing(first, second)
        raise AssertionError(
            f"{len(differing)} cells differ, first {differing[:5]}\n" + "\n".join(ours.display)
        )
    assert (stock.cursor.x, stock.cursor.y) == (ours.cursor.x, ours.cursor.y)


def _differing(first: Sequence[Sequence[Cell]], second: Sequence[Sequence[Cell]]) -> list[object]:
    return [
        (y, x, one, other)
        for y, (row, twin) in enumerate(zip(first, second, strict=True))
        for x, (one, other) in enumerate(zip(row, twin, strict=True))
        if one != other
    ]
